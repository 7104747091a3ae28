"""The door for the production server."""

import os

from django.core.wsgi import get_wsgi_application

from config.production import refuse_demo_database
from portal.web.sound import Request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
application.request_class = Request
refuse_demo_database()
