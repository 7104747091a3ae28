from celery import current_app
from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from portal import trigrams
from portal.likeness import teach_sqlite
from portal.manifests import beat_schedule


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("Cổng thi đua - khen thưởng")

    def ready(self) -> None:
        # both register what Django should check
        from portal.notices import mail  # noqa: F401
        from portal.operations import checks  # noqa: F401

        connection_created.connect(teach_sqlite)
        post_migrate.connect(trigrams.keep)
        current_app.conf.beat_schedule = beat_schedule()
