"""Who sees and answers tasks: lists agree with the permissions of one row, for everybody in the cast."""

import pytest
from django.utils import timezone

from accounts.models import Membership
from rehearsals import permissions
from rehearsals.models import TaskVersion, TaskWork
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
        TaskVersion.objects.create(work=row, number=1, receipt="ABCD-2345", text="写好了")
    seen = []
    for person in cast:
        visible = set(TaskWork.objects.visible_to(person))
        assert visible == {row for row in rows if permissions.can_see_task(person, row)}, person
        mine = set(TaskWork.objects.reviewable_by(person))
        assert mine == {row for row in rows if permissions.can_review_task(person, row)}, person
        class_sees = set(TaskWork.objects.shown_to(person))
        assert class_sees == {row for row in rows if permissions.can_see_shown_task(person, row)}, person
        assert {one.work for one in TaskVersion.objects.visible_to(person)} == visible
        assert {one.work for one in TaskVersion.objects.reviewable_by(person)} == mine
        seen.append([sorted(rows.index(row) for row in some) for some in (visible, mine, class_sees)])
    assert seen == [
        [[0], [], [1]],
        [[0, 1, 2], [0, 1], []],
        [[1], [], []],
        [[0, 1, 2], [0, 1, 2], []],
        [[3], [3], []],
        [[0, 1, 2], [], []],
        [[0, 1, 2, 3], [0, 1, 2, 3], []],
    ]
