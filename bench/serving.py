"""One granian for a measurement, with the flags of `make run`, and the CPU that its processes use."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process, self.port = psutil.Process(process.pid), port

    def cpu_seconds(self) -> float:
        """User and system time of the parent and all workers so far."""
        family = [self.process, *self.process.children(recursive=True)]
        return sum(sum(member.cpu_times()[:2]) for member in family)


@contextmanager
def serving(app: str, env: dict[str, str], workers: int = 2) -> Iterator[Server]:
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
