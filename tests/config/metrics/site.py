"""The site as the tests of /metrics serve it: without collected styles."""

from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from config.wsgi import application  # noqa: E402

__all__ = ["application"]
