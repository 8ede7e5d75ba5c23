from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import AuditEntry, Membership, Place
from accounts.people import memberships as roles
from courses.models import Cohort
from progress.enrolment import join_codes, services
from progress.models import Enrolment
from tests.factories import make_cohort, make_person

Role, Status = Membership.Role, Membership.Status


def held(user) -> list[tuple]:
    return list(user.memberships.order_by("pk").values_list("role", "place__name", "status"))


def enrolled(user) -> list[tuple]:
    return list(Enrolment.objects.filter(user=user).values_list("course__title", "cohort__name", "left_at"))


@pytest.fixture
def newcomer(db):
    return make_person("新来的")


@pytest.fixture
def county_class(course, county) -> Cohort:
    return make_cohort(course, county, name="县里的班", join_code="XYZ789")


def test_settings_name_these_functions():
    assert import_string(settings.JOIN_CODE_CHECK) is join_codes.check_code
    assert import_string(settings.JOIN_CODE_REDEEM) is join_codes.redeem_or_wait


@pytest.mark.parametrize("typed", ["ABC234", "abc234", " abc-234 ", "Abc 234"])
def test_check_code_reads_it_as_typed(cohort, typed):
    assert join_codes.check_code(typed) == "秋季班"


@pytest.mark.parametrize("typed", ["", "ABC235", "ABC23", "ＡＢＣ", "'; DROP TABLE", "\x00", "😀" * 20])
def test_unknown_code_opens_nothing(cohort, newcomer, typed):
    assert join_codes.check_code(typed) is None
    with pytest.raises(join_codes.WrongCode):
        join_codes.redeem(newcomer, typed)
    assert (held(newcomer), enrolled(newcomer)) == ([], [])


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"is_open": False}, None),
        ({"ends_on": timezone.localdate() - timedelta(days=1)}, None),
        ({"ends_on": timezone.localdate()}, "秋季班"),
        ({"starts_on": timezone.localdate() + timedelta(days=3)}, "秋季班"),
    ],
)
def test_closed_and_ended_classes_take_nobody(cohort, fields, name):
    Cohort.objects.update(**fields)
    assert join_codes.check_code("ABC234") == name


def test_village_class_makes_a_trainee_of_its_village(cohort, newcomer):
    assert join_codes.redeem(newcomer, "abc234") == cohort
    assert held(newcomer) == [("trainee", "石榴冲村", "granted")]
    assert enrolled(newcomer) == [("直播课", "秋季班", None)]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.place, entry.detail) == (
        "membership_granted",
        cohort.place,
        {"role": "trainee", "by": "join_code"},
    )


def test_joining_twice_is_the_same_as_once(cohort, newcomer):
    join_codes.redeem(newcomer, "ABC234")
    before = held(newcomer), enrolled(newcomer), AuditEntry.objects.count()
    join_codes.redeem(newcomer, "ABC234")
    assert (held(newcomer), enrolled(newcomer), AuditEntry.objects.count()) == before


def test_waiting_request_for_the_village_is_granted_by_the_code(cohort, newcomer, village):
    roles.ask_for_role(newcomer, Role.TRAINEE, village)
    join_codes.redeem(newcomer, "ABC234")
    assert held(newcomer) == [("trainee", "石榴冲村", "granted")]


def test_county_class_leaves_the_village_one_asked_for_to_its_organisers(county_class, newcomer):
    roles.ask_for_role(newcomer, Role.TRAINEE, Place.objects.get(name="柑子坪村"))
    join_codes.redeem(newcomer, "XYZ789")
    assert held(newcomer) == [("trainee", "柑子坪村", "asked"), ("trainee", "柚山县", "granted")]


def test_county_class_goes_by_the_village_one_belongs_to(county_class, trainee):
    roles.ask_for_role(trainee, Role.TRAINEE, Place.objects.get(name="柑子坪村"))
    join_codes.redeem(trainee, "XYZ789")
    assert held(trainee) == [("trainee", "石榴冲村", "granted"), ("trainee", "柑子坪村", "asked")]
    assert enrolled(trainee) == [("直播课", "县里的班", None)]


def test_county_class_without_a_village_gives_the_county(county_class, newcomer):
    join_codes.redeem(newcomer, "XYZ789")
    assert held(newcomer) == [("trainee", "柚山县", "granted")]


def test_village_of_another_county_is_not_this_class_to_give(county_class, newcomer, other_village):
    roles.ask_for_role(newcomer, Role.TRAINEE, other_village)
    join_codes.redeem(newcomer, "XYZ789")
    assert held(newcomer) == [("trainee", "竹坪村", "asked"), ("trainee", "柚山县", "granted")]


def test_class_of_the_county_is_no_way_back_into_the_village(county_class, trainee, organiser):
    roles.end_role(organiser, trainee.memberships.get())
    with pytest.raises(roles.NoLonger):
        join_codes.redeem(trainee, "XYZ789")
    assert (held(trainee), enrolled(trainee)) == ([("trainee", "石榴冲村", "ended")], [])


def test_asking_to_sell_is_not_granted_along(cohort, newcomer, village):
    roles.ask_for_role(newcomer, Role.SELLER, village)
    join_codes.redeem(newcomer, "ABC234")
    assert held(newcomer) == [("seller", "石榴冲村", "asked"), ("trainee", "石榴冲村", "granted")]


def test_who_learns_alone_moves_into_the_class(cohort, course, newcomer):
    services.enrol(newcomer, course)
    join_codes.redeem(newcomer, "ABC234")
    assert enrolled(newcomer) == [("直播课", "秋季班", None)]


def test_who_is_in_another_class_of_the_course_moves(cohort, county_class, newcomer):
    join_codes.redeem(newcomer, "ABC234")
    join_codes.redeem(newcomer, "XYZ789")
    assert enrolled(newcomer) == [("直播课", "县里的班", None)]


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_code_sent_twice_at_once_is_one_place_in_the_class(cohort, newcomer):
    ready = Barrier(4)

    def send(_n: int) -> int:
        try:
            ready.wait()
            return join_codes.redeem(newcomer, "ABC234").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(4))) == [cohort.pk] * 4
    assert held(newcomer) == [("trainee", "石榴冲村", "granted")]
    assert enrolled(newcomer) == [("直播课", "秋季班", None)]
    assert AuditEntry.objects.count() == 1


def test_wrong_codes_are_counted_per_person(newcomer, trainee):
    for _n in range(join_codes.WRONG_TRIES):
        assert join_codes.can_try_code(newcomer)
        join_codes.count_wrong_code(newcomer)
    assert not join_codes.can_try_code(newcomer)
    assert join_codes.can_try_code(trainee)
