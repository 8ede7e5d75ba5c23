"""What a roster does to the class, the accounts and the roles, with exact rows."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.auth.password_reset import can_reset
from accounts.models import AuditEntry, Membership, Notice, User
from accounts.people.memberships import ask_for_role
from programme.models import Roster, RosterRow, Teaching
from programme.notices import read_notice
from programme.rosters import imports
from programme.rosters.imports import ClassTakesNobody, NotNow, confirm_roster, decide_rows, receive_roster
from programme.rosters.problems import describe_note
from progress.enrolment.services import enrol, leave
from progress.models import Enrolment, WaitingEntry
from tests.factories import make_cohort, make_course, make_person
from tests.programme.rosters.files import HEADER, make_csv, outcomes, receive, upload

Role, Status = Membership.Role, Membership.Status
QIAOYUN, CHUNSHENG = ["田巧云", "13800000001", "", ""], ["曾春生", "13800000002", "柑子坪", ""]


@pytest.fixture
def known(village) -> User:
    """Return a trainee of a village below the class's place, with her own account."""
    return make_person("田巧云", (Role.TRAINEE, village), phone="+8613800000001")


def confirm(actor: User, roster: Roster) -> Roster:
    confirm_roster(actor, Roster.objects.select_related("cohort").get(pk=roster.pk))
    return Roster.objects.get(pk=roster.pk)


def members(cohort) -> list[str]:
    rows = Enrolment.objects.active().filter(cohort=cohort)
    return sorted(rows.values_list("user__name", flat=True))


def roles(name: str) -> list[tuple[str, str]]:
    return sorted(Membership.objects.filter(user__name=name).values_list("place__name", "status"))


def count_all() -> list[int]:
    return [model.objects.count() for model in (User, Membership, Enrolment, Notice)]


@pytest.mark.both_databases
def test_nothing_is_written_before_somebody_confirms_and_then_exactly_what_was_shown(trainer, cohort, known):
    roster = receive(trainer, cohort, [QIAOYUN, CHUNSHENG, ["向二妹", "8812345", "", ""]])
    assert (roster.state, roster.total) == ("ready", 3)
    assert outcomes(roster) == [
        (2, "add", "", "田巧云"),
        (3, "new", "", "曾春生"),
        (4, "error", "phone_length", "向二妹"),
    ]
    assert (members(cohort), User.objects.filter(name="曾春生").exists()) == ([], False)
    done = confirm(trainer, roster)
    assert (done.state, done.counts, members(cohort)) == (
        "done",
        {"new": 1, "add": 1, "error": 1},
        ["曾春生", "田巧云"],
    )
    new = User.objects.get(name="曾春生")
    assert (str(new.phone), new.is_active, new.phone_verified, new.has_usable_password()) == (
        "+8613800000002",
        True,
        False,
        False,
    )
    # Nobody agreed in her place, and a trainer can hand her a first password.
    assert (new.privacy_version, new.consents.count(), can_reset(trainer, new)) == ("", 0, True)
    trail = AuditEntry.objects.order_by("pk").values_list("verb", "subject", "actor")
    assert list(trail) == [
        ("roster_checked", f"cohort {cohort.pk}", trainer.pk),
        ("person_added", f"user {new.pk}", trainer.pk),
        ("membership_granted", f"membership {new.memberships.get(status='granted').pk}", trainer.pk),
        ("membership_asked", f"membership {new.memberships.get(status='asked').pk}", trainer.pk),
        ("roster_confirmed", f"cohort {cohort.pk}", trainer.pk),
    ]
    notice = Notice.objects.get()
    assert (str(notice.phone), notice.template, notice.params) == (
        "+8613800000001",
        "added_to_class",
        {"cohort": "秋季班", "by": "李老师"},
    )
    assert read_notice(notice) == ("李老师把你加进了“秋季班”。不想去，在“学习”里退出。", "/learn/")


def test_importing_the_same_file_twice_changes_nothing(trainer, cohort, known):
    rows = [QIAOYUN, CHUNSHENG]
    confirm(trainer, receive(trainer, cohort, rows))
    before = count_all()
    again = receive(trainer, cohort, rows)
    assert [row[1] for row in outcomes(again)] == ["here", "here"]
    confirm(trainer, again)
    assert count_all() == before
    assert AuditEntry.objects.filter(verb="person_added").count() == 1


