"""A live minute by minute, and compared with others."""

import datetime

import pytest

from live.models import Figure, Slip
from live.recap import comparison, figures, timeline
from live.templatetags import live_tags
from tests.factories import make_person, make_product, make_shop
from tests.live.kit import START, add_pin, add_sale, make_ended, make_item

Name = Figure.Name


@pytest.fixture
def live(seller, village):
    return make_ended(make_shop(seller, village), minutes=30)


def test_sales_stand_in_their_minute_and_undone_ones_are_taken_from_it(live):
    item = make_item(live, make_product(live.shop))
    add_sale(item, 3, minute=2)
    slip = add_sale(item, 10, minute=5)
    add_sale(item, -10, minute=7, from_stock=-10, undoes=slip)
    found = timeline.build_timeline(live)
    assert (found.step, len(found.bars)) == (1, 31)
    assert {bar.minute: (bar.units, bar.fen) for bar in found.bars if bar.units} == {2: (3, 8970)}


def test_what_was_keyed_after_the_end_stands_in_the_last_minute(live):
    add_sale(make_item(live, make_product(live.shop)), 1, minute=95)
    assert timeline.build_timeline(live).bars[-1].units == 1


def test_long_lives_have_wider_bars(seller, village):
    long = make_ended(make_shop(seller, village), minutes=200)
    found = timeline.build_timeline(long)
    assert (found.step, len(found.bars)) == (5, 41)


def test_pins_cut_it_into_stretches_with_what_was_sold_meanwhile(live):
    one, two = make_item(live, make_product(live.shop)), make_item(live, make_product(live.shop, name="沃柑"))
    for item, minute in ((one, 0), (two, 10), (one, 20)):
        add_pin(item, minute)
    add_sale(one, 2, minute=3)
    add_sale(one, 4, minute=12)
    add_sale(one, 1, minute=25)
    found = [
        (row.item, row.minute, row.minutes, row.units) for row in timeline.build_timeline(live).stretches
    ]
    assert found == [(one, 0, 10, 2), (two, 10, 10, 0), (one, 20, 10, 1)]


def test_rows_and_bars_and_their_total_are_the_same_sales(live):
    one, two = make_item(live, make_product(live.shop)), make_item(live, make_product(live.shop, name="沃柑"))
    for item, minute in ((one, 5), (two, 10)):
        add_pin(item, minute)
    for item, quantity, minute in ((two, 3, 1), (one, 1, 6), (two, 13, 7), (two, 2, 12), (one, 4, 95)):
        add_sale(item, quantity, minute=minute)
    found = timeline.build_timeline(live)
    assert [(row.item, row.number, row.units, row.all_units) for row in found.stretches] == [
        (None, 0, 0, 3),
        (one, 1, 1, 14),
        (two, 2, 2, 6),
    ]
    assert found.units == sum(row.all_units for row in found.stretches) == 23


def test_the_page_says_both_of_a_stretch(as_user, seller, live):
    one, two = make_item(live, make_product(live.shop)), make_item(live, make_product(live.shop, name="沃柑"))
    add_pin(one, 0)
    add_sale(one, 1, minute=2)
    add_sale(two, 13, minute=3)
    page = " ".join(as_user(seller).get(f"/live/{live.pk}/recap/").content.decode().split())
    for words in ("一共卖了 14 份。", "共 14 份", "这一款卖了 1 份", "① 冰糖橙"):
        assert words in page


def test_bars_carry_their_values_and_pins_a_label_that_is_no_count(live):
    item = make_item(live, make_product(live.shop))
    add_pin(item, 0)
    for minute, quantity in ((2, 14), (3, 9), (20, 1)):
        add_sale(item, quantity, minute=minute)
    drawn = live_tags.drawn(timeline.build_timeline(live))
    # 9 is too near to 14 to be readable; the table has it.
    assert [value["units"] for value in drawn["values"]] == [14, 1]
    assert all(0 <= value["x"] <= timeline.WIDE and value["y"] > 28 for value in drawn["values"])
    assert [live_tags.circled(pin["number"]) for pin in drawn["pins"]] == ["①"]


def test_visits_and_slips_are_drawn_where_they_were(live):
    for minute, value in ((0, 5), (1, 9)):
        Figure.objects.create(livestream=live, name=Name.VISITS, minute=minute, value=value)
    at = START + datetime.timedelta(minutes=1, seconds=30)
    Slip.objects.create(livestream=live, said="最甜", right="糖度 13.2", happened_at=at)
    bars = timeline.build_timeline(live).bars
    assert [(bar.visits, bar.slips) for bar in bars[:3]] == [(5, 0), (9, 1), (None, 0)]


def test_the_newest_figure_counts_and_older_ones_stay(live, seller):
    figures.write_figures(live, {Name.VISITS: 100, Name.BUYERS: None}, seller)
    figures.write_figures(live, {Name.VISITS: 120}, seller)
    figures.write_figures(live, {Name.VISITS: 120}, seller)
    assert figures.find_known_figures(live).values == {Name.VISITS: 120}
    assert list(live.figures.values_list("value", flat=True)) == [100, 120]


def test_our_own_rows_speak_where_nobody_else_has(live, seller):
    add_sale(make_item(live, make_product(live.shop)), 3, minute=1)
    assert figures.find_known_figures(live).values == {Name.SALES_FEN: 8970, Name.REFUND_FEN: 0}
    figures.write_figures(live, {Name.SALES_FEN: 9000}, seller)
    assert figures.find_known_figures(live).values == {Name.SALES_FEN: 9000, Name.REFUND_FEN: 0}


def test_figures_of_many_lives_cost_the_same(live, seller, village, django_assert_num_queries):
    lives = [live, *(make_ended(live.shop, start=START - datetime.timedelta(days=n)) for n in range(1, 24))]
    for some in (lives[:1], lives):
        with django_assert_num_queries(3):
            figures.load_known_figures(some)


def test_the_one_before_is_of_the_same_shop_and_over(live, seller, village):
    earlier = make_ended(live.shop, start=START - datetime.timedelta(days=3))
    make_ended(make_shop(seller, village), start=START - datetime.timedelta(days=1))
    make_ended(live.shop, start=START + datetime.timedelta(days=1))
    assert comparison.find_previous_live(live) == earlier
    assert comparison.find_previous_live(earlier) is None


def others(village, count: int):
    for n in range(count):
        shop = make_shop(make_person(f"卖家{n}", ("seller", village)), village)
        add_sale(make_item(make_ended(shop), make_product(shop)), n + 1, minute=1)


@pytest.mark.parametrize(("count", "usual"), [(2, {}), (3, 5980), (5, 8970)])
def test_what_is_usual_needs_three_other_shops(live, village, count, usual):
    others(village, count)
    add_sale(make_item(live, make_product(live.shop)), 50, minute=1)
    now = START + datetime.timedelta(days=2)
    assert comparison.calculate_village_medians(live, now) == (usual and {"net": usual, "refund_share": 0})


def test_figures_are_provisional_for_seven_days(live):
    end = live.ended_at
    assert comparison.is_provisional(live, end + datetime.timedelta(days=7, seconds=-1))
    assert not comparison.is_provisional(live, end + datetime.timedelta(days=7))
