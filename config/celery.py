"""The Celery application: Redis in production, a filesystem broker when nothing is configured."""

import logging.config
import os
import sys

from celery import Celery
from celery.signals import beat_init, setup_logging, task_prerun, worker_init
from django.core.exceptions import ImproperlyConfigured

from config.production import refuse_demo_database
from portal import tracing
from portal.jobs.queue import NUMBER

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


@setup_logging.connect
def log_as_the_portal_does(loglevel=None, **said):
    """Worker and beat write the same lines as the web server."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    if loglevel is not None:
        logging.getLogger().setLevel(loglevel)


@task_prerun.connect
def work_under_the_number_of_the_asker(task=None, **said):
    """The lines and the trail of a task name the request that asked for it, else the task itself."""
    tracing.begin((task.request.headers or {}).get(NUMBER) or task.request.id)
