"""Recognise errors that say that the database or the storage of files is away, and log once when the database leaves and returns.

Away: it cannot be reached, restarts, was cut off, is full or locked for too long. The same request succeeds later, so pages
answer 503 (config.http.unavailable) and loops wait. An error of our own SQL or rows is none of these.
"""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError, OperationalError

log = logging.getLogger("farm.database")
DATABASE, STORAGE = "database", "storage"
# Primary result codes of SQLite: busy, locked, read-only, I/O error, full, cannot open, locking protocol. SQLITE_ERROR, such
# as for a table that does not exist, is an OperationalError too.
SQLITE_AWAY = {5, 6, 8, 10, 13, 14, 15}
# Classes of PostgreSQL's SQLSTATE: connection, resources, intervention of the operator, the system around it.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
POSTGRES_AWAY = ("08", "53", "57P", "58")
LOCK_NOT_AVAILABLE, READ_ONLY = "55P03", "25006"
DISK_AWAY = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EIO,
    errno.ESTALE,
    errno.ENODEV,
    errno.ENXIO,
    errno.ETIMEDOUT,
}
BUCKET_AWAY = {"SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout"}


def find_away(error: BaseException | None) -> str:
    """Return DATABASE or STORAGE if that is away according to this error or one that led to it; else ""."""
    for cause in list_causes(error):
        if is_of_database(cause):
            return DATABASE
        if is_of_storage(cause):
            return STORAGE
    return ""


def is_database_away(error: BaseException | None) -> bool:
    return find_away(error) == DATABASE


def list_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def is_of_database(error: BaseException) -> bool:
    """Return whether Django's error, made from the driver's, says that the database is away."""
    if not isinstance(error, (DatabaseError, InterfaceError)):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return state.startswith(POSTGRES_AWAY) or state in (LOCK_NOT_AVAILABLE, READ_ONLY)
    if (code := getattr(error.__cause__, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in SQLITE_AWAY
    # psycopg: a connection that could not be made or was cut has no SQLSTATE; one that is closed is an InterfaceError.
    return isinstance(error, OperationalError) or "connection is closed" in str(error)


def is_of_storage(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in DISK_AWAY
    # The library of the bucket is loaded only where there is one.
    if not type(error).__module__.startswith("botocore"):
        return False
    answer = getattr(error, "response", None)  # None: nobody answered
    if not isinstance(answer, dict):
        return True
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or answer.get("Error", {}).get("Code") in BUCKET_AWAY


class Watch:
    """Log one line when this process cannot connect to the database and one when it can again."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.away_since: float | None = None

    def note_away(self, error: BaseException) -> None:
        with self.lock:
            if self.away_since is not None:
                return
            self.away_since = time.monotonic()
        log.warning("the database is away", extra={"fields": {"error": summarise(error)}})

    def note_back(self) -> None:
        if self.away_since is None:
            return
        with self.lock:
            since, self.away_since = self.away_since, None
        if since is not None:
            seconds = round(time.monotonic() - since, 1)
            log.warning("the database is back", extra={"fields": {"away_seconds": seconds}})


def summarise(error: BaseException) -> str:
    """Return the first line of what the error says, for a log."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


watch = Watch()
