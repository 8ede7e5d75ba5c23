"""Choose where the processes of the app store their counts, which a scrape of any of them adds up.

prometheus_client writes them into files that are mapped into memory, one of each kind for a process. A page of such a file
for which a full disk has no room ends the process at its first write. So the room is reserved before, and a process that gets
none counts nothing.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
# For histograms: two thousand combinations of route, method and status; the site has four hundred routes.
ROOM = {"histogram": 4 * 2**20, "counter": 2**16}
NAME = re.compile(r"[a-z]+_([0-9]+)\.db")


def choose_folder(folder: Path) -> None:
    """Name the folder to prometheus_client, which must not have been imported, and delete what ended processes left there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in folder.iterdir():
        match = NAME.fullmatch(path.name)
        if match is None or not is_running(int(match[1])):
            path.unlink(missing_ok=True)
    os.environ[FOLDER] = str(folder)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:  # none, or another user's
        return False
    return True


def reserve_room() -> bool:
    """Return whether this process may count: its files have their room, or it counts in its memory alone."""
    if FOLDER not in os.environ:
        return True
    try:
        for kind, size in ROOM.items():
            file = os.open(
                Path(os.environ[FOLDER], f"{kind}_{os.getpid()}.db"), os.O_RDWR | os.O_CREAT, 0o600
            )
            try:
                if hasattr(os, "posix_fallocate"):  # not on macOS
                    os.posix_fallocate(file, 0, size)
            finally:
                os.close(file)
    except OSError:
        return False
    return True
