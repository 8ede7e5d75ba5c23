"""Handing in: once, with the owner's score and the present rubric; the film when all of it has arrived."""

from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from media.models import Upload, Video, VideoPart
from media.videos import services as videos
from rehearsals import scoring
from rehearsals.models import NoteAnswer, Review, Submission, Take, TimedNote
from rehearsals.submissions import services
from rehearsals.submissions.services import OwnScore, hand_in, join_due_films
from tests.outbox.phone import Phone
from tests.rehearsals.worlds import (
    CONTENT,
    FULL,
    handed_event,
    make_drill,
    make_plan,
    make_rehearsal,
    make_rubric,
    make_submission,
    make_upload,
    take_event,
)


@pytest.fixture
def drill(course):
    make_rubric(course)
    return make_drill(course)


@pytest.fixture
def plan(learner, drill):
    return make_plan(learner, drill)


@pytest.fixture
def phone(client, learner) -> Phone:
    client.force_login(learner)
    return Phone(client, learner)


def parts() -> list[tuple[int, int, int | None]]:
    rows = VideoPart.objects.order_by("position")
    return [(part.upload.parts.get().position, part.from_ms, part.until_ms) for part in rows]


def test_handed_in_from_the_phone_is_a_submission_with_its_own_copy_of_the_rubric(
    phone, plan, learner, cohort
):
    rehearsal, key = uuid4(), uuid4()
    assert phone.send(handed_event(plan, rehearsal, key)) == [("applied", "")]
    row = Submission.objects.get()
    facts = (row.key, row.rehearsal.key, row.user, row.cohort, row.number, row.status, row.video)
    assert facts == (key, rehearsal, learner, cohort, 1, "queued", None)
    assert (row.self_marks, row.self_total, row.rubric_content) == (FULL, 80, CONTENT)
    assert row.rubric_hash == scoring.hash_rubric(CONTENT)
    assert (row.keep, row.change_one, row.change_two) == ("开口就报价", "切果慢", "忘了运费")
    assert len(row.receipt) == 9


def test_handed_in_again_from_anywhere_is_answered_with_what_there_is(phone, plan):
    rehearsal, key = uuid4(), uuid4()
    first = handed_event(plan, rehearsal, key)
    assert phone.send(first, first) == [("applied", ""), ("already", "")]
    assert phone.send(handed_event(plan, rehearsal, keep="别的话")) == [("applied", "")]
    row = Submission.objects.get()
    assert (row.key, row.keep) == (key, "开口就报价")


def test_tries_are_counted_for_each_drill(phone, plan, learner, drill, course):
    other = make_plan(learner, make_drill(course))
    phone.send(handed_event(plan, uuid4()), handed_event(plan, uuid4()), handed_event(other, uuid4()))
    counted = Submission.objects.order_by("drill", "number").values_list("drill", "number")
    assert list(counted) == [(drill.pk, 1), (drill.pk, 2), (other.drill_id, 1)]


def test_words_that_are_too_long_stay_whole_and_aside(phone, plan):
    assert phone.send(handed_event(plan, uuid4(), keep="好" * 201)) == [("aside", "long_words")]
    assert phone.send(handed_event(plan, uuid4(), keep="好" * 200)) == [("applied", "")]


def test_marks_of_no_criterion_or_level_count_for_nothing(phone, plan):
    marks = {"open": "full", "talk": "twice", "hacked": "full"}
    phone.send(handed_event(plan, uuid4(), marks=marks))
    row = Submission.objects.get()
    assert (row.self_marks, row.self_total) == ({"open": "full"}, 40)


def test_changed_rubric_moves_no_old_score(phone, plan, drill):
    phone.send(handed_event(plan, uuid4()))
    drill.course.rubrics.update(content={"criteria": [{"code": "open", "title": "新的", "points": 100}]})
    phone.send(handed_event(plan, uuid4()))
    old, new = Submission.objects.order_by("number")
    assert (old.self_total, old.rubric_content, new.self_total) == (80, CONTENT, 100)
    assert old.rubric_hash != new.rubric_hash


@pytest.mark.long
def test_film_waits_for_the_last_piece_of_every_take_that_was_named(phone, plan, learner):
    rehearsal, first, second = uuid4(), uuid4(), uuid4()
    named = [take_event(plan, rehearsal, key, n)["body"] for n, key in ((1, first), (2, second))]
    phone.send(handed_event(plan, rehearsal, takes=named))
    make_upload(Take.objects.get(key=first))
    phone.send(take_event(plan, rehearsal, first, 1))
    assert Video.objects.count() == 0
    late = make_upload(Take.objects.get(key=second), whole=False)
    phone.send(take_event(plan, rehearsal, second, 2))
    assert Video.objects.count() == 0
    Upload.objects.filter(pk=late.pk).update(size=500, state="whole")
    phone.send(take_event(plan, rehearsal, second, 2))
    video = Submission.objects.get().video
    assert (video.status, video.owner, video.wants_measures) == ("waiting", learner, True)
    assert parts() == [(1, 0, None), (2, 0, None)]
    phone.send(take_event(plan, rehearsal, second, 2))
    assert Video.objects.count() == 1


