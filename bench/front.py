"""The whole thing as it runs, Caddy in front, for what is measured on the wire."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bench.serving import ROOT, free_port, wait_for
from config import up


@contextmanager
def running(env: dict[str, str]) -> Iterator[str]:
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
def fronted(env: dict[str, str]) -> Iterator[int]:
    """App, spool and front alone, on a site that is there already; yields the port."""
    port = free_port()
    with ExitStack() as stack:
        run_dir = stack.enter_context(tempfile.TemporaryDirectory(prefix="newfarmwork-"))
        env = os.environ | up.places(run_dir) | env | {"HOST": "127.0.0.1", "PORT": str(port)}
        for name, command in up.commands(env).items():
            if name != "worker":
                process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
                stack.callback(process.wait, 30)
                stack.callback(process.terminate)
        wait_for(port)
        for name in ("app", "spool"):
            listening(f"{run_dir}/{name}.sock")
        yield port


def listening(path: str) -> None:
    end = time.monotonic() + 30
    while True:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(path) == 0:
                return
        if time.monotonic() > end:
            raise TimeoutError(path)
        time.sleep(0.1)
