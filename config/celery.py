"""The Celery application: Redis in production, a filesystem broker when nothing is configured."""

import os
import sys

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

from config.production import refuse_demo_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def begin(**_said):
    """Celery goes on whatever a listener raises, but for this."""
    try:
        refuse_demo_database()
    except ImproperlyConfigured as error:
        sys.exit(str(error))
