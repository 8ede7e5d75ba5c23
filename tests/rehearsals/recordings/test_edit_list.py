"""Which parts make up the film when items are recorded again."""

import pytest

from rehearsals.recordings.edit_list import Stretch, find_kept_stretches


def item(pk: int, at_ms: int, **more) -> dict:
    return {"kind": "item", "item": pk, "at_ms": at_ms} | more


def again(pk: int, at_ms: int) -> dict:
    return {"kind": "again", "item": pk, "at_ms": at_ms}


def test_all_takes_are_whole_when_nothing_was_done_again():
    takes = [[item(1, 0), item(2, 9000)], [item(2, 0, goes_on=True)], []]
    assert find_kept_stretches(takes) == [Stretch(0), Stretch(1), Stretch(2)]


def test_item_done_again_is_cut_from_where_it_began():
    takes = [[item(1, 0), item(2, 9000), again(2, 15_000)], [item(2, 0)]]
    assert find_kept_stretches(takes) == [Stretch(0, 9000), Stretch(1)]


def test_first_item_done_again_leaves_nothing_of_its_take():
    assert find_kept_stretches([[item(1, 0), again(1, 8000)], [item(1, 0)]]) == [Stretch(1)]


def test_item_is_cut_through_every_take_it_went_on_in():
    takes = [
        [item(1, 0), item(2, 9000)],
        [item(2, 0, goes_on=True)],
        [item(2, 0, goes_on=True), again(2, 4000)],
        [item(2, 0), item(3, 5000)],
    ]
    assert find_kept_stretches(takes) == [Stretch(0, 9000), Stretch(3)]


def test_items_before_it_stay_and_can_be_cut_later_only_by_themselves():
    takes = [
        [item(1, 0), item(2, 5000), again(2, 7000)],
        [item(2, 0), again(2, 6000)],
        [item(2, 0), again(1, 3000)],
    ]
    # The third "again" names an item that began in the first take: all since then goes.
    assert find_kept_stretches(takes) == []


def test_again_of_an_item_that_never_began_cuts_nothing():
    assert find_kept_stretches([[item(1, 0), again(7, 3000)]]) == [Stretch(0)]


@pytest.mark.long
def test_slip_of_the_finger_is_not_left_as_a_stretch():
    assert find_kept_stretches([[item(1, 0), item(2, 499), again(2, 3000)], [item(2, 0)]]) == [Stretch(1)]
    assert find_kept_stretches([[item(1, 0), item(2, 500), again(2, 3000)], [item(2, 0)]]) == [
        Stretch(0, 500),
        Stretch(1),
    ]
