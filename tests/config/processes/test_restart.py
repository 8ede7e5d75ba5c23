"""The app's service stopped and started as systemd does it, by the commands of its unit, while visitors come through Caddy."""

import os
import shlex
import signal
import stat
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

from bench.harness.servers import free_port, wait_for, wait_for_socket
from config import up
from tests.config.processes.test_installation import install

PER_SECOND = 20
LONGEST = 5  # s, on a busy machine; Caddy keeps a request for longer


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


@contextmanager
def visiting(
    port: int,
    results: list[tuple[int, float]],
    page: str = "/healthz",
    form: str = "/healthz",
    **headers: str,
) -> Iterator[None]:
    """Ask PER_SECOND times a second, every other time with a form; store status and seconds."""
    ended, threads = threading.Event(), []

    def ask(number: int) -> None:
        begun = time.monotonic()
        # Without a token a form is refused by the app, with 403: it came there and was answered.
        data = b"name=value" if number % 2 else None
        path = form if data else page
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status = answer.status
        except urllib.error.HTTPError as error:
            status = error.code
        except OSError:
            status = 0
        results.append((status, time.monotonic() - begun))

    def send() -> None:
        number = 0
        while not ended.wait(1 / PER_SECOND):
            threads.append(threading.Thread(target=ask, args=[number]))
            threads[-1].start()
            number += 1

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        ended.set()
        for thread in [sender, *threads]:
            thread.join()


@pytest.mark.race
def test_no_request_fails_while_the_app_is_restarted(tmp_path):
    assert install(tmp_path / "units").returncode == 0
    port = free_port()
    results: list[tuple[int, float]] = []
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
        with visiting(port, results):
            time.sleep(0.5)
            begun = time.monotonic()
            app.stop()
            app.start()
            wait_for_socket(f"{here}/app.sock")
            took = time.monotonic() - begun
            time.sleep(0.5)
    assert {status for status, _seconds in results} == {200, 403}, results
    assert len(results) >= 20
    assert took < LONGEST
    assert max(seconds for _status, seconds in results) < LONGEST
