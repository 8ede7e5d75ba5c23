"""A front computer and two nodes: the real front servers with the environment and the commands of their units.

All of them are on this computer: the front at 127.0.0.1, the nodes at 127.0.0.11 and 127.0.0.12, a stranger at 127.0.0.99.
"""

import http.client
import json
import os
import shlex
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from django.conf import settings

from bench.harness import visitors
from bench.harness.servers import free_port, wait_for_socket
from config.processes import installation, sites
from tests.config.processes.test_restart import Service
from tests.media.processes import wait_until

NAME = "nonghuo.example.cn"
STRANGER = "127.0.0.99"


class Computer:
    """One computer's installation in a folder, with its front server running."""

    def __init__(self, stack: ExitStack, root: Path, **chosen: str) -> None:
        installation.write(sites.read_site(chosen, {}), root)
        # A socket's path has at most 108 bytes.
        self.here = stack.enter_context(tempfile.TemporaryDirectory(prefix="nf-"))
        self.root, self.stack = root, stack
        unit = root / "etc/systemd/system/newfarmwork-front.service"
        text = (
            unit.read_text()
            .replace("/run/newfarmwork-front", self.here)
            .replace("/run/newfarmwork", self.here)
        )
        text = text.replace("/var/log/newfarmwork", str(root)).replace(
            "/var/lib/newfarmwork-front", str(root)
        )
        lines = [line.partition("=")[::2] for line in text.splitlines()]
        said = [pair for key, value in lines if key == "Environment" for pair in shlex.split(value)]
        self.env = {"PATH": os.environ["PATH"]} | dict(pair.partition("=")[::2] for pair in said)
        [command] = [value for key, value in lines if key == "ExecStart"]
        with (root / "errors.log").open("wb") as errors:
            self.front = subprocess.Popen(
                shlex.split(command), cwd=settings.BASE_DIR, env=self.env, stderr=errors
            )
        stack.callback(end, self.front)

    def start_app(self) -> None:
        env = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "CRITICAL",
            "PATH": os.environ["PATH"],
        }
        # Styles need not be collected for DEBUG.
        env |= {
            "VAR_DIR": f"{self.root}/var",
            "DEBUG": "1",
            "HTTPS": "0",
            "ALLOWED_HOSTS": f"{NAME} 127.0.0.1",
        }
        self.app = Service(self.root / "etc/systemd/system/newfarmwork-app.service", self.here, env)
        self.app.start()
        self.stack.callback(self.app.kill)
        wait_for_socket(f"{self.here}/app.sock")

    def kill(self) -> None:
        """Kill front server and app at once."""
        end(self.front)
        self.app.kill()


def end(process: subprocess.Popen) -> None:
    process.kill()
    process.wait(30)


