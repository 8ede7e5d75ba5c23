"""Look at the sockets of app and spool: whether anybody answers, and whether the front server's user reaches them."""

from __future__ import annotations

import grp
import http.client
import json
import os
import pwd
import socket
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from config.health import front_check
from config.health.env_file import Fault

# Those of the units (config.processes).
SOCKET, SPOOL_SOCKET = "/run/newfarmwork/app.sock", "/run/newfarmwork/spool.sock"
SOCKET_SECONDS = 5
START = "systemctl restart newfarmwork.target"
RESTART_APP = "systemctl restart newfarmwork-app; journalctl -u newfarmwork-app"


def name_user(uid: int) -> str:
    with suppress(KeyError):
        return pwd.getpwuid(uid).pw_name
    return str(uid)


def name_group(gid: int) -> str:
    with suppress(KeyError):
        return grp.getgrgid(gid).gr_name
    return str(gid)


def list_faults_of_socket(path: Path, unit: str) -> Iterator[Fault]:
    """Yield why a program does not answer at its socket, or the front server's user cannot reach it."""
    try:
        status, folder = path.stat(), path.parent.stat()
    except FileNotFoundError:
        yield Fault(f"{path} is missing: nothing listens there", f"systemctl restart {unit}")
        return
    except PermissionError:
        yield Fault(
            f"{path} cannot be reached by the site's user", f"chmod g+x {path.parent}, and try as root"
        )
        return
    if not stat.S_ISSOCK(status.st_mode):
        yield Fault(f"{path} is no socket", f"rm -f {path} && systemctl restart {unit}")
        return
    owner = settings.VAR_DIR.stat().st_uid
    if status.st_uid != owner:
        user = name_user(status.st_uid)
        yield Fault(
            f"{path} belongs to {user}, and the data folder to {name_user(owner)}",
            f"run all but the front server as one user: chown -R {user} {settings.VAR_DIR}, or change User= of the unit",
        )
        return
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(SOCKET_SECONDS)
            line.connect(str(path))
    except ConnectionRefusedError:  # the next one has modes of its own
        yield Fault(
            f"{path} was left by a killed process: nobody listens",
            f"rm -f {path} && systemctl restart {unit}",
        )
        return
    except TimeoutError:
        yield Fault(
            f"{path}: nobody answers for {SOCKET_SECONDS} s",
            f"systemctl restart {unit}; journalctl -u {unit}",
        )
    yield from list_faults_of_modes(path, status, folder)


def list_faults_of_modes(path: Path, status: os.stat_result, folder: os.stat_result) -> Iterator[Fault]:
    """Yield what keeps the front server's group from the socket. A closed folder is one user's, as at `make run`."""
    if not folder.st_mode & 0o077 and not settings.GROUP_READS:
        return
    group = name_group(status.st_gid)
    if not status.st_mode & stat.S_IWGRP:
        mode = stat.S_IMODE(status.st_mode)
        yield Fault(
            f"{path} has the mode {mode:04o}: the front server cannot connect through the group {group}",
            "start the app with --uds-permissions 0o660, the spool with UMask=0007",
        )
    if status.st_mode & stat.S_IWOTH:
        yield Fault(
            f"{path} is open to every user of this computer, who could pretend to be any visitor",
            f"chmod o= {path}",
        )
    passes = folder.st_mode & (stat.S_IXGRP if folder.st_gid == status.st_gid else stat.S_IXOTH)
    if not passes:
        yield Fault(
            f"{path.parent} is closed to the group {group}: the front server does not reach the socket",
            f"chgrp {group} {path.parent} && chmod 0750 {path.parent}; in the unit RuntimeDirectoryMode=0750",
        )


def list_faults_by_app(path: Path) -> Iterator[Fault]:
    """Yield what the app itself finds, whose unit may forbid it what this process may; the worker has its own line."""
    parts = ask_over_socket(path, "/readyz")
    if not parts:
        yield Fault(f"what listens at {path} does not answer /readyz as the app does", RESTART_APP)
    mends = {
        "logs": f"let the app's unit write to LOG_DIR ({settings.LOG_DIR}): ReadWritePaths=",
        "storage": "let the app's unit write to VAR_DIR, MEDIA_ROOT and PRIVATE_ROOT: ReadWritePaths=",
        "database": "let the app reach DATABASE_URL",
        "sqlite": f"after an update {START}",
    }
    for part, mend in mends.items():
        if parts.get(part) is False:
            yield Fault(f"the app says at /readyz that “{part}” is not well", mend)


def ask_over_socket(path: Path, page: str) -> dict:
    """Return the JSON that the app answers; {} if it is none."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(front_check.ANSWER_SECONDS)
        line.connect(str(path))
        host = settings.ALLOWED_HOSTS[0].lstrip("*.") or "localhost"
        line.sendall(f"GET {page} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        try:
            response = http.client.HTTPResponse(line)
            response.begin()
            found = json.loads(response.read())
        except (ValueError, http.client.HTTPException):
            return {}
    return found if isinstance(found, dict) else {}
