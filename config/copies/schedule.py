"""Make copies every night: when one is due, where it is stored, which older ones are deleted."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from config.copies.backup import Busy, CannotCopy, Copied, DiskFull, hold_lock, is_busy, make_copy
from config.copies.restore import check_copy
from config.copies.seal import BadCopy
from config.models import CopyRun

log = logging.getLogger(__name__)

# The number tells which is newer, because a clock may be set back.
NAME = re.compile(r"newfarmwork-(\d{6})-\d{8}\.copy")
DRAFTS = ".newfarmwork-*.draft"
AGAIN = timedelta(hours=1)
RUNS_KEPT = 200
Problem = CopyRun.Problem


class NoSecret(CannotCopy):
    """Raised when there is no passphrase to encrypt the copy with."""


def read_secret(path: str) -> bytes:
    """Return the contents of a key file, without the line end. Raises NoSecret."""
    try:
        secret = Path(path).read_bytes().strip() if path else b""
    except OSError as error:
        raise NoSecret(f"The key file cannot be read: {error}") from error
    if not secret:
        raise NoSecret("There is no key file (BACKUP_KEY_FILE): a copy is never left open.")
    return secret


def is_due(now: datetime | None = None) -> bool:
    """Return whether this night's copy must still be made; a failed or killed try is repeated after an hour."""
    if not settings.BACKUP_DIR:
        return False
    now = now or timezone.now()
    latest = CopyRun.objects.filter(is_planned=True).order_by("-id").first()
    if latest is None:
        return True
    if abs(now - latest.began_at) < AGAIN:
        return False
    good = CopyRun.last_good(is_planned=True)
    return good is None or good.ended_at is None or not find_last_night(now) <= good.ended_at <= now


def find_last_night(now: datetime) -> datetime:
    """Return the latest hour of copying (BACKUP_HOUR)."""
    hour = timezone.localtime(now).replace(hour=settings.BACKUP_HOUR, minute=0, second=0, microsecond=0)
    return hour if hour <= now else hour - timedelta(days=1)


def make_planned_copy() -> Copied | None:
    """Make this night's copy in BACKUP_DIR, read it back, then delete the oldest. None while another is being made.

    Raises CannotCopy and BadCopy; then all older copies stay.
    """
    folder = Path(settings.BACKUP_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with hold_lock(folder / ".lock"):  # a folder that several nodes may share
            return None if is_busy() else copy_into(folder)
    except Busy:
        return None


def copy_into(folder: Path) -> Copied:
    for draft in folder.glob(DRAFTS):
        draft.unlink()
    number = max((read_number(path) for path in list_copies(folder)), default=0) + 1
    path = folder / f"newfarmwork-{number:06}-{timezone.localdate():%Y%m%d}.copy"
    with record_run(path, is_planned=True) as run:
        copied = make_checked_copy(path, read_secret(settings.BACKUP_KEY_FILE), run)
    rotate(folder)
    return copied


def make_checked_copy(path: Path, secret: bytes, run: CopyRun) -> Copied:
    """Make a copy and read it back; delete one that cannot be opened, so that nobody relies on it."""
    copied = make_copy(path, secret)
    try:
        check_copy(path, secret)
    except BadCopy:
        path.unlink()
        raise
    run.bytes, run.rows, run.files, run.missing = copied.bytes, copied.rows, copied.files, len(copied.missing)
    return copied


@contextmanager
def record_run(path: Path, is_planned: bool = False) -> Iterator[CopyRun]:
    """Record the result, as far as a full disk allows; the log has it too."""
    run = CopyRun(name=path.name[-100:], is_planned=is_planned)
    keep(run)
    try:
        yield run
    except Exception as error:
        run.problem = next((problem for kind, problem in PROBLEMS if isinstance(error, kind)), Problem.OTHER)
        known = isinstance(error, CannotCopy | BadCopy)
        log.error("no copy was made: %s", error, exc_info=not known)
        raise
    finally:
        run.ended_at = timezone.now()
        keep(run)
    log.info("copied", extra={"fields": {"bytes": run.bytes, "rows": run.rows, "files": run.files}})


PROBLEMS = ((DiskFull, Problem.FULL), (NoSecret, Problem.KEY), (BadCopy, Problem.DAMAGED))


def keep(run: CopyRun) -> None:
    try:
        run.save()
        old = CopyRun.objects.order_by("-id").values_list("pk", flat=True)[RUNS_KEPT : RUNS_KEPT + 1]
        CopyRun.objects.filter(pk__lte=next(iter(old), 0)).delete()
    except DatabaseError as error:
        log.error("what became of a copy could not be written down: %s", error)


def list_copies(folder: Path) -> list[Path]:
    """Return the copies, the newest last."""
    found = [path for path in folder.iterdir() if NAME.fullmatch(path.name)]
    return sorted(found, key=read_number)


def read_number(path: Path) -> int:
    match = NAME.fullmatch(path.name)
    assert match is not None  # it comes from `list_copies`
    return int(match[1])


def rotate(folder: Path) -> None:
    """Keep the last BACKUP_KEEP by their numbers, and at least one."""
    for path in list_copies(folder)[: -max(1, settings.BACKUP_KEEP)]:
        with suppress(FileNotFoundError):
            path.unlink()
