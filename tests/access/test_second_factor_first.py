"""Whoever works for others sees nothing of them before the second factor: over every route of the site."""

from collections.abc import Iterable

import pytest
from django.urls import NoReverseMatch, reverse

from accounts.models import Membership
from progress.enrolment.services import enrol
from tests.access.objects import url_of
from tests.access.sender import Sender
from tests.access.test_access import ROUTES
from tests.class_messages import make_ask
from tests.factories import make_cohort, make_course, make_person

pytestmark = pytest.mark.usefixtures("without_numbers", "plain_refusals", "without_logs")

SECOND = ("/accounts/2fa/", "/accounts/reauthenticate/", "/admin/login/")
# What staff write or check themselves (drafts, what they sent in): no page of these shows anything of a trainee or a buyer.
OPEN = {
    "courses:preview",
    "courses:plan",
    "courses:plans",
    "courses:preparation",
    "courses:voice",
    "courses:preparation_page",
    "programme:lesson_plans",
    "programme:trainer_page",
    "progress:lesson",
    "progress:slides",
    "progress:slides_now",
    "progress:slides_remote",
    "progress:asks",
    "progress:video",
    "progress:captions",
    "progress:lesson_voice",
    "shops:product",
    "shops:trace",
    "media:video_upload",
    "media:voice_status",
    "training_duties",
}


@pytest.fixture
def neighbour(village):
    """A villager of the same village who is nobody's teacher."""
    return make_person("邻居", (Membership.Role.TRAINEE, village))


def answers(sender: Sender, who: str, urls: Iterable[str]) -> dict[str, tuple[int, str]]:
    """What each GET of one's own county answers: its status, and where it leads."""
    found = {url: sender.send(who, "GET", url, is_drawn=False) for url in urls}
    return {url: (answer.status, answer.location) for url, answer in found.items()}


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore")
def test_staff_without_the_second_factor_see_what_any_neighbour_sees(sender, sides, neighbour, settings):
    settings.DEMO = False
    urls = {}
    for route, names in ROUTES:
        if route in OPEN:
            continue
        try:
            urls[url_of(route, names, "own" if names else "-", sides)] = route
        except (NoReverseMatch, LookupError):
            continue  # test_access says which of its arguments are not known
    sender.sign_in("neighbour", neighbour)
    plain = answers(sender, "neighbour", urls)
    staff = {who: answers(sender, who, urls) for who in ("organiser", "trainer")}
    wrong = [
        f"{urls[url]} {url}: the {who} gets {got[url]}, a neighbour {plain[url]}"
        for who, got in staff.items()
        for url in urls
        if got[url][0] == 200
        and plain[url][0] != 200
        or (got[url][0] == 302 and plain[url][0] == 404 and not got[url][1].startswith(SECOND))
    ]
    asked = sum(got[url][1].startswith(SECOND) for got in staff.values() for url in urls)
    assert not wrong, "\n".join(wrong)
    assert asked > 150


def test_questions_under_a_lesson_are_a_class_s_own(
    as_user, trainee, trainer, organiser, village, county, settings
):
    """The page is open to staff because lessons are; what trainees asked stands on the class's page, behind the factor."""
    settings.DEMO = False
    course = make_course(county)
    lesson, cohort = course.modules.first().lessons.first(), make_cohort(course, village, trainer)
    enrol(trainee, course, cohort)
    asked = make_ask(trainee, cohort, lesson, text="橙子发霉了还能播吗")
    page = reverse("progress:asks", args=[lesson.pk])
    assert asked.text in as_user(trainee).get(page).content.decode()
    for person in (trainer, organiser):
        client = as_user(person)
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(page, headers=headers)
            assert (answer.status_code, asked.text in answer.content.decode()) == (200, False)
        assert client.get(reverse("progress:class_asks", args=[cohort.pk]))["Location"].startswith(SECOND)


def test_part_of_a_page_sends_the_whole_window_to_the_second_factor(
    as_user, trainer, village, county, settings
):
    """Else the page that asks for the code would be drawn inside the board that loads the part."""
    settings.DEMO = False
    cohort = make_cohort(make_course(county), village, trainer)
    url = reverse("progress:class_lessons", args=[cohort.pk])
    answer = as_user(trainer).get(url, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["HX-Redirect"].startswith(SECOND)