def test_film_leaves_out_what_was_done_again_and_what_was_left_out(phone, plan):
    rehearsal, keys = uuid4(), [uuid4() for _n in range(3)]
    item = {"kind": "item", "item": 5, "at_ms": 0}
    redone = [
        {"kind": "item", "item": 4, "at_ms": 0},
        item | {"at_ms": 7000},
        item | {"kind": "again", "at_ms": 9000},
    ]
    phone.send(take_event(plan, rehearsal, keys[0], 1, marks=redone))
    phone.send(take_event(plan, rehearsal, keys[1], 2, left_out=True))
    phone.send(take_event(plan, rehearsal, keys[2], 3, marks=[item]))
    for take in Take.objects.exclude(number=2):
        make_upload(take)
    phone.send(handed_event(plan, rehearsal))
    assert parts() == [(1, 0, 7000), (2, 0, None)]


def test_workers_round_joins_what_nobody_came_back_for(learner, plan):
    rehearsal = make_rehearsal(learner, plan, takes=2, here=False)
    submission = make_submission(learner, rehearsal)
    assert join_due_films() == 0
    Upload.objects.update(size=500, state="whole")
    assert join_due_films() == 1
    assert join_due_films() == 0
    submission.refresh_from_db()
    assert submission.video.parts.count() == 2


def test_film_that_failed_is_joined_once_more_and_one_that_did_not_is_left(learner, plan):
    rehearsal = make_rehearsal(learner, plan)
    submission = make_submission(learner, rehearsal)
    join_due_films()
    assert not services.retry_film(Submission.objects.get())
    Video.objects.update(status="failed")
    assert services.retry_film(Submission.objects.get())
    submission.refresh_from_db()
    assert (submission.video.status, Video.objects.count()) == ("waiting", 2)


def test_bit_recorded_again_answers_the_remark_it_was_asked_by(phone, plan, learner, trainer):
    submission = make_submission(learner, make_rehearsal(learner, plan), number=1)
    review = Review.objects.create(submission=submission, reviewer=trainer, rubric_hash="0")
    note = TimedNote.objects.create(review=review, at_ms=1000, until_ms=9000, asks_again=True)
    rehearsal = uuid4()
    phone.send(handed_event(plan, rehearsal, note=str(note.key)))
    answer = NoteAnswer.objects.get()
    assert (answer.note, answer.author, answer.rehearsal.key) == (note, learner, rehearsal)


def test_remark_of_somebody_else_is_not_answered(phone, plan, learner, trainer, stranger, other_village):
    theirs = make_plan(stranger, place=other_village)
    submission = make_submission(stranger, make_rehearsal(stranger, theirs), number=1)
    review = Review.objects.create(submission=submission, reviewer=trainer, rubric_hash="0")
    note = TimedNote.objects.create(review=review, at_ms=1000)
    assert phone.send(handed_event(plan, uuid4(), note=str(note.key))) == [("applied", "")]
    assert NoteAnswer.objects.count() == 0


@pytest.mark.long
def test_second_trainer_is_drawn_by_the_key(phone, plan):
    keys = [UUID(int=n) for n in range(1, 40)]
    phone.send(*[handed_event(plan, uuid4(), key) for key in keys])
    drawn = set(Submission.objects.filter(needs_second=True).values_list("key", flat=True))
    assert drawn == {key for key in keys if services.is_drawn_for_second_score(key)}
    assert 0 < len(drawn) < 12


def test_plan_without_drill_is_scored_by_the_course_one_learns(learner, drill):
    rehearsal = make_rehearsal(learner, make_plan(learner))
    now = timezone.now()
    assert hand_in(rehearsal, OwnScore(uuid4(), FULL), now, now).rubric_content == CONTENT


def test_an_id_that_another_submission_has_loses_nothing(phone, plan, learner, client):
    other = make_submission(learner, make_rehearsal(learner, make_plan(learner, plan.drill)), number=1)
    assert phone.send(handed_event(plan, uuid4(), other.key)) == [("applied", "")]
    row = Submission.objects.exclude(pk=other.pk).get()
    assert (row.keep, row.number, row.key != other.key) == ("开口就报价", 2, True)
    third = make_rehearsal(learner, plan)
    marks = {f"mark_{code}": level for code, level in FULL.items()}
    words = {"key": other.key, "keep": "开口", "change_one": "慢", "change_two": "运费"}
    assert client.post(f"/practise/rehearsals/{third.key}/hand-in/", marks | words).status_code == 302
    assert Submission.objects.get(rehearsal=third).number == 3


@pytest.mark.long
@pytest.mark.parametrize(("most", "made"), [(500, 52), (50, 50)])
def test_of_more_takes_than_a_film_may_have_the_first_are_made_a_film(plan, learner, monkeypatch, most, made):
    for module in (videos, services):
        monkeypatch.setattr(module, "MOST_PARTS", most)
    rehearsal = make_rehearsal(learner, plan, takes=52)
    row = hand_in(rehearsal, OwnScore(uuid4(), FULL), timezone.now(), timezone.now())
    assert row.video is not None
    assert len(parts()) == made


def test_handing_in_closes_the_plan_of_the_rehearsal(phone, plan):
    assert plan.practised_at is None
    phone.send(handed_event(plan, uuid4(), uuid4()))
    plan.refresh_from_db()
    assert plan.practised_at == Submission.objects.get().received_at
