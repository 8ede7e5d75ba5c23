"""Write a class's ledger: the spreadsheet, the print and the signed manifest in one zip, in the background for a large class."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from courses.models import Cohort
from media.cleanup import release_private_files
from media.queue import task
from media.storages import write_file
from media.work_leases import Report, WorkLeases
from programme.audit import Verb
from programme.models import LedgerApproval, TrainingLedger
from programme.training_ledger import manifest
from programme.training_ledger.printout import print_ledger
from programme.training_ledger.sheets import LAYOUT, Sheet, build_sheets, list_cover, load_class
from programme.training_ledger.workbook import write_workbook
from progress.models import Enrolment
from ui.responses.page_cache import release

State = TrainingLedger.State
LEASES = WorkLeases(TrainingLedger, datetime.timedelta(minutes=10))
# A class of more people is written by the worker; for these the page waits a second or two.
MOST_AT_ONCE = 30
# A ledger that nobody approved goes after so many days: it can be written again. An approved one after three years.
DRAFT_LASTS = datetime.timedelta(days=90)
APPROVED_LASTS = datetime.timedelta(days=3 * 366)
# The day in a zip's entries, so that the same files make the same zip.
DATED = (1980, 1, 1, 0, 0, 0)
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def ask_for_ledger(by: User, cohort: Cohort, site: str) -> TrainingLedger:
    """Write the class's ledger now, or let the worker do it; return the one that is being written, if any.

    `site` is the address that links begin with, without a slash at the end. Its words are in the language of this request.
    """
    if found := TrainingLedger.objects.filter(cohort=cohort, state=State.WAITING).first():
        return found

    def store() -> TrainingLedger:
        written_in = {"language": translation.get_language()}
        made = TrainingLedger.objects.create(cohort=cohort, site=site, made_by=by, manifest=written_in)
        AuditEntry.write(by, Verb.LEDGER_MADE, cohort, cohort.place, name=cohort.name)
        return made

    is_small = Enrolment.objects.filter(cohort=cohort).count() <= MOST_AT_ONCE
    try:
        return LEASES.begin(make_ledger, store, is_small=is_small)
    except IntegrityError:  # another request was first
        return TrainingLedger.objects.get(cohort=cohort, state=State.WAITING)


@task()
def make_ledger(pk: int) -> bool:
    return make(pk)


def make(pk: int) -> bool:
    """Write a ledger that no other worker is writing; return whether this one has finished it."""
    return LEASES.make_file(pk, put, "cohort__course", "cohort__place", "made_by") is not None


def put(ledger: TrainingLedger, report: Report) -> dict[str, Any]:
    """Write the zip into the private storage and return what the ledger's row says about it. Raises PdfNotMade."""
    now = timezone.now()
    cohort, language = ledger.cohort, ledger.language
    facts = load_class(cohort, ledger.site, language)
    report(5)
    sheets: list[Sheet] = []
    for sheet in build_sheets(facts):
        sheets.append(sheet)
        report(5 + 4 * len(sheets))
    with translation.override(language):
        title = _("培训台账：%(name)s") % {"name": cohort.name}
        made_by = ledger.made_by.name if ledger.made_by else ""
        cover = list_cover(facts, sheets, made_by, now, release())
        rows, table = sum(len(sheet.rows) for sheet in sheets), io.BytesIO()
        write_workbook(title, cover, sheets, table, lambda done: report(40 + 20 * done // max(rows, 1)))
        report(60)
        paper = print_ledger(title, language, cover, sheets, now, lambda done: report(60 + done * 35 // 100))
        report(95)
        stem = make_stem(cohort, now)
    files = {f"{stem}.xlsx": table.getvalue(), f"{stem}.pdf": paper}
    signed = manifest.sign_manifest(
        {
            "title": title,
            "ledger": str(ledger.key),
            "class": cohort.name,
            "course": cohort.course.title,
            "course_version": cohort.course.version,
            "place": cohort.place.full_name(),
            "made_at": now.isoformat(),
            "made_by": made_by,
            "release": release(),
            "layout": LAYOUT,
            "language": language,
            "site": ledger.site,
            "rows": {sheet.title: len(sheet.rows) for sheet in sheets},
            "files": [
                {"name": name, "bytes": len(content), "sha256": manifest.hash_file(io.BytesIO(content))[0]}
                for name, content in files.items()
            ],
        }
    )
    packed = pack(files | {manifest.NAME: manifest.dump_manifest(signed)})
    write_file(storages["private"], ledger.file_name, ContentFile(packed))
    return {
        "made_at": now,
        "bytes": len(packed),
        "sha256": manifest.hash_file(io.BytesIO(packed))[0],
        "manifest": signed,
        "digests": {sheet.key: {"rows": len(sheet.rows), "sha256": sheet.digest} for sheet in sheets},
    }


def make_stem(cohort: Cohort, at: datetime.datetime) -> str:
    name = NOT_IN_NAMES.sub("_", cohort.name).strip(". ") or str(cohort.pk)
    return f"{_('培训台账')}-{name}-{timezone.localtime(at):%Y%m%d-%H%M}"


def pack(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            facts = zipfile.ZipInfo(name, DATED)
            # The spreadsheet and the print are compressed already.
            facts.compress_type = zipfile.ZIP_DEFLATED if name == manifest.NAME else zipfile.ZIP_STORED
            archive.writestr(facts, content)
    return target.getvalue()


def read_part(ledger: TrainingLedger, suffix: str) -> tuple[str, bytes] | None:
    """Return the name and the bytes of the first file of the zip with this ending; None if there is none."""
    with storages["private"].open(ledger.file_name) as file, zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            if entry.filename.endswith(suffix):
                return entry.filename, archive.read(entry)
    return None


# --- the end of their time ---


def filter_approved() -> Exists:
    return Exists(LedgerApproval.objects.filter(ledger=OuterRef("pk"), act=LedgerApproval.Act.APPROVED))


def drop(ledgers: QuerySet[TrainingLedger]) -> None:
    """Delete the files of these ledgers; the rows stay with their counts and decisions."""
    for ledger in ledgers:
        storages["private"].delete(ledger.file_name)
        TrainingLedger.objects.filter(pk=ledger.pk).update(state=State.GONE)


def drop_unapproved(user: User) -> None:
    """Delete ledgers that name a person who is being erased, but not approved ones (one of the setting ERASERS)."""
    classes = Enrolment.objects.filter(user=user, cohort__isnull=False).order_by().values("cohort")
    ready = TrainingLedger.objects.filter(~filter_approved(), cohort__in=classes, state=State.READY)
    named = list(ready)
    TrainingLedger.objects.filter(pk__in=[ledger.pk for ledger in named]).update(state=State.GONE)
    release_private_files([ledger.file_name for ledger in named])


def sweep() -> None:
    """Delete ledgers past their time; write those that a dead worker left."""
    now = timezone.now()
    ready = TrainingLedger.objects.filter(state=State.READY)
    drop(ready.filter(~filter_approved(), made_at__lt=now - DRAFT_LASTS))
    drop(ready.filter(made_at__lt=now - APPROVED_LASTS))
    LEASES.call_again(make_ledger, State.WAITING)
