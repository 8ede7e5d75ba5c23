"""The SQLite library that the project uses.

SQLite 3.7.0 to 3.51.2 can lose committed writes or damage a WAL database when one process checkpoints the log while another
writes (https://www.sqlite.org/wal.html#walresetbug). Python has the library it was built with, and Debian 13 has 3.46.1; the
package pysqlite3 contains a newer one, with the same interface. It has wheels for Linux on x86-64, macOS on arm64 and
Windows; elsewhere Python's own library is used, and `config.health.checks` refuses it if it is too old.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MENDED = (3, 51, 3)
# For every connection. WAL needs BEGIN IMMEDIATE: otherwise a reader that begins to write gets "database is locked". FULL
# because villages have power cuts and an acknowledged write must survive one.
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
)
TIMEOUT_SECONDS = 20


def use_bundled_library() -> None:
    """Let every later `import sqlite3` in this process, Django's too, load the bundled library.

    One process must not open a database with two libraries: closing a file in one drops the locks of the other.
    """
    try:
        import pysqlite3
        from pysqlite3 import dbapi2
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2


def get_version() -> str:
    """Return the version of the library in this process."""
    import sqlite3

    return sqlite3.sqlite_version


def is_fixed(version: str) -> bool:
    """Return whether this version is free of the bug. The fixes of older branches (3.44.6, 3.50.7) are not recognised."""
    return tuple(int(part) for part in version.split(".")) >= MENDED


@contextmanager
def open_connection(path: Path | str) -> Iterator:
    """Open a connection like the site's, without Django, in autocommit."""
    import sqlite3

    line = sqlite3.connect(path, timeout=TIMEOUT_SECONDS, isolation_level=None)
    try:
        line.executescript(PRAGMAS)
        yield line
    finally:
        line.close()
