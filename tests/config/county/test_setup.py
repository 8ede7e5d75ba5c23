"""A site that begins with its own county: nothing made up in it, and twice is once."""

import io
import time

import pytest
from django.core.management import CommandError, call_command

from accounts import second_factor
from accounts.models import Membership, Place, SetupCode, User
from accounts.people import memberships
from config.county import setup
from config.county.plan import BadPlan, CountyPlan, PersonPlan, find_county
from config.county.setup import start_county
from demo.seed.people import seed_people
from demo.seed.places import read, seed_places
from shops.models import Category, Village

ADMINISTRATOR, ORGANISER = PersonPlan("向建国", "+8613800001000"), PersonPlan("周梅英", "+8613900001000")


def make_plan(**changes) -> CountyPlan:
    facts = {
        "county": find_county("430523"),
        "administrator": ADMINISTRATOR,
        "organiser": ORGANISER,
        "townships": {"谷洲镇": ["石榴冲村", "柑子坪村"], "塘渡口镇": []},
    }
    return CountyPlan(**facts | changes)


@pytest.fixture
def courses(monkeypatch) -> list[Place]:
    """The places that the written course was brought to; that it comes once is the test of its own module."""
    went: list[Place] = []
    monkeypatch.setattr(setup, "import_programme", went.append)
    monkeypatch.setattr(setup, "create_first_rules", lambda course: None)
    return went


def list_places() -> list[tuple[str, str, str]]:
    return [(place.kind, place.full_name() or place.name, place.code) for place in Place.objects.all()]


def test_county_begins_with_its_own_rows_alone(db, courses):
    started = start_county(make_plan())
    assert list_places() == [
        ("province", "湖南省", "430000"),
        ("city", "邵阳市", "430500"),
        ("county", "邵阳县", "430523"),
        ("township", "邵阳县谷洲镇", ""),
        ("village", "邵阳县谷洲镇石榴冲村", ""),
        ("village", "邵阳县谷洲镇柑子坪村", ""),
        ("township", "邵阳县塘渡口镇", ""),
    ]
    assert (started.new_places, started.new_kinds) == (7, 19)
    assert Category.objects.count() == 19
    assert courses == [started.county]
    assert {user.name for user in User.objects.all()} == {"向建国", "周梅英"}
    assert not Village.objects.exists()
    assert [(m.user.name, m.role, m.place, m.status) for m in Membership.objects.all()] == [
        ("周梅英", "organiser", started.county, "granted")
    ]
    made_up = {one["name"] for one in read("places")["villages"]} - {"石榴冲村", "柑子坪村"}
    assert not Place.objects.filter(name__in=[*made_up, "柚山县", "青溪镇"]).exists()


def test_municipality_and_county_below_its_province_have_no_city_of_the_table(db, courses):
    assert start_county(make_plan(county=find_county("500101"))).county.parent.name == "重庆市"
    assert start_county(make_plan(county=find_county("429004"))).county.parent.name == "湖北省"


def test_first_people_sign_in_with_what_was_printed(client, courses, db):
    started = start_county(make_plan())
    administrator, organiser = (access.person for access in started.access)
    assert (administrator.is_superuser, administrator.is_staff, organiser.is_superuser) == (True, True, False)
    for access in started.access:
        person = User.objects.get(pk=access.person.pk)
        assert person.check_password(access.password.replace(" ", ""))
        assert person.password_change_due
        assert not person.given_password_is_over
        assert second_factor.is_setup_code_right(person, access.code)


def test_starting_again_changes_nothing_of_whoever_has_signed_in(client, courses, db):
    started = start_county(make_plan())
    for access in started.access:
        client.force_login(access.person)
    before = (
        list(User.objects.order_by("pk").values()),
        list(SetupCode.objects.values()),
        list(Place.objects.values()),
    )
    again = start_county(make_plan())
    assert (again.new_places, again.new_kinds, again.access) == (0, 0, [])
    assert before == (
        list(User.objects.order_by("pk").values()),
        list(SetupCode.objects.values()),
        list(Place.objects.values()),
    )
    assert Membership.objects.count() == 1


def test_starting_again_gives_new_access_to_whoever_never_signed_in(courses, db):
    first, second = start_county(make_plan()), start_county(make_plan())
    assert [one.person for one in first.access] == [one.person for one in second.access]
    person = User.objects.get(pk=second.access[0].person.pk)
    assert person.check_password(second.access[0].password.replace(" ", ""))
    assert not second_factor.is_setup_code_right(person, first.access[0].code)


def test_one_person_may_be_both(courses, db):
    [access] = start_county(make_plan(organiser=ADMINISTRATOR)).access
    assert access.person.is_superuser
    assert Membership.objects.get().user == access.person