def test_a_trainer_asks_for_the_village_and_an_organiser_grants_it(
    trainer, organiser, cohort, course, village
):
    roster = receive(trainer, cohort, [CHUNSHENG, ["向二妹", "13800000003", "火星村", ""]])
    assert [describe_note(row) for row in roster.rows.select_related("place")] == [
        "身份：先登记在开班的地方；柑子坪村的学员要等管理员同意",
        "没认出“火星村”是哪个村，身份先登记在开班的地方",
    ]
    confirm(trainer, roster)
    assert roles("曾春生") == [("柑子坪村", "asked"), ("青溪镇", "granted")]
    assert roles("向二妹") == [("青溪镇", "granted")]
    roster = receive(organiser, cohort, [["彭桂香", "13800000004", "青溪镇石榴冲村3组", ""]])
    assert describe_note(roster.rows.select_related("place").get()) == "身份：石榴冲村的学员"
    confirm(organiser, roster)
    assert roles("彭桂香") == [("石榴冲村", "granted")]


def test_a_class_of_a_village_makes_trainees_of_it(trainer, course, village):
    cohort = make_cohort(course, village, trainer)
    confirm(trainer, receive(trainer, cohort, [["彭桂香", "13800000004", "石榴冲村", ""], CHUNSHENG]))
    assert (roles("彭桂香"), roles("曾春生")) == ([("石榴冲村", "granted")], [("石榴冲村", "granted")])


def test_a_known_number_with_another_name_waits_for_a_decision_and_is_never_renamed(trainer, cohort, known):
    rows = [["田小云", "13800000001", "", ""]]
    roster = receive(trainer, cohort, rows)
    row = roster.rows.get()
    assert (row.outcome, row.known_name, row.choice) == ("clash", "田巧云", "")
    confirm(trainer, roster)
    assert members(cohort) == []
    roster = receive(trainer, cohort, rows)
    assert decide_rows(roster, {2: "link", 3: "link"}) == 1
    done = confirm(trainer, roster)
    assert (done.counts, members(cohort)) == ({"add": 1}, ["田巧云"])
    with pytest.raises(NotNow):
        decide_rows(done, {2: "skip"})


def test_who_belongs_to_another_village_below_is_asked_about_none(trainer, cohort, known):
    roster = receive(trainer, cohort, [["田巧云", "13800000001", "柑子坪", ""]])
    assert describe_note(roster.rows.select_related("place").get()) == ""
    confirm(trainer, roster)
    assert roles("田巧云") == [("石榴冲村", "granted")]


def test_what_changed_after_it_was_shown_is_checked_again_and_not_written(trainer, cohort, known):
    rows = [["田小云", "13800000001", "", ""], CHUNSHENG, ["向二妹", "13800000003", "", ""]]
    roster = receive(trainer, cohort, rows)
    decide_rows(roster, {2: "link"})
    known.name = "田大云"
    known.save()
    make_person("外人", phone="+8613800000002")
    joined = make_person("向二妹", (Role.TRAINEE, cohort.place), phone="+8613800000003")
    enrol(joined, cohort.course, cohort)
    done = confirm(trainer, roster)
    assert list(roster.rows.values_list("outcome", "was", "problem", "written_at")) == [
        ("clash", "clash", "changed_name", None),
        ("error", "new", "elsewhere", None),
        ("here", "new", "", None),
    ]
    assert (done.counts, members(cohort)) == ({"clash": 1, "error": 1, "here": 1}, ["向二妹"])


def make_cases(cohort, trainer, stranger, village) -> dict[str, str]:
    """Return by the name of a person with an account why a roster does not add them, in the order of their numbers."""
    role = (Role.TRAINEE, village)
    people = {
        "外县人": make_person("外县人", (Role.TRAINEE, stranger.granted[0].place), phone="+8613800000010"),
        "没身份": make_person("没身份", phone="+8613800000011"),
        "等同意": make_person("等同意", role, phone="+8613800000012", is_active=False),
        "停用了": make_person(
            "停用了", role, phone="+8613800000013", is_active=False, last_login=timezone.now()
        ),
        "别班的": make_person("别班的", role, phone="+8613800000014"),
        "退过的": make_person("退过的", role, phone="+8613800000015"),
        "身份完": make_person("身份完", (Role.SELLER, village), phone="+8613800000016"),
    }
    enrol(people["别班的"], cohort.course, make_cohort(cohort.course, village))
    enrol(people["退过的"], cohort.course, cohort)
    leave(people["退过的"], cohort.course)
    ended = {"status": Status.ENDED, "decided_at": timezone.now()}
    Membership.objects.create(user=people["身份完"], place=village, role=Role.TRAINEE, **ended)
    problems = ["elsewhere", "elsewhere", "waiting", "closed", "other_class", "left", "role_over", "trainer"]
    return dict(zip([*people, trainer.name], problems, strict=True))


