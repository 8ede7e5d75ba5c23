"""The signed-in person is loaded for every page as by Django, with one query."""

from datetime import date

import pytest
from django.contrib.auth import get_user
from django.contrib.auth.backends import ModelBackend

from accounts.auth.backends import AuthenticationBackend
from accounts.models import User
from tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def person(village):
    return make_person("满姑", ("trainee", village), birth_month=date(1961, 4, 1), password_change_due=True)


def test_person_is_whole_as_django_finds_them(person, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = AuthenticationBackend().get_user(person.pk)
    theirs = ModelBackend().get_user(person.pk)
    assert type(found) is User
    for field in User._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(theirs, field.attname), field
    assert found.get_deferred_fields() == set()


def test_nobody_and_who_was_switched_off_are_not_found(person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert AuthenticationBackend().get_user(person.pk) is None
    assert AuthenticationBackend().get_user(person.pk + 1) is None


def test_switched_off_in_the_middle_of_a_visit_is_signed_out(person, client, rf):
    client.force_login(person)
    request = rf.get("/")
    request.session = client.session
    assert get_user(request) == person
    User.objects.filter(pk=person.pk).update(is_active=False)
    request.session = client.session
    assert get_user(request).is_anonymous
