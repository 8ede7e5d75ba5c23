"""Visitors who ask a site the whole time, while it is restarted, upgraded or killed: each request must be answered.

They ask by new connections, each for itself, whether the earlier ones were answered or not.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

PER_SECOND = 20
PATIENCE = 60  # s
# What a form without a token gets from the app: it came there and was answered.
ANSWERED = frozenset({200, 403})


class Visit(NamedTuple):
    """One request (`GET /`), its status, 0 without a whole answer, when it began (`time.monotonic`) and its seconds."""

    request: str
    status: int
    begun: float
    seconds: float


class TlsLine(http.client.HTTPSConnection):
    """Asks at an address for a site of another name."""

    def __init__(self, name: str, address: str, port: int, context: ssl.SSLContext) -> None:
        super().__init__(name, port, timeout=PATIENCE, context=context)
        self.address, self.own_context = address, context

    def connect(self) -> None:
        line = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self.own_context.wrap_socket(line, server_hostname=self.host)


@dataclass(frozen=True)
class Site:
    """Where a site is found: port and address, and the name under which it is asked; over TLS with a `context`."""

    port: int
    address: str = "127.0.0.1"
    name: str = ""
    context: ssl.SSLContext | None = None

    def open_line(self) -> http.client.HTTPConnection:
        if self.context:
            return TlsLine(self.name or self.address, self.address, self.port, self.context)
        return http.client.HTTPConnection(self.address, self.port, timeout=PATIENCE)

    def ask(self, request: str) -> tuple[int, str]:
        """Return status and body of a request such as `GET /products/`; a POST sends a small form without a token.

        Without a whole answer the status is 0, and the body says why.
        """
        method, path = request.split(" ")
        headers = {"Host": self.name} if self.name else {}
        body = None
        if method == "POST":
            body, headers["Content-Type"] = "name=value", "application/x-www-form-urlencoded"
        line = self.open_line()
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return 0, f"{type(error).__name__}: {error}"
        finally:
            line.close()


@contextmanager
def visiting(site: Site, requests: Sequence[str], per_second: float = PER_SECOND) -> Iterator[list[Visit]]:
    """Ask so many times a second, one of the requests after the other; the list is complete after the block."""
    ended, threads, visits = threading.Event(), list[threading.Thread](), list[Visit]()

    def ask(request: str) -> None:
        begun = time.monotonic()
        status, _body = site.ask(request)
        visits.append(Visit(request, status, begun, time.monotonic() - begun))

    def send() -> None:
        number = 0
        while not ended.wait(1 / per_second):
            threads.append(threading.Thread(target=ask, args=[requests[number % len(requests)]]))
            threads[-1].start()
            number += 1

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield visits
    finally:
        ended.set()
        sender.join()
        for thread in threads:
            thread.join()


def list_refused(visits: Sequence[Visit], answered: Collection[int] = ANSWERED) -> list[Visit]:
    return [visit for visit in visits if visit.status not in answered]


def count_answers(visits: Sequence[Visit]) -> dict[int, int]:
    """Return status → how often."""
    return dict(sorted(Counter(visit.status for visit in visits).items()))


def find_slowest(visits: Sequence[Visit]) -> float:
    """Return the seconds of the slowest."""
    return round(max(visit.seconds for visit in visits), 1)
