from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Membership, Notice, Place
from accounts.people import memberships as roles
from courses.models import Cohort
from progress.enrolment import join_codes, notices, seats, services, waiting_lists
from progress.models import Enrolment, WaitingEntry
from tests.factories import make_cohort, make_person
from tests.races import at_once

Role = Membership.Role


def members(cohort) -> list[str]:
    rows = Enrolment.objects.active().filter(cohort=cohort).order_by("pk")
    return list(rows.values_list("user__name", flat=True))


def line(cohort) -> list[tuple[str, int]]:
    rows = waiting_lists.find_of_class(cohort).filter(needs_consent=False).order_by("asked_at", "pk")
    return list(rows.values_list("user__name", "position"))


def list_notices(user) -> list[str]:
    return list(Notice.objects.filter(phone=user.phone).values_list("template", flat=True))


@pytest.fixture
def full(cohort) -> Cohort:
    """Return the class with one seat, which is taken, and two who wait."""
    Cohort.objects.update(most_people=1)
    for name in ("甲", "乙", "丙"):
        join_codes.redeem_or_wait(make_person(name), "ABC234")
    cohort.refresh_from_db()
    return cohort


def test_full_class_takes_nobody_and_the_waiting_list_keeps_its_order(full, trainee):
    assert (members(full), line(full)) == (["甲"], [("乙", 1), ("丙", 2)])
    with pytest.raises(seats.ClassFull):
        join_codes.redeem(trainee, "ABC234")
    assert trainee.memberships.count() == 1
    join_codes.ask_to_wait(trainee, "abc 234")
    first = WaitingEntry.objects.get(user__name="乙")
    join_codes.ask_to_wait(first.user, "ABC234")  # once more: keeps the place
    assert line(full) == [("乙", 1), ("丙", 2), ("田巧云", 3)]
    with pytest.raises(join_codes.WrongCode):
        join_codes.ask_to_wait(trainee, "ABC235")


def test_seat_of_who_leaves_goes_to_the_first_with_a_notice(full):
    gone, first = (Enrolment.objects.get().user, WaitingEntry.objects.get(user__name="乙").user)
    services.leave(gone, full.course)
    assert (members(full), line(full), list_notices(first)) == (["乙"], [("丙", 1)], ["class_admitted"])
    assert list(first.memberships.values_list("role", "place__name", "status")) == [
        ("trainee", "石榴冲村", "granted")
    ]
    # Who left comes back to the end of the line.
    assert join_codes.ask_to_wait(gone, "ABC234").state == "waiting"
    assert line(full) == [("丙", 1), ("甲", 2)]


@pytest.mark.long
def test_added_seats_are_filled_in_order_and_fewer_make_nobody_leave(full, trainer):
    assert waiting_lists.set_seats(trainer, full, 2) == 1
    assert (members(full), line(full)) == (["甲", "乙"], [("丙", 1)])
    assert waiting_lists.set_seats(trainer, full, 1) == 0
    assert members(full) == ["甲", "乙"]
    assert waiting_lists.set_seats(trainer, full, None) == 1
    assert members(full) == ["甲", "乙", "丙"]
    entries = AuditEntry.objects.filter(verb="seats_set").order_by("pk").values_list("detail", flat=True)
    assert [entry["changed"]["seats"] for entry in entries] == [["1", "2"], ["2", "1"], ["1", ""]]


def test_seats_added_in_the_admin_are_filled_by_the_worker_only_while_the_class_takes_people(full):
    Cohort.objects.update(most_people=3, is_open=False)
    services.fill_all_seats()
    assert members(full) == ["甲"]
    Cohort.objects.update(is_open=True)
    services.fill_all_seats()
    assert (members(full), line(full)) == (["甲", "乙", "丙"], [])


@pytest.mark.long
def test_newcomer_does_not_overtake_who_waits(full, trainee):
    Cohort.objects.update(most_people=3)
    with pytest.raises(seats.ClassFull):
        join_codes.redeem(trainee, "ABC234")
    services.fill_all_seats()
    assert members(full) == ["甲", "乙", "丙"]


def test_who_may_not_come_back_to_the_village_is_passed_over(full, organiser, village):
    first = WaitingEntry.objects.get(user__name="乙").user
    membership = roles.ask_for_role(first, Role.TRAINEE, village)
    roles.decline_role(organiser, membership, "不在村里住")
    Cohort.objects.update(most_people=2)
    services.fill_all_seats()
    assert (members(full), line(full)) == (["甲", "丙"], [("乙", 1)])


