"""What each process of the app does besides answering requests: threads of its own, which no visitor can occupy.

One answers /healthz for the front computer, at a socket of its own beside the app's, so that an app whose threads are all at
work is not taken for one that is away. The other says that this computer uses the database, and deletes downloads and old
logs, also where there is no worker.
"""

from __future__ import annotations

import logging
import socket
import socketserver
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import connections
from django.http import HttpRequest

from config import logs
from config.health import probes
from config.postgresql import computers
from ui.database.availability import find_away
from ui.responses import downloads

log = logging.getLogger(__name__)

SOCKET = "health.sock"
BACKLOG = 16
LOOK_EVERY = 1.0


class Answer(BaseHTTPRequestHandler):
    """Answers whatever is asked as /healthz."""

    timeout = 3
    server: Health

    def do_GET(self) -> None:
        if not self.server.app_socket.exists():  # the app takes nothing more (config.processes.units)
            self.send_error(503, "stopping")
            return
        request = HttpRequest()
        request.method = self.command
        request.META |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
        for name, value in self.headers.items():
            request.META[f"HTTP_{name.upper().replace('-', '_')}"] = value
        try:
            request.get_host()
        except DisallowedHost:  # as all other pages would be refused
            self.send_error(400)
            return
        response = probes.healthz(request)
        self.send_response(response.status_code)
        for name, value in response.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.content)

    do_HEAD = do_POST = do_GET

    def log_message(self, *args: object) -> None:
        """Write nothing: it is asked every second."""

    def address_string(self) -> str:
        return "front"


class Health(socketserver.ThreadingMixIn, socketserver.BaseServer):
    """Accepts at a socket that all processes of the app listen to."""

    daemon_threads = True

    def __init__(self, listening: socket.socket, app_socket: Path) -> None:
        super().__init__("", Answer)
        self.socket, self.app_socket = listening, app_socket

    def fileno(self) -> int:
        return self.socket.fileno()

    def get_request(self) -> tuple[socket.socket, str]:
        return self.socket.accept()[0], ""

    def handle_error(self, request: object, client_address: object) -> None:
        """Write nothing: who asked went away before the answer."""

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override]
        request.close()


def listen(words: Sequence[str]) -> Health | None:
    """Return the server of /healthz beside the app's socket, which the command's words name; None where it listens elsewhere."""
    if "--uds" not in words:
        return None
    app_socket = Path(words[words.index("--uds") + 1])
    path, listening = app_socket.with_name(SOCKET), socket.socket(socket.AF_UNIX)
    try:
        path.unlink(missing_ok=True)
        listening.bind(str(path))
        path.chmod(0o660)
        listening.listen(BACKLOG)
    except OSError as error:  # the path is too long
        log.warning("%s cannot answer: %s", path, error)
        return None
    return Health(listening, app_socket)


def start(health: Health | None) -> None:
    """Start the threads of this process, just after it was forked."""
    if health is not None:
        threading.Thread(target=health.serve_forever, name="health", daemon=True).start()
    threading.Thread(target=go_round, name="rounds", daemon=True).start()


def record_use() -> None:
    computers.record_use("app")


def drop_logs() -> None:
    logs.drop_old(settings.LOG_DIR, settings.LOG_KEEP_DAYS)


ROUNDS = (
    (computers.HEARD_EVERY, record_use),
    (downloads.LASTS_SECONDS, downloads.drop_old),
    (24 * 60 * 60, drop_logs),
)


def go_round() -> None:
    """Call each function of ROUNDS when it is due, for as long as the process lives; one that failed is called again soon."""
    due = [0.0] * len(ROUNDS)
    while True:
        for n, (every, work) in enumerate(ROUNDS):
            if time.monotonic() >= due[n]:
                due[n] = time.monotonic() + every
                try:
                    work()
                except Exception as error:
                    due[n] = time.monotonic() + min(every, computers.HEARD_EVERY)
                    if not find_away(error):
                        log.exception("%s failed, it will be tried again", work.__name__)
        connections.close_all()
        time.sleep(LOOK_EVERY)


def end() -> None:
    """Write down that the app of this computer has ended; called by the process that has forked the others."""
    with suppress(Exception):  # the database may be away; what was not heard for a minute has ended
        computers.end_use("app")
