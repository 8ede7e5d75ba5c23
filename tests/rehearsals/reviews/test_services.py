"""A review from its begin to its signature: what is missing, what never changes afterwards, who is too late."""

import copy
import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notice
from accounts.notifications import push
from progress.enrolment.services import enrol
from rehearsals import leases, scoring
from rehearsals.models import Review, Submission
from rehearsals.reviews import services
from rehearsals.reviews.notes import AlreadySigned
from tests.factories import make_person
from tests.reviews import (
    all_marks,
    drawn,
    make_note,
    make_review,
    make_rubric,
    make_submission,
    programme,
)

Kind = Review.Kind


@pytest.fixture
def submission(learner, cohort) -> Submission:
    return make_submission(learner, cohort, key=drawn(False))


def signed_by(person, submission: Submission, **marks: str) -> Review:
    review = services.begin_review(person, submission)
    review = services.save_draft(review, all_marks("full", **marks))
    return services.sign_review(review)


def end_lease() -> None:
    Submission.objects.update(lease_until=timezone.now())


def test_begin_takes_the_lease_and_is_one_draft(submission, trainer):
    first, again = services.begin_review(trainer, submission), services.begin_review(trainer, submission)
    assert (first.pk, first.kind, first.signed_at) == (again.pk, "first", None)
    assert first.rubric_hash == submission.rubric_hash
    assert leases.get_lease_holder(Submission.objects.get()) == trainer


def test_begin_is_refused_to_its_owner_and_to_strangers(submission, learner, stranger, seller):
    for person in (learner, stranger, seller):
        with pytest.raises(services.NothingToReview):
            services.begin_review(person, submission)
    assert not Review.objects.exists()


def test_save_adds_marks_and_leaves_the_rest(submission, trainer):
    review = services.begin_review(trainer, submission)
    services.save_draft(review, {"prep-table": "half", "nonsense": "full", "pic-card": "ripe"}, words="顺")
    review = services.save_draft(review, {"pic-card": "full"})
    assert (review.marks, review.words, review.total) == (
        {"prep-table": "half", "pic-card": "full"},
        "顺",
        4,
    )


def test_sign_off_counts_and_takes_it_out_of_the_queue(submission, trainer):
    review = signed_by(trainer, submission, prod_inside="half")
    assert (review.total, review.signed_at is not None) == (98, True)
    submission.refresh_from_db()
    assert (submission.status, submission.lease_by, submission.needs_second) == ("reviewed", None, False)
    at = review.signed_at
    assert services.sign_review(review).signed_at == at


def test_a_signed_review_is_told_to_who_rehearsed_once(submission, trainer):
    review = signed_by(trainer, submission)
    services.sign_review(review)
    notice = Notice.objects.get(phone=submission.user.phone)
    assert push.read_notice(notice) == (
        f"{trainer.name}点评了你的彩排，去看看。",
        f"/review/mine/{submission.key}/",
    )


def test_sign_off_wants_every_criterion(submission, trainer):
    review = services.begin_review(trainer, submission)
    review = services.save_draft(review, {"prep-table": "half"})
    assert services.list_missing(review) == ["还有 33 条没打分。"]
    with pytest.raises(ValueError, match="missing"):
        services.sign_review(review)
    assert Submission.objects.get().status == "queued"


def test_forbidden_words_must_be_told_as_put_right_or_left(submission, trainer):
    review = services.begin_review(trainer, submission)
    review = services.save_draft(review, all_marks())
    make_note(review, tone="stop")
    assert services.list_missing(review) == ["记了违规话：说一下是当场更正了，还是没更正。"]
    assert services.list_missing(services.save_draft(review, {}, slips_fixed=1)) == []
    assert services.list_missing(services.save_draft(review, {"law-blocked": "half"}, slips_fixed=0)) == []


def test_a_phrase_left_standing_caps_the_signed_total(submission, trainer):
    review = services.begin_review(trainer, submission)
    services.save_draft(review, all_marks(), slips_left=1)
    assert services.sign_review(review).total == 59


