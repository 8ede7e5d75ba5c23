"""Handing in a task and answering it: nothing is lost, nothing is counted twice, the newest version counts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.utils import timezone

from accounts.models import Membership, Notice
from accounts.people.closure import close_account
from courses.models import Assignment, Cohort
from media.models import Upload
from progress.enrolment.services import enrol, leave
from rehearsals.leases import acquire_lease
from rehearsals.models import TaskReview, TaskVersion, TaskWork
from rehearsals.tasks import services
from rehearsals.tasks.page import MOST_VERSIONS, load_standing
from rehearsals.tasks.services import accept_task, return_task, share_work, withdraw_share
from tests.factories import make_cohort, make_county, make_person, make_photo
from tests.rehearsals.tasks.worlds import CRITERIA, hand_in, make_task, make_whole_upload

State = TaskWork.State


@pytest.fixture
def task(course) -> Assignment:
    return make_task(course)


def state(user, task) -> str:
    return TaskWork.objects.with_state().get(user=user, assignment=task).state


def test_a_second_copy_is_the_same_version(learner, task, cohort):
    client_id = uuid4()
    first = hand_in(learner, task, client_id, ticks=frozenset({"c1", "c9"}))
    again = hand_in(learner, task, client_id, text="别的话")
    assert (again, TaskVersion.objects.count()) == (first, 1)
    first.refresh_from_db()
    assert (first.number, first.text, first.is_after_class) == (1, "坏 4 个退 9.97 元。", False)
    assert first.ticks == [row | {"ticked": row["code"] == "c1"} for row in CRITERIA]
    assert (first.work.cohort, state(learner, task)) == (cohort, State.HANDED_IN)


def test_from_two_phones_there_are_two_versions_and_the_later_one_counts(learner, task):
    now = timezone.now()
    hand_in(learner, task, text="新手机", happened_at=now, received_at=now)
    older = now - timedelta(days=2)
    hand_in(learner, task, text="旧手机", happened_at=older, received_at=now + timedelta(minutes=1))
    assert list(TaskVersion.objects.values_list("number", "text")) == [(1, "新手机"), (2, "旧手机")]
    assert [one.text for one in TaskVersion.objects.waiting()] == ["旧手机"]


def test_the_id_of_another_persons_version_is_refused(learner, seller, task):
    version = hand_in(learner, task)
    with pytest.raises(services.BelongsToAnother):
        hand_in(seller, task, version.client_id)


def test_what_the_task_asks_for_must_be_there(learner, course, task):
    with pytest.raises(services.NothingHandedIn):
        hand_in(learner, task, text="  ")
    film = make_task(course, "video")
    client_id = uuid4()
    upload = make_whole_upload(learner, film, client_id, offset=990, state=Upload.State.OPEN)
    with pytest.raises(services.FilmMissing):
        hand_in(learner, film, client_id, uploads=[upload])
    assert not TaskWork.objects.exists()


def test_films_and_photos_are_kept_in_their_order(learner, course):
    film, photos = make_task(course, "video"), [make_photo(learner) for _n in range(3)]
    client_id = uuid4()
    uploads = [make_whole_upload(learner, film, client_id, n) for n in (1, 2)]
    version = hand_in(learner, film, client_id, uploads=uploads, photos=photos)
    items = list(version.items.all())
    assert [item.position for item in items] == [1, 2]
    assert [item.video.parts.get().upload for item in items] == uploads
    pictures = hand_in(learner, make_task(course, "photo"), photos=photos[::-1])
    assert [item.photo for item in pictures.items.all()] == photos[::-1]


def test_a_page_that_stayed_open_hands_in_by_the_rule_that_it_showed(learner, task):
    sealed = services.seal_criteria(task)
    task.criteria = [{"code": "c1", "text": "改过的一条"}]
    task.save()
    assert hand_in(learner, task, sealed=sealed).ticks[2]["text"] == "不拍孩子"
    forged = signing.dumps([task.pk, [{"code": "x", "text": "假的"}]], salt="other")
    assert [row["text"] for row in hand_in(learner, task, sealed=forged).ticks] == ["改过的一条"]


def test_after_the_class_has_ended_it_says_so_and_outside_a_class_it_counts_for_none(
    learner, stranger, task, course, cohort
):
    today = timezone.localdate()
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=today - timedelta(9), ends_on=today - timedelta(1))
    assert hand_in(learner, task).is_after_class
    assert not hand_in(learner, task, happened_at=timezone.now() - timedelta(days=1)).is_after_class
    enrol(stranger, course)
    version = hand_in(stranger, task)
    assert (version.is_after_class, version.work.cohort) == (False, None)


def test_joining_another_class_moves_the_work_and_takes_its_consent_back(
    learner, trainer, task, course, cohort, other_village
):
    work = hand_in(learner, task).work
    acquire_lease(trainer, work)
    share_work(work)
    TaskWork.objects.update(is_chosen=True)
    leave(learner, course)
    theirs = make_person("新老师", (Membership.Role.TRAINER, other_village))
    other = make_cohort(course, other_village, theirs, name="冬季班")
    enrol(learner, course, other)
    hand_in(learner, task)
    work.refresh_from_db()
    assert (work.cohort, work.shared_at, work.is_chosen, work.lease_by) == (other, None, False, None)
    waiting = TaskWork.objects.waiting()
    assert [list(waiting.reviewable_by(one)) for one in (trainer, theirs)] == [[], [work]]


def test_the_accepted_version_stays_on_the_page_after_many_more(learner, trainer, task, cohort):
    accepted = hand_in(learner, task)
    review = accept_task(trainer, accepted)
    for _n in range(MOST_VERSIONS):
        hand_in(learner, task)
    standing = load_standing(learner, task)
    assert len(standing.versions) == MOST_VERSIONS + 1
    assert standing.answered.review == review


def test_the_work_of_who_closed_the_account_waits_for_nobody(learner, task, cohort):
    hand_in(learner, task)
    close_account(learner)
    assert not TaskWork.objects.waiting().exists()


def test_returned_handed_in_again_accepted(learner, trainer, task):
    first = hand_in(learner, task)
    review = return_task(
        trainer, first, next_step=" 第 3 条没写算式，补上 ", marks={"c1": "met", "zz": "met"}
    )
    assert (review.next_step, review.marks) == ("第 3 条没写算式，补上", {"c1": "met"})
    assert state(learner, task) == State.RETURNED
    second = hand_in(learner, task)
    assert state(learner, task) == State.HANDED_IN
    with pytest.raises(services.AlreadyAnswered):
        accept_task(trainer, first)
    key = uuid4()
    assert accept_task(trainer, second, key=key) == accept_task(trainer, second, key=key)
    assert state(learner, task) == State.ACCEPTED
    hand_in(learner, task)  # from the other phone, later: kept, and the work stays accepted
    assert (state(learner, task), TaskVersion.objects.waiting().count()) == (State.ACCEPTED, 0)
    assert list(Notice.objects.order_by("pk").values_list("template", flat=True)) == [
        "task_returned",
        "task_accepted",
    ]


def test_an_older_version_is_not_answered_and_a_return_says_what_to_do(learner, trainer, organiser, task):
    first, second = hand_in(learner, task), hand_in(learner, task)
    with pytest.raises(services.NotNewest):
        accept_task(trainer, first)
    with pytest.raises(services.NextStepMissing):
        return_task(trainer, second, next_step=" ")
    for person in (learner, organiser_of_another_county()):
        with pytest.raises(services.ReviewNotAllowed):
            accept_task(person, second)
    return_task(trainer, second, next_step="重拍")
    with pytest.raises(services.AlreadyAnswered):
        accept_task(organiser, second)
    assert TaskReview.objects.count() == 1


def organiser_of_another_county():
    return make_person("外县", (Membership.Role.ORGANISER, make_county("乙县", "乙镇", ["乙村"])))


def test_sharing_is_recorded_with_its_time_and_taken_back_at_once(learner, task):
    work = hand_in(learner, task).work
    share_work(work)
    work.refresh_from_db()
    first = work.shared_at
    assert first is not None
    share_work(work)
    work.refresh_from_db()
    assert work.shared_at == first
    withdraw_share(work)
    work.refresh_from_db()
    assert (work.is_shared, work.unshared_at >= first) == (False, True)
