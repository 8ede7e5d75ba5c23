"""The site as the race tests serve it: the same application, with static files that need no collecting first."""

from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from config.wsgi import application  # noqa: E402

__all__ = ["application"]
