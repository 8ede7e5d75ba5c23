"""The pages that merge two accounts: the person's own, by both passwords, and that of who leads the class."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from programme.duplicates.forms import REFUSALS
from programme.models import AccountMerge
from progress.models import LessonDone
from tests.factories import PASSWORD, make_person
from tests.programme.certificates.worlds import do_lessons, make_class

pytestmark = pytest.mark.django_db
OWN = "/me/merge/"


@pytest.fixture
def other(village) -> User:
    person = make_person("田巧云", (Membership.Role.TRAINEE, village))
    set_password(person)
    return person


@pytest.fixture
def cohort(trainee, other, village, trainer):
    return make_class(trainer, village, trainee, other)


def set_password(person: User) -> None:
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])


def sign_in(client, person: User) -> None:
    client.force_login(person)


def test_both_passwords_merge_after_a_second_yes(client, trainee, other, cohort):
    do_lessons(other, cohort)
    sign_in(client, trainee)
    shown = client.post(OWN, {"phone": str(other.phone), "password": PASSWORD})
    page = shown.content.decode()
    assert "合了就分不开" in page
    assert '<dt>学完的课</dt><dd class="num">2</dd>' in page
    assert PASSWORD not in page
    assert AccountMerge.objects.count() == 0
    done = client.post(OWN, {"token": shown.context["token"]}, follow=True)
    assert "合好了，都在这个账号里" in done.content.decode()
    assert LessonDone.objects.filter(user=trainee).count() == 2
    assert not client.login(phone=str(other.phone), password=PASSWORD)


@pytest.mark.parametrize("password", ["wrong", ""])
def test_without_the_other_password_nothing_is_shown(client, trainee, other, password):
    sign_in(client, trainee)
    page = client.post(OWN, {"phone": str(other.phone), "password": password})
    assert page.status_code == 422
    assert "token" not in page.context
    assert str(other.phone)[3:6] in page.content.decode()  # what was typed stays
    assert AccountMerge.objects.count() == 0


def test_a_number_without_an_account_gets_the_same_answer(client, trainee, other):
    sign_in(client, trainee)
    answers = [
        client.post(OWN, {"phone": phone, "password": "wrong-one"}).context["form"].errors["password"]
        for phone in (str(other.phone), "13911112222")
    ]
    assert answers[0] == answers[1] == ["手机号或者密码不对。"]


def test_guessing_is_stopped_as_at_signing_in(client, trainee, other, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_in_here": "2/5m/key"}
    sign_in(client, trainee)
    for _n in range(2):
        client.post(OWN, {"phone": str(other.phone), "password": "wrong-one"})
    page = client.post(OWN, {"phone": str(other.phone), "password": PASSWORD})
    assert "试的次数太多了" in page.content.decode()


def test_a_token_of_somebody_else_or_made_up_does_nothing(client, trainee, other, stranger):
    sign_in(client, trainee)
    token = client.post(OWN, {"phone": str(other.phone), "password": PASSWORD}).context["token"]
    sign_in(client, stranger)
    for one in (token, token[:-1] + "x", ""):
        assert client.post(OWN, {"token": one}, follow=True).redirect_chain == [(OWN, 302)]
    assert AccountMerge.objects.count() == 0


def test_another_password_or_a_block_ends_the_second_form(client, trainee, other):
    sign_in(client, trainee)
    token = client.post(OWN, {"phone": str(other.phone), "password": PASSWORD}).context["token"]
    User.objects.filter(pk=other.pk).update(is_active=False)
    assert client.post(OWN, {"token": token}, follow=True).redirect_chain == [(OWN, 302)]
    other.set_password("another of the owner")
    other.save(update_fields=["password"])
    User.objects.filter(pk=other.pk).update(is_active=True)
    assert client.post(OWN, {"token": token}, follow=True).redirect_chain == [(OWN, 302)]
    assert AccountMerge.objects.count() == 0


def test_a_trainers_account_is_never_merged_away(client, trainee, trainer):
    set_password(trainer)
    sign_in(client, trainee)
    page = client.post(OWN, {"phone": str(trainer.phone), "password": PASSWORD})
    assert str(REFUSALS["staff"]) in page.content.decode()


# --- by who leads the class ---


@pytest.mark.long
def test_an_account_nobody_signed_in_to_is_merged_by_the_trainer(client, trainer, trainee, other, cohort):
    do_lessons(other, cohort)
    sign_in(client, trainer)
    listed = client.get(reverse("programme:duplicates", args=[cohort.pk]))
    assert other in listed.context["page"].items
    url = reverse("programme:duplicate", args=[cohort.pk, other.pk])
    empty = client.post(url, {"person": trainee.pk, "reason": ""})
    assert (empty.status_code, empty.context["chosen"]) == (422, trainee.pk)
    client.post(url, {"person": trainee.pk, "reason": "当面问过"})
    made = AccountMerge.objects.get()
    assert (made.keep, made.gone, made.made_by, made.reason) == (trainee, other, trainer, "当面问过")
    assert client.get(url).status_code == 404


def test_an_account_with_a_sign_in_needs_the_person(client, trainer, trainee, other, cohort):
    User.objects.filter(pk=other.pk).update(last_login=timezone.now())
    sign_in(client, trainer)
    url = reverse("programme:duplicate", args=[cohort.pk, other.pk])
    assert client.post(url, {"person": trainee.pk, "reason": "x"}).status_code == 404
    assert AccountMerge.objects.count() == 0


@pytest.mark.long
def test_a_sellers_account_is_the_organisers_and_nobody_merges_into_their_own(
    client, trainer, trainee, organiser, other, cohort, village
):
    cohort.enrolments.create(user=trainer, course=cohort.course)
    url = reverse("programme:duplicate", args=[cohort.pk, other.pk])
    sign_in(client, trainer)
    assert trainer not in client.get(url).context["candidates"]
    page = client.post(url, {"person": trainer.pk, "reason": "当面问过"})
    assert "先选他的另一个账号" in page.content.decode()
    other.memberships.create(role=Membership.Role.SELLER, place=village, status=Membership.Status.GRANTED)
    page = client.post(url, {"person": trainee.pk, "reason": "当面问过"})
    assert str(REFUSALS["seller"]) in page.content.decode()
    assert AccountMerge.objects.count() == 0
    sign_in(client, organiser)
    client.post(url, {"person": trainee.pk, "reason": "当面问过"})
    assert AccountMerge.objects.get().made_by == organiser


def test_into_somebody_outside_the_class_is_refused(client, trainer, other, cohort, stranger):
    sign_in(client, trainer)
    url = reverse("programme:duplicate", args=[cohort.pk, other.pk])
    page = client.post(url, {"person": stranger.pk, "reason": "当面问过"})
    assert "先选他的另一个账号" in page.content.decode()
    assert page.context["form"]["reason"].value() == "当面问过"


def test_people_of_the_same_name_come_first_and_a_name_is_found(
    client, trainer, trainee, other, cohort, village
):
    names = [f"安{letter}" for letter in "甲乙丙丁"]
    for name in names:
        person = make_person(name, (Membership.Role.TRAINEE, village))
        cohort.enrolments.create(user=person, course=cohort.course)
    User.objects.filter(pk=trainee.pk).update(name=other.name)
    sign_in(client, trainer)
    url = reverse("programme:duplicate", args=[cohort.pk, other.pk])
    found = client.get(url).context["candidates"]
    assert [person.name for person in found] == [other.name, "安丙", "安丁", "安甲", "安乙"]
    assert [person.name for person in client.get(url, {"q": "安丙"}).context["candidates"]] == ["安丙"]


@pytest.mark.long
def test_the_list_costs_the_same_queries_for_one_and_for_many(
    client, trainer, cohort, village, django_assert_max_num_queries, django_assert_num_queries
):
    sign_in(client, trainer)
    url = reverse("programme:duplicates", args=[cohort.pk])
    client.get(url)
    with django_assert_max_num_queries(16) as first:
        client.get(url)
    for number in range(24):
        person = make_person(f"安{number}", (Membership.Role.TRAINEE, village))
        cohort.enrolments.create(user=person, course=cohort.course)
    with django_assert_num_queries(len(first)):
        client.get(url)
