"""What a trainee has handed in for tasks, as its trainer finds it: a film that waits, with a note begun, and a text that was
accepted. And which of them a route names."""

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from courses.models import Assignment, Cohort
from rehearsals.models import TaskItem, TaskNote, TaskReview, TaskVersion, TaskWork
from tests.media.videos.rows import make_video

WAITING = {"pk": ("waiting work", "pk"), "note": ("begun note", "key")}
ANSWERING = ("review", "take", "release", "note", "note_remove", "sign")
BY_ROUTE = {f"rehearsals:task_{name}": WAITING for name in ANSWERING} | {
    "rehearsals:task_take_back": {"pk": ("accepted work", "pk")},
    "rehearsals:task_choose": {"pk": ("accepted work", "pk")},
    "rehearsals:task_examples": {"pk": ("answered task", "pk")},
    "rehearsals:class_tasks": {"pk": (Cohort, "pk")},
    "rehearsals:class_task": {"pk": (Cohort, "pk"), "task_pk": ("answered task", "pk")},
}


def rows_of_answers(learner: User, cohort: Cohort, trainer: User) -> dict[str | type, Model]:
    work, version = begin(learner, cohort, "video", waiting_since=timezone.now())
    film = TaskItem.objects.create(version=version, position=1, video=make_video(learner))
    note = TaskNote.objects.create(version=version, author=trainer, item=film, at_ms=1000, text="这里抖了")
    done, accepted = begin(learner, cohort, "text")
    TaskReview.objects.create(version=accepted, reviewer=trainer, decision=TaskReview.Decision.ACCEPTED)
    return {
        "waiting work": work,
        "begun note": note,
        "accepted work": done,
        "answered task": done.assignment,
    }


def begin(learner: User, cohort: Cohort, kind: str, **fields) -> tuple[TaskWork, TaskVersion]:
    criteria = [{"code": "c1", "text": "竖着拍"}]
    facts = {"title": f"要看的任务 {kind}", "text": "做", "hand_in": kind, "criteria": criteria}
    task = Assignment.objects.create(module=cohort.course.modules.first(), **facts)
    work = TaskWork.objects.create(user=learner, assignment=task, cohort=cohort, **fields)
    ticks = [row | {"ticked": True} for row in criteria]
    return work, TaskVersion.objects.create(work=work, number=1, receipt="ABCD-2345", ticks=ticks)
