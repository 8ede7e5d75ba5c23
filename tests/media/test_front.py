"""The project's Caddyfile with the real front server: private files, and slow request bodies."""

import http.client
import json
import os
import re
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from django.conf import settings

CONTENT = bytes(range(256)) * 4


class App(BaseHTTPRequestHandler):
    """Replaces the app: allows one film, accepts uploads, and records when it was asked."""

    seen: list[tuple[str, int]] = []
    headers_seen: list[str] = []
    log: Path

    def do_GET(self) -> None:
        type(self).headers_seen = list(self.headers)
        if "dies" in self.path:  # in the middle of its answer
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.connection.close()
            return
        allowed = self.path == "/film"
        self.send_response(200 if allowed else 404)
        if allowed:
            self.send_header("X-Accel-Redirect", "/videos/ab/film.mp4")
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Cache-Control", "private, max-age=86400")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Take a body in chunks to its end before anything is answered, as the app does; a cut one has none."""
        while line := self.rfile.readline():
            if line == b"0\r\n":
                self.seen.append(("whole", 0))
                self.send_response(204)
                self.end_headers()
                return

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


class Spool(App):
    """Replaces a spool that has no room."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(503)
        self.send_header("X-Spool", "refused")
        self.send_header("Content-Length", "0")
        self.end_headers()


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
        App.seen, App.log = [], Path(folder, "access.log")
        app = Socket(f"{folder}/app.sock", App)
        spool = Socket(f"{folder}/spool.sock", Spool)
        for server in (app, spool):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        env = {"HOST": "127.0.0.1", "PORT": str(port), "APP_SOCKET": f"{folder}/app.sock", "LOG_DIR": folder}
        env["SPOOL_SOCKET"] = f"{folder}/spool.sock"
        env |= {f"{name}_ROOT": f"{folder}/{name.lower()}" for name in ("STATIC", "MEDIA", "PRIVATE")}
        caddy = Path(sys.executable).parent / "caddyserver"
        with Path(folder, "errors.log").open("wb") as errors:
            process = subprocess.Popen(
                [caddy, "run", "--config", "Caddyfile"], cwd=settings.BASE_DIR, env=os.environ | env, stderr=errors
            )  # fmt: skip
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)
            for server in (app, spool):
                server.shutdown()
                server.server_close()


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


@pytest.mark.long
def test_private_folder_has_no_address_at_the_front(front):
    for path in ("/videos/ab/film.mp4", "/private/videos/ab/film.mp4", "/media/../private/videos/ab/film.mp4",
                 "/static/..%2fprivate/videos/ab/film.mp4"):  # fmt: skip
        assert ask(front + path)[0] == 404
    assert ask(f"{front}/other", X_Accel_Redirect="/videos/ab/film.mp4")[0] == 404


@pytest.mark.long
def test_body_that_trickles_in_reaches_the_app_when_it_is_whole(front):
    with socket.create_connection(("127.0.0.1", int(front.rpartition(":")[2]))) as line:
        line.sendall(b"PATCH /x HTTP/1.1\r\nHost: a\r\nContent-Length: 80000\r\nConnection: close\r\n\r\n")
        for part in range(8):
            line.sendall(bytes(10_000))
            if part < 7:
                time.sleep(0.05)
                assert App.seen == []
        assert line.recv(100).startswith(b"HTTP/1.1 204")
    assert App.seen == [("begun", 80_000), ("read", 80_000)]


@pytest.mark.long
def test_body_whose_length_is_not_said_is_small(front):
    port = int(front.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        line.sendall(b"1e848\r\n" + bytes(125_000) + b"\r\n0\r\n\r\n")
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 413")
    assert "一次传的太大了" in answer.decode()
    assert App.seen == []


@pytest.mark.long
def test_large_body_goes_to_the_spool_whose_refusal_is_a_page(front):
    request = urllib.request.Request(f"{front}/x", data=bytes(100_000))
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert (refused.value.code, refused.value.headers["Retry-After"]) == (503, "10")
    assert "现在忙，等十秒再试" in refused.value.read().decode()
    assert App.seen == []


def adapted(text: str, folder: Path) -> dict:
    """Return what Caddy makes of a Caddyfile: its server, which has more to do than one that only leads on to it."""
    (folder / "Caddyfile").write_text(text)
    caddy = Path(sys.executable).parent / "caddyserver"
    made = subprocess.run(
        [caddy, "adapt", "--adapter", "caddyfile", "--config", folder / "Caddyfile"],
        env=os.environ | {"HOST": "127.0.0.1", "PORT": "8001", "HTTPS_PORT": "8002"}, capture_output=True, check=True,
    )  # fmt: skip
    servers = json.loads(made.stdout)["apps"]["http"]["servers"].values()
    return max(servers, key=lambda server: len(json.dumps(server)))


@pytest.mark.long
def test_front_with_a_name_and_tls_does_all_that_the_other_does(tmp_path):
    theirs = Path(settings.BASE_DIR, "config/front/Caddyfile.https").read_text()
    ours = Path(settings.BASE_DIR, "Caddyfile").read_text()
    there = adapted(theirs.replace("import ", f"import {settings.BASE_DIR}/config/front/"), tmp_path)
    here = adapted(ours.replace("import ", f"import {settings.BASE_DIR}/"), tmp_path)
    [site] = there["routes"]
    assert site["match"] == [{"host": ["127.0.0.1"]}]
    assert without_groups(site["handle"][0]["routes"]) == without_groups(here["routes"])
    for name in ("read_header_timeout", "idle_timeout"):
        assert there[name] == here[name]


def without_groups(routes: list) -> list:
    """The names of groups are numbered through the file, and each Caddyfile hides itself from the file server."""
    text = re.sub(r'"group\d+"', '"group"', json.dumps(routes))
    return json.loads(re.sub(r', "hide": \[[^]]*\]', "", text))


def test_what_a_browser_says_about_bodies_on_disk_is_not_believed(front):
    ask(f"{front}/film", X_Body_File="a" * 32, X_Body_Coming="5")
    assert {name.lower() for name in App.headers_seen} & {"x-body-file", "x-body-coming"} == set()


def test_our_own_rule_drops_names_with_underscores(tmp_path):
    """Newer releases of Caddy drop them by themselves; a county may run an older one."""
    ours = Path(settings.BASE_DIR, "Caddyfile").read_text()
    routes = adapted(ours.replace("import ", f"import {settings.BASE_DIR}/"), tmp_path)["routes"]
    handlers = [handler for route in routes for handler in route["handle"] if not route.get("match")]
    dropped = [name for one in handlers for name in one.get("request", {}).get("delete", ())]
    assert "*_*" in dropped


def test_links_that_open_an_order_stand_in_no_log(front, tmp_path):
    secret = "iKFM-_59OgnMMO6A95GMaA"
    paths = [
        f"/orders/{secret}/",
        f"/orders/{secret}/claim/?a=b",
        f"/complaints/{secret}/",
        f"/live/on/{secret}/now.json",
    ]
    for path in (*paths, f"//orders/{secret}/", "/orders/find/", "/products/?q=13800000003"):
        ask(front + path)
    lines = App.log.read_text().splitlines()
    assert [json.loads(line)["request"]["uri"] for line in lines] == [
        "/orders/…/", "/orders/…/claim/?…", "/complaints/…/", "/live/on/…/now.json",
        "//orders/…/", "/orders/find/", "/products/?…",
    ]  # fmt: skip


@pytest.mark.long
def test_what_goes_wrong_is_logged_without_searches_links_and_cookies(front):
    for path in ("/orders/iKFM-_59OgnMMO6A95GMaA/?dies", "/products/?q=13800000003&dies"):
        with pytest.raises((http.client.IncompleteRead, TimeoutError)):
            ask(front + path, Cookie="sessionid=secret")
    lines = [json.loads(line) for line in Path(App.log.parent, "errors.log").read_text().splitlines()]
    asked = [line["request"] for line in lines if line["msg"] == "aborting with incomplete response"]
    assert [(one["uri"], "headers" in one) for one in asked] == [
        ("/orders/…/?…", False),
        ("/products/?…", False),
    ]
