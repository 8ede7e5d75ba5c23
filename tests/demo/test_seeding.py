"""Where the demo must not be seeded, because its password is in the README; and the clock that seeding uses."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import demo
from accounts.models import Place, User
from demo.management.commands import seed_demo
from demo.seed import people
from demo.seed.places import seed_places
from demo.seed.timeline import Timeline, clock_at
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


def test_the_programme_alone_goes_to_the_sites_own_county(county, monkeypatch):
    went = []
    monkeypatch.setattr(seed_demo, "import_programme", went.append)
    monkeypatch.setattr(seed_demo, "create_first_rules", lambda course: None)
    call_command("seed_demo", programme=True)
    county.name = "新柚山县"
    county.save()
    call_command("seed_demo", programme=True)
    assert went == [county, county]
    assert not User.objects.exists()
    assert not Place.objects.filter(name="柚山县").exists()


def test_the_programme_alone_needs_to_know_the_county(db):
    with pytest.raises(CommandError, match="no county: manage.py start_county"):
        call_command("seed_demo", programme=True)
    for name in ("柚山县", "雾岭县"):
        Place.objects.create(name=name, kind=Place.Kind.COUNTY)
    with pytest.raises(CommandError, match="more than one county"):
        call_command("seed_demo", programme=True)


def test_a_real_site_gets_no_demo(db):
    with pytest.raises(CommandError):
        call_command("seed_demo")
    assert not User.objects.exists()
    assert not Place.objects.exists()


@pytest.fixture
def seeded(db) -> dict[str, User]:
    return people.seed_people(seed_places())


def test_the_demos_password_opens_nothing_on_a_real_site(client, seeded, settings):
    organiser = seeded["organiser"]
    sign_in(client, organiser, demo.PASSWORD)
    assert not is_signed_in(client, organiser)
    settings.DEMO = True
    sign_in(client, organiser, demo.PASSWORD)
    assert is_signed_in(client, organiser)


def test_a_folder_with_the_demo_in_it_is_known(seeded):
    assert demo.can_sign_in()
    for person in seeded.values():
        person.set_password("ganzi-8-jin")
        person.save()
    assert not demo.can_sign_in()
