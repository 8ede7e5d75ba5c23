"""How the tests of access send thousands of requests, each for no more than the site's own work."""

from __future__ import annotations

import copy
import logging
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes

import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.signals import got_request_exception
from django.db import transaction
from django.http.response import HttpResponseBase
from django.template.backends.django import Template
from django.test import Client, RequestFactory

from accounts.models import User

BOUNDARY = "between-the-parts"


@dataclass(frozen=True)
class File:
    name: str
    content: bytes


Row = tuple[str, str | bytes | File]


@dataclass
class Answer:
    status: int
    location: str = ""
    content: bytes = b""
    is_html: bool = False
    fault: str = ""
    errors: list[str] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def html(self) -> str:
        return self.content.decode(errors="replace") if self.is_html else ""

    @property
    def is_fault(self) -> bool:
        return self.status >= 500 or bool(self.fault)


class Sender:
    """Sends to the site's own handler as people who have signed in once, without the test client, which copies the context
    of every template; what a request has changed is rolled back.

    A person's row and granted memberships are read once; each request gets copies. How a session leads to its person has
    its own tests (tests/accounts/auth).
    """

    def __init__(self, people: Mapping[str, User | None]) -> None:
        self.count = 0
        self.handler, self.factory = BaseHandler(), RequestFactory()
        self.cookies: dict[str, str] = {}
        self.people: dict[str, User] = {}
        self.handler.load_middleware()
        for who, person in people.items():
            self.sign_in(who, person)

    def sign_in(self, who: str, person: User | None) -> None:
        client = Client()
        if person:
            client.force_login(person)
            self.people[who] = User.objects.get(pk=person.pk)
        self.cookies[who] = client.cookies.output(header="", sep=";")

    def send(
        self, who: str, method: str, url: str, rows: Iterable[Row] = (), *, is_drawn: bool = True, **extra
    ) -> Answer:
        """`is_drawn`: whether templates are rendered, or pages stay empty. `extra`: a `body` with its `content_type`, more
        `cookies`, or keys of WSGI's environment."""
        self.count += 1
        more = extra.pop("cookies", {})
        # As they are: SimpleCookie would quote what no browser quotes, and refuse what others send.
        mine = [] if settings.SESSION_COOKIE_NAME in more else [self.cookies[who]]
        extra["HTTP_COOKIE"] = ";".join([*mine, *(f"{name}={value}" for name, value in more.items())])
        rows = list(rows)
        body, kind = body_of(rows) if method == "POST" else (b"", "application/octet-stream")
        if method == "GET" and rows:
            url = f"{url.partition('?')[0]}?{encoded(rows)}"
        body, kind = extra.pop("body", body), extra.pop("content_type", kind)
        request = self.factory.generic(method, url, body, content_type=kind, **extra)
        request._dont_enforce_csrf_checks = True
        if who in self.people and settings.SESSION_COOKIE_NAME not in more:
            request._cached_user = copy_person(self.people[who])
        drawing = nullcontext() if is_drawn else undrawn()
        with transaction.atomic(), errors() as lines, exceptions() as raised, drawing:
            try:
                answer = read(self.handler.get_response(request))
            except Exception as error:  # a streamed answer fails while it is read
                answer, raised[:] = Answer(500), [error]
            transaction.set_rollback(True)
        answer.fault = where(raised[-1]) if raised else ""
        answer.errors = lines
        return answer


def copy_person(person: User) -> User:
    """With memberships of their own: a view may change both."""
    copied = copy.copy(person)
    copied.granted = [copy.copy(membership) for membership in person.granted]
    for membership in copied.granted:
        membership.user = copied
    return copied


@contextmanager
def undrawn() -> Iterator[None]:
    """Leave pages empty meanwhile; what is rendered without a request (a message, a drawing) is rendered as always."""
    render = Template.render

    def leave_empty(template: Template, context=None, request=None) -> str:
        return "" if request is not None else render(template, context)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Template, "render", leave_empty)
        yield


def read(response: HttpResponseBase) -> Answer:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:
        close()
    is_html = "html" in response.headers.get("Content-Type", "")
    facts = {"content": content, "is_html": is_html, "headers": response.headers}
    return Answer(response.status_code, response.headers.get("Location", ""), **facts)


class Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.getMessage()[:200]}")


@contextmanager
def errors() -> Iterator[list[str]]:
    """What is logged as an error meanwhile."""
    handler = Errors()
    loggers = [logging.getLogger(name) for name in ("", "django.request")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield handler.lines
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


@contextmanager
def exceptions() -> Iterator[list[BaseException]]:
    """What no view has caught meanwhile."""
    raised: list[BaseException] = []

    def note(**_said) -> None:
        raised.append(sys.exc_info()[1])

    got_request_exception.connect(note)
    try:
        yield raised
    finally:
        got_request_exception.disconnect(note)


def where(error: BaseException) -> str:
    """The exception and the last of our own lines under it."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename and "/lib/python" not in frame.filename
            and "/tests/" not in frame.filename]  # fmt: skip
    last = (ours or frames)[-1]
    return f"{type(error).__name__}: {str(error)[:120]} at {last.filename}:{last.lineno}"


def encoded(rows: Iterable[Row]) -> str:
    return "&".join(f"{quote_from_bytes(raw(name))}={quote_from_bytes(raw(value))}" for name, value in rows)


def raw(value: str | bytes | File) -> bytes:
    if isinstance(value, File):
        return value.content
    if isinstance(value, bytes):
        return value
    return str(value).encode("utf-8", "surrogatepass")


def body_of(rows: list[Row]) -> tuple[bytes, str]:
    """As a browser sends it: in parts if there is a file, else percent-encoded."""
    if not any(isinstance(value, File) for _name, value in rows):
        return encoded(rows).encode(), "application/x-www-form-urlencoded"
    parts = []
    for name, value in rows:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
        if isinstance(value, File):
            head += f'; filename="{value.name}"\r\nContent-Type: image/jpeg'
        parts.append(head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + raw(value) + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"
