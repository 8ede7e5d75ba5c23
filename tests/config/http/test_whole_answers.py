"""What the app hands to granian: a page as one list, a film piece by piece."""

import importlib
from collections.abc import Callable, Iterable
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_finished
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

from media.storages import Turns

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(monkeypatch) -> Callable[[str], tuple[list, Iterable[bytes]]]:
    monkeypatch.setattr(Turns, "threads", None)
    application = importlib.import_module("config.wsgi").application

    def ask(url: str) -> tuple[list, Iterable[bytes]]:
        environ: dict = {"PATH_INFO": url}
        setup_testing_defaults(environ)
        begun: list = []
        return begun, application(environ, lambda *headers: begun.extend(headers))

    return ask


def test_page_is_given_whole(ask):
    """Its request has ended: nothing is kept open while a slow phone reads."""
    ended = []
    request_finished.connect(lambda **_kwargs: ended.append(1), weak=False, dispatch_uid="whole")
    try:
        (status, headers), [page] = ask("/healthz")
    finally:
        request_finished.disconnect(dispatch_uid="whole")
    assert (status, dict(headers)["Content-Length"], ended) == ("200 OK", str(len(page)), [1])


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter([b"one", b"two"]))


urlpatterns = [path("film", stream)]


def test_film_is_given_piece_by_piece(ask, settings):
    settings.ROOT_URLCONF = __name__
    (status, _headers), pieces = ask("/film")
    assert (status, isinstance(pieces, list), list(pieces)) == ("200 OK", False, [b"one", b"two"])
