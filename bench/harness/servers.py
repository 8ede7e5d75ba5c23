"""Start servers for a measurement: one granian with the flags of `make run`, or the whole site behind Caddy."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from config import up

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server and the CPU time of its processes."""

    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process, self.port = psutil.Process(process.pid), port

    def cpu_seconds(self) -> float:
        """Return user and system time of the parent and all workers so far."""
        processes = [self.process, *self.process.children(recursive=True)]
        return sum(sum(member.cpu_times()[:2]) for member in processes)


@contextmanager
def app_server(app: str, env: dict[str, str], workers: int = 2) -> Iterator[Server]:
    """Serve a WSGI application by granian alone."""
    port = free_port()
    command = [f"{BIN}/granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "4", "--backlog", "512", "--no-ws"]
    command += ["--log-level", "critical", app]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                time.sleep(1.5)  # the second worker too
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on {port}")


@contextmanager
def whole_site(env: dict[str, str]) -> Iterator[str]:
    """Run the whole site by `make run`'s program; yield its URL."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "config.up"],
        cwd=ROOT,
        env=os.environ | env | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port, 60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def app_behind_front(env: dict[str, str]) -> Iterator[int]:
    """Run only app, spool and front on an existing site; yield the port."""
    port = free_port()
    with ExitStack() as stack:
        run_dir = stack.enter_context(tempfile.TemporaryDirectory(prefix="newfarmwork-"))
        env = os.environ | up.list_places(run_dir) | env | {"HOST": "127.0.0.1", "PORT": str(port)}
        for name, command in up.list_commands(env).items():
            if name != "worker":
                process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
                stack.callback(process.wait, 30)
                stack.callback(process.terminate)
        wait_for(port)
        for name in ("app", "spool"):
            wait_for_socket(f"{run_dir}/{name}.sock")
        yield port


def wait_for_socket(path: str) -> None:
    end = time.monotonic() + 30
    while True:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(path) == 0:
                return
        if time.monotonic() > end:
            raise TimeoutError(path)
        time.sleep(0.1)
