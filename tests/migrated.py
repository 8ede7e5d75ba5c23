"""The migrated, empty SQLite database, stored between runs until a migration or a requirement changes.

Migrating takes ten times as long as the tests of most modules. PYTEST_TEMPLATES names the folder (by default that of
temporary files); if it cannot be written, every run migrates. PostgreSQL's server lives as long as the run: its first worker
migrates, and the others copy the database.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

import psycopg
from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

DAY = 24 * 3600  # s; how long the database of another tree is stored


FIRST = "migrated"  # PostgreSQL's database that is copied
TURN: list[psycopg.Connection] = []  # of the worker that migrates, which the others wait for


def template() -> Path:
    """Return the file of this tree: its name is the hash of everything that determines the tables."""
    root = Path(settings.BASE_DIR)
    digest = hashlib.sha256(sqlite3.sqlite_version.encode())
    for path in sorted([*root.glob("*/migrations/*.py"), root / "requirements.txt"]):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    folder = Path(os.environ.get("PYTEST_TEMPLATES", tempfile.gettempdir()))
    return folder / f"newfarmwork-template-{os.getuid()}-{digest.hexdigest()[:24]}.sqlite3"


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
    if not turn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [FIRST]).fetchone():
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
    turn.close()
