import logging
import os
from collections.abc import Callable, Iterable

from django.core.wsgi import get_wsgi_application

from config import sqlite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
answer = get_wsgi_application()
logging.getLogger(__name__).info("app started", extra={"fields": {"sqlite": sqlite.version()}})

from config.http.bodies import drop_left_over, received  # noqa: E402 - needs the apps

drop_left_over()


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Django's own, for a request whose large body the spool may have in a file."""
    if "HTTP_X_BODY_FILE" in environ:
        environ = received(environ)
    return answer(environ, start_response)
