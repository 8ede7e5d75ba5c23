"""The site as the race tests serve it: static files need no collecting first, and one address may take all."""

from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from config.wsgi import application  # noqa: E402
from shops.orders import limits  # noqa: E402

# All buyers of a race come from this machine, without a code: they may take the last box all the same.
limits.SHARE_WITHOUT = limits.SHARE_OF_ADDRESS = 100
limits.ADDRESS_OPEN = 1000

__all__ = ["application"]
