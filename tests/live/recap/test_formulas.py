"""The figures of module 12 compared with a sheet calculated by hand."""

import pytest

from live.models import Figure
from live.recap import formulas

Name = Figure.Name
# 3,456 visits, ¥4,365.40 paid, ¥119.60 given back, 131 buyers:
# GPM 4365.40 × 1000 ÷ 3456 = 1263.136… → ¥1,263.14; a visit 1.2631… → ¥1.26; a buyer 33.3236… → ¥33.32;
# refunds 119.60 ÷ 4365.40 = 2.7397 % ; net 4245.80.
SHEET = {
    Name.SEEN: 12_000,
    Name.VISITS: 3456,
    Name.PRODUCT_SEEN: 1728,
    Name.PRODUCT_TAPS: 432,
    Name.ORDERS: 152,
    Name.PAID_ORDERS: 146,
    Name.BUYERS: 131,
    Name.SALES_FEN: 436_540,
    Name.REFUND_FEN: 11_960,
    Name.WATCH_SECONDS: 72,
}


def test_formulas_come_to_what_was_worked_by_hand():
    assert formulas.compute_all(SHEET) == {
        "net": 424_580,
        "gpm": 126_314,
        "visit_value": 126,
        "basket": 3332,
        "refund_share": 274,
        "watch": 72,
    }


def test_funnel_has_the_share_of_each_step():
    assert [(stage.name, stage.share) for stage in formulas.build_funnel(SHEET)] == [
        (Name.SEEN, None),
        (Name.VISITS, 2880),
        (Name.PRODUCT_SEEN, 5000),
        (Name.PRODUCT_TAPS, 2500),
        (Name.ORDERS, 3519),
        (Name.PAID_ORDERS, 9605),
    ]


def test_a_step_nobody_knows_breaks_the_funnel_there_only():
    known = {name: value for name, value in SHEET.items() if name != Name.PRODUCT_SEEN}
    shares = {stage.name: stage.share for stage in formulas.build_funnel(known)}
    assert (shares[Name.PRODUCT_SEEN], shares[Name.PRODUCT_TAPS], shares[Name.ORDERS]) == (None, None, 3519)


@pytest.mark.parametrize("name", [Name.VISITS, Name.BUYERS, Name.SALES_FEN])
def test_nothing_is_divided_by_nought(name):
    reckoned = formulas.compute_all(SHEET | {name: 0})
    assert [code for code, value in reckoned.items() if value is None] == {
        Name.VISITS: ["gpm", "visit_value"],
        Name.BUYERS: ["basket"],
        Name.SALES_FEN: ["refund_share"],
    }[name]


def test_what_is_lacking_is_named():
    [gpm] = [one for one in formulas.FORMULAS if one.code == "gpm"]
    assert gpm.missing({Name.SALES_FEN: 1}) == ["进直播间的人次"]


@pytest.mark.parametrize(
    ("above", "below", "found"), [(5, 2, 3), (-5, 2, -3), (4, 2, 2), (1, 3, 0), (2, 3, 1)]
)
def test_halves_go_away_from_nought(above, below, found):
    assert formulas.round_half_up(above, below) == found
