import json
from random import Random

import pytest

from progress.lessons.watch_intervals import (
    UnreadableInterval,
    cut_first,
    cut_last,
    parse_played,
    subtract,
    sum_lengths,
    unite,
)


def test_union_joins_what_touches():
    assert unite([[5, 9], [0, 3], [3, 4], [8, 12], [7, 7]]) == [[0, 4], [5, 12]]
    assert unite([]) == []


def test_union_leaves_what_went_in_as_it_was():
    one = [[0, 3], [2, 5]]
    unite(one)
    assert one == [[0, 3], [2, 5]]


@pytest.mark.parametrize(
    ("stretches", "taken", "left"),
    [
        ([[0, 10]], [], [[0, 10]]),
        ([[0, 10]], [[0, 10]], []),
        ([[0, 10]], [[3, 5]], [[0, 3], [5, 10]]),
        ([[0, 10]], [[-5, 2], [4, 5], [9, 20]], [[2, 4], [5, 9]]),
        ([[0, 4], [6, 9]], [[3, 7]], [[0, 3], [7, 9]]),
        ([[5, 6]], [[0, 1], [2, 3], [8, 9]], [[5, 6]]),
    ],
)
def test_minus(stretches, taken, left):
    assert subtract(stretches, taken) == left


def test_first_and_last_take_so_much_and_no_more():
    assert cut_first([[0, 10], [20, 30]], 15) == [[0, 10], [20, 25]]
    assert cut_last([[0, 10], [20, 30]], 15) == [[5, 10], [20, 30]]
    assert (cut_first([[0, 10]], 0), cut_last([[0, 10]], -3)) == ([], [])


def test_played_is_within_the_video_forwards_and_without_crumbs():
    said = [[-5000, 1000], [9000, 99_000], [3000, 2000], [4000, 4100], [5000.7, 6000]]
    assert parse_played(said, 10_000) == [[0, 1000], [5000, 6000], [9000, 10_000]]
    assert parse_played([[0, 10**30]], None) == [[0, 86_400_000]]


@pytest.mark.parametrize(
    "said", ["[[NaN, 5]]", "[[0, Infinity]]", "[[1]]", "{}", "[[true, 9]]", '[["0", "9"]]']
)
def test_played_refuses_what_are_no_numbers(said):
    with pytest.raises(UnreadableInterval):
        parse_played(json.loads(said), 1000)


def points(stretches: list) -> set[int]:
    return {n for start, end in stretches for n in range(start, end)}


@pytest.mark.parametrize("seed", range(50))
def test_they_agree_with_sets_of_points(seed):
    dice = Random(seed)

    def some():
        return [[start, start + dice.randint(1, 30)] for start in (dice.randint(0, 200) for _n in range(8))]

    one, two = some(), some()
    assert points(unite(one)) == points(one)
    assert sum_lengths(unite(one)) == len(points(one))
    assert points(subtract(unite(one), unite(two))) == points(one) - points(two)
    assert unite(one + two) == unite(two + one) == unite([*unite(one), *unite(two)])
