"""Our Caddyfile with the real front server: private files, and bodies that trickle in."""

import os
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from django.conf import settings

CONTENT = bytes(range(256)) * 4


class App(BaseHTTPRequestHandler):
    """Stands for the app: allows one film, takes uploads, and knows when it was asked."""

    seen: list[tuple[str, int]] = []

    def do_GET(self) -> None:
        allowed = self.path == "/film"
        self.send_response(200 if allowed else 404)
        if allowed:
            self.send_header("X-Accel-Redirect", "/videos/ab/film.mp4")
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Cache-Control", "private, max-age=86400")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def do_PATCH(self) -> None:
        length = int(self.headers["Content-Length"])
        self.seen.append(("begun", length))
        self.seen.append(("read", len(self.rfile.read(length))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args) -> None:
        pass

    def address_string(self) -> str:
        return "front"


class Socket(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@pytest.fixture
def front():
    """The address of a Caddy in front of App."""
    with tempfile.TemporaryDirectory(prefix="front-") as folder, socket.socket() as free:
        film = Path(folder, "private/videos/ab/film.mp4")
        film.parent.mkdir(parents=True)
        film.write_bytes(CONTENT)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        App.seen = []
        app = Socket(f"{folder}/app.sock", App)
        threading.Thread(target=app.serve_forever, daemon=True).start()
        env = {"HOST": "127.0.0.1", "PORT": str(port), "APP_SOCKET": f"{folder}/app.sock", "LOG_DIR": folder}
        env |= {f"{name}_ROOT": f"{folder}/{name.lower()}" for name in ("STATIC", "MEDIA", "PRIVATE")}
        caddy = Path(sys.executable).parent / "caddyserver"
        process = subprocess.Popen(
            [caddy, "run", "--config", "Caddyfile"], cwd=settings.BASE_DIR, env=os.environ | env,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)
            app.shutdown()
            app.server_close()


def wait_for(port: int) -> None:
    for _try in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError


def ask(address: str, **headers) -> tuple[int, bytes, dict]:
    request = urllib.request.Request(
        address, headers={key.replace("_", "-"): value for key, value in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), dict(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read(), dict(error.headers)


def test_front_sends_what_the_app_allowed(front):
    status, body, headers = ask(f"{front}/film")
    assert (status, body) == (200, CONTENT)
    assert (headers["Content-Type"], headers["Cache-Control"]) == ("video/mp4", "private, max-age=86400")
    assert "X-Accel-Redirect" not in headers
    status, body, headers = ask(f"{front}/film", Range="bytes=1000-")
    assert (status, body, headers["Content-Range"]) == (206, CONTENT[1000:], "bytes 1000-1023/1024")
    assert ask(f"{front}/film", Range="bytes=5000-")[0] == 416
    assert ask(f"{front}/film", If_None_Match=headers["Etag"])[0] == 304


def test_private_folder_has_no_address_at_the_front(front):
    for path in ("/videos/ab/film.mp4", "/private/videos/ab/film.mp4", "/media/../private/videos/ab/film.mp4",
                 "/static/..%2fprivate/videos/ab/film.mp4"):  # fmt: skip
        assert ask(front + path)[0] == 404
    assert ask(f"{front}/other", X_Accel_Redirect="/videos/ab/film.mp4")[0] == 404


def test_piece_that_trickles_in_reaches_the_app_when_it_is_whole(front):
    with socket.create_connection(("127.0.0.1", int(front.rpartition(":")[2]))) as line:
        line.sendall(b"PATCH /x HTTP/1.1\r\nHost: a\r\nContent-Length: 524288\r\nConnection: close\r\n\r\n")
        for _part in range(8):
            line.sendall(bytes(65536))
            if _part < 7:
                time.sleep(0.05)
                assert App.seen == []
        assert line.recv(100).startswith(b"HTTP/1.1 204")
    assert App.seen == [("begun", 524288), ("read", 524288)]
