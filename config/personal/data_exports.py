"""Copies of their own data that people ask for on “我”: made by the worker, downloadable for some days, then deleted."""

from __future__ import annotations

import datetime
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.audit import AuditVerb
from accounts.models import AuditEntry, DataExport, User
from config.personal import export, terms
from config.personal.terms import Person
from media.queue import task
from media.storages import sync_path, write_file
from media.work_leases import FileNotMade, Report, WorkLeases
from ui.responses.downloads import DiskFull

State = DataExport.State
LEASES = WorkLeases(DataExport, datetime.timedelta(minutes=10))
A_DAY = 3
# Below the data folder, of a site whose files are in a bucket; a draft that is older than this belongs to nobody.
DRAFTS, DRAFT_LASTS = "own-data", datetime.timedelta(days=1)
PROBLEMS = {
    "room": gettext_noop("电脑上的地方不够了，先告诉管网站的人，再要一次"),
    "broken": gettext_noop("没做成，再要一次。还不行就告诉管网站的人"),
}


class TooManyCopies(Exception):
    """Raised when the day's limit of copies is reached."""


def ask(user: User) -> DataExport:
    """Ask for a copy; return the one that is being made, if any. Raises TooManyCopies."""
    since = timezone.now() - datetime.timedelta(days=1)
    try:
        with transaction.atomic():
            if found := user.data_exports.filter(state=State.WAITING).first():
                return found
            if user.data_exports.filter(asked_at__gt=since).exclude(state=State.FAILED).count() >= A_DAY:
                raise TooManyCopies
            made = DataExport.objects.create(user=user)
            AuditEntry.write(user, AuditVerb.DATA_TAKEN, user)
    except IntegrityError:  # another request was first
        return user.data_exports.get(state=State.WAITING)
    make_copy.enqueue(made.pk)
    return made


@task()
def make_copy(pk: int) -> bool:
    return make(pk)


def make(pk: int) -> bool:
    """Make a copy that no other worker is making; return whether this worker has finished it."""
    copy = LEASES.make_file(pk, put, "user", problem=PROBLEMS["broken"])
    if copy is None:
        return False
    for old in DataExport.objects.filter(user=copy.user, state=State.READY).exclude(pk=pk):
        drop(old)
    return True


def put(copy: DataExport, report: Report) -> dict[str, Any]:
    """Write the zip and return what its row says about it. Raises FileNotMade."""
    try:
        size = write_zip(copy, report)
    except DiskFull as full:
        raise FileNotMade(PROBLEMS["room"]) from full
    lasts = datetime.timedelta(days=terms.read()["export_days"])
    return {"bytes": size, "made_at": timezone.now(), "expires_at": timezone.now() + lasts}


def write_zip(copy: DataExport, report: Report) -> int:
    """Write the zip to the disk and into the private storage, over what a dead worker left; return its bytes."""
    storage, person = storages["private"], Person.of(copy.user)
    try:
        path = Path(storage.path(f"{copy.file_name}.part"))
    except NotImplementedError:  # a bucket stores whole objects
        path = settings.VAR_DIR / DRAFTS / f"{copy.key}.part"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as target:
            export.write(person, target, export.measure_free_bytes(), report)
        size = path.stat().st_size
        try:
            goal = storage.path(copy.file_name)
        except NotImplementedError:
            with open(path, "rb") as made:
                write_file(storage, copy.file_name, File(made))
        else:
            # With the storage's own mode, whatever the umask is: the front server reads it too.
            path.parent.chmod(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
            path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
            sync_path(path)
            os.replace(path, goal)
        return size
    finally:
        path.unlink(missing_ok=True)


def drop(copy: DataExport) -> None:
    storages["private"].delete(copy.file_name)
    DataExport.objects.filter(pk=copy.pk).update(state=State.GONE)


def sweep() -> None:
    """Delete copies past their days; make those again that a dead worker left."""
    for copy in DataExport.objects.filter(state=State.READY, expires_at__lt=timezone.now()):
        drop(copy)
    LEASES.call_again(make_copy, State.WAITING)


def drop_drafts() -> None:
    """Delete what killed workers of this computer have left; the worker of another may have made the copy since."""
    for path in (settings.VAR_DIR / DRAFTS).glob("*.part"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - DRAFT_LASTS.total_seconds():
                path.unlink()
