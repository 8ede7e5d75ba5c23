"""Whom the demo plants, and where it must plant nobody: its password stands in the README."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Membership, Place, User
from config.demo import people
from config.demo.places import plant_places
from config.management.commands.seed_demo import Command
from tests.accounts.conftest import is_signed_in, sign_in


@pytest.fixture
def planted(db) -> dict[str, User]:
    return people.plant_people(plant_places())


def test_the_programme_alone_brings_no_people(db, monkeypatch):
    monkeypatch.setattr(Command, "plant_courses", lambda self, land: None)
    call_command("seed_demo", programme=True)
    assert Place.objects.filter(kind=Place.Kind.COUNTY).exists()
    assert not User.objects.exists()
    assert not Membership.objects.exists()


def test_a_real_site_gets_no_demo(db):
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not User.objects.exists()
    assert not Place.objects.exists()


def test_the_demos_password_opens_nothing_on_a_real_site(client, planted, settings):
    organiser = planted["organiser"]
    sign_in(client, organiser, people.PASSWORD)
    assert not is_signed_in(client, organiser)
    settings.DEMO = True
    sign_in(client, organiser, people.PASSWORD)
    assert is_signed_in(client, organiser)


def test_a_folder_with_the_demo_in_it_is_known(planted):
    assert people.are_planted()
    for person in planted.values():
        person.set_password("ganzi-8-jin")
        person.save()
    assert not people.are_planted()
