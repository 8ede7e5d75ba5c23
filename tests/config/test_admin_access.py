"""Every page of every model in the admin, for everybody, with the person's own, another county's and unknown rows.

Of pages that are the same code for everybody refused, the suite opens some by each person, in turn; those of a row that
somebody reaches are all opened, and drawn for one of those who reach it. `ACCESS=all` (in `make prove`) opens and draws all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection, transaction
from django.db.models import Model
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Place, User
from accounts.worklist import items
from programme.models import OutcomeTarget, StepRule
from shops.models import Category
from tests.access.model_pages import COMMON, LETTERS, RIGHTS, expected, route_of
from tests.access.outcomes import EVERYTHING, REFUSED, Writes, answer_refusals_plainly, leave_out_menu
from tests.access.sender import Sender, undrawn
from tests.config.admin_rows import rows_in
from tests.factories import make_county, make_person

pytestmark = pytest.mark.usefixtures("without_logs")
Role = Membership.Role

UNKNOWN = 987_654_321


@pytest.fixture(autouse=True)
def _pages_alone(settings, monkeypatch):
    """Switch off the second factor, what waits on the admin's first page, its menu, and the pages of refusals: all have
    their own tests."""
    settings.DEMO = True
    monkeypatch.setattr(items, "sources", [])
    answer_refusals_plainly(monkeypatch)
    leave_out_menu(monkeypatch)


@dataclass
class World:
    """Rows of two counties, and people by role."""

    here: dict[str, Model]
    there: dict[str, Model]
    people: dict[str, User]
    sender: Sender


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Stands in a transaction around the module; what a test writes is rolled back after it."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        county, _far = (
            make_county("柚山县", "青溪镇", ["石榴冲村"]),
            make_county("雾岭县", "云头镇", ["竹坪村"]),
        )
        village, other = (Place.objects.get(name=name) for name in ("石榴冲村", "竹坪村"))
        people = {
            "trainee": make_person("田巧云", (Role.TRAINEE, village)),
            "seller": make_person("周梅英", (Role.SELLER, village)),
            "trainer": make_person("李老师", (Role.TRAINER, county)),
            "organiser": make_person("向满姑", (Role.ORGANISER, county)),
            "stranger": make_person("罗金花", *[(role, other) for role in Role]),
            "superuser": make_person("站长", is_superuser=True),
        }
        here = rows_in(village, people["seller"], people["trainee"])
        here["shops.category"] = Category.objects.get()
        tomorrow = timezone.localdate() + timedelta(days=1)
        here["programme.steprule"] = StepRule.objects.create(valid_from=tomorrow)
        here["programme.outcometarget"] = OutcomeTarget.objects.create(valid_from=tomorrow)
        there = rows_in(other, people["stranger"], make_person("外县学员", (Role.TRAINEE, other)))
        yield World(here, there, people, Sender(people | {"nobody": None}))
        transaction.set_rollback(True)


@pytest.fixture
def here(world, db) -> dict[str, Model]:
    return world.here


@pytest.fixture
def there(world, db) -> dict[str, Model]:
    return world.there


def person_of(role: str):
    @pytest.fixture(name=role)
    def person(world, db) -> User:
        return world.people[role]

    return person


trainee, seller, trainer, organiser, stranger, superuser = map(
    person_of, ("trainee", "seller", "trainer", "organiser", "stranger", "superuser")
)


def page(label: str, name: str, *args) -> str:
    return reverse(route_of(label, name), args=args)


def test_every_model_of_the_admin_is_in_the_table():
    assert {model._meta.label_lower for model in admin.site._registry} == set(RIGHTS)


# Each page of a row by its name in model_pages.expected, with what is sent: an empty form where a row may be changed, so
# that the answer is a form with errors.
ROW_PAGES = {
    "change": ("GET", "change", ()),
    "history": ("GET", "history", ()),
    "delete": ("GET", "delete", ()),
    "post": ("POST", "change", (("_nothing", "1"),)),
    "post_delete": ("POST", "delete", (("post", "yes"),)),
}
LABELS = sorted(RIGHTS)
STAFF = ("stranger", "trainer", "organiser", "superuser")
OTHERS = ("nobody", "trainee", "seller")


def in_turn(things: Sequence[str], turn: int) -> str:
    return things[turn % len(things)] if things else ""


def ask(sender: Sender, who: str, method: str, url: str, rows: Sequence = (), is_drawn: bool = False) -> int:
    """The status; a GET, and whoever is refused, writes nothing."""
    writes = Writes()
    with connection.execute_wrapper(writes):
        status = sender.send(who, method, url, rows, is_drawn=is_drawn or EVERYTHING).status
    if method == "GET" or status in REFUSED:
        assert writes.seen == [], (who, url)
    return status


def is_opened(whose: str, codes: dict[str, int], name: str, turn: int) -> bool:
    """Whether this page of a row has its turn: where a row is not found, a page and a form sent to it find it by the same
    code, and the superuser's pages of another county's row are those of this one's."""
    if EVERYTHING or (whose == "mine" and codes["change"] == 200):
        return True
    return name in (("change", "history", "post_delete"), ("post", "history", "delete"))[turn % 2]


