"""The real settings for real workers, with mail over a slow line."""

from config.settings import *  # noqa: F403

EMAIL_BACKEND = "tests.slow_mail.SlowOutbox"
if prefix := env.str("REDIS_PREFIX", ""):  # noqa: F405
    CELERY_BROKER_TRANSPORT_OPTIONS |= {"global_keyprefix": prefix}  # noqa: F405