@pytest.mark.long
def test_moving_to_another_class_frees_the_seat_and_ends_other_waits(full, course, village, trainer):
    other = make_cohort(course, village, trainer, name="冬季班", join_code="XYZ789", most_people=1)
    member, first = Enrolment.objects.get().user, WaitingEntry.objects.get(user__name="乙").user
    join_codes.redeem(first, "XYZ789")
    assert (members(other), line(full)) == (["乙"], [("丙", 1)])
    join_codes.ask_to_wait(member, "XYZ789")  # in one class, waiting for the other
    waiting_lists.set_seats(trainer, other, 2)
    assert (members(other), members(full), line(full)) == (["甲", "乙"], ["丙"], [])


def test_trainer_picks_anybody_while_there_is_a_seat(full, trainer):
    last = WaitingEntry.objects.get(user__name="丙")
    with pytest.raises(seats.ClassFull):
        waiting_lists.admit(trainer, last)
    Enrolment.objects.update(left_at=timezone.now())
    assert waiting_lists.admit(trainer, last)
    assert not waiting_lists.admit(trainer, last)
    assert (members(full), line(full), list_notices(last.user)) == (["丙"], [("乙", 1)], ["class_admitted"])
    last.refresh_from_db()
    assert (last.state, last.decided_by) == ("admitted", trainer)


def test_declining_says_why(full, trainer):
    entry = WaitingEntry.objects.select_related("cohort__place").get(user__name="乙")
    assert waiting_lists.decline(trainer, entry, "这个班要有手机支架")
    assert not waiting_lists.decline(trainer, entry, "再来一次")
    entry.refresh_from_db()
    assert (entry.state, entry.reason, list_notices(entry.user)) == (
        "declined",
        "这个班要有手机支架",
        ["class_declined"],
    )
    assert line(full) == [("丙", 1)]


def test_declined_stays_declined_whatever_code_or_seat_until_a_trainer_lifts_it(full, trainer):
    entry = WaitingEntry.objects.select_related("cohort__place").get(user__name="乙")
    person = entry.user
    waiting_lists.decline(trainer, entry, "这个班要有手机支架")
    Cohort.objects.update(most_people=None)
    for attempt in (join_codes.redeem, join_codes.ask_to_wait, join_codes.redeem_or_wait):
        with pytest.raises(seats.WasDeclined):
            attempt(person, "ABC234")
    assert (members(full), WaitingEntry.objects.get(pk=entry.pk).state) == (["甲"], "declined")
    assert waiting_lists.lift(trainer, entry)
    assert not waiting_lists.lift(trainer, entry)
    trail = AuditEntry.objects.filter(verb="waiting_lifted").values_list("actor", "subject")
    assert list(trail) == [(trainer.pk, f"user {person.pk}")]
    assert sorted(list_notices(person)) == ["class_declined", "class_lifted"]
    join_codes.redeem(person, "ABC234")
    assert members(full) == ["甲", "丙", "乙"]


def test_a_trainer_who_moves_somebody_in_lifts_it(full, trainer):
    entry = WaitingEntry.objects.select_related("cohort__place").get(user__name="乙")
    waiting_lists.decline(trainer, entry, "下期再来")
    Cohort.objects.update(most_people=None)
    services.enrol(entry.user, full.course, full)
    services.leave(entry.user, full.course)
    join_codes.redeem(entry.user, "ABC234")
    assert "乙" in members(full)


# --- whom a class is for ---


@pytest.fixture
def for_another(cohort) -> Cohort:
    cohort.from_places.add(Place.objects.get(name="柑子坪村"))
    return cohort


def test_person_of_another_village_waits_for_consent_only(for_another, trainee, trainer):
    with pytest.raises(seats.OutsideCriteria):
        join_codes.redeem(trainee, "ABC234")
    entry = join_codes.ask_to_wait(trainee, "ABC234", "我嫁到那边")
    assert (entry.needs_consent, entry.note, members(for_another)) == (True, "我嫁到那边", [])
    services.fill_all_seats()
    assert members(for_another) == []
    assert waiting_lists.admit(trainer, entry)
    assert members(for_another) == ["田巧云"]
    assert join_codes.redeem(trainee, "ABC234") == for_another  # is in: nothing is asked again


