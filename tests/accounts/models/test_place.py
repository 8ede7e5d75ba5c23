import pytest

from accounts.models import Membership, Place
from tests.factories import make_county

pytestmark = pytest.mark.both_databases


def test_held_by_gives_the_place_and_all_below(organiser, other_village):
    held = Place.objects.held_by(organiser, Membership.Role.ORGANISER)
    assert [place.name for place in held] == ["柚山县", "青溪镇", "石榴冲村", "柑子坪村"]


def test_held_by_counts_only_the_asked_role(organiser):
    assert not Place.objects.held_by(organiser, Membership.Role.TRAINER).exists()


def test_moving_a_place_moves_what_is_below(county):
    new = make_county("新县", "新镇", [])
    town = Place.objects.get(name="青溪镇")
    town.parent = new
    town.save()
    village = Place.objects.get(name="石榴冲村")
    assert village.path == f"{new.path}{town.pk:06d}/{village.pk:06d}/"


def test_full_name_starts_at_the_county(village):
    assert village.full_name() == "柚山县青溪镇石榴冲村"
