"""System checks of conditions in which a site must not be run."""

from __future__ import annotations

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from config import files, sqlite

TOO_OLD = (
    "SQLite {version} can lose committed writes when several processes use one database in WAL mode; "
    "{needed} or newer is needed."
)
REMEDY = (
    "Install the requirements again (pysqlite3 has wheels for Linux on x86-64, macOS on arm64 and Windows), run a Python "
    "that was built with a newer SQLite, or set DATABASE_URL to a PostgreSQL."
)


def uses_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


def is_library_sound() -> bool:
    """Return whether the database library is safe to use; PostgreSQL is not checked."""
    return not uses_sqlite() or sqlite.is_fixed(sqlite.get_version())


@register
def check_sqlite(**_options) -> list[CheckMessage]:
    """Return an error if the site holds real data; a warning for the demo and developers."""
    if is_library_sound():
        return []
    needed = ".".join(str(part) for part in sqlite.MENDED)
    message = TOO_OLD.format(version=sqlite.get_version(), needed=needed)
    kind, name = (Warning, "W001") if settings.DEBUG or settings.DEMO else (Error, "E001")
    return [kind(message, hint=REMEDY, id=f"config.{name}")]


@register(deploy=True)
def check_modes(**_options) -> list[CheckMessage]:
    """Check the modes of files: others with an account on the computer must not read phones, orders and second factors."""
    if not files.is_open_to_others(settings.VAR_DIR):
        return []
    message = f"Every user of this computer may look into {settings.VAR_DIR}."
    hint = (
        "chmod 0700 it; where the front server is another user, chmod 0710 and chgrp it to a group of both, "
        "and set GROUP_READS=1."
    )
    return [Warning(message, hint=hint, id="config.W002")]
