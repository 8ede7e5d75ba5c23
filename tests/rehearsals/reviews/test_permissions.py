"""Who may review, watch and read what; lists and permissions of one row agree."""

import pytest
from django.utils import timezone

from progress.enrolment.services import enrol
from rehearsals import permissions
from rehearsals.models import Review, Submission
from tests.factories import make_cohort, make_person
from tests.reviews import make_review, make_submission


@pytest.fixture
def cast(trainee, trainer, seller, organiser, stranger):
    return [trainee, trainer, seller, organiser, stranger, make_person("系统", is_superuser=True)]


@pytest.fixture
def handed_in(cast, course, cohort, village, other_village) -> list[Submission]:
    """Submissions of the trainee, of a trainer who is in a class too, of another county, without a class, and one given to a
    peer.
    """
    trainee, trainer, seller = cast[:3]
    far = make_cohort(course, other_village, name="外县班")
    found = [
        make_submission(trainee, cohort),
        make_submission(trainer, cohort),
        make_submission(make_person("外县学员"), far),
        make_submission(make_person("没班的"), None, planned_in=cohort),
        make_submission(make_person("同班的"), cohort),
    ]
    enrol(seller, course, cohort)
    found[4].peers.add(seller)
    return found


def test_rules_and_querysets_agree_over_the_cast(cast, handed_in):
    seen, reviewed = [], []
    for person in cast:
        visible = set(Submission.objects.visible_to(person))
        watchable = {one for one in handed_in if permissions.can_watch_submission(person, one)}
        assert visible == watchable, person
        mine = set(Submission.objects.reviewable_by(person))
        assert mine == {one for one in handed_in if permissions.can_review(person, one)}, person
        seen.append([handed_in.index(one) for one in sorted(visible, key=lambda one: one.pk)])
        reviewed.append([handed_in.index(one) for one in sorted(mine, key=lambda one: one.pk)])
    assert seen == [[0], [0, 1, 4], [4], [0, 1, 4], [2], [0, 1, 2, 4]]
    assert reviewed == [[], [0, 4], [], [0, 1, 4], [2], [0, 1, 2, 4]]


def test_nobody_reviews_ones_own(trainer, handed_in):
    assert not permissions.can_review(trainer, handed_in[1])
    assert permissions.can_watch_submission(trainer, handed_in[1])


def test_draft_is_its_authors_alone(cast, handed_in):
    trainee, trainer = cast[:2]
    draft = make_review(trainer, handed_in[0], signed=False)
    assert [permissions.can_read_review(person, draft) for person in cast] == [
        False, True, False, False, False, False,
    ]  # fmt: skip


def test_signed_is_read_by_its_owner_and_who_leads(cast, handed_in):
    review = make_review(cast[1], handed_in[0])
    assert [permissions.can_read_review(person, review) for person in cast] == [
        True, True, False, True, False, True,
    ]  # fmt: skip


def test_second_trainer_is_blind_until_signing(trainee, trainer, organiser, handed_in):
    submission = handed_in[0]
    Submission.objects.filter(pk=submission.pk).update(needs_second=True)
    submission.refresh_from_db()
    first = make_review(trainer, submission)
    first.submission = submission
    assert [permissions.can_read_review(person, first) for person in (trainee, trainer, organiser)] == [
        True, True, False,
    ]  # fmt: skip
    make_review(organiser, submission, kind=Review.Kind.SECOND)
    other = make_person("另一个老师", ("trainer", submission.cohort.place))
    assert permissions.can_read_review(organiser, first)
    assert permissions.can_read_review(other, first)


def test_peer_reads_no_score(seller, trainer, handed_in):
    review = make_review(trainer, handed_in[4])
    own = make_review(seller, handed_in[4], kind=Review.Kind.PEER, signed_at=timezone.now())
    assert not permissions.can_read_review(seller, review)
    assert permissions.can_read_review(seller, own)


def test_who_left_the_class_is_still_its_trainers_to_review(trainee, trainer, course, cohort):
    """The submission belongs to the class that it was handed in to."""
    enrol(trainee, course, cohort)
    submission = make_submission(trainee, cohort)
    from progress.enrolment.services import leave

    leave(trainee, course)
    assert permissions.can_review(trainer, submission)
