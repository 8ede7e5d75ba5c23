"""What waits in the trainers' queue: tasks beside rehearsals, the oldest first, each held by one trainer at a time."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from media.models import Video
from progress.enrolment.services import enrol
from rehearsals import leases
from rehearsals.models import TaskVersion, TaskWork
from rehearsals.reviews.review_queue import get_position
from rehearsals.tasks.services import accept_task, return_task
from rehearsals.worklist import reviewing
from tests.factories import make_person
from tests.rehearsals.tasks.worlds import hand_in, make_task, make_whole_upload
from tests.reviews import make_drill, make_submission

HOUR = timedelta(hours=1)


def list_since() -> list:
    """Return since when works wait, and check that the versions say the same."""
    waiting = TaskWork.objects.waiting().order_by("pk")
    assert {one.pk for one in waiting} == set(TaskVersion.objects.waiting().values_list("work", flat=True))
    return [one.waiting_since for one in waiting]


def test_a_work_waits_from_its_first_unanswered_version_until_it_is_answered(
    learner, trainer, course, cohort
):
    task, first = make_task(course), timezone.now() - 3 * HOUR
    version = hand_in(learner, task, received_at=first)
    assert list_since() == [first]
    version = hand_in(learner, task, received_at=first + HOUR)  # keeps its place
    assert list_since() == [first]
    leases.acquire_lease(trainer, TaskWork.objects.get())
    return_task(trainer, version, next_step="第三条写退多少钱")
    assert list_since() == []
    assert TaskWork.objects.get().lease_by is None
    version = hand_in(learner, task, received_at=first + 2 * HOUR)
    assert list_since() == [first + 2 * HOUR]
    accept_task(trainer, version)
    hand_in(learner, task)  # what is accepted waits for nobody
    assert list_since() == []


# --- the page of the queue ---


def rows(answer) -> list[tuple[str, int, bool]]:
    """Return whose row, which version, and whether it came again, in the order of the page."""
    return [(one.user.name, one.number, one.again) for one in answer.context["page"].items]


def titles(answer) -> list[str]:
    return [
        one.work.assignment.title if one.work else one.submission.drill.title
        for one in answer.context["page"].items
    ]


def returned_and_handed_in_again(person, trainer, task, received_at) -> TaskVersion:
    first = hand_in(person, task, received_at=received_at - HOUR)
    return_task(trainer, first, next_step="写退多少钱")
    return hand_in(person, task, received_at=received_at)


def test_tasks_stand_beside_rehearsals_the_oldest_first(as_user, trainer, course, cohort, learner, seller):
    now = timezone.now()
    enrol(seller, course, cohort)
    hand_in(learner, make_task(course, title="六条回复"), received_at=now - 3 * HOUR)
    make_submission(learner, cohort, make_drill(cohort), received_at=now - 2 * HOUR)
    returned_and_handed_in_again(seller, trainer, make_task(course, title="八句话"), now - HOUR)
    client = as_user(trainer)
    answer = client.get("/review/")
    assert titles(answer) == ["六条回复", "三分钟一个品", "八句话"]
    assert rows(answer)[2] == (seller.name, 2, True)
    assert (answer.context["counts"].total, answer.context["kinds"]) == (
        3,
        [("practice", "彩排", 1), ("text", "文字任务", 2)],
    )
    assert titles(client.get("/review/?kind=practice")) == ["三分钟一个品"]
    assert titles(client.get("/review/?kind=text")) == ["六条回复", "八句话"]
    assert titles(client.get("/review/?again=1")) == ["八句话"]
    assert titles(client.get(f"/review/?class={cohort.pk}&kind=text&again=1")) == ["八句话"]
    assert titles(client.get("/review/?kind=video")) == titles(answer)  # nothing of this kind waits


def test_pages_of_the_queue_follow_each_other_without_gap(as_user, trainer, course, cohort):
    """Whichever source a page ends with; also of things that came at the same moment."""
    at, task, drill = timezone.now() - HOUR, make_task(course), make_drill(cohort)
    for number in range(12):
        person = make_person(f"学员{number}")
        enrol(person, course, cohort)
        hand_in(person, task, received_at=at + timedelta(minutes=number // 3))
        make_submission(person, cohort, drill, received_at=at + timedelta(minutes=number // 3))
    client, seen, after = as_user(trainer), [], ""
    for size in (20, 4):
        page = client.get(f"/review/?after={after}").context["page"]
        assert len(page.items) == size
        seen += [(one.since, one.work is not None, one.row.pk) for one in page.items]
        after = page.after
    assert after == ""
    assert seen == sorted(set(seen))
    assert len(seen) == 24


def test_queue_costs_the_same_for_one_task_and_for_many(
    as_user, trainer, course, cohort, django_assert_num_queries
):
    client, task = as_user(trainer), make_task(course)
    for number in range(12):
        person = make_person(f"学员{number}")
        enrol(person, course, cohort)
        hand_in(person, task)
        if number not in (0, 11):
            continue
        client.get("/review/")
        with django_assert_num_queries(14):
            client.get("/review/")


def test_a_film_that_is_being_made_is_not_to_be_reviewed_yet(as_user, trainer, course, learner):
    task, key = make_task(course, "video"), uuid4()
    hand_in(learner, task, key, uploads=[make_whole_upload(learner, task, key)])
    client = as_user(trainer)
    assert rows(client.get("/review/")) == []
    assert titles(client.get("/review/?show=films")) == [task.title]
    Video.objects.update(status=Video.Status.READY)
    assert titles(client.get("/review/")) == [task.title]
    assert rows(client.get("/review/?show=films")) == []


def test_next_is_of_the_same_kind_while_one_waits_and_leaves_out_what_another_holds(
    trainer, organiser, course, cohort, learner
):
    now = timezone.now()
    first = hand_in(learner, make_task(course), received_at=now - 3 * HOUR).work
    second = make_submission(learner, cohort, make_drill(cohort), received_at=now - 2 * HOUR)
    third = hand_in(learner, make_task(course), received_at=now - HOUR).work
    for row in (first, third):
        row.refresh_from_db()
    found = [get_position(trainer, row) for row in (first, second, third)]
    assert [(one.number, one.total, one.next.row) for one in found] == [
        (1, 3, third),
        (2, 3, third),
        (3, 3, first),
    ]
    assert get_position(trainer, first).next.take_url == f"/review/tasks/{third.pk}/take/"
    leases.acquire_lease(organiser, third)
    assert get_position(trainer, first).next.row == second


def test_the_trainer_is_told_how_many_wait_and_led_to_them(as_user, trainer, course, learner, cohort):
    hand_in(learner, make_task(course))
    make_submission(learner, cohort, make_drill(cohort))
    told = [(one.kind, one.count, one.url) for one in reviewing(trainer) if one.count]
    assert told == [("review_due", 1, "/review/?kind=practice"), ("task_due", 1, "/review/?kind=tasks")]
    client = as_user(trainer)
    found = [client.get(url).context["page"].items for _kind, _n, url in told]
    assert [[row.work is None for row in items] for items in found] == [[True], [False]]
