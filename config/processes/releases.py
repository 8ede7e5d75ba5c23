"""Copies of the code, and virtual environments, from which an installed site runs.

    /usr/local/lib/newfarmwork/releases/20261128-130512/        the code; its .venv leads to
    /usr/local/lib/newfarmwork/environments/3f0c…/              what that code's requirements.txt names

Both belong to root. The folder in which `git pull` is typed is never the one that serves: what is pulled is tried first, and
the earlier code and environment are there to go back to.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

LIBRARY = Path("/usr/local/lib/newfarmwork")
NAME = re.compile(r"[0-9]{8}-[0-9]{6}")
KEPT = 3
# Top-level folders that a site does not run from.
LEFT_OUT = {".git", ".github", ".venv", "var", "tests", "bench", "docs", "node_modules"}
# Written last: an environment without it was interrupted.
COMPLETE = "complete"


class CannotStage(Exception):
    """Raised when the code or its requirements cannot be put there; the message says why."""


def get_python(release: Path) -> Path:
    return release / ".venv/bin/python"


def stage(source: Path, library: Path) -> Path:
    """Copy the code of `source` and install its requirements; return the folder of the release. Raises CannotStage."""
    environment = make_environment(source, library)
    folder = library / "releases"
    folder.mkdir(parents=True, exist_ok=True)
    while (folder / (name := f"{datetime.now(UTC):%Y%m%d-%H%M%S}")).exists():
        time.sleep(0.1)
    draft, release = folder / f".{name}", folder / name
    for left_over in folder.glob(".*"):
        shutil.rmtree(left_over)

    def leave_out(path: str, names: list[str]) -> set[str]:
        return {"__pycache__"} | (LEFT_OUT if Path(path) == source else set())

    try:
        shutil.copytree(source, draft, ignore=leave_out, symlinks=True)
        (draft / ".venv").symlink_to(os.path.relpath(environment, folder / name))
        open_to_all(draft)
        subprocess.run([get_python(draft), "-m", "compileall", "-q", "-j", "0", "."], cwd=draft, check=False)
        draft.rename(release)
    except OSError as error:
        raise CannotStage(f"The code could not be copied to {folder}: {error}") from error
    return release


def open_to_all(folder: Path) -> None:
    """Let every user read the code, whatever the umask was under which it was pulled, and root alone change it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(0o755 if path.is_dir() or mode & 0o100 else 0o644)
            if os.geteuid() == 0:
                os.chown(path, 0, 0)


def make_environment(source: Path, library: Path) -> Path:
    """Return the environment of these requirements: the same one as long as they and Python are the same."""
    requirements = source / "requirements.txt"
    said = requirements.read_bytes() + platform.python_version().encode() + sys.base_prefix.encode()
    environment = library / "environments" / hashlib.sha256(said).hexdigest()[:16]
    if (environment / COMPLETE).exists():
        return environment
    shutil.rmtree(environment, ignore_errors=True)
    environment.parent.mkdir(parents=True, exist_ok=True)
    uv = str(Path(sys.executable).parent / "uv")
    base = os.path.realpath(sys.executable)
    python = str(environment / "bin/python")
    install = [uv, "pip", "install", "-q", "--require-hashes", "--compile-bytecode", "--python", python]
    for command in (
        [uv, "venv", "-q", "--python", base, str(environment)],
        [*install, "-r", str(requirements)],
    ):
        if subprocess.run(command, check=False).returncode:
            raise CannotStage("What the new code needs could not be installed; is the package index there?")
    (environment / COMPLETE).touch()
    return environment


def drop_old(library: Path, keep: Iterable[Path]) -> None:
    """Delete all but the newest releases and those to keep, and the environments that no release uses."""
    folder = library / "releases"
    kept = {path.resolve() for path in keep}
    found = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    for path in found[:-KEPT]:
        if path.resolve() not in kept:
            shutil.rmtree(path)
    used = {(path / ".venv").resolve() for path in folder.iterdir()}
    for path in (library / "environments").iterdir():
        if path.resolve() not in used:
            shutil.rmtree(path)


def remove_all(library: Path) -> None:
    shutil.rmtree(library, ignore_errors=True)
