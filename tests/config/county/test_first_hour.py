"""The page that says what a county's site has and what it lacks, to those who run it."""

import pytest
from django.utils import timezone

from accounts.models import Membership
from config.county import first_hour
from config.models import CopyRun
from courses.models import Cohort
from shops.models import Village
from shops.products.categories import plant_kinds
from tests.factories import make_course, make_person

pytestmark = pytest.mark.django_db
PAGE = "/me/site/start/"
Role = Membership.Role


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True
    settings.ALLOWED_HOSTS = ["nonghuo.example.cn", "testserver"]


def read_done(user) -> dict[str, bool]:
    return {
        step.title: step.is_done for step in [*first_hour.list_steps(user), *first_hour.list_settings(user)]
    }


def test_new_site_lacks_everything_but_its_places(organiser, as_user):
    answer = as_user(organiser).get(PAGE)
    assert "办好了 1 样，一共 11 样" in answer.content.decode()
    assert [title for title, is_done in read_done(organiser).items() if is_done] == ["乡镇和村"]
    assert "有 1 个乡镇、2 个村" in answer.content.decode()
    assert "<code>OPERATOR_NAME, OPERATOR_CONTACT</code>" in answer.content.decode()


def test_what_is_done_is_ticked(organiser, trainer, county, village, as_user, settings):
    plant_kinds()
    course = make_course(county)
    Cohort.objects.create(
        course=course,
        place=county,
        name="一班",
        join_code="ABC234",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate(),
    )
    Village.objects.filter(place=village).update(story="四十年的橙子")
    settings.OPERATOR_NAME, settings.OPERATOR_CONTACT = "柚山县农业农村局", "0739-1234567"
    settings.HTTPS, settings.BEIAN_ICP, settings.SMS_SENDER = True, "湘ICP备1号", "http"
    CopyRun.objects.create(began_at=timezone.now(), ended_at=timezone.now(), bytes=1, is_planned=True)
    assert set(read_done(organiser).values()) == {True}
    page = as_user(organiser).get(PAGE).content.decode()
    assert "办好了 11 样，一共 11 样" in page
    assert "<code>" not in page


def test_copy_by_hand_is_none_of_every_night(organiser, settings):
    CopyRun.objects.create(began_at=timezone.now(), ended_at=timezone.now(), bytes=1)
    [step] = [each for each in first_hour.list_settings(organiser) if each.title == "每天备份"]
    assert (step.is_done, step.sentence) == (False, "手动备份过，还没设每天自动备份")
    settings.BACKUP_DIR = "/mnt/copies"
    assert read_done(organiser)["每天备份"]


def test_only_ones_own_county_counts(county, other_village, village):
    there = make_person("那边的人", (Role.ORGANISER, other_village.parent.parent))
    Village.objects.filter(place=village).update(story="四十年的橙子")
    make_course(county)
    done = read_done(there)
    assert (done["乡镇和村"], done["村页面"], done["课程"]) == (True, False, False)


@pytest.mark.long
def test_organiser_of_a_township_does_not_see_it(county, as_user):
    township = make_person("镇里的人", (Role.ORGANISER, county.children.get()))
    assert as_user(township).get(PAGE).status_code == 404
    assert PAGE not in as_user(township).get("/me/").content.decode()


@pytest.mark.long
def test_page_is_found_under_me(organiser, as_user):
    assert PAGE in as_user(organiser).get("/me/").content.decode()


def test_copies_are_linked_for_those_who_may_see_them(organiser, county):
    top = make_person("省里的人", (Role.ORGANISER, county.parent))
    assert [bool(list(first_hour.list_settings(user))[-1].url) for user in (organiser, top)] == [False, True]


@pytest.mark.parametrize(
    ("hosts", "is_needed"),
    [
        (["192.168.1.20", "localhost", "127.0.0.1"], False),
        (["nonghuo.lan"], False),
        (["nonghuo.example.cn", "192.168.1.20"], True),
        (["47.92.0.1"], True),
        (["localhost", "127.0.0.1"], True),  # nobody knows yet
        (["*"], True),
    ],
)
def test_hall_without_internet_needs_no_filing(organiser, settings, hosts, is_needed):
    settings.ALLOWED_HOSTS = hosts
    [step] = [each for each in first_hour.list_settings(organiser) if each.title == "网站备案号"]
    assert step.is_done is not is_needed
    assert ("不用备案" in step.sentence) is not is_needed
