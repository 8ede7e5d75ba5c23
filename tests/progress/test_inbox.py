"""What waits for a trainee: a review not read, a task that came back, a recording broken off."""

import pytest
from django.urls import reverse
from django.utils import timezone

from progress import inbox
from progress.enrolling import enrol
from progress.models import NoteAnswer, Review, Submission
from tests.factories import make_cohort, make_course
from tests.progress.rehearsals import make_rehearsal
from tests.reviews import make_drill, make_note, make_plan, make_review, make_submission


@pytest.fixture
def cohort(trainee, trainer, village):
    cohort = make_cohort(make_course(village, title="直播课"), village, trainer)
    enrol(trainee, cohort.course, cohort)
    return cohort


@pytest.fixture
def drill(cohort):
    return make_drill(cohort)


@pytest.fixture
def submission(trainee, cohort, drill) -> Submission:
    return make_submission(trainee, cohort, drill, number=1)


def test_review_is_unread_from_its_signature_until_its_owner_has_seen_it(
    as_user, trainee, trainer, seller, organiser, submission
):
    make_review(seller, submission, kind=Review.Kind.PEER, total=None)
    assert list(inbox.unread_reviews(trainee)) == []
    make_review(trainer, submission)
    assert list(inbox.unread_reviews(trainee)) == [submission]
    mine = as_user(trainee)
    page = mine.get(reverse("progress:submission", args=[submission.key]))
    assert "看过了" in page.content.decode()
    assert list(inbox.unread_reviews(trainee)) == [submission]  # a GET changes nothing
    mine.post(reverse("progress:submission_read", args=[submission.key]))
    assert list(inbox.unread_reviews(trainee)) == []
    make_review(organiser, submission, kind=Review.Kind.SECOND)
    assert list(inbox.unread_reviews(trainee)) == [submission]


def test_returned_task_says_what_to_do_with_one_button(as_user, trainee, trainer, submission):
    review = make_review(trainer, submission, wants_again=True)
    [found] = inbox.returned(trainee)
    studio = reverse("progress:studio", args=[submission.rehearsal.livestream_id])
    assert (found.submission, found.words, found.button, found.url) == (
        submission,
        "老师请您整段重录一遍。",
        "整段重录",
        studio,
    )
    page = as_user(trainee).get(reverse("progress:submission", args=[submission.key])).content.decode()
    assert page.count("老师请您整段重录一遍。") == 1
    assert page.count("btn--main") == 1
    assert f'href="{studio}">' in page
    assert review.signed_at


def test_whole_task_is_done_with_by_another_whole_try(as_user, trainee, trainer, cohort, drill, submission):
    make_review(trainer, submission, wants_again=True)
    bit = make_submission(trainee, cohort, drill, number=2)
    other = make_note(make_review(trainer, make_submission(trainee, cohort, None, number=1)))
    NoteAnswer.objects.create(note=other, author=trainee, rehearsal=bit.rehearsal)
    assert [one.submission for one in inbox.returned(trainee)] == [submission]
    make_submission(trainee, cohort, drill, number=3)
    assert inbox.returned(trainee) == []
    page = as_user(trainee).get(reverse("progress:submission", args=[submission.key]))
    assert page.context["returned"] is None


def test_bits_come_back_one_by_one_until_each_is_recorded_again(trainee, trainer, cohort, submission):
    review = make_review(trainer, submission)
    first = make_note(review, 40_000, asks_again=True, until_ms=75_000)
    second = make_note(review, 80_000, asks_again=True, until_ms=85_000)
    make_note(review, 1000, asks_again=True, until_ms=5000, removed_at=timezone.now())
    studio = reverse("progress:studio", args=[submission.rehearsal.livestream_id])
    seen = []
    for note in (first, second):
        [found] = inbox.returned(trainee)
        seen.append((found.words, found.url))
        again = make_submission(trainee, cohort, None, number=note.at_ms)
        NoteAnswer.objects.create(note=note, author=trainee, rehearsal=again.rehearsal)
    assert seen == [
        ("老师请您把 0:40–1:15 这一段再来一遍。", f"{studio}?note={first.key}"),
        ("老师请您把 1:20–1:25 这一段再来一遍。", f"{studio}?note={second.key}"),
    ]
    assert inbox.returned(trainee) == []


def test_where_the_plan_was_taken_away_its_drill_is_the_way_back(trainee, trainer, drill, submission):
    make_review(trainer, submission, wants_again=True)
    submission.rehearsal.livestream.removed_at = timezone.now()
    submission.rehearsal.livestream.save()
    [found] = inbox.returned(trainee)
    assert found.url == reverse("progress:drill", args=[drill.pk])


def test_unfinished_are_those_that_can_be_gone_on_with(trainee, trainer, cohort, submission):
    plan = make_plan(trainee, cohort)
    broken = make_rehearsal(trainee, plan)
    done = make_rehearsal(trainee, plan)
    done.takes.update(marks=[{"kind": "end", "at_ms": 20_000}])
    make_rehearsal(trainee, plan, dropped_at=timezone.now())
    make_rehearsal(trainer, make_plan(trainer, cohort))
    assert [one.rehearsal for one in inbox.unfinished(trainee)] == [broken]


def test_inbox_asks_the_database_the_same_for_one_and_for_many(
    trainee, trainer, cohort, drill, django_assert_num_queries
):
    for number in range(1, 6):
        review = make_review(trainer, make_submission(trainee, cohort, None, number=number), wants_again=True)
        make_note(review, 40_000, asks_again=True, until_ms=75_000)
        make_rehearsal(trainee, make_plan(trainee, cohort))
        with django_assert_num_queries(7):
            assert len(inbox.unread_reviews(trainee)) == number
            assert len(inbox.returned(trainee)) == number
            assert len(inbox.unfinished(trainee)) == number
