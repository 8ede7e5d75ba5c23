"""Of another trainee's rehearsing a classmate sees nothing, and a peer only what they were given."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from courses.models import Cohort
from progress.models import Enrolment
from rehearsals.models import Submission, TimedNote
from tests.access import onair, practice
from tests.access.objects import url_of
from tests.access.routes import all_routes
from tests.access.world import Side
from tests.factories import make_person
from tests.reviews import make_note, make_review

pytestmark = pytest.mark.usefixtures("without_numbers", "plain_refusals")

ROUTES = dict(all_routes())
# A drill and a task are the same for all of a class.
OF_CLASSES = {"rehearsals:drill", "rehearsals:task", "rehearsals:task_ticket"}
REHEARSED = sorted(set(practice.BY_ROUTE) - OF_CLASSES)
PLANNED = sorted(
    route for route in ROUTES if route.startswith("live:") and ROUTES[route] and route not in onair.BY_ROUTE
)


@pytest.fixture
def classmate(sender, sides) -> str:
    person = make_person("同班的")
    join(person, sides["own"][Cohort])
    sender.sign_in("classmate", person)
    return "classmate"


def join(person, cohort: Cohort) -> None:
    Enrolment.objects.create(user=person, course=cohort.course, cohort=cohort)


@pytest.fixture
def answers(sender) -> Callable[[str, str, Side], tuple[int, int]]:
    """What a person gets by GET and by POST of a route to a row of this side."""

    def ask(who: str, route: str, side: Side) -> tuple[int, int]:
        url = url_of(route, ROUTES[route], "own", {"own": side})
        get, post = (sender.send(who, method, url, is_drawn=False) for method in ("GET", "POST"))
        return get.status, post.status

    return ask


@pytest.mark.long
def test_a_classmate_does_not_find_what_another_has_rehearsed(answers, classmate, sides):
    found = {route: answers(classmate, route, sides["own"]) for route in REHEARSED}
    assert {route: codes for route, codes in found.items() if not set(codes) <= {404, 405}} == {}
    assert len(found) > 20


@pytest.mark.long
def test_a_classmate_does_not_find_another_s_plan(answers, classmate, sides):
    """The trainee, who hosts it, does."""
    own = sides["own"]
    plan = own["plan"]
    rows = onair.rows_of_host(plan.host) | {"planned": plan, "planned item": plan.items.get()}
    theirs = Side(own.rows | rows, own.published)
    found = {route: answers(classmate, route, theirs) for route in PLANNED}
    assert {route: codes for route, codes in found.items() if not set(codes) <= {404, 405}} == {}
    assert [route for route in PLANNED if answers("trainee", route, theirs) == (404, 404)] == []
    assert len(found) > 15


def test_a_peer_does_not_find_what_they_were_not_given(answers, cast, sides):
    """The seller was given one submission of this trainee's, and this is another."""
    routes = sorted(f"rehearsals:{name}" for name in practice.DRAFTING)
    found = {route: answers("seller", route, sides["own"]) for route in routes}
    assert {route: codes for route, codes in found.items() if not set(codes) <= {404, 405}} == {}


def test_a_peer_watches_what_they_were_given_and_reads_no_review_of_it(cast, sides, client):
    done, note = sides["own"][Submission], sides["own"][TimedNote]
    join(cast["seller"], sides["own"][Cohort])
    client.force_login(cast["seller"])
    film = reverse("rehearsals:submission_video", args=[done.key, "240.mp4"])
    page = client.get(reverse("rehearsals:review", args=[done.key]))
    assert (page.status_code, client.get(film).status_code) == (200, 200)
    assert note.text not in page.content.decode()
    assert client.get(reverse("rehearsals:note_voice", args=[note.key])).status_code == 404


def test_taken_back_it_is_not_there_for_the_peer(cast, sides, client):
    done = sides["own"][Submission]
    join(cast["seller"], sides["own"][Cohort])
    client.force_login(done.user)
    client.post(reverse("rehearsals:submission_peers", args=[done.key]), {"for_peers": "0"})
    client.force_login(cast["seller"])
    film = reverse("rehearsals:submission_video", args=[done.key, "240.mp4"])
    urls = [reverse("rehearsals:review", args=[done.key]), film]
    assert [client.get(url).status_code for url in urls] == [404, 404]


@pytest.mark.long
def test_ones_own_address_does_not_open_another_s_note_sale_item_or_paper(answers, cast, sides):
    """The first half of the address is one's own, the second another county's."""
    own, far = sides["own"], sides["foreign"]
    crossed = {}
    for route in sorted(route for route in ROUTES if route.startswith("live:") and len(ROUTES[route]) == 2):
        names = onair.BY_ROUTE.get(route, onair.PLAN)
        second = names[ROUTES[route][1]][0]
        mixed = Side(own.rows | {second: far[second]}, own.published)
        crossed[route] = answers("seller", route, mixed)
    assert len(crossed) == 15
    assert {route: codes for route, codes in crossed.items() if not set(codes) <= {404, 405}} == {}


def test_a_note_is_removed_from_ones_own_draft_alone(cast, sides, client):
    own, far = sides["own"], sides["foreign"]
    client.force_login(cast["trainer"])
    url = reverse("rehearsals:review_note_remove", args=[own["waiting"].key, far["draft note"].key])
    client.post(url)
    far["draft note"].refresh_from_db()
    assert far["draft note"].removed_at is None


def test_what_a_draft_says_is_not_found_by_its_owner(cast, sides, client):
    own = sides["own"]
    note = make_note(make_review(cast["organiser"], own["waiting"], signed=False), text="还没想好")
    client.force_login(cast["trainee"])
    page = client.get(reverse("rehearsals:submission", args=[own["waiting"].key])).content.decode()
    assert "还没想好" not in page
    assert "这里改" not in page
    assert client.get(reverse("rehearsals:note_answer", args=[note.key])).status_code == 404