class Echo(BaseHTTPRequestHandler):
    """An app that answers with the headers it gets, and breaks off each request whose query says so, once."""

    protocol_version = "HTTP/1.1"
    server: "Socket"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if self.path != "/healthz":
            self.server.asked.append((self.command, self.path, body))
        if "cut" in self.path and len(self.server.asked) == 1:
            self.close_connection = True
            return
        text = json.dumps({name.lower(): value for name, value in self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET

    def log_message(self, *args) -> None:
        pass

    def address_string(self) -> str:
        return "front"


class Socket(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    asked: list[tuple[str, str, str]]


def install_county(stack: ExitStack, root: Path) -> tuple[Computer, list[Computer]]:
    """Return a front computer over plain HTTP and its two nodes, all without an app."""
    port, node_port = str(free_port()), str(free_port())
    places = [f"127.0.0.{number}:{node_port}" for number in (11, 12)]
    nodes = [
        Computer(
            stack,
            root / f"node{n}",
            PARTS="app worker",
            HOST=NAME,
            LISTEN=place,
            FRONTS="127.0.0.1",
            WORKERS="1",
        )
        for n, place in enumerate(places, 1)
    ]
    # Over HTTP it listens at its HOST, so that is an address here.
    front = Computer(
        stack, root / "front", PARTS="front", HOST="127.0.0.1", PORT=port, NODES=" ".join(places)
    )
    return front, nodes


@pytest.fixture(scope="module")
def serving(tmp_path_factory) -> Iterator[tuple[Computer, list[Computer]]]:
    """A county whose nodes have the real app, and downloads of two ages from before; the last test kills a node."""
    with ExitStack() as stack:
        front, nodes = install_county(stack, tmp_path_factory.mktemp("county"))
        for node in nodes:
            folder = node.root / "var/private/downloads"
            folder.mkdir(parents=True)
            for name, age in (("old", 16 * 60), ("new", 60)):
                (folder / name).write_text("names and numbers")
                os.utime(folder / name, (time.time() - age,) * 2)
            (node.root / "var/log").mkdir()
            (node.root / "var/log/app-2020-01-01.jsonl").write_text("")
            node.start_app()
        wait_until(lambda: all(map(is_serving, [*nodes, front])))
        yield front, nodes


def ask(
    computer: Computer,
    method: str,
    path: str,
    body: str = "",
    source: str = "127.0.0.1",
    patience: float = 20,
    **headers: str,
) -> tuple[int, str, http.client.HTTPMessage]:
    line = http.client.HTTPConnection(
        computer.env["HOST"], int(computer.env["PORT"]), timeout=patience, source_address=(source, 0)
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    line.request(method, path, body or None, {"Host": NAME} | named)
    answer = line.getresponse()
    found = answer.status, answer.read().decode(), answer.headers
    line.close()
    return found


def is_serving(computer: Computer) -> bool:
    try:
        return ask(computer, "GET", "/healthz")[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def echoing(tmp_path_factory) -> Iterator[tuple[Computer, list[Computer], list]]:
    """A county whose apps answer with what they get, and the list of that."""
    with ExitStack() as stack:
        front, nodes = install_county(stack, tmp_path_factory.mktemp("county"))
        asked: list = []
        for node in nodes:
            for name in ("app", "health"):
                app = stack.enter_context(Socket(f"{node.here}/{name}.sock", Echo))
                app.asked = asked
                threading.Thread(target=app.serve_forever, daemon=True).start()
                stack.callback(app.shutdown)
        wait_until(lambda: all(map(is_serving, [*nodes, front])))
        yield front, nodes, asked


def test_what_a_front_computer_says_is_believed_and_what_others_say_is_not(echoing):
    front, nodes, asked = echoing
    forged = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https", "X_Request_ID": "1" * 36}
    unpassed = {"Connection": "X-Request-ID, X-Forwarded-For", "X_Body_File": "a" * 32}
    _status, body, _headers = ask(front, "GET", "/page", source=STRANGER, **forged, **unpassed)
    seen = json.loads(body)
    # What a browser claims ends at the front computer; the app counts two front servers back from the end.
    assert seen["x-forwarded-for"].split(", ") == [STRANGER, "127.0.0.1"]
    assert seen["x-forwarded-proto"] == "http"
    assert "x-body-file" not in seen
    logged = json.loads((front.root / "access.log").read_text().splitlines()[-1])
    assert seen["x-request-id"] == logged["request_id"] != forged["X_Request_ID"]
    # The front computer itself is believed; nobody else is answered, but for whether the node is well.
    believed = json.loads(ask(nodes[0], "GET", "/page", **forged)[1])
    assert believed["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"
    assert (believed["x-forwarded-proto"], believed["x-request-id"]) == ("https", "1" * 36)
    asked.clear()
    for path in ("/page", "/static/leaf.txt", "/media/leaf.jpg", "/healthz/../page", "/healthz"):
        assert ask(nodes[0], "GET", path, source=STRANGER, **forged)[0] == 403, path
    assert asked == []
    del forged["X_Forwarded_For"]
    status, body, _headers = ask(nodes[0], "GET", "/healthz", source=STRANGER, **forged)
    assert (status, "x-request-id" in json.loads(body)) == (200, False)
    assert "x-request-id" in json.loads(ask(front, "GET", "/healthz")[1])  # `check_site` looks for it


def test_prometheus_asks_each_node_past_the_front_computer(echoing):
    front, nodes, _asked = echoing
    forged = {"X_Forwarded_For": "10.0.0.5"}
    status, body, _headers = ask(nodes[0], "GET", "/metrics", source=STRANGER, **forged)
    assert (status, json.loads(body)["x-forwarded-for"]) == (200, STRANGER)
    assert ask(nodes[0], "POST", "/metrics", "name=value", source=STRANGER)[0] == 403
    assert ask(front, "GET", "/metrics", source=STRANGER)[0] == 404


@pytest.mark.parametrize(
    ("method", "path", "times", "status"),
    [
        ("GET", "/page?cut", 2, 200),
        ("POST", "/sync/?cut", 2, 200),
        ("POST", "/shops/tea/order/?cut", 2, 200),
        ("POST", "/me/edit/?cut", 1, 503),
    ],
)
def test_only_what_may_be_done_twice_is_sent_again_after_a_cut(echoing, method, path, times, status):
    front, _nodes, asked = echoing
    asked.clear()
    body = "name=value" if method == "POST" else ""
    found, text, headers = ask(front, method, path, body)
    assert (found, asked) == (status, [(method, path, body)] * times)
    if status == 503:
        assert "现在忙，等十秒再试" in text
        assert headers["Retry-After"] == "10"


def test_node_that_leaves_says_so_to_the_front_computer_and_to_no_visitor(echoing):
    """The last of those whose apps echo: the node does not come back."""
    _front, [_other, node], _asked = echoing
    node.front.terminate()
    wait_until(lambda: ask(node, "GET", "/healthz")[0] == 503)
    assert ask(node, "GET", "/healthz", X_Forwarded_For="203.0.113.9")[0] == 200


def is_answering(node: Computer) -> bool:
    try:
        return bool(ask(node, "GET", "/robots.txt", patience=0.5))
    except TimeoutError:
        return False


@contextmanager
def occupied(node: Computer) -> Iterator[None]:
    """Let all threads of a node's app wait for forms that never come whole, past the front servers, which do not allow that."""
    head = f"POST /accounts/login/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 9\r\n"
    # With a token's cookie the app reads the form.
    head += f"Cookie: {settings.CSRF_COOKIE_NAME}={'a' * 32}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
    with ExitStack() as stack:
        for _thread in range(8):
            line = stack.enter_context(socket.socket(socket.AF_UNIX))
            line.connect(f"{node.here}/app.sock")
            line.sendall(head.encode())
        yield


@pytest.mark.long
def test_node_whose_threads_are_all_at_work_is_not_taken_for_one_that_is_away(serving):
    _front, [node, _other] = serving
    with occupied(node):
        wait_until(lambda: not is_answering(node))
        status, text, headers = ask(node, "GET", "/healthz", patience=5)
        assert (status, text, headers["X-Proxy-Count"]) == (200, "ok\n", "1")
        assert ask(node, "HEAD", "/healthz", patience=5)[:2] == (200, "")
    # A node that would refuse the site's name is away.
    assert ask(node, "GET", "/healthz", Host="unknown.example")[0] == 400


@pytest.mark.long
def test_visitor_who_asks_for_health_is_answered_as_by_any_page(serving):
    """Outside watchers ask at the front computer, also in the second in which the app restarts and has no socket for health."""
    _front, [node, _other] = serving
    sockets = Path(node.here)
    (sockets / "health.sock").rename(sockets / "away.sock")
    try:
        status, text, headers = ask(node, "GET", "/healthz", X_Forwarded_For=STRANGER)
        assert (status, text, headers["X-Proxy-Count"]) == (200, "ok\n", "2")
        with pytest.raises(http.client.RemoteDisconnected):
            ask(node, "GET", "/healthz")
    finally:
        (sockets / "away.sock").rename(sockets / "health.sock")


def test_node_without_a_worker_deletes_downloads_and_old_logs(serving):
    _front, nodes = serving
    folder = nodes[0].root / "var/private/downloads"
    wait_until(lambda: [path.name for path in folder.iterdir()] == ["new"])
    wait_until(lambda: not (nodes[0].root / "var/log/app-2020-01-01.jsonl").exists())


@pytest.mark.long
def test_no_page_fails_when_a_node_is_killed(serving):
    front, nodes = serving
    site = visitors.Site(int(front.env["PORT"]), name=NAME)
    with visitors.visiting(site, ["GET /robots.txt", "POST /sync/"]) as visits:
        time.sleep(0.5)
        nodes[0].kill()
        time.sleep(1)
        wait_until(lambda: len(visits) >= 20)
    assert set(visitors.count_answers(visits)) == {200, 403}