@pytest.mark.parametrize(
    ("held", "asked", "is_meant"),
    [
        ("柑子坪村", None, True),
        (None, "柑子坪村", False),  # a newcomer's own word
        ("石榴冲村", "柑子坪村", False),  # not that of somebody who belongs elsewhere
        (None, None, False),
    ],
)
def test_class_is_meant_for_who_belongs_to_its_places(for_another, held, asked, is_meant):
    person = make_person("新来的")
    if held:
        roles.grant_role_by_code(person, Place.objects.get(name=held))
    if asked:
        roles.ask_for_role(person, Role.TRAINEE, Place.objects.get(name=asked))
    assert seats.is_meant_for(for_another, person) is is_meant


def test_a_village_that_was_only_asked_for_opens_no_class_and_counts_once_it_is_granted(
    for_another, organiser, as_user
):
    person = make_person("新来的")
    asked = roles.ask_for_role(person, Role.TRAINEE, Place.objects.get(name="柑子坪村"))
    with pytest.raises(seats.OutsideCriteria):
        join_codes.redeem(person, "ABC234")
    assert "你申请了做柑子坪村的学员，管理员还没同意。" in page(
        as_user(person).get("/learn/join/?code=ABC234")
    )
    roles.grant_role(organiser, asked)
    assert join_codes.redeem(person, "ABC234") == for_another


def test_a_township_among_the_places_holds_its_villages(cohort, trainee, village):
    cohort.from_places.add(village.parent)
    assert seats.is_meant_for(cohort, trainee)


# --- the last seat ---


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("number", "let_in"), [(2, 2), (None, 5)])
def test_last_seats_go_once(cohort, number, let_in):
    """The control: without a limit the same race lets all in."""
    Cohort.objects.update(most_people=number)
    people = [make_person(f"学员{n}") for n in range(5)]
    answers = at_once(*[lambda one=one: join_codes.redeem(one, "ABC234").pk for one in people])
    assert sorted(map(str, answers)) == sorted(
        [str(cohort.pk)] * let_in + [str(seats.ClassFull)] * (5 - let_in)
    )
    assert len(members(cohort)) == let_in
    assert Membership.objects.filter(user__in=people).count() == let_in


# --- pages ---


def page(response) -> str:
    return response.content.decode()


@pytest.mark.long
def test_full_class_says_so_and_leads_to_the_list(full, as_user, trainee):
    client = as_user(trainee)
    html = page(client.get("/learn/join/?code=ABC234"))
    assert ("这个班满了，前面有 2 个人候补" in html, "进这个班" in html) == (True, False)
    assert "这个班满了" in page(client.post("/learn/join/", {"code": "ABC234"}))
    answer = client.post("/learn/join/", {"code": "ABC234", "wait": "1", "note": "我想学"})
    assert answer["Location"] == "/learn/waiting/"
    assert "候补第 3 位" in page(client.get("/learn/waiting/"))
    assert "候补第 3 位" in page(client.get("/learn/"))
    assert "你在候补，排第 3。" in page(client.get("/learn/join/?code=ABC234"))
    entry = WaitingEntry.objects.get(user=trainee)
    assert entry.note == "我想学"
    client.post(f"/learn/waiting/{entry.pk}/withdraw/")
    assert "现在没有在等的班" in page(client.get("/learn/waiting/"))
    assert client.get(f"/learn/waiting/{entry.pk}/withdraw/").status_code == 404


def test_note_that_is_too_long_stays_in_its_box(full, as_user, trainee):
    html = page(as_user(trainee).post("/learn/join/", {"code": "ABC234", "wait": "1", "note": "想" * 201}))
    assert ("最多 200 个字" in html, "想" * 201 in html) == (True, True)
    assert not WaitingEntry.objects.filter(user=trainee).exists()


def test_person_from_elsewhere_reads_whom_the_class_is_for(for_another, as_user, trainee):
    client = as_user(trainee)
    html = page(client.get("/learn/join/?code=ABC234"))
    assert ("这个班收柑子坪村的人。" in html, "你是石榴冲村的" in html) == (True, True)
    client.post("/learn/join/", {"code": "ABC234", "wait": "1"})
    assert "等老师同意" in page(client.get("/learn/waiting/"))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"ends_on": timezone.localdate() - timedelta(days=1)}, "“秋季班”已经结业了"),
        ({"is_open": False}, "“秋季班”现在不收人了"),
    ],
)
def test_code_that_is_over_says_so(cohort, as_user, trainee, fields, says):
    Cohort.objects.update(**fields)
    response = as_user(trainee).post("/learn/join/", {"code": "ABC234"})
    assert says in response.context["form"].errors["code"][0]


