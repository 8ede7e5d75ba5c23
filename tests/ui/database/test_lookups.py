"""A number that a column cannot hold matches no row; neither database may answer it with an error."""

import pytest
from django import forms

from accounts.models import Place
from rehearsals.models import Take
from tests.factories import make_county

PAST = 2**63
pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_county("柚山县", "青溪镇", ["石榴冲村"])


@pytest.mark.parametrize("number", [PAST, -PAST - 1, 10**400])
def test_rows_are_looked_up_by_a_number_past_64_bits(county, number):
    rows = Place.objects.all()
    assert list(rows.filter(pk__in=[number, county.pk])) == [county]
    assert not rows.filter(pk__in=[number]).exists()
    assert rows.exclude(pk__in=[number]).count() == rows.count()
    assert not rows.filter(parent=number).exists()
    assert not rows.filter(parent__in=[number]).exists()
    assert rows.filter(parent__in=[number, county.pk]).count() == 1
    assert not rows.filter(children__in=[number]).exists()


def test_a_smaller_column_is_not_asked_for_more_than_it_holds():
    assert not Take.objects.filter(number__in=[2**40]).exists()


def test_a_choice_of_many_rows_refuses_what_is_none(county):
    class Choosing(forms.Form):
        places = forms.ModelMultipleChoiceField(Place.objects.all())

    form = Choosing({"places": [str(county.pk), str(PAST)]})
    assert form.errors.as_data()["places"][0].code == "invalid_choice"
    assert Choosing({"places": [str(county.pk)]}).is_valid()