def test_a_roster_takes_nobody_over_who_is_not_the_classs_to_take(trainer, cohort, stranger, village):
    cases = make_cases(cohort, trainer, stranger, village)
    rows = [[name, str(User.objects.get(name=name).phone), "", ""] for name in cases]
    roster = receive(trainer, cohort, rows)
    shown = {name: "" if problem == "elsewhere" else problem for name, problem in cases.items()}
    assert [(row[3], row[2]) for row in outcomes(roster)] == list(shown.items())
    before = count_all()
    confirm(trainer, roster)
    assert [(row[3], row[2]) for row in outcomes(roster)] == list(cases.items())
    assert count_all() == before


@pytest.mark.parametrize("key", [{}, {"is_active": False}, {"name": "叫别的"}])
def test_a_dry_run_does_not_tell_an_account_elsewhere_from_none(trainer, cohort, stranger, key):
    User.objects.filter(pk=stranger.pk).update(**key)
    free = ["没有人", "13812121212", "柑子坪", ""]
    taken = [User.objects.get(pk=stranger.pk).name, str(stranger.phone), "柑子坪", ""]
    roster = receive(trainer, cohort, [free, taken])
    columns = ("outcome", "problem", "known_name", "place__name", "facts")
    first, second = roster.rows.order_by("number").values_list(*columns)
    assert first == second == ("new", "", "", "柑子坪村", {"role": "ask"})


def test_who_looked_up_how_many_numbers_is_written_down_without_those_of_elsewhere(
    trainer, cohort, known, stranger
):
    receive(trainer, cohort, [QIAOYUN, CHUNSHENG, [stranger.name, str(stranger.phone), "", ""]])
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.place, entry.subject) == (
        "roster_checked",
        trainer,
        cohort.place,
        f"cohort {cohort.pk}",
    )
    assert entry.detail == {"name": "秋季班", "file": "名单.csv", "rows": 3, "found": 1}


def test_a_village_that_was_only_asked_for_is_not_granted_by_a_list(trainer, organiser, cohort, village):
    asks = make_person("彭桂香", phone="+8613800000004")
    ask_for_role(asks, Role.TRAINEE, village)
    confirm(trainer, receive(trainer, cohort, [["彭桂香", "13800000004", "", ""]]))
    assert (members(cohort), roles("彭桂香")) == (["彭桂香"], [("石榴冲村", "asked"), ("青溪镇", "granted")])


def test_an_organisers_list_grants_the_village_that_was_asked_for(organiser, cohort, village):
    asks = make_person("彭桂香", phone="+8613800000004")
    ask_for_role(asks, Role.TRAINEE, village)
    confirm(organiser, receive(organiser, cohort, [["彭桂香", "13800000004", "石榴冲村", ""]]))
    assert roles("彭桂香") == [("石榴冲村", "granted")]


def test_a_list_takes_in_who_was_declined_by_the_waiting_list(trainer, cohort, known):
    entry = WaitingEntry.objects.create(cohort=cohort, user=known, state="declined")
    confirm(trainer, receive(trainer, cohort, [QIAOYUN]))
    entry.refresh_from_db()
    assert (members(cohort), entry.state) == (["田巧云"], "admitted")


def test_the_name_of_an_account_elsewhere_is_not_told(trainer, cohort, stranger):
    roster = receive(trainer, cohort, [["试一试", str(stranger.phone), "", ""]])
    confirm(trainer, roster)
    row = roster.rows.get()
    assert (row.outcome, row.problem, row.known_name) == ("error", "elsewhere", "")


def test_a_guest_trainer_of_a_countys_class_does_not_reach_the_whole_county(course, county, village):
    guest = make_person("客座老师", (Role.TRAINER, village))
    make_person("田巧云", (Role.TRAINEE, county), phone="+8613800000001")
    roster = receive(guest, make_cohort(course, county, guest), [["田巧云", "13800000001", "", ""]])
    confirm(guest, roster)
    row = roster.rows.get()
    assert (row.outcome, row.problem) == ("error", "elsewhere")


