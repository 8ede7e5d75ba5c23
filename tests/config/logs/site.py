"""The site as the tests of the logs serve it: one page fails with an error full of what no log may hold, one ends its process.

python -m tests.config.logs.site JOURNAL_OF_THE_WORKER GRANIAN_OPTIONS…
"""

import os
import sys

import django
from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from config import urls  # noqa: E402
from config.processes import server  # noqa: E402
from config.processes.supervisor import follow_parent  # noqa: E402
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


def main() -> None:
    """Become app and worker: what both import is loaded once, which is half of the time that they take."""
    journal, served_by = sys.argv.pop(1), os.getpid()
    if not os.fork():
        written = os.open(journal, os.O_CREAT | os.O_WRONLY, 0o600)
        os.dup2(written, 1)
        os.dup2(written, 2)
        follow_parent(served_by)()
        call_command("work")
        return
    server.main()


if __name__ == "__main__":
    main()
