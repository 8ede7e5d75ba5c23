"""The site as the race tests serve it: static files need not be collected, and one address may reserve everything."""

from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from config.wsgi import application  # noqa: E402
from shops.orders import limits  # noqa: E402

# All buyers of a race have this machine's address and no code: they may still take the last box.
limits.SHARE_WITHOUT = limits.SHARE_OF_ADDRESS = 100
limits.ADDRESS_OPEN = 1000

__all__ = ["application"]
