"""The computer on which an installed site runs, as an upgrade sees it: its files, its users, its services, its app.

Root runs it; what needs the site's settings or database is run as the site's user, by the code concerned.
"""

from __future__ import annotations

import fcntl
import http.client
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from config.processes import installation, releases, units
from config.processes.sites import Site

# s that an app may take to listen; one that does not by then will not.
LISTENS_WITHIN = 20
# s in which the front server has tried again for everybody who waits (config/front/retries.caddy).
TRIES_AGAIN = 0.5


class Failed(Exception):
    """Raised when a step fails; the message says which and why."""


class Services(Protocol):
    """What stops and starts the site's programs on this computer."""

    def stop(self) -> None: ...

    def start(self) -> None: ...

    def is_running(self) -> bool: ...


class Systemd:
    """The units of `make install`, of the parts that this computer has.

    On one computer the front server and the spool go on while the app is stopped: they keep what comes meanwhile. Of a node
    all stops, because the front computer keeps it.
    """

    def read_site(self) -> Site:
        return installation.read_earlier(Path("/"))

    def stop(self) -> None:
        """Stop what writes. Raises Failed."""
        site = self.read_site()
        names = [name for name in site.programs if site.is_node or name in ("app", "worker")]
        if installation.run("systemctl", "stop", *map(units.name_unit, names)):
            raise Failed("systemctl stop failed; look with: sudo journalctl -u 'newfarmwork-*'")

    def start(self) -> None:
        """Start what the units on the disk say, whether it ran or not. Raises Failed."""
        site = self.read_site()
        self.call(("daemon-reload",), ("enable", "--quiet", *units.list_units(site)))
        if working := [units.name_unit(name) for name in ("app", "worker") if name in site.programs]:
            self.call(("restart", *working))
        if "spool" in site.programs:
            # It finishes what it is receiving, and hands that to the app.
            self.call(("restart", units.name_unit("spool")))
        if "front" in site.programs:
            if "app" in site.programs:
                wait_until_app_listens()
            # A new configuration comes into force without a connection being closed.
            self.call(("reload-or-restart", units.name_unit("front")))
        self.call(("start", "newfarmwork.target"))

    def call(self, *commands: tuple[str, ...]) -> None:
        for command in commands:
            if installation.run("systemctl", *command):
                raise Failed(f"systemctl {command[0]} failed; look with: sudo journalctl -u 'newfarmwork-*'")

    def is_running(self) -> bool:
        names = map(units.name_unit, self.read_site().programs)
        return installation.run("systemctl", "is-active", "--quiet", *names) == 0


def wait_until_app_listens() -> None:
    """Wait until the app takes what the front server keeps for it: a new configuration would end that waiting with an error."""
    end = time.monotonic() + LISTENS_WITHIN
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as line:
            if line.connect_ex(units.SOCKET) == 0:
                time.sleep(TRIES_AGAIN)
                return
        time.sleep(0.1)


@dataclass
class Computer:
    """Where the site is installed; in a test below a folder, with its own services and as the test's user."""

    services: Services
    root: Path = Path("/")
    library: Path = releases.LIBRARY
    as_user: tuple[str, ...] = ("setpriv", "--reuid", units.USER, "--regid", units.GROUP, "--init-groups")
    socket: str = units.SOCKET

    def place(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def read_settings(self) -> dict[str, str]:
        """Return the variables of the settings file, as a shell and systemd read it."""
        command = ["/bin/sh", "-c", 'set -a; . "$0"; exec env -0', str(self.place(units.ENV_FILE))]
        done = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"{units.ENV_FILE} cannot be read: {done.stderr.strip()}")
        pairs = (line.partition("=")[::2] for line in done.stdout.split("\0") if line)
        return {name: value for name, value in pairs if name not in ("PWD", "_", "OLDPWD", "SHLVL")}

    def get_var_dir(self) -> Path:
        self.find_serving()
        var_dir = self.read_settings().get("VAR_DIR", "")
        if not var_dir:
            raise Failed(f"{units.ENV_FILE} does not say where the data is: VAR_DIR=…")
        return Path(var_dir)

    def start_process(self, release: Path, *words: str, **options) -> subprocess.Popen:
        """Start a program of a release's Python as the site's user with its settings."""
        env = {"PATH": os.defpath, "LANG": "C.UTF-8"} | self.read_settings()
        command = [*self.as_user, str(releases.get_python(release)), *words]
        return subprocess.Popen(command, cwd=release, env=env, umask=0o077, text=True, **options)

    def manage(self, release: Path, *words: str, shows_warnings: bool = False) -> str:
        """Run a command of manage.py; return what it prints. Raises Failed."""
        pipe = subprocess.PIPE
        process = self.start_process(release, "manage.py", *words, stdout=pipe, stderr=pipe)
        output, errors = process.communicate()
        if process.returncode:
            raise Failed(f"manage.py {' '.join(words)} failed:\n{get_last_lines(errors)}")
        if shows_warnings and errors:
            print(f"\n{errors.strip()}", flush=True)
        return output

    def find_serving(self) -> Path:
        """Return the folder of the code from which the units serve. Raises Failed."""
        return find_code(self.place(units.UNITS))

    def ask(self, path: str, where: str) -> tuple[int, str]:
        """GET a page from the app on a socket; status 0 while nothing answers."""
        settings = self.read_settings()
        hosts = settings.get("ALLOWED_HOSTS", "").replace(",", " ").split()
        host = hosts[0].lstrip(".*") if hosts else ""
        line = http.client.HTTPConnection(host or "localhost", timeout=20)
        try:
            line.sock = socket.socket(socket.AF_UNIX)
            line.sock.settimeout(20)
            line.sock.connect(where)
            line.request("GET", path, headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"})
            answer = line.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()


def find_code(folder: Path) -> Path:
    """Return the folder of the code that the units in a folder name. Raises Failed."""
    for name in ("app", "prepare"):  # the second is on every computer, the first in every release
        path = folder / units.name_unit(name)
        if path.exists() and (found := re.search(r"^WorkingDirectory=(.+)$", path.read_text(), re.MULTILINE)):
            return Path(found[1])
    raise Failed("The site is not installed here: sudo HOST=… make install")


def get_last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-12:])


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Let one upgrade run at a time; the lock ends with the process. Raises Failed."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Failed("Another upgrade is running.") from None
    finally:
        os.close(descriptor)
