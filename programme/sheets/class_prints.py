"""Print a sheet for a whole class: so many empty ones, or one for each person, filled in as far as the printer may see.

Those of a large class are made by the worker, with a progress; the file goes after a day.
"""

from __future__ import annotations

import datetime
import io

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from accounts.models import User
from courses.models import Cohort
from media.cleanup import release_private_files
from media.queue import task
from media.storages import write_file
from media.work_leases import Report, WorkLeases
from programme.models import SheetPrint
from programme.sheets import prints
from programme.sheets.texts import Sheet, load_texts
from programme.sheets.values import Filling
from programme.training_ledger.printout import join
from progress.models import Enrolment
from progress.names import sort_by_name

State = SheetPrint.State
LEASES = WorkLeases(SheetPrint, datetime.timedelta(minutes=5))
# For so many people the page waits a second or two; for more the worker does it.
MOST_AT_ONCE = 8
MOST_PEOPLE, MOST_COPIES = 300, 200
# So many copies are set at once: twenty rundowns of forty items take some seconds.
COPIES_A_PART, PART_SECONDS = 20, 300
LASTS = datetime.timedelta(days=1)


def list_people(cohort: Cohort) -> list[User]:
    """Return the people of the class by pinyin."""
    inside = User.objects.filter(enrolments__cohort=cohort, enrolments__left_at__isnull=True, is_active=True)
    return sort_by_name(inside.distinct()[:MOST_PEOPLE], lambda one: (one.name, one.pk))


def print_copies(sheet: Sheet, reader: User, site: str, copies: int) -> bytes:
    """Return so many empty sheets without a name, each with page numbers of its own. Raises PdfNotMade."""
    filling = prints.fill_nothing(sheet, reader)
    made = prints.print_sheets(
        sheet.title, [prints.describe_sheet(load_texts(), sheet, filling, site)], is_tagged=False
    )
    return multiply(made, copies)


def multiply(pdf: bytes, copies: int) -> bytes:
    import pikepdf

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as whole:
        pages = list(whole.pages)
        for _copy in range(copies - 1):
            whole.pages.extend(pages)
        whole.save(target)
    return target.getvalue()


def print_for_people(
    sheet: Sheet, reader: User, site: str, people: list[User], report: Report = lambda percent: None
) -> bytes:
    """Return the sheet once for each person, filled as far as `reader` may see their rows. Raises PdfNotMade."""
    texts, parts = load_texts(), []
    for start in range(0, max(len(people), 1), COPIES_A_PART):
        copies = []
        for person in people[start : start + COPIES_A_PART]:
            filling = prints.fill(sheet, person, reader) or Filling()
            copies.append(prints.describe_sheet(texts, sheet, filling, site, person))
        parts.append(prints.print_sheets(sheet.title, copies, is_tagged=False, patience=PART_SECONDS))
        report(100 * (start + len(copies)) // max(len(people), 1))
    return join(parts)


# --- by the worker ---


def ask_for_print(by: User, cohort: Cohort, sheet: Sheet, site: str) -> SheetPrint:
    """Let the worker print the sheet for the class; return the one that is being made, if any."""
    asked = {"cohort": cohort, "made_by": by, "sheet": sheet.code, "state": State.WAITING}
    with transaction.atomic():
        if found := SheetPrint.objects.filter(**asked).first():
            return found
        made = SheetPrint.objects.create(**asked, site=site, language=translation.get_language() or "")
        make_sheet_print.enqueue(made.pk)
    return made


@task()
def make_sheet_print(pk: int) -> bool:
    return make(pk)


def make(pk: int) -> bool:
    """Make a print that no other worker is making; return whether this one has finished it."""
    return LEASES.make_file(pk, put, "cohort", "made_by") is not None


def put(row: SheetPrint, report: Report) -> dict[str, object]:
    """Write the print into the private storage. Raises PdfNotMade."""
    with translation.override(row.language):
        sheet, people = load_texts().sheets[row.sheet], list_people(row.cohort)
        made = print_for_people(sheet, row.made_by, row.site, people, lambda done: report(done * 95 // 100))
    write_file(storages["private"], row.file_name, ContentFile(made))
    return {}


def drop(rows: QuerySet[SheetPrint]) -> None:
    for row in rows:
        storages["private"].delete(row.file_name)
        row.delete()


def drop_of_person(user: User) -> None:
    """Delete the prints that name a person who is being erased, or that they asked for (one of the setting ERASERS)."""
    classes = Enrolment.objects.filter(user=user, cohort__isnull=False).order_by().values("cohort")
    named = list(SheetPrint.objects.filter(Q(cohort__in=classes) | Q(made_by=user)))
    SheetPrint.objects.filter(pk__in=[row.pk for row in named]).delete()
    release_private_files([row.file_name for row in named])


def sweep() -> None:
    """Delete prints past their time; make those that a dead worker left."""
    drop(SheetPrint.objects.filter(asked_at__lt=timezone.now() - LASTS))
    LEASES.call_again(make_sheet_print, State.WAITING)
