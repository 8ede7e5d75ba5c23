"""Who on this computer may read the site's files: its own user, and where asked for the front server's group."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

# Whatever a process of the site creates is its user's alone, unless a mode below says otherwise.
UMASK = 0o077


def file_mode(group_reads: bool) -> int:
    return 0o640 if group_reads else 0o600


def folder_mode(group_reads: bool) -> int:
    return 0o750 if group_reads else 0o700


def close_to_others(folders: Iterable[Path]) -> None:
    """Takes from everybody else what an older release or another umask gave them: each folder and what lies in it.

    Deeper files need no walk through them: nobody comes past a closed folder.
    """
    for folder in folders:
        for path in (folder, *(folder.iterdir() if folder.is_dir() else ())):
            close(path)


def close(path: Path) -> None:
    try:
        mode = stat.S_IMODE(path.lstat().st_mode)
    except FileNotFoundError:  # SQLite removes its log when the last connection is closed
        return
    if mode & UMASK and not path.is_symlink():
        path.chmod(mode & ~UMASK)


def is_open_to_others(path: Path) -> bool:
    """Whether somebody who is neither the owner nor in the group may do anything with it."""
    return path.exists() and bool(stat.S_IMODE(os.stat(path).st_mode) & 0o007)
