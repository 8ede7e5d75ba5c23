from datetime import date

import pytest
from django.core.exceptions import ValidationError

from accounts import fields


@pytest.mark.parametrize(
    "typed", ["198506", "1985-06", "1985年6月", "1985年06月", "1985/6", "1985.6", "１９８５０６"]
)
def test_a_month_is_read_in_any_usual_way(typed):
    assert fields.read_month(typed) == date(1985, 6, 1)


@pytest.mark.parametrize("typed", ["85", "1985", "198513", "198500", "0000-01", "六月", "1985-06-01", "<b>"])
def test_what_is_no_month_is_refused_with_an_example(typed):
    with pytest.raises(ValidationError) as raised:
        fields.read_month(typed)
    assert raised.value.messages == ["写成 198506 这样：四位年，两位月。"]


def test_fourteen_is_proven_only_when_the_month_is_over():
    born = date(2012, 11, 1)
    assert not fields.has_reached_age(born, 14, date(2026, 11, 30))
    assert fields.has_reached_age(born, 14, date(2026, 12, 1))


def test_fourteen_of_a_december_is_proven_in_january():
    born = date(2012, 12, 1)
    assert not fields.has_reached_age(born, 14, date(2026, 12, 31))
    assert fields.has_reached_age(born, 14, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(2012, 12, 1), "满 14 岁才能注册。"),
        (date(2026, 12, 1), "这个年月不对，再看一眼。"),
        (date(1890, 1, 1), "这个年月不对，再看一眼。"),
    ],
)
def test_an_age_that_cannot_be_is_told(born, said):
    with pytest.raises(ValidationError) as raised:
        fields.check_age(born, date(2026, 11, 24))
    assert raised.value.messages == [said]
