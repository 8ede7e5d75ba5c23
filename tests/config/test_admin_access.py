"""Every page of every model in the admin, for everybody, with the person's own, another county's and unknown rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import connection, transaction
from django.db.models import Model
from django.test import override_settings
from django.urls import reverse

from accounts.models import Membership, Place, User
from accounts.worklist import items
from shops.models import Category
from tests.access.model_pages import COMMON, LETTERS, RIGHTS, expected, route_of
from tests.access.outcomes import REFUSED, Writes, answer_refusals_plainly
from tests.config.admin_rows import rows_in
from tests.factories import make_county, make_person

pytestmark = pytest.mark.usefixtures("without_logs")
Role = Membership.Role

UNKNOWN = 987_654_321


@pytest.fixture(autouse=True)
def _pages_alone(settings, monkeypatch):
    """Switch off the second factor, what waits on the admin's first page, and the pages of refusals: all have their own tests."""
    settings.DEMO = True
    monkeypatch.setattr(items, "sources", [])
    answer_refusals_plainly(monkeypatch)


@dataclass
class World:
    """Rows of two counties, and people by role."""

    here: dict[str, Model]
    there: dict[str, Model]
    people: dict[str, User]


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
        there = rows_in(other, people["stranger"], make_person("外县学员", (Role.TRAINEE, other)))
        yield World(here, there, people)
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


def ask(client, url: str, data: dict | None = None) -> int:
    """The status of a GET, or of a POST of this; a GET, and whoever is refused, writes nothing."""
    writes = Writes()
    with connection.execute_wrapper(writes):
        status = (client.get(url) if data is None else client.post(url, data)).status_code
    if data is None or status in REFUSED:
        assert writes.seen == [], url
    return status


def observed(client, label: str, pk: int) -> dict[str, int]:
    """Return the statuses, with an empty POST, so that what may be changed answers with errors."""
    return {
        "change": ask(client, page(label, "change", pk)),
        "history": ask(client, page(label, "history", pk)),
        "delete": ask(client, page(label, "delete", pk)),
        "post": ask(client, page(label, "change", pk), {"_nothing": "1"}),
        "post_delete": ask(client, page(label, "delete", pk), {"post": "yes"}),
    }


@pytest.mark.parametrize("role", ["stranger", "trainer", "organiser", "superuser"])
@pytest.mark.parametrize("label", sorted(RIGHTS))
def test_staff_reach_the_rows_of_their_places_only(label, role, here, there, client, request):
    client.force_login(request.getfixturevalue(role))
    mine, theirs = (there, here) if role == "stranger" else (here, there)
    for whose, rows in (("unknown", None), ("theirs", theirs), ("mine", mine)):
        if role == "stranger" and whose == "mine":
            continue  # an organiser like the one of this county
        if rows is not None and (label not in rows or (label in COMMON and rows is theirs)):
            continue
        pk = UNKNOWN if rows is None else rows[label].pk
        assert observed(client, label, pk) == expected(label, role, whose), (label, role, whose)


@pytest.mark.parametrize("role", ["stranger", "trainer", "organiser", "superuser"])
@pytest.mark.parametrize("label", sorted(RIGHTS))
def test_lists_and_add_pages_open_to_the_roles_that_work_there(label, role, here, client, request):
    client.force_login(request.getfixturevalue(role))
    view, add, *_rest = RIGHTS[label]
    letter = LETTERS[role]
    assert ask(client, page(label, "changelist")) == (200 if letter in view else 403)
    assert ask(client, page(label, "changelist"), {}) == (200 if letter in view else 403)
    assert ask(client, page(label, "add")) == (200 if letter in add else 403)
    assert ask(client, page(label, "add"), {}) == (200 if letter in add else 403)


@pytest.mark.parametrize("role", ["nobody", "trainee", "seller"])
@pytest.mark.parametrize("label", sorted(RIGHTS))
def test_who_is_no_staff_is_led_out_of_every_page(label, role, here, client, request):
    if role != "nobody":
        client.force_login(request.getfixturevalue(role))
    pk = here[label].pk
    urls = [page(label, "changelist"), page(label, "add")]
    urls += [page(label, name, pk) for name in ("change", "history", "delete")]
    for url in urls:
        for answer in (client.get(url), client.post(url, {})):
            assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("admin:login")), url


def test_old_addresses_lead_to_the_page_of_the_row(here, client, organiser, trainee):
    for label in RIGHTS:
        url = page(label, "changelist") + f"{here[label].pk}/"
        client.force_login(organiser)
        answer = client.get(url)
        assert (answer.status_code, answer.url) == (302, page(label, "change", here[label].pk))
        client.force_login(trainee)
        answer = client.get(url)
        assert (answer.status_code, answer.url) == (302, f"{reverse('admin:login')}?next={url}")


@pytest.mark.parametrize("label", sorted(RIGHTS))
def test_lists_show_own_rows_and_no_others(label, here, there, client, organiser):
    """Filters and search in the address find nothing more."""
    client.force_login(organiser)
    own, other = here[label], there.get(label)
    status = "?status=all" if label in ("shops.product", "accounts.membership") else "?"
    shown = set(client.get(page(label, "changelist") + status).context["cl"].queryset)
    assert own in shown
    if other is not None:
        assert other not in shown
        for query in (
            f"{status}&id={other.pk}",
            f"{status}&id__exact={other.pk}",
            f"{status}&pk__in={other.pk}",
        ):
            answer = client.get(page(label, "changelist") + query)
            assert other not in (set(answer.context["cl"].queryset) if answer.status_code == 200 else set())


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
