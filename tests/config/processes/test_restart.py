"""The app's service stopped and started as systemd does it, by the commands of its unit, while visitors come through Caddy."""

import os
import shlex
import signal
import socket
import socketserver
import stat
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from django.conf import settings

from bench.harness import visitors
from bench.harness.servers import free_port, wait_for, wait_for_socket
from config import up
from config.processes import computer, sites
from tests.config.processes.test_installation import install
from tests.media.processes import wait_until

LONGEST = 12  # s, on a busy machine; Caddy keeps a request for longer


class Service:
    """Runs one unit: ExecStartPre, ExecStart, ExecStop and then SIGTERM to the main process (KillMode=mixed)."""

    def __init__(self, unit: Path, here: str, env: dict[str, str]) -> None:
        lines = unit.read_text().replace("/run/newfarmwork", here).splitlines()
        self.lines = [line.partition("=")[::2] for line in lines if "=" in line]
        self.env = env

    def get(self, key: str) -> list[list[str]]:
        return [shlex.split(value.lstrip("-")) for name, value in self.lines if name == key]

    def start(self) -> None:
        for command in self.get("ExecStartPre"):
            subprocess.run(command, check=False)
        [command] = self.get("ExecStart")
        self.process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.env, stdout=subprocess.DEVNULL, start_new_session=True
        )

    def kill(self) -> None:
        """Kill the program with the processes that it has forked, as systemd does once its main process is dead."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(30)

    def stop(self) -> None:
        for command in self.get("ExecStop"):
            subprocess.run(command, check=False)
        self.process.terminate()
        self.process.wait(30)


@pytest.mark.long(on="postgres")
@pytest.mark.race
def test_no_request_fails_while_the_app_is_restarted(tmp_path):
    assert install(tmp_path / "units").returncode == 0
    port = free_port()
    with ExitStack() as stack:
        here = stack.enter_context(tempfile.TemporaryDirectory(prefix="nf-"))
        env = {name: value for name, value in os.environ.items() if name not in ("DEMO", "DEBUG")}
        # Styles need not be collected for DEBUG.
        env |= {"VAR_DIR": str(tmp_path / "var"), "DEBUG": "1", "HTTPS": "0", "ALLOWED_HOSTS": "127.0.0.1"}
        env |= {"HOST": "127.0.0.1", "PORT": str(port), "APP_SOCKET": f"{here}/app.sock"}
        env |= {
            "LOG_DIR": str(tmp_path / "log"),
            "LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        front = subprocess.Popen(up.list_commands(env)["front"], cwd=settings.BASE_DIR, env=env)
        stack.callback(front.wait, 30)
        stack.callback(front.terminate)
        app = Service(tmp_path / "units/etc/systemd/system/newfarmwork-app.service", here, env)
        app.start()
        stack.callback(app.stop)
        wait_for_socket(f"{here}/app.sock")
        # The front server, another user of the same group, may write to it, and nobody else.
        assert stat.S_IMODE(os.stat(f"{here}/app.sock").st_mode) == 0o660
        wait_for(port)
        with visitors.visiting(visitors.Site(port), ["GET /healthz", "POST /healthz"]) as visits:
            time.sleep(0.5)
            begun = time.monotonic()
            app.stop()
            app.start()
            wait_for_socket(f"{here}/app.sock")
            took = time.monotonic() - begun
            time.sleep(0.5)
            wait_until(lambda: len(visits) >= 20)
    assert set(visitors.count_answers(visits)) == {200, 403}
    assert took < LONGEST
    assert visitors.find_slowest(visits) < LONGEST


def test_front_server_says_when_it_takes_a_new_configuration_as_its_unit_expects(tmp_path):
    assert install(tmp_path / "units").returncode == 0
    with (
        tempfile.TemporaryDirectory(prefix="nf-") as here,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready,
    ):
        unit = Service(tmp_path / "units/etc/systemd/system/newfarmwork-front.service", here, {})
        assert unit.get("Type") == [["notify"]]
        ready.bind(f"{here}/notify.sock")
        ready.settimeout(20)
        env = os.environ | {"HOST": "127.0.0.1", "PORT": str(free_port()), "LOG_DIR": str(tmp_path / "log")}
        env |= {
            "FRONT_ADMIN": f"unix/{here}/admin.sock",
            "NOTIFY_SOCKET": f"{here}/notify.sock",
            "WORKERS": "1",
        }
        command = up.list_commands(env | {"APP_SOCKET": f"{here}/app.sock"})["front"]
        front = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stderr=subprocess.DEVNULL)
        try:
            while b"READY=1" not in ready.recv(1000):
                pass
            with socket.socket(socket.AF_UNIX) as line:
                line.connect(f"{here}/admin.sock")
        finally:
            front.terminate()
            front.wait(30)


# Stands for systemd: the app listens half a second after it was started.
SYSTEMCTL = """#!/bin/sh
echo "$*" >> "$LOG"
case "$*" in
"restart newfarmwork-app.service"*) (sleep 0.5; exec "$PYTHON" -c "$LISTENS") & ;;
"reload-or-restart newfarmwork-front.service") [ ! -S "$APP" ] || echo "the app listens" >> "$LOG" ;;
esac
"""
LISTENS = """
import os, socket, time
app = socket.socket(socket.AF_UNIX)
app.bind(os.environ["APP"])
app.listen()
time.sleep(2)
"""


def test_front_server_gets_a_new_configuration_when_the_app_has_taken_what_waited_for_it(
    tmp_path, monkeypatch
):
    with tempfile.TemporaryDirectory(prefix="nf-") as here:
        script = Path(here, "systemctl")
        script.write_text(SYSTEMCTL)
        script.chmod(0o755)
        log = tmp_path / "log"
        env = {"LOG": str(log), "APP": f"{here}/app.sock", "PYTHON": sys.executable, "LISTENS": LISTENS}
        for name, value in (env | {"PATH": f"{here}:{os.environ['PATH']}"}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(computer.units, "SOCKET", env["APP"])
        monkeypatch.setattr(computer.Systemd, "read_site", lambda self: sites.Site("192.168.1.20"))
        computer.Systemd().start()
    assert log.read_text().splitlines()[2:] == [
        "restart newfarmwork-app.service newfarmwork-worker.service",
        "restart newfarmwork-spool.service",
        "reload-or-restart newfarmwork-front.service",
        "the app listens",
        "start newfarmwork.target",
    ]


class Cutting(socketserver.BaseRequestHandler):
    """Promises ten bytes and sends three."""

    def handle(self) -> None:
        self.request.recv(1000)
        self.request.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")


def test_visitor_whose_page_is_cut_was_not_answered():
    with socketserver.TCPServer(("127.0.0.1", 0), Cutting) as server:
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        with visitors.visiting(visitors.Site(server.server_address[1]), ["GET /"]) as visits:
            time.sleep(0.2)
        server.shutdown()
    assert visitors.list_refused(visits) == visits
    assert set(visitors.count_answers(visits)) == {0}
