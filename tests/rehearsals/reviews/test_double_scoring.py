"""Second scores: one in ten by its key, shown to who has not scored it, and the difference of both scores."""

import uuid

from rehearsals.models import Review
from rehearsals.reviews import double_scoring
from rehearsals.submissions import services
from tests.factories import make_person
from tests.reviews import all_marks, drawn, make_review, make_submission


def test_one_in_ten_is_drawn_and_always_the_same():
    keys = [uuid.UUID(int=number * 7919) for number in range(5000)]
    first = [services.is_drawn_for_second_score(key) for key in keys]
    assert first == [services.is_drawn_for_second_score(key) for key in keys]
    assert 420 <= sum(first) <= 580


def test_waiting_is_for_trainers_who_have_not_scored_it(learner, cohort, trainer, organiser, stranger):
    submission = make_submission(learner, cohort, needs_second=True)
    assert list(double_scoring.find_waiting(organiser)) == []
    make_review(trainer, submission)
    assert list(double_scoring.find_waiting(organiser)) == [submission]
    assert [list(double_scoring.find_waiting(one)) for one in (trainer, stranger, learner)] == [[], [], []]
    make_review(organiser, submission, kind=Review.Kind.SECOND)
    other = make_person("另一个老师", ("trainer", cohort.place))
    assert list(double_scoring.find_waiting(other)) == []


def test_spread_tells_the_points_and_where_they_differ(learner, cohort, trainer, organiser):
    submission = make_submission(learner, cohort, needs_second=True)
    first = make_review(trainer, submission, marks=all_marks("full", prod_inside="half"), total=98)
    assert double_scoring.calculate_spread([first]) is None
    marks = all_marks("full", prod_inside="none", pace_time="none")
    second = make_review(organiser, submission, kind=Review.Kind.SECOND, marks=marks, total=94)
    spread = double_scoring.calculate_spread([second, first])
    assert (spread.first, spread.second, spread.points, spread.far) == (98, 94, -4, 4)
    assert spread.parts == [("讲货", 20, 18), ("节奏", 8, 6)]


def test_spreads_of_ones_classes_with_their_mean(
    learner, cohort, trainer, organiser, stranger, django_assert_num_queries
):
    for first, second in ((80, 86), (70, 69), (90, 90)):
        submission = make_submission(learner, cohort, needs_second=True, key=drawn(True))
        make_review(trainer, submission, total=first)
        make_review(organiser, submission, kind=Review.Kind.SECOND, total=second)
    with django_assert_num_queries(3):
        found = double_scoring.list_spreads(organiser)
    assert [both.points for _one, both in found] == [0, -1, 6]
    assert double_scoring.calculate_mean(found) == 2.3
    assert double_scoring.list_spreads(stranger) == []
    assert double_scoring.calculate_mean([]) is None
