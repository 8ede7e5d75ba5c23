import logging
import os
from collections.abc import Callable, Iterable

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse

from config import sqlite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
answer = get_wsgi_application()
logging.getLogger(__name__).info("app started", extra={"fields": {"sqlite": sqlite.get_version()}})

from config.http.bodies import delete_leftovers, use_spooled_file  # noqa: E402 - needs the apps
from media.storages import Turns  # noqa: E402

delete_leftovers()
# Of the four threads of a process (config.processes); the others serve pages while a bucket is slow.
Turns.limit(2)


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Call Django's application; the spool may have stored a large body in a file."""
    if "HTTP_X_BODY_FILE" in environ:
        environ = use_spooled_file(environ)
    response = answer(environ, start_response)
    if not isinstance(response, HttpResponse):
        return response
    # Granian writes a list at once, anything else piece by piece after the headers: a page whose process is killed has then
    # been given whole, or not at all, and the front can ask another process.
    try:
        return [response.content]
    finally:
        response.close()