@pytest.mark.long
@pytest.mark.parametrize("label", LABELS)
def test_staff_reach_the_rows_of_their_places_only(label, world, db):
    turn = LABELS.index(label)
    reached = [role for role in STAFF[1:] if expected(label, role, "mine")["change"] == 200]
    wanted, observed = {}, {}
    for n, role in enumerate(STAFF):
        # The stranger is an organiser of the other county like the one of this.
        kinds = ["theirs"] if role == "stranger" else ["theirs", "mine"]
        for whose in [*kinds, "unknown"] if EVERYTHING or in_turn(STAFF, turn) == role else kinds:
            rows = {"theirs": world.there, "mine": world.here}.get(whose, {})
            if role == "stranger" and whose == "theirs":
                rows = world.here
            if whose != "unknown" and (label not in rows or (label in COMMON and whose == "theirs")):
                continue
            pk, codes = rows[label].pk if rows else UNKNOWN, expected(label, role, whose)
            is_drawn = whose == "mine" and role == in_turn(reached, turn)
            for name, (method, kind, sent) in ROW_PAGES.items():
                if is_opened(whose, codes, name, turn + n):
                    url = page(label, kind, pk)
                    wanted[role, whose, name] = codes[name]
                    observed[role, whose, name] = ask(world.sender, role, method, url, sent, is_drawn)
    assert observed == wanted


@pytest.mark.parametrize("label", LABELS)
def test_lists_and_add_pages_open_to_the_roles_that_work_there(label, world, db):
    turn, wanted, observed = LABELS.index(label), {}, {}
    for kind, letters in zip(("changelist", "add"), RIGHTS[label], strict=False):
        able = [role for role in STAFF if LETTERS[role] in letters]
        for n, role in enumerate(STAFF):
            for method in ("GET", "POST") if EVERYTHING else (("GET", "POST")[(turn + n) % 2],):
                key, is_drawn = (kind, role, method), role == in_turn(able, turn)
                wanted[key] = 200 if role in able else 403
                observed[key] = ask(world.sender, role, method, page(label, kind), (), is_drawn)
    assert observed == wanted


@pytest.mark.parametrize("label", LABELS)
def test_who_is_no_staff_is_led_out_of_every_page(label, world, db):
    pk, turn = world.here[label].pk, LABELS.index(label)
    urls = [page(label, "changelist"), page(label, "add")]
    urls += [page(label, name, pk) for name in ("change", "history", "delete")]
    inside = {}
    for n, url in enumerate(urls):
        for person, role in enumerate(OTHERS):
            for method in ("GET", "POST") if EVERYTHING else (("GET", "POST")[(turn + n + person) % 2],):
                answer = world.sender.send(role, method, url)
                if (answer.status, answer.location.split("?")[0]) != (302, reverse("admin:login")):
                    inside[role, method, url] = answer.status
    assert inside == {}


@pytest.mark.long
def test_old_addresses_lead_to_the_page_of_the_row(world, db):
    for label in RIGHTS:
        url, row = page(label, "changelist") + f"{world.here[label].pk}/", world.here[label]
        answer = world.sender.send("organiser", "GET", url)
        assert (answer.status, answer.location) == (302, page(label, "change", row.pk))
        answer = world.sender.send("trainee", "GET", url)
        assert (answer.status, answer.location) == (302, f"{reverse('admin:login')}?next={url}")


@pytest.mark.parametrize("label", LABELS)
def test_lists_show_own_rows_and_no_others(label, here, there, client, organiser):
    """Filters and search in the address find nothing more."""
    client.force_login(organiser)
    own, other = here[label], there.get(label)
    status = "?status=all" if label in ("shops.product", "accounts.membership") else "?"
    queries = [f"&{name}={other.pk}" for name in ("id", "id__exact", "pk__in")] if other is not None else []
    shown = []
    with undrawn():
        for query in ("", *queries):
            answer = client.get(page(label, "changelist") + status + query)
            shown.append(set(answer.context_data["cl"].queryset) if answer.status_code == 200 else set())
    assert own in shown[0]
    assert other is None or not any(other in rows for rows in shown)


@pytest.mark.parametrize(
    "query",
    [
        "?place=%(place)s",
        "?place=%(place)s&status=all",
        "?place__id__exact=%(place)s",
        "?place__path__startswith=1",
    ],
)
def test_filtering_by_another_countys_place_finds_nothing(query, here, there, client, organiser):
    client.force_login(organiser)
    url = page("shops.product", "changelist") + query % {"place": there["accounts.place"].pk}
    answer = client.get(url)
    if "place__" in query:
        assert answer.status_code == 400  # a lookup no filter offers
    else:
        assert list(answer.context["cl"].queryset) == []


def test_a_guess_at_another_tables_column_is_refused(here, client, organiser):
    client.force_login(organiser)
    for query in ("?owner__password__startswith=md5", "?owner__phone__startswith=%2B86139"):
        assert client.get(page("shops.shop", "changelist") + query).status_code == 400


def test_history_shows_the_entries_of_a_visible_row_only(here, there, client, organiser, stranger):
    for rows in (here, there):
        course = rows["courses.course"]
        LogEntry.objects.create(
            user=stranger, object_id=course.pk, content_type_id=_content_type(course), object_repr="一次改动",
            action_flag=CHANGE, change_message="[]",
        )  # fmt: skip
    client.force_login(organiser)
    own = client.get(page("courses.course", "history", here["courses.course"].pk))
    assert [entry.object_repr for entry in own.context["action_list"]] == ["一次改动"]
    assert client.get(page("courses.course", "history", there["courses.course"].pk)).status_code == 404


def _content_type(row) -> int:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_model(row).pk


@pytest.mark.parametrize("name", ["to_field", "_to_field"])
def test_asking_by_another_column_is_refused(name, here, client, organiser):
    client.force_login(organiser)
    person = here["accounts.user"]
    url = page("accounts.user", "change", person.pk) + f"?{name}=phone"
    assert client.get(url).status_code == (400 if name == "_to_field" else 200)


def test_the_detour_that_tells_which_ids_exist_is_gone(here, client, superuser):
    client.force_login(superuser)
    product = here["shops.product"]
    assert client.get(f"/admin/r/{_content_type(product)}/{product.pk}/").status_code == 404
