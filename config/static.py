"""Which static files are collected for serving."""

from django.contrib.staticfiles.finders import AppDirectoriesFinder

UNUSED = ["bootstrap/js/*", "bootstrap/css/bootstrap-*", "bootstrap/css/bootstrap.rtl*", "bootstrap/css/bootstrap.css*"]


class AppFiles(AppDirectoriesFinder):
    """Of Bootstrap's many builds one style sheet is served; compressing the others was most of each start."""

    def list(self, ignore_patterns):
        return super().list([*(ignore_patterns or []), *UNUSED])
