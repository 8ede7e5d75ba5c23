"""Save the database alone as it is, and put it back: the way back of an upgrade, while nothing else uses the database.

Unlike a copy of the site (config.copies.backup) it needs no time for pictures and films, and goes back to the very tables
of the earlier release. It is not encrypted, and stays in the site's own folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from media.storages import sync_path


class CannotSave(Exception):
    """Raised when the database cannot be saved or put back; the message says why."""


def save_database(path: Path) -> None:
    """Write the database to a file, complete and on the disk or not at all. Raises CannotSave."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    draft.touch(0o600)
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(type(connection.connection)(draft)) as target:
            connection.connection.backup(target)
    else:
        run_postgresql("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={draft}")
    sync_path(draft)
    os.replace(draft, path)
    sync_path(path.parent)


def load_database(path: Path) -> None:
    """Put the saved database in the place of the present one; the same again after an interruption. Raises CannotSave."""
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        connection.close()
        draft = database.with_name(f".{database.name}.draft")
        shutil.copyfile(path, draft)
        draft.chmod(0o600)
        sync_path(draft)
        # A log of the other database would be applied to this one.
        for ending in ("-wal", "-shm"):
            database.with_name(database.name + ending).unlink(missing_ok=True)
        os.replace(draft, database)
        sync_path(database.parent)
        return
    with connection.cursor() as cursor:
        # Also those that the saved database does not know.
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
    connection.close()
    run_postgresql(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", after=str(path)
    )


def run_postgresql(program: str, *options: str, after: str = "") -> None:
    """Run pg_dump or pg_restore on the site's database, with its password in the environment. Raises CannotSave."""
    connection.ensure_connection()
    info = connection.connection.info  # its dsn is without the password
    env = os.environ | ({"PGPASSWORD": info.password} if info.password else {})
    command = [program, *options, f"--dbname={info.dsn}", *filter(None, [after])]
    connection.close()
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise CannotSave(f"{program} is not installed: apt-get install postgresql-client") from None
    if done.returncode:
        raise CannotSave(f"{program}: {done.stderr.strip()}")