@pytest.mark.long
def test_new_account_with_the_code_of_a_full_class_stands_on_its_list(full, client):
    client.post(
        "/accounts/signup/",
        {
            "name": "龙小妹",
            "phone": "13912345678",
            "password1": "chengzi-2026-hao",
            "birth_month": "199003",
            "join_code": "ABC234",
            "agrees": "on",
        },
    )
    assert "候补第 3 位" in page(client.get("/learn/"))


@pytest.mark.long
def test_trainer_sees_who_waits_and_decides(full, as_user, trainer):
    client, url = as_user(trainer), f"/classes/{full.pk}/seats/"
    assert "2 个人候补" in page(client.get(f"/classes/{full.pk}/"))
    entry = WaitingEntry.objects.get(user__name="乙")
    assert "先加名额" in page(client.get(f"{url}{entry.pk}/"))
    assert client.post(url, {"seats": "0"}).context["form"].errors
    client.post(url, {"seats": "2"})
    assert (members(full), line(full)) == (["甲", "乙"], [("丙", 1)])
    last = WaitingEntry.objects.get(user__name="丙")
    client.post(f"{url}{last.pk}/", {"admit": "1"})
    assert members(full) == ["甲", "乙"]
    assert client.post(f"{url}{last.pk}/", {"reason": ""}).context["form"].errors
    client.post(f"{url}{last.pk}/", {"reason": "下期再来"})
    person = as_user(last.user)
    assert "老师说：下期再来" in page(person.get("/learn/waiting/"))
    for answer in (
        person.get("/learn/join/?code=ABC234"),
        person.post("/learn/join/", {"code": "ABC234"}),
        person.post("/learn/join/", {"code": "ABC234", "wait": "1"}),
    ):
        assert "老师这次没收你进这个班" in page(answer)
        assert "老师说：下期再来" in page(answer)
    client = as_user(trainer)
    assert "让他再报" in page(client.get(f"{url}{last.pk}/"))
    assert last.user.name not in page(client.get(url))
    assert last.user.name in page(client.get(f"{url}?state=declined"))
    assert client.post(f"{url}{last.pk}/", {"lift": "1"})["Location"] == url
    assert "排候补" in page(as_user(last.user).get("/learn/join/?code=ABC234"))


@pytest.mark.parametrize("count", [1, 24])
def test_list_takes_the_same_queries_for_any_number(
    cohort, as_user, trainer, count, django_assert_num_queries
):
    for n in range(count):
        WaitingEntry.objects.create(cohort=cohort, user=make_person(f"候补{n}"))
        WaitingEntry.objects.create(
            cohort=cohort, user=make_person(f"没收{n}"), state="declined", decided_at=timezone.now()
        )
    client = as_user(trainer)
    for query in ("", "?state=declined"):
        # session, person, roles; class; seats taken, places; the list; whether there are declined ones
        with django_assert_num_queries(8):
            client.get(f"/classes/{cohort.pk}/seats/{query}")


def read_last(user) -> tuple[str, str] | None:
    return notices.read_notice(Notice.objects.filter(phone=user.phone).latest("pk"))


def test_who_waits_reads_what_became_of_it_and_is_led_to_what_to_do_next(full, trainer):
    first, second = WaitingEntry.objects.order_by("pk")
    waiting_lists.decline(trainer, first, "这期只收石榴冲的")
    assert read_last(first.user) == ("“秋季班”这次没收你，点开看为什么。", "/learn/waiting/")
    assert waiting_lists.lift(trainer, first)
    assert read_last(first.user) == ("“秋季班”可以再报了，再填一次进班码。", "/learn/join/")
    Cohort.objects.update(most_people=2)
    assert waiting_lists.admit(trainer, second)
    assert read_last(second.user) == ("“秋季班”有你的名额了，你已经进班，去看看。", "/learn/")
    assert not waiting_lists.admit(trainer, second)
    assert not waiting_lists.decline(trainer, second, "晚了")
    assert not waiting_lists.lift(trainer, second)
    assert notices.read_notice(Notice(template="order_paid", params={})) is None
