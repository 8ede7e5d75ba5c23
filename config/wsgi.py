import logging
import os

from django.core.wsgi import get_wsgi_application

from config import sqlite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
logging.getLogger(__name__).info("app started", extra={"fields": {"sqlite": sqlite.version()}})
