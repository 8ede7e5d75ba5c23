"""`make install` ends when what it has started answers, and says what does not."""

import json
import socket
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from config.processes import readiness
from config.processes.sites import Site

WELL = {"database": True, "storage": True, "logs": True, "worker": True, "sqlite": True}


class App(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    said: bytes


class Answer(BaseHTTPRequestHandler):
    """Says what /readyz says, to who asks by a name of the site."""

    server: App

    def do_GET(self) -> None:
        is_asked = (self.path, self.headers["Host"]) == ("/readyz", "127.0.0.1")
        self.send_response(200 if is_asked else 400)
        self.end_headers()
        self.wfile.write(self.server.said if is_asked else b"Bad Request")

    def log_message(self, *args) -> None:
        pass

    def address_string(self) -> str:
        return "front"


@pytest.fixture
def place() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="nf-") as folder:
        yield f"{folder}/app.sock"


@contextmanager
def app_at(path: str, said: bytes | dict) -> Iterator[App]:
    with App(path, Answer) as app:
        app.said = json.dumps(said).encode() if isinstance(said, dict) else said
        thread = threading.Thread(target=app.serve_forever, args=[0.01])
        thread.start()
        try:
            yield app
        finally:
            app.shutdown()
            thread.join()
            Path(path).unlink()


@pytest.fixture
def front() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_site_that_answers_lacks_nothing(place, front):
    with app_at(place, WELL):
        for site in (
            Site("127.0.0.1", port=str(front)),
            Site("127.0.0.1", https_port=str(front), tls="public"),
            Site(
                "127.0.0.1", tls="public", parts="app worker", fronts="10.0.0.10", listen=f"127.0.0.1:{front}"
            ),
        ):
            assert readiness.wait_for_site(site, place, patience=0) == ""


def test_what_does_not_answer_is_named(place, front):
    site = Site("127.0.0.1", port=str(front))
    assert readiness.wait_for_site(site, place, patience=0) == "the app (no answer)"
    with app_at(place, b"<h1>Server Error</h1>"):
        assert readiness.find_lack(site, place) == "the app (<h1>Server Error</h1>)"
    with app_at(place, WELL | {"worker": False, "storage": False}):
        assert readiness.find_lack(site, place) == "/readyz says that these are missing: storage, worker"
    with app_at(place, WELL), socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
        closed.close()
        lack = readiness.find_lack(Site("127.0.0.1", port=str(port)), place)
        assert lack == f"the front server at 127.0.0.1:{port} (Connection refused)"


def test_node_whose_workers_are_elsewhere_and_a_computer_without_an_app_are_not_waited_for(place, front):
    node = Site("127.0.0.1", parts="app", fronts="10.0.0.10", listen=f"127.0.0.1:{front}")
    with app_at(place, WELL | {"worker": False}):
        assert readiness.find_lack(node, place) == ""
    for parts in ("worker", "front"):
        assert readiness.find_lack(Site("127.0.0.1", port=str(front), parts=parts), place) == ""


def test_site_is_waited_for_while_it_starts(place, front):
    with app_at(place, WELL | {"worker": False}) as app:
        heard = threading.Timer(0.1, lambda: setattr(app, "said", json.dumps(WELL).encode()))
        heard.start()
        assert readiness.wait_for_site(Site("127.0.0.1", port=str(front)), place, patience=5) == ""
        heard.join()