def test_somebody_of_the_trainers_other_class_may_be_added(trainer, cohort, stranger, village):
    pupil = make_person("外县人", phone="+8613800000010")
    other = make_course(cohort.place)
    enrol(pupil, other, make_cohort(other, village, trainer))
    confirm(trainer, receive(trainer, cohort, [["外县人", "13800000010", "", ""]]))
    assert members(cohort) == ["外县人"]


def test_a_closed_class_and_one_that_is_over_take_nobody(trainer, cohort):
    roster = receive(trainer, cohort, [QIAOYUN])
    cohort.is_open = False
    cohort.save()
    with pytest.raises(ClassTakesNobody, match="这个班不收人了"):
        receive(trainer, cohort, [QIAOYUN])
    with pytest.raises(ClassTakesNobody):
        confirm(trainer, roster)
    cohort.is_open, cohort.ends_on = True, timezone.localdate() - timezone.timedelta(days=1)
    cohort.save()
    with pytest.raises(ClassTakesNobody, match="这个班已经结业"):
        receive(trainer, cohort, [QIAOYUN])
    assert members(cohort) == []


@pytest.mark.both_databases
def test_a_class_takes_no_more_people_than_it_has_seats_and_who_waits_comes_first(trainer, cohort, known):
    cohort.most_people = 2
    cohort.save()
    rows = [CHUNSHENG, ["向二妹", "13800000003", "", ""], ["彭桂香", "13800000004", "", ""]]
    roster = receive(trainer, cohort, rows)
    assert [row[1:3] for row in outcomes(roster)] == [("new", ""), ("new", ""), ("error", "full")]
    WaitingEntry.objects.create(cohort=cohort, user=known)
    done = confirm(trainer, roster)
    assert (done.counts, members(cohort)) == ({"new": 1, "error": 2}, ["曾春生", "田巧云"])
    assert WaitingEntry.objects.get().state == "admitted"


def test_a_mentors_class_records_who_teaches_whom_and_never_in_a_circle(trainer, cohort, known, village):
    cohort.mentor = make_person("宋师傅", (Role.MENTOR, village), phone="+8613800000020")
    cohort.save()
    Teaching.objects.create(teacher=known, pupil=cohort.mentor, since=timezone.localdate())
    mentor = ["宋师傅", "13800000020", "", ""]
    roster = receive(trainer, cohort, [QIAOYUN, CHUNSHENG, mentor])
    assert [row[1:3] for row in outcomes(roster)] == [("error", "circle"), ("new", ""), ("error", "trainer")]
    confirm(trainer, roster)
    taught = Teaching.objects.filter(teacher=cohort.mentor)
    assert list(taught.values_list("pupil__name", flat=True)) == ["曾春生"]


def test_the_same_form_is_one_roster_and_one_confirmation_counts(trainer, cohort):
    key, content = uuid4(), make_csv([HEADER, QIAOYUN])
    first, second = (receive_roster(trainer, cohort, upload(content), key) for _time in range(2))
    assert first == second
    confirm(trainer, first)
    with pytest.raises(NotNow):
        confirm(trainer, first)
    assert members(cohort) == ["田巧云"]


def test_the_file_is_deleted_once_it_is_read_and_a_dropped_roster_has_no_rows(trainer, cohort):
    roster = receive(trainer, cohort, [QIAOYUN])
    assert not storages["intake"].exists(roster.stored_name)
    imports.drop_roster(roster)
    assert (Roster.objects.get().state, roster.rows.count()) == ("dropped", 0)


def test_a_file_that_vanished_before_it_was_read_says_so(trainer, cohort, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)
    roster = receive(trainer, cohort, [QIAOYUN])
    assert roster.state == "reading"
    storages["intake"].delete(roster.stored_name)
    assert not imports.read_roster(roster.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.problem) == ("failed", "文件没有了，重新传一次。")


def test_what_a_dead_worker_left_is_called_again(trainer, cohort, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)
    roster = receive(trainer, cohort, [QIAOYUN])
    calls = imports.queue.DBTaskResult.objects.filter(task_path=imports.read_roster_later.module_path)
    assert calls.count() == 1
    calls.delete()
    Roster.objects.update(made_at=timezone.now() - timezone.timedelta(minutes=2))
    imports.sweep()
    imports.sweep()
    assert calls.count() == 1
    assert imports.read_roster_later.func(roster.pk)
    assert not imports.read_roster_later.func(roster.pk)


