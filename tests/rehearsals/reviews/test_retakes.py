"""A returned task says what to do, with one button, until it is done."""

import pytest
from django.urls import reverse
from django.utils import timezone

from progress.enrolment.services import enrol
from rehearsals.models import NoteAnswer, Submission
from tests.factories import make_cohort, make_course
from tests.reviews import make_drill, make_note, make_review, make_submission


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


@pytest.fixture
def open_review(as_user, trainee, submission):
    client = as_user(trainee)
    return lambda: client.get(reverse("rehearsals:submission", args=[submission.key]))


def studio_of(submission: Submission) -> str:
    return reverse("rehearsals:studio", args=[submission.rehearsal.livestream_id])


def test_whole_task_that_came_back_has_one_main_button(trainer, submission, open_review):
    make_review(trainer, submission, wants_again=True)
    shown = open_review().content.decode()
    assert shown.count("老师请你整段重录一遍。") == 1
    assert shown.count("btn--main") == 1
    assert f'<a class="btn btn--main btn--wide" href="{studio_of(submission)}">' in shown


def test_whole_task_is_done_by_another_whole_try_and_by_no_bit(
    trainee, trainer, cohort, drill, submission, open_review
):
    make_review(trainer, submission, wants_again=True)
    bit = make_submission(trainee, cohort, drill, number=2)
    note = make_note(make_review(trainer, make_submission(trainee, cohort, None, number=1)))
    NoteAnswer.objects.create(note=note, author=trainee, rehearsal=bit.rehearsal)
    assert open_review().context["returned"].button == "整段重录"
    make_submission(trainee, cohort, drill, number=3)
    assert open_review().context["returned"] is None


def test_whole_task_without_a_drill_is_done_by_another_try_at_its_plan(as_user, trainee, trainer, cohort):
    submission = make_submission(trainee, cohort, number=1)
    make_review(trainer, submission, wants_again=True)
    client, url = as_user(trainee), reverse("rehearsals:submission", args=[submission.key])
    make_submission(trainee, cohort, number=2)
    assert client.get(url).context["returned"].button == "整段重录"
    make_submission(trainee, cohort, plan=submission.rehearsal.livestream, number=3)
    assert client.get(url).context["returned"] is None


@pytest.mark.long
def test_bits_come_back_one_by_one_until_each_is_recorded_again(
    trainee, trainer, cohort, submission, open_review
):
    review = make_review(trainer, submission)
    second = make_note(review, 80_000, asks_again=True, until_ms=85_000)
    first = make_note(review, 40_000, asks_again=True, until_ms=75_000)
    make_note(review, 1000, asks_again=True, until_ms=5000, removed_at=timezone.now())
    seen = []
    for note in (first, second):
        found = open_review().context["returned"]
        seen.append((found.words, found.url))
        again = make_submission(trainee, cohort, None, number=note.at_ms // 1000)
        NoteAnswer.objects.create(note=note, author=trainee, rehearsal=again.rehearsal)
    assert seen == [
        ("老师请你把 0:40–1:15 这一段再来一遍。", f"{studio_of(submission)}?note={first.key}"),
        ("老师请你把 1:20–1:25 这一段再来一遍。", f"{studio_of(submission)}?note={second.key}"),
    ]
    assert open_review().context["returned"] is None


def test_where_the_plan_was_taken_away_its_drill_is_the_way_back(trainer, drill, submission, open_review):
    make_review(trainer, submission, wants_again=True)
    submission.rehearsal.livestream.removed_at = timezone.now()
    submission.rehearsal.livestream.save()
    assert open_review().context["returned"].url == reverse("rehearsals:drill", args=[drill.pk])
