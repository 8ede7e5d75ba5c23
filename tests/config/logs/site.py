"""The site as the tests of the logs serve it: one page fails with an error full of what no log may hold, one ends its process."""

import os

from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from django.db import IntegrityError, connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from config import urls  # noqa: E402
from config.wsgi import application  # noqa: E402


def fail(request: HttpRequest) -> HttpResponse:
    """Raise what PostgreSQL says of a row that it refuses, after an error that names a link, a number and a search."""
    name, phone, link = (request.POST[each] for each in ("name", "phone", "link"))
    try:
        raise ValueError(f"{link} of {phone} ({phone[:3]}-{phone[3:7]} {phone[7:]}), on /products/?q={name}")
    except ValueError as error:
        row = f"({phone}, {name}, {link.split('/')[2]}, line\n\nbreak)"
        raise IntegrityError(
            f'new row violates check "price"\nDETAIL:  Failing row contains {row}.\n'
        ) from error


def end_process(request: HttpRequest) -> HttpResponse:
    connection.close()
    os._exit(1)


urls.urlpatterns += [path("fails/", fail), path("ends/", end_process)]

__all__ = ["application"]
