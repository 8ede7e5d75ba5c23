"""Tasks for tests, and what a phone hands in for them."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from courses.models import Assignment, Course
from media.models import Upload
from rehearsals.models import TaskVersion
from rehearsals.tasks.services import HandedIn, hand_in_task, make_reference

CRITERIA = [
    {"code": "c1", "text": "五条都竖着拍"},
    {"code": "c2", "text": "每条不超过 20 秒"},
    {"code": "c3", "text": "不拍孩子"},
]


def make_task(course: Course, hand_in: str = "text", **fields) -> Assignment:
    facts = {"title": "六条回复", "text": "一条投诉写一条回复。", "criteria": CRITERIA}
    module = fields.pop("module", None) or course.modules.order_by("position").first()
    return Assignment.objects.create(module=module, hand_in=hand_in, **facts | fields)


def make_whole_upload(user: User, task: Assignment, client_id: UUID, position: int = 1, **fields) -> Upload:
    """Return a film that has arrived, without chunks on the disk."""
    facts = {"purpose": Upload.Purpose.TAKE, "reference": make_reference(task, client_id, position)}
    facts |= {"size": 1000, "offset": 1000, "most_bytes": 10**8, "state": Upload.State.WHOLE}
    return Upload.objects.create(owner=user, expires_at="2999-01-01T00:00Z", **facts | fields)


def hand_in(user: User, task: Assignment, client_id: UUID | None = None, **given) -> TaskVersion:
    """Hand in a text, or what `given` says."""
    happened_at = given.pop("happened_at", None) or timezone.now()
    received_at = given.pop("received_at", None) or timezone.now()
    facts = {"text": "坏 4 个退 9.97 元。"} if task.hand_in == "text" else {}
    return hand_in_task(user, task, HandedIn(client_id or uuid4(), **facts | given), happened_at, received_at)
