"""A roster of a whole county: read, checked and written in less than a minute each, in chunks."""

import os
import time
from uuid import uuid4

import pytest
from openpyxl import Workbook

from accounts.models import User
from programme.models import Roster
from programme.rosters import imports
from programme.rosters.imports import confirm_roster, receive_roster
from progress.models import Enrolment
from tests.programme.rosters.files import HEADER, save, upload

SURNAMES, GIVEN = "田曾向彭周罗李王陈黄", "巧云春生二妹桂香梅英金花满姑"


def make_county_roster(rows: int) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet("名单")
    page.append(HEADER)
    for n in range(rows):
        name = SURNAMES[n % 10] + GIVEN[n % 14] + GIVEN[n // 14 % 14]
        page.append([name, str(13_000_000_000 + n), ("石榴冲村", "柑子坪村", "")[n % 3], ""])
    return save(book)


def run(trainer, cohort, rows: int) -> tuple[float, float]:
    """Import so many new people by the worker's functions; return the seconds until they can be looked at, and of writing."""
    content = make_county_roster(rows)
    begun = time.monotonic()
    roster = receive_roster(trainer, cohort, upload(content), uuid4())
    if roster.state == "reading":
        assert imports.read_roster(roster.pk)
    read = time.monotonic()
    roster = Roster.objects.select_related("cohort").get(pk=roster.pk)
    assert (roster.state, roster.counts, roster.handled, roster.percent) == (
        "ready",
        {"new": rows},
        rows,
        100,
    )
    confirm_roster(trainer, roster)
    if Roster.objects.get().state == "writing":
        assert imports.write_roster(roster.pk)
    written = time.monotonic()
    roster.refresh_from_db()
    assert (roster.state, roster.counts, roster.handled) == ("done", {"new": rows}, rows)
    assert Enrolment.objects.filter(cohort=cohort).count() == rows
    assert User.objects.filter(phone__gte="+8613000000000", phone__lt="+8613100000000").count() == rows
    return read - begun, written - read


@pytest.mark.both_databases
def test_a_roster_longer_than_a_chunk_is_read_and_written_by_the_worker(trainer, cohort, monkeypatch):
    monkeypatch.setattr(imports, "CHUNK", 10)
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(imports, "AT_ONCE_ROWS", 20)
    run(trainer, cohort, 25)


@pytest.mark.long
def test_a_hundred_thousand_people_are_imported_within_a_minute(trainer, cohort):
    before = sum(os.times()[:4])
    reading, writing = run(trainer, cohort, 100_000)
    used = sum(os.times()[:4]) - before  # with the table that is made for it
    print(f"100,000 rows: {reading:.1f} s until shown, {writing:.1f} s to write; {used:.1f} s of CPU")
    # Of CPU: other tests run beside it, and a machine that does nothing else takes hardly longer.
    assert used < 60
