"""What two or three scores come to: exact totals at the edges."""

import pytest

from programme.exams.outcome import Outcome, Signed, judge, list_agreeable

MEAN = [
    ((80, 80), 80),
    ((80, 81), 81),  # half a point is rounded up
    ((70, 80), 75),  # ten apart is not too far
    ((59, 60), 60),
    ((0, 0), 0),
    ((100, 100), 100),
]


@pytest.mark.parametrize(("totals", "total"), MEAN)
def test_two_that_are_near_give_their_mean(totals, total):
    assert judge([Signed(one) for one in totals]) == Outcome(total, "mean")


@pytest.mark.parametrize(
    ("two", "apart"),
    [
        ([Signed(70), Signed(81)], True),
        ([Signed(81), Signed(70)], True),
        ([Signed(59, capped=True), Signed(62)], True),  # they differ on the gate
        ([Signed(59, capped=True), Signed(52, capped=True)], False),
    ],
)
def test_two_that_are_far_apart_or_differ_on_the_gate_are_not_settled(two, apart):
    assert judge(two).is_apart is apart
    assert (judge(two).total is None) is apart


def test_one_score_settles_nothing():
    assert judge([]) == judge([Signed(90)]) == Outcome()


@pytest.mark.parametrize(
    ("totals", "total"), [((60, 80, 70), 70), ((60, 80, 90), 80), ((60, 80, 10), 60), ((80, 60, 80), 80)]
)
def test_of_three_the_middle_one_counts(totals, total):
    one, two, third = map(Signed, totals)
    assert judge([one, two], third) == Outcome(total, "third")


def test_the_gate_limits_where_both_or_two_of_three_say_so():
    both = [Signed(59, capped=True), Signed(55, capped=True)]
    assert judge(both) == Outcome(57, "mean")
    one, two = Signed(59, capped=True), Signed(85)
    assert judge([one, two], Signed(80)) == Outcome(80, "third")
    assert judge([one, two], Signed(59, capped=True)) == Outcome(59, "third")
    assert judge([Signed(65, capped=True), Signed(90)], Signed(80, capped=True)) == Outcome(59, "third")


def test_both_must_agree_on_the_same_total():
    assert judge([Signed(60, agreed=72), Signed(80)]).total is None
    assert judge([Signed(60, agreed=72), Signed(80, agreed=71)]).total is None
    assert judge([Signed(60, agreed=72), Signed(80, agreed=72)]) == Outcome(72, "talk")
    assert (min(list_agreeable(Signed(80), Signed(60))), max(list_agreeable(Signed(80), Signed(60)))) == (
        60,
        80,
    )
