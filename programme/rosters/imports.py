"""Receive a roster's file, read it into rows, let somebody decide and confirm, and write people into the class.

Both halves go through the rows in chunks, each a short transaction, and can be run again after a process that died: what a
row has said is stored, what is written is marked. A small file is done in the request, a large one by the worker.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from courses.models import Cohort
from media import queue, received_files
from media.queue import task
from media.storages import StorageUnavailable
from media.work_leases import WorkLeases
from programme.audit import Verb
from programme.models import Roster, RosterRow
from programme.rosters.outcomes import Choice, Outcome, Rules, Verdict, find_class_refusal
from programme.rosters.people import write_people
from programme.rosters.rows import Person, read_people
from programme.rosters.table import UnreadableRoster, read_table
from progress.enrolment.seats import lock_course
from progress.enrolment.services import fill_seats
from ui.database.inserts import insert_rows

log = logging.getLogger(__name__)

State = Roster.State
FOLDER = "rosters"
CHUNK = 1000
# What a request does itself: a file of a few hundred rows is read and written within a second or two.
AT_ONCE_BYTES, AT_ONCE_ROWS = 60_000, 300
LEASES = WorkLeases(Roster, datetime.timedelta(minutes=5), "made_at")
STORED = ("number", "name", "phone", "village", "place", "note", "outcome", "problem", "facts", "known_name")
list_values = attrgetter(*("place_id" if name == "place" else name for name in STORED))
WRITTEN = (Outcome.NEW, Outcome.ADD)
TRIES = 5


class NotNow(Exception):
    """Raised when the roster is no longer, or not yet, in the state for this step."""


class ClassTakesNobody(Exception):
    """Raised with a sentence when the class is closed or over."""


# --- receiving and reading ---


def receive_roster(actor: User, cohort: Cohort, file: UploadedFile, key: uuid.UUID) -> Roster:
    """Store the file and read it, at once or by the worker; the same form again is the same roster.

    Raises ClassTakesNobody, media.received_files.NotStored.
    """
    if there := Roster.objects.filter(key=key, cohort=cohort).first():
        return there
    if refusal := find_class_refusal(cohort):
        raise ClassTakesNobody(refusal)
    stored = received_files.store_pending(file, actor, FOLDER, replaces=False)
    facts = {
        "file_name": received_files.shorten_name(file),
        "stored_name": stored,
        "facts": {"language": translation.get_language()},
    }
    is_small = received_files.get_size(file) <= AT_ONCE_BYTES
    try:
        return LEASES.begin(
            read_roster_later,
            lambda: Roster.objects.create(key=key, cohort=cohort, made_by=actor, **facts),
            is_small=is_small,
        )
    except IntegrityError:  # the same form was sent twice at once
        storages["intake"].delete(stored)
        if there := Roster.objects.filter(key=key, cohort=cohort).first():
            return there
        return receive_roster(actor, cohort, file, uuid.uuid4())  # the key is of a form of another class


@task()
def read_roster_later(pk: int) -> bool:
    return read_roster(pk)


def read_roster(pk: int) -> bool:
    """Read the file of a roster that no other process is reading; return whether its rows are there now."""
    if not LEASES.acquire(pk, State.READING):
        return False
    roster = load_roster(pk)
    with translation.override(roster.facts.get("language")):
        try:
            read_rows(roster)
        except UnreadableRoster as error:
            problem = str(error)
        except FileNotFoundError:
            problem = _("文件没有了，重新传一次。")
        except Exception:
            log.exception("a roster could not be read")
            problem = _("没读成，再传一次。还不行就告诉管网站的人。")
        else:
            delete_file(roster)
            return True
        end(roster, State.FAILED, problem=problem[:200])
        delete_file(roster)
        return False


def read_rows(roster: Roster) -> None:
    """Read the file into rows. Raises UnreadableRoster, FileNotFoundError."""
    people, facts = read_file(roster)
    roster.rows.all().delete()  # of a process that died
    Roster.objects.filter(pk=roster.pk).update(total=len(people), handled=0, facts=roster.facts | facts)
    assert roster.made_by is not None  # read_file has looked
    rules, found = Rules(roster.cohort, roster.made_by, is_dry_run=True), 0
    for some in split(people):
        with transaction.atomic():
            rows = [make_row(roster, person) for person in some]
            verdicts = judge_rows(rules, rows)
            found += sum(verdict.known is not None for verdict in verdicts.values())
            insert_rows(RosterRow, STORED, map(list_values, rows), roster=roster)
            report(roster, len(rows))
    with transaction.atomic():
        if end(roster, State.READY, counts=count_rows(roster)):
            write_audit(roster, roster.made_by, Verb.ROSTER_CHECKED, rows=len(people), found=found)


def write_audit(roster: Roster, actor: User | None, verb: Verb, **facts: int) -> None:
    """Write an audit entry about the class of a roster. It names nobody, and counts no account that the actor may not see."""
    cohort = roster.cohort
    AuditEntry.write(actor, verb, cohort, cohort.place, name=cohort.name, file=roster.file_name, **facts)


def load_roster(pk: int) -> Roster:
    return Roster.objects.select_related("cohort__place", "cohort__course", "made_by", "confirmed_by").get(
        pk=pk
    )


def read_file(roster: Roster) -> tuple[list[Person], dict]:
    """Return the people of the file, and what else it holds. Raises UnreadableRoster, FileNotFoundError."""
    if roster.made_by is None:  # erased meanwhile, and the file with them
        raise FileNotFoundError
    try:
        with storages["intake"].open(roster.stored_name) as file:
            content = file.read()
    except StorageUnavailable as away:
        raise UnreadableRoster(_("存文件的地方连不上，重新传一次")) from away
    table = read_table(content)
    queue.report_progress()
    columns = table.columns
    facts = {
        "sheet": table.sheet[:60],
        "left_out": table.left_out,
        "has_ids": columns.id_number is not None,
        "has_notes": columns.note is not None,
    }
    return read_people(table), facts


def make_row(roster: Roster, person: Person) -> RosterRow:
    """Return the row of a person; its outcome is that of a row that is right by itself until it is judged."""
    row = RosterRow(
        roster=roster,
        number=person.number,
        name=person.name,
        phone=person.phone,
        village=person.village,
        note=person.note,
        outcome=Outcome.NEW,
    )
    if person.problem:
        row.outcome, row.problem, row.facts = Outcome.ERROR, person.problem, person.facts
    elif person.repeats:
        row.outcome, row.facts = Outcome.REPEAT, {"row": person.repeats}
    return row


def judge_rows(rules: Rules, rows: Iterable[RosterRow]) -> dict[int, Verdict]:
    """Set what would happen to the rows that are right by themselves, and return it by their numbers."""
    open_rows = [row for row in rows if row.outcome not in (Outcome.ERROR, Outcome.REPEAT)]
    known = rules.load_known(row.phone for row in open_rows)
    verdicts = {}
    for row in open_rows:
        is_linked = row.choice == Choice.LINK
        verdict = verdicts[row.number] = rules.judge(row.name, known.get(row.phone))
        row.outcome, row.problem = verdict.outcome, verdict.problem
        row.known_name, row.facts = verdict.known_name, dict(verdict.facts)
        wants_seat = row.outcome in WRITTEN or (row.outcome == Outcome.CLASH and is_linked)
        if wants_seat and not rules.take_seat():
            row.outcome, row.problem, row.facts = Outcome.ERROR, "full", {}
        if row.outcome in (*WRITTEN, Outcome.CLASH) and not rules.has_place(verdict.known):
            village = rules.find_village(row.village)
            row.place_id = village.place.pk if village.place else None
            row.facts |= note_role(rules, village.place, village.problem)
    return verdicts


def note_role(rules: Rules, place, problem: str) -> dict[str, str]:
    if place is None:
        return {"role": problem} if problem else {}
    return {"role": "grant" if rules.may_grant(place) else "ask"}


# --- deciding and confirming ---


def decide_rows(roster: Roster, choices: dict[int, str]) -> int:
    """Store what somebody decided about rows whose names differ, by their numbers; return how many changed. Raises NotNow."""
    if roster.state != State.READY:
        raise NotNow
    changed = 0
    for choice in Choice.values:
        numbers = [number for number, chosen in choices.items() if chosen == choice]
        rows = roster.rows.filter(number__in=numbers, outcome=Outcome.CLASH).exclude(choice=choice)
        changed += rows.update(choice=choice) if numbers else 0
    return changed


def confirm_roster(actor: User, roster: Roster) -> None:
    """Begin to write: at once, or by the worker. Raises NotNow, ClassTakesNobody."""
    if refusal := find_class_refusal(roster.cohort):
        raise ClassTakesNobody(refusal)

    def store() -> Roster:
        mine = Roster.objects.filter(pk=roster.pk, state=State.READY)
        change = {
            "state": State.WRITING,
            "confirmed_by": actor,
            "confirmed_at": timezone.now(),
            "problem": "",
        }
        if roster.is_past or not mine.update(handled=0, total=find_left(roster).count(), **change):
            raise NotNow
        return roster

    LEASES.begin(write_roster_later, store, is_small=roster.total <= AT_ONCE_ROWS)


def drop_roster(roster: Roster) -> None:
    """Drop a roster that was not confirmed, with its rows. Raises NotNow."""
    states = (State.READY, State.FAILED)
    with transaction.atomic():
        if not Roster.objects.filter(pk=roster.pk, state__in=states).update(state=State.DROPPED):
            raise NotNow
        roster.rows.all().delete()
    delete_file(roster)


# --- writing ---


@task()
def write_roster_later(pk: int) -> bool:
    return write_roster(pk)


def write_roster(pk: int) -> bool:
    """Write the rows that are left of a confirmed roster; return whether all are done."""
    if not LEASES.acquire(pk, State.WRITING):
        return False
    roster = load_roster(pk)
    problem = ""
    with translation.override(roster.facts.get("language")):
        try:
            while roster.confirmed_by and write_chunk(roster):
                pass
        except ClassTakesNobody as refused:
            problem = str(refused)
        except Exception:
            log.exception("a roster could not be written")
            stopped = _("加到一半停了，加了的都算。再点一次，接着加剩下的。")
            end(roster, State.READY, counts=count_rows(roster), problem=stopped)
            return False
    counts = count_rows(roster)
    with transaction.atomic():
        if not end(roster, State.DONE, counts=counts, problem=problem[:200]):
            return False
        written = dict(
            roster.rows.filter(written_at__isnull=False).values_list("outcome").annotate(Count("pk"))
        )
        added = {name: written.get(name, 0) for name in WRITTEN}
        write_audit(roster, roster.confirmed_by, Verb.ROSTER_CONFIRMED, **added)
    return not problem


def find_left(roster: Roster):
    """Return the rows that a confirmation writes and that are not written yet."""
    wanted = Q(outcome__in=WRITTEN) | Q(outcome=Outcome.CLASH, choice=Choice.LINK)
    return roster.rows.filter(wanted, written_at=None, was="")


def write_chunk(roster: Roster) -> int:
    """Write the next rows in one transaction and return how many; a number that got an account meanwhile is judged again.

    Raises ClassTakesNobody.
    """
    for left in range(TRIES - 1, -1, -1):
        try:
            with transaction.atomic():
                return write_next(roster)
        except IntegrityError:
            if not left:
                raise
    return 0


def write_next(roster: Roster) -> int:
    rows = list(find_left(roster).order_by("number")[:CHUNK])
    if not rows:
        return 0
    cohort = Cohort.objects.select_related("place", "course", "mentor").get(pk=roster.cohort_id)
    lock_course(cohort.course_id)
    fill_seats(cohort.pk)  # who has waited comes first
    if refusal := find_class_refusal(cohort):
        raise ClassTakesNobody(refusal)
    assert roster.confirmed_by is not None  # write_roster has looked
    rules = Rules(cohort, roster.confirmed_by)
    shown = {row.number: (row.outcome, row.known_name) for row in rows}
    verdicts = judge_rows(rules, rows)
    taken = [row for row in rows if check_again(row, *shown[row.number])]
    write_people(rules, [(row, verdicts[row.number].known) for row in taken])
    store_outcomes(rows, shown)
    report(roster, len(rows))
    return len(rows)


def check_again(row: RosterRow, shown: str, known_name: str) -> bool:
    """Return whether the row is written: it does what was shown, or something as harmless; else it says what has changed.

    Somebody whose name differs is added only if that name is the one that was decided about.
    """
    if row.outcome == Outcome.CLASH:
        if shown == Outcome.CLASH and known_name == row.known_name:
            row.outcome = Outcome.ADD
            return True
        row.choice, row.problem = Choice.OPEN, "changed_name"
        return False
    return row.outcome in WRITTEN


def store_outcomes(rows: Sequence[RosterRow], shown: dict[int, tuple[str, str]]) -> None:
    """Store what happened. Most rows did what was shown: those are one statement for each outcome."""
    now = timezone.now()
    plain: dict[str, list[int]] = {}
    for row in rows:
        is_written = row.outcome in WRITTEN
        before = shown[row.number][0]
        is_expected = is_written and before in (row.outcome, Outcome.CLASH)
        if is_expected:
            plain.setdefault(row.outcome, []).append(row.pk)
            continue
        row.was, row.written_at = before, now if is_written else None
        row.save(
            update_fields=[
                "outcome",
                "was",
                "written_at",
                "problem",
                "facts",
                "known_name",
                "choice",
                "place",
            ]
        )
    for outcome, ids in plain.items():
        RosterRow.objects.filter(pk__in=ids).update(outcome=outcome, written_at=now)


# --- shared ---


def report(roster: Roster, count: int) -> None:
    """Count rows as handled, in the transaction that handles them, and keep the lease."""
    queue.report_progress()
    LEASES.extend(roster.pk, handled=F("handled") + count)


def end(roster: Roster, state: State, **facts) -> bool:
    return LEASES.end(roster.pk, (State.READING, State.WRITING), state, **facts)


def split(people: Sequence[Person]) -> Iterator[Sequence[Person]]:
    return (people[start : start + CHUNK] for start in range(0, len(people), CHUNK))


def count_rows(roster: Roster) -> dict[str, int]:
    counted = Counter(dict(roster.rows.order_by().values_list("outcome").annotate(Count("pk"))))
    return {outcome: counted[outcome] for outcome in Outcome.values if counted[outcome]}


def delete_file(roster: Roster) -> None:
    """Delete the file; one that cannot be reached now is deleted by `media.received_files.drop_expired`."""
    try:
        if roster.stored_name:
            storages["intake"].delete(roster.stored_name)
    except StorageUnavailable:
        log.warning("a roster's file was not deleted", extra={"fields": {"roster": roster.pk}})


def sweep() -> None:
    """Call again what a dead worker left."""
    LEASES.call_again(read_roster_later, State.READING)
    LEASES.call_again(write_roster_later, State.WRITING)