def test_county_that_was_renamed_is_found_by_its_code(courses, db):
    started = start_county(make_plan())
    Place.objects.filter(pk=started.county.pk).update(name="新邵阳县")
    again = start_county(make_plan())
    assert (again.county.pk, again.county.name, again.new_places) == (started.county.pk, "新邵阳县", 0)


def test_villages_of_a_later_sheet_come_to_those_that_are_there(courses, db):
    start_county(make_plan())
    again = start_county(make_plan(townships={"谷洲镇": ["石榴冲村", "雾岭村"]}))
    assert again.new_places == 1
    assert Place.objects.get(name="雾岭村").full_name() == "邵阳县谷洲镇雾岭村"


def test_role_that_somebody_ended_is_not_given_again(courses, db):
    start_county(make_plan())
    held = Membership.objects.get()
    memberships.end_role(User.objects.get(name="向建国"), held)
    start_county(make_plan())
    held.refresh_from_db()
    assert held.status == Membership.Status.ENDED


@pytest.mark.long
def test_three_thousand_villages_are_there_in_seconds(courses, db):
    names = {f"{n}镇": [f"{n}{m}村" for m in range(100)] for n in range(30)}
    began = time.process_time()
    assert start_county(make_plan(townships=names)).new_places == 3033
    assert time.process_time() - began < 15
    assert start_county(make_plan(townships=names)).new_places == 0


def test_site_with_the_demo_in_it_is_no_countys(courses, db):
    seed_people(seed_places())
    with pytest.raises(BadPlan, match="the demo's people"):
        start_county(make_plan())
    assert not User.objects.filter(phone=ADMINISTRATOR.phone).exists()


def test_nothing_is_written_if_anything_fails(courses, db, monkeypatch):
    def fail(*_given) -> None:
        raise RuntimeError

    monkeypatch.setattr(setup, "add_people", fail)
    with pytest.raises(RuntimeError):
        start_county(make_plan())
    assert not Place.objects.exists()
    assert not Category.objects.exists()


# --- the command ---

PLAN = """
county = "430523"
[[townships]]
name = "谷洲镇"
villages = ["石榴冲村"]
[administrator]
name = "向建国"
phone = "13800001000"
[organiser]
name = "周梅英"
phone = "13900001000"
"""


def test_command_prints_what_it_made_and_whom_to_tell(courses, db, tmp_path):
    path, out = tmp_path / "county.toml", io.StringIO()
    path.write_text(PLAN)
    call_command("start_county", path, check=True, stdout=out)
    assert (
        out.getvalue() == "Good: 湖南省邵阳市邵阳县 (430523), 1 townships, 1 villages. Nothing was written.\n"
    )
    assert not Place.objects.exists()
    call_command("start_county", path, stdout=out)
    assert "邵阳县: 5 new places" in out.getvalue()
    assert "周梅英 (+8613900001000) signs in within a day with the password" in out.getvalue()


def test_command_refuses_in_sentences(courses, db, tmp_path):
    path = tmp_path / "county.toml"
    path.write_text(PLAN.replace("430523", "430500"))
    with pytest.raises(CommandError, match="430500 is 邵阳市(.|\n)*Nothing was written"):
        call_command("start_county", path)
    with pytest.raises(CommandError, match="Give a file"):
        call_command("start_county")


def test_command_asks_until_the_answer_is_good(courses, db, monkeypatch):
    answers = iter(
        [
            "朝阳区",
            "430523",
            "",
            "谷洲镇 石榴冲村 柑子坪村",
            "",
            "向建国",
            "123",
            "向建国",
            "138 0000 1000",
            "",
        ]
    )
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    out = io.StringIO()
    call_command("start_county", stdout=out)
    assert "“朝阳区” is the name of several" in out.getvalue()
    assert "Not taken: A mobile number has 11 digits; you entered 3." in out.getvalue()
    assert [place.name for place in Place.objects.villages()] == ["石榴冲村", "柑子坪村"]
    assert User.objects.get().is_superuser


@pytest.mark.long
def test_number_that_was_mistyped_is_given_up_again(db, courses):
    """As the guide says: start again with the right one, and close the account of the wrong one."""
    wrong = {
        "administrator": PersonPlan("向建国", "+8613800001001"),
        "organiser": PersonPlan("周梅英", "+8613900001001"),
    }
    start_county(make_plan(**wrong))
    assert len(start_county(make_plan()).access) == 2
    for number in ("13800001001", "13900001001"):
        call_command("person", "erase", number, "--yes", stdout=io.StringIO())
    active = User.objects.filter(is_active=True)
    assert {(person.name, str(person.phone), person.is_superuser) for person in active} == {
        ("向建国", "+8613800001000", True),
        ("周梅英", "+8613900001000", False),
    }
    granted = Membership.objects.filter(status="granted")
    assert [str(one.user.phone) for one in granted] == ["+8613900001000"]
    assert not SetupCode.objects.exclude(user__in=active).exists()
