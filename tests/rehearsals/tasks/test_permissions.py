"""Who sees and answers tasks: lists agree with the permissions of one row, for everybody in the cast."""

import pytest
from django.utils import timezone

from accounts.models import Membership
from courses.import_export.importer import import_module
from progress.enrolment.services import enrol
from rehearsals import permissions
from rehearsals.models import TaskReview, TaskVersion, TaskWork
from tests.factories import make_cohort, make_person
from tests.rehearsals.tasks.worlds import make_task


@pytest.fixture
def cast(trainee, trainer, seller, organiser, stranger, cohort, village):
    mentor = make_person("师傅", (Membership.Role.MENTOR, village))
    cohort.mentor = mentor
    cohort.save()
    return [trainee, trainer, seller, organiser, stranger, mentor, make_person("系统", is_superuser=True)]


def test_lists_agree_with_the_rule_for_one_work(cast, course, cohort, other_village, learner):
    trainee, trainer, seller = cast[:3]
    task, far = make_task(course), make_cohort(course, other_village, name="外县班")
    shown = {"shared_at": timezone.now(), "is_chosen": True}
    rows = [
        TaskWork.objects.create(user=trainee, assignment=task, cohort=cohort),
        TaskWork.objects.create(user=seller, assignment=task, cohort=cohort, **shown),
        TaskWork.objects.create(user=trainer, assignment=task, cohort=cohort, is_chosen=True),
        TaskWork.objects.create(user=make_person("外县学员"), assignment=task, cohort=far, **shown),
        TaskWork.objects.create(user=make_person("没进班"), assignment=task),
    ]
    for row in rows:
        version = TaskVersion.objects.create(work=row, number=1, receipt="ABCD-2345", text="写好了")
        if row.shared_at:
            enrol(row.user, course, row.cohort)
            TaskReview.objects.create(version=version, reviewer=trainer, decision="accepted")
    seen = []
    for person in cast:
        visible = set(TaskWork.objects.visible_to(person))
        assert visible == {row for row in rows if permissions.can_see_task(person, row)}, person
        mine = set(TaskWork.objects.reviewable_by(person))
        assert mine == {row for row in rows if permissions.can_review_task(person, row)}, person
        class_sees = set(TaskWork.objects.shown_to(person))
        assert class_sees == {
            row for row in rows if permissions.can_see_shown_task(person, row.versions.get())
        }, person
        assert {one.work for one in TaskVersion.objects.visible_to(person)} == visible
        assert {one.work for one in TaskVersion.objects.reviewable_by(person)} == mine
        seen.append([sorted(rows.index(row) for row in some) for some in (visible, mine, class_sees)])
    assert seen == [
        [[0], [], [1]],
        [[0, 1, 2], [0, 1], []],
        [[1], [], [1]],
        [[0, 1, 2], [0, 1, 2], []],
        [[3], [3], []],
        [[0, 1, 2], [], []],
        [[0, 1, 2, 3], [0, 1, 2, 3], []],
    ]


def test_class_sees_the_accepted_version_only_while_its_owner_is_there(
    seller, trainee, trainer, course, cohort
):
    task = make_task(course)
    mine, _mate = enrol(seller, course, cohort), enrol(trainee, course, cohort)
    work = TaskWork.objects.create(
        user=seller, assignment=task, cohort=cohort, shared_at=timezone.now(), is_chosen=True
    )
    versions = [
        TaskVersion.objects.create(work=work, number=number, receipt=f"ABCD-234{number}", text="写好了")
        for number in (1, 2, 3)
    ]
    for version, decision in zip(versions, ("returned", "accepted"), strict=False):
        TaskReview.objects.create(version=version, reviewer=trainer, decision=decision)
    assert [permissions.can_see_shown_task(trainee, one) for one in versions] == [False, True, False]
    mine.left_at = timezone.now()
    mine.save()
    assert not permissions.can_see_shown_task(trainee, versions[1])
    assert not TaskWork.objects.shown_to(trainee).exists()


def test_work_stays_with_the_task_that_asked_for_it(trainee, course):
    module = course.modules.order_by("position").first()
    text = {
        name: getattr(module, name) for name in ("number", "title", "summary", "hours", "proof", "opens_on")
    }
    task = make_task(course, "photo")
    TaskWork.objects.create(user=trainee, assignment=task)
    other = {"title": task.title, "text": "一张表", "hand_in": "file", "criteria": []}
    import_module(course, 1, text | {"lessons": [], "assignments": [other]}, None, [])
    task.refresh_from_db()
    assert (task.hand_in, TaskWork.objects.get().assignment) == ("photo", task)
    assert {row.hand_in for row in task.module.assignments.filter(title=task.title)} == {"photo", "file"}