def test_a_chunk_costs_the_same_statements_however_many_rows_it_has(trainer, cohort, village):
    def count(rows: int) -> tuple[int, int]:
        numbers = [f"{13_900_000_000 + rows * 1000 + n}" for n in range(rows)]
        for number in numbers[::2]:
            make_person("学员", (Role.TRAINEE, village), phone=f"+86{number}")
        with CaptureQueriesContext(connection) as reading:
            roster = receive(trainer, cohort, [["学员", number, "柑子坪", ""] for number in numbers])
        with CaptureQueriesContext(connection) as writing:
            confirm(trainer, roster)
        return len(reading), len(writing)

    assert count(2) == count(20)
    assert members(cohort) == ["学员"] * 22


def test_a_number_that_stands_twice_is_one_person(trainer, cohort):
    roster = receive(trainer, cohort, [QIAOYUN, CHUNSHENG, QIAOYUN])
    assert [row[1] for row in outcomes(roster)] == ["new", "new", "repeat"]
    assert roster.rows.get(number=4).facts == {"row": 2}
    confirm(trainer, roster)
    assert members(cohort) == ["曾春生", "田巧云"]


def test_the_form_of_another_class_makes_a_roster_of_its_own(trainer, course, cohort, village):
    key, other = uuid4(), make_cohort(course, village, trainer)
    first = receive_roster(trainer, cohort, upload(make_csv([HEADER, QIAOYUN])), key)
    second = receive_roster(trainer, other, upload(make_csv([HEADER, CHUNSHENG])), key)
    assert (first.key, first.cohort, second.cohort) == (key, cohort, other)
    assert second.key != key
    assert [row[3] for row in outcomes(second)] == ["曾春生"]
    assert not storages["intake"].exists(second.stored_name)


def make_unread(actor: User, cohort, monkeypatch) -> Roster:
    """Return a roster whose file waits for the worker."""
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)
    return receive(actor, cohort, [QIAOYUN])


def test_the_list_of_who_is_erased_meanwhile_is_not_read(trainer, cohort, monkeypatch):
    roster = make_unread(trainer, cohort, monkeypatch)
    Roster.objects.update(made_by=None)
    assert not imports.read_roster(roster.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.problem) == ("failed", "文件没有了，重新传一次。")
    assert not storages["intake"].exists(roster.stored_name)


def test_what_nobody_foresaw_says_whom_to_ask_and_can_be_dropped(trainer, cohort, monkeypatch):
    roster = make_unread(trainer, cohort, monkeypatch)
    path = Path(storages["intake"].path(roster.stored_name))
    path.unlink()
    path.mkdir()
    assert not imports.read_roster(roster.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.problem) == ("failed", "没读成，再传一次。还不行就告诉管网站的人。")
    assert roster.rows.count() == 0
    imports.drop_roster(roster)
    with pytest.raises(NotNow):
        imports.drop_roster(roster)


def begin_writing(actor: User, roster: Roster, monkeypatch) -> Roster:
    """Confirm the roster, which then waits for the worker."""
    monkeypatch.setattr(imports, "AT_ONCE_ROWS", 0)
    done = confirm(actor, roster)
    assert done.state == "writing"
    return done


def test_a_class_that_is_closed_before_the_worker_writes_takes_nobody_and_says_why(
    trainer, cohort, monkeypatch
):
    roster = begin_writing(trainer, receive(trainer, cohort, [QIAOYUN]), monkeypatch)
    cohort.is_open = False
    cohort.save()
    assert not imports.write_roster(roster.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.problem.startswith("这个班不收人了"), members(cohort)) == ("done", True, [])
    assert AuditEntry.objects.get(verb="roster_confirmed").detail["new"] == 0
    assert not imports.write_roster(roster.pk)


def test_writing_that_stops_halfway_can_be_confirmed_again(trainer, cohort, monkeypatch):
    roster = receive(trainer, cohort, [QIAOYUN, CHUNSHENG])
    twin = roster.rows.get(number=3)
    RosterRow.objects.filter(pk=twin.pk).update(phone=roster.rows.get(number=2).phone)
    roster = begin_writing(trainer, roster, monkeypatch)
    before = count_all()
    assert not imports.write_roster(roster.pk)
    roster.refresh_from_db()
    assert (roster.state, roster.problem, roster.counts) == (
        "ready",
        "加到一半停了，加了的都算。再点一次，接着加剩下的。",
        {"new": 2},
    )
    assert count_all() == before
    RosterRow.objects.filter(pk=twin.pk).update(phone=twin.phone)
    assert imports.write_roster(begin_writing(trainer, roster, monkeypatch).pk)
    assert members(cohort) == ["曾春生", "田巧云"]
