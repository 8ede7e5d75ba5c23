"""What the admin offers in searched fields, and to whom."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Membership
from courses.models import State
from tests.factories import make_course, make_person

Role = Membership.Role
# Who may search in a field: T trainer, O organiser, S superuser.
AUTOCOMPLETES = {
    ("accounts.place", "parent"): "OS",
    ("accounts.membership", "user"): "OS",
    ("accounts.membership", "place"): "OS",
    ("courses.course", "place"): "TOS",
    ("courses.course", "needs"): "TOS",
    ("courses.module", "course"): "TOS",
    ("courses.cohort", "course"): "TOS",
    ("courses.cohort", "place"): "TOS",
    ("courses.cohort", "from_places"): "TOS",
    ("courses.cohort", "trainers"): "TOS",
    ("courses.quiz", "course"): "TOS",
    ("courses.quiz", "module"): "TOS",
    ("courses.quiz", "lesson"): "TOS",
    ("courses.quiz", "bank"): "TOS",
    ("courses.quiz", "floor_module"): "TOS",
    ("courses.bank", "course"): "TOS",
    ("courses.question", "bank"): "TOS",
    ("courses.question", "objective"): "TOS",
    ("courses.objective", "course"): "TOS",
    ("courses.objective", "module"): "TOS",
    ("courses.assignment", "module"): "TOS",
    ("courses.drill", "course"): "TOS",
    ("courses.lessonplan", "lesson"): "TOS",
    ("courses.case", "course"): "TOS",
    ("courses.case", "modules"): "TOS",
    ("courses.quickphrase", "course"): "TOS",
    ("programme.teaching", "pupil"): "OS",
    ("programme.teaching", "teacher"): "OS",
    ("shops.shop", "owner"): "OS",
    ("shops.shop", "place"): "OS",
}


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def superuser(db):
    return make_person("站长", is_superuser=True)


def ask(client, label: str, field: str, term: str = "", **more):
    app, model = label.split(".")
    query = {"app_label": app, "model_name": model, "field_name": field, "term": term} | more
    return client.get(reverse("admin:autocomplete"), query)


def found(client, label: str, field: str, term: str = "") -> set[str]:
    return {row["text"] for row in ask(client, label, field, term).json()["results"]}


def test_every_autocomplete_of_the_admin_is_in_the_table():
    fields = {
        (model._meta.label_lower, field)
        for model, page in admin.site._registry.items()
        for field in page.autocomplete_fields
    }
    assert fields == set(AUTOCOMPLETES)


@pytest.mark.parametrize(("label", "field"), sorted(AUTOCOMPLETES))
def test_an_autocomplete_answers_those_who_write_there(
    label, field, trainer, organiser, superuser, trainee, client
):
    statuses = {}
    for letter, person in (("T", trainer), ("O", organiser), ("S", superuser)):
        client.force_login(person)
        statuses[letter] = ask(client, label, field).status_code
    assert statuses == {letter: 200 if letter in AUTOCOMPLETES[label, field] else 403 for letter in "TOS"}
    client.force_login(trainee)
    assert ask(client, label, field).status_code == 302


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("courses.course", "twin"),  # a plain list
        ("courses.course", "cover"),
        ("courses.lesson", "pictures"),
        ("shops.product", "category"),
        ("accounts.user", "password"),
        ("accounts.user", "groups"),
        ("accounts.auditentry", "actor"),
        ("admin.logentry", "user"),
        ("mfa.authenticator", "user"),
        ("courses.course", "nothing"),
        ("nowhere.nothing", "nothing"),
    ],
)
def test_other_fields_do_not_answer_anybody(label, field, superuser, client):
    client.force_login(superuser)
    assert ask(client, label, field).status_code == 403


def test_places_are_those_one_holds(organiser, other_village, client):
    client.force_login(organiser)
    assert found(client, "courses.course", "place") == {
        "柚山县 · 湖南省",
        "青溪镇 · 柚山县",
        "石榴冲村 · 青溪镇",
        "柑子坪村 · 青溪镇",
    }
    assert found(client, "courses.course", "place", "竹坪") == set()
    assert found(client, "courses.course", "place", "石榴") == {"石榴冲村 · 青溪镇"}


def test_people_are_named_with_the_end_of_their_number_and_only_ones_own(organiser, seller, stranger, client):
    client.force_login(organiser)
    assert found(client, "shops.shop", "owner", "周") == {f"周梅英 · {str(seller.phone)[-4:]}"}
    assert found(client, "shops.shop", "owner", "罗金花") == set()
    assert found(client, "shops.shop", "owner", str(stranger.phone)) == set()


def test_teachers_are_those_who_train_in_ones_places(trainer, trainee, organiser, stranger, client):
    client.force_login(organiser)
    assert found(client, "courses.cohort", "trainers") == {f"李老师 · {str(trainer.phone)[-4:]}"}


def test_a_township_may_teach_its_countys_published_course(county, village, other_village, client):
    make_course(county, title="县里的课")
    make_course(county, title="县里的草稿", state=State.DRAFT)
    make_course(other_village, title="外县的课")
    make_course(village, title="自己的草稿", state=State.DRAFT)
    client.force_login(make_person("镇老师", (Role.TRAINER, village.parent)))
    assert found(client, "courses.cohort", "course") == {"县里的课", "自己的草稿"}
    assert found(client, "courses.module", "course") == {"自己的草稿"}


def test_a_role_elsewhere_opens_only_what_that_role_does(county, other_village, client):
    """Trains in one county, organises a village of another: shops are opened in the second only."""
    client.force_login(make_person("两头跑", (Role.TRAINER, county), (Role.ORGANISER, other_village)))
    assert found(client, "shops.shop", "place") == {"竹坪村 · 云头镇"}
    assert "石榴冲村 · 青溪镇" in found(client, "courses.course", "place")


def test_a_page_beyond_the_last_is_not_there(organiser, client):
    client.force_login(organiser)
    assert ask(client, "courses.course", "place", page="99").status_code == 404
