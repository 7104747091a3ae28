"""Django's own needs: settings, urls, celery, wsgi. Nothing of the domain."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