def test_what_is_signed_never_changes(submission, trainer):
    review = signed_by(trainer, submission)
    with pytest.raises(AlreadySigned):
        services.save_draft(review, {"prep-table": "none"})
    assert Review.objects.get().total == 100


def test_stolen_lease_keeps_the_draft_and_refuses_the_signature(submission, trainer, organiser):
    review = services.begin_review(trainer, submission)
    review = services.save_draft(review, all_marks())
    end_lease()
    services.begin_review(organiser, submission)
    with pytest.raises(leases.HeldByAnother) as told:
        services.sign_review(review)
    assert told.value.by == organiser
    assert Review.objects.get(reviewer=trainer).marks == all_marks()


def test_who_comes_after_the_signature_finds_nothing(submission, trainer, organiser):
    late = services.begin_review(trainer, submission)
    end_lease()
    signed_by(organiser, submission)
    with pytest.raises(services.NothingToReview):
        services.save_draft(late, all_marks())
    with pytest.raises(services.NothingToReview):
        services.begin_review(trainer, submission)


def test_drawn_submission_waits_for_a_second_trainer(learner, cohort, trainer, organiser):
    submission = make_submission(learner, cohort, key=drawn(True))
    draft = services.begin_review(organiser, submission)
    end_lease()
    signed_by(trainer, submission)
    submission.refresh_from_db()
    assert submission.needs_second
    assert services.get_review_kind(trainer, submission) is None
    second = signed_by(organiser, submission, prod_inside="none")
    assert (second.pk, second.kind, second.total) == (draft.pk, "second", 96)
    assert services.get_review_kind(make_person("第三个", ("trainer", cohort.place)), submission) is None


@pytest.mark.long
def test_changed_rubric_moves_no_old_score(learner, cohort, trainer):
    """Five reviews, then the course's rubric is rewritten: old totals and hashes stay, later reviews use the new rubric."""
    rubric = make_rubric(cohort)
    before = []
    for level in ("prod_inside", "pic_light", "open_who", "talk_answer", "law_proof"):
        submission = make_submission(learner, cohort, rubric=rubric, key=drawn(False))
        before.append(signed_by(trainer, submission, **{level: "half"}))
    totals = [review.total for review in before]
    assert totals == [98, 98, 98, 98, 98]
    heavier = copy.deepcopy(programme())
    for one in heavier["criteria"]:
        one["points"] = 6 if one["code"] == "prod-inside" else one["points"]
    rubric.content = heavier
    rubric.save()
    again = [services.calculate_score(Review.objects.get(pk=review.pk)).total for review in before]
    assert again == [review.total for review in Review.objects.order_by("pk")] == totals
    assert {review.rubric_hash for review in before} == {scoring.hash_rubric(programme())}
    new = make_submission(learner, cohort, rubric=rubric, content=rubric.content, key=drawn(False))
    review = signed_by(trainer, new, pic_light="none")
    assert review.rubric_hash == scoring.hash_rubric(heavier) != before[0].rubric_hash
    assert (review.total, before[0].total) == (98, 98)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_trainers_sign_at_once_and_one_counts(learner, cohort, trainer, organiser):
    submission = make_submission(learner, cohort, key=drawn(False))
    drafts = []
    for person in (trainer, organiser):
        drafts.append(make_review(person, submission, signed=False, marks=all_marks()))
    gate, ended = threading.Barrier(2), []

    def sign(review: Review) -> None:
        try:
            gate.wait()
            services.sign_review(review)
            ended.append("signed")
        except (leases.HeldByAnother, services.NothingToReview):
            ended.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=[review]) for review in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["late", "signed"]
    assert Review.objects.signed().count() == 1


def test_peer_review_counts_for_nothing(submission, seller, course, cohort):
    enrol(seller, course, cohort)
    submission.peers.add(seller)
    review = services.begin_review(seller, submission)
    assert (review.kind, Submission.objects.get().lease_by) == (Kind.PEER, None)
    assert services.list_missing(review) == ["记一条，或者写一句话，再交。"]
    review = services.sign_review(services.save_draft(review, all_marks("half"), words="讲得清楚"))
    assert review.total is None
    assert Submission.objects.get().status == "queued"
    assert not Review.objects.counting().exists()
