"""What every start of the web server has in common; gunicorn reads it by itself. The log is that of config.logs."""

import os

from config.logs import logging_for

production = os.environ.get("PORTAL_ENV") == "production"
logconfig_dict = logging_for(
    os.environ.get("LOG_FORMAT") or ("json" if production else "line"), os.environ.get("LOG_LEVEL") or "INFO"
)
worker_class = "config.workers.PatientWorker"
