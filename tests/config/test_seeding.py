"""Where the demo must plant nobody, because its password stands in the README; and the clock by which it is planted."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Membership, Place, User
from config.demo import people
from config.demo.places import plant_places
from config.demo.timeline import Timeline, clock_at
from config.management.commands.seed_demo import Command
from tests.accounts.conftest import is_signed_in, sign_in


def test_no_step_lies_ahead(db):
    timeline = Timeline()
    with pytest.raises(ValueError, match="lies ahead"):
        timeline.add(timezone.now() + datetime.timedelta(minutes=1), print)


def test_clock_stands_for_defaults_too_and_goes_on_afterwards(db):
    then = datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC)
    with clock_at(then):
        assert User.objects.create_user("+8613900000001", name="某").joined_at == then
        assert timezone.localdate() == datetime.date(2026, 1, 2)
    assert timezone.now() > then


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


@pytest.fixture
def planted(db) -> dict[str, User]:
    return people.plant_people(plant_places())


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
