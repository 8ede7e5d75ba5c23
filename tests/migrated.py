"""The migrated, empty SQLite database, stored between runs until a migration or a requirement changes.

Migrating takes ten times as long as the tests of most modules. PYTEST_TEMPLATES names the folder (by default that of
temporary files); if it cannot be written, every run migrates.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path

from django.conf import settings

DAY = 24 * 3600  # s; how long the database of another tree is stored


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
