"""Rehearsals for tests: a drill, a plan of it, a rubric of three criteria, and what a phone reports."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from courses.models import Course, Drill, Rubric, ViewerComment
from live.models import Livestream, RundownItem, ScriptVersion
from media.models import Upload
from rehearsals.models import Rehearsal, Submission, Take
from rehearsals.recordings.reports import get_upload_reference
from tests.factories import numbers
from tests.outbox.phone import event

CONTENT = {
    "pass_points": 60,
    "grades": [{"code": "pass", "title": "及格", "from": 60}],
    "criteria": [
        {"code": "open", "dimension": "开场", "title": "报村名和价", "points": 40, "full": "头一分钟都说了"},
        {"code": "talk", "dimension": "讲货", "title": "切开看", "points": 40, "full": "切开给镜头看"},
        {"code": "words", "dimension": "用语", "title": "没说过头话", "points": 20, "full": "一句没有"},
    ],
}
FULL = {"open": "full", "talk": "half", "words": "full"}


def make_drill(course: Course, comments: int = 3, **fields) -> Drill:
    facts = {"code": f"drill-{next(numbers)}", "title": "三分钟一款", "minutes": 3, "most_minutes": 5}
    drill = Drill.objects.create(course=course, **facts | {"questions": 2} | fields)
    for n in range(comments):
        ViewerComment.objects.create(
            drill=drill, code=f"c{n}", name=f"看客{n}", text=f"问题{n}？", wants="说清楚"
        )
    return drill


def make_rubric(course: Course, **fields) -> Rubric:
    return Rubric.objects.create(course=course, **{"title": "评分表", "content": CONTENT} | fields)


def make_plan(host: User, drill: Drill | None = None, items: int = 1, **fields) -> Livestream:
    place = fields.pop("place", None) or host.granted[0].place
    facts = {"title": "彩排一场", "starts_at": timezone.now(), "planned_minutes": 3, "made_by": host}
    plan = Livestream.objects.create(host=host, place=place, drill=drill, **facts | fields)
    for n in range(items):
        item = RundownItem.objects.create(
            livestream=plan, position=n, name=f"冰糖橙{n}", price_fen=2990, net_grams=2500, minutes=3
        )
        parts = {"who": "我是石榴冲村的。", "what": "今天看冰糖橙。", "price": "五斤一箱，29.9元。"}
        ScriptVersion.objects.create(item=item, number=1, parts=parts, text_hash="0" * 64)
    return plan


def make_body(plan: Livestream, rehearsal: UUID | None = None, **body) -> dict:
    """Return the part that every fact about a rehearsal contains."""
    facts = {"rehearsal": str(rehearsal or uuid4()), "live": plan.pk, "quality": "saving"}
    return facts | {"begun": timezone.now().isoformat(), "on_phone": 0} | body


def take_event(plan: Livestream, rehearsal: UUID, take: UUID | None = None, number: int = 1, **body) -> dict:
    facts = {"take": str(take or uuid4()), "number": number, "take_begun": timezone.now().isoformat()}
    facts |= {"upright": True, "lasted_ms": 20_000, "marks": [{"kind": "item", "item": 1, "at_ms": 0}]}
    return event("take", **make_body(plan, rehearsal) | facts | body)


def handed_event(plan: Livestream, rehearsal: UUID, submission: UUID | None = None, **body) -> dict:
    facts = {"submission": str(submission or uuid4()), "marks": FULL}
    facts |= {"keep": "开口就报价", "change_one": "切果慢", "change_two": "忘了运费", "takes": []}
    return event("handed_in", **make_body(plan, rehearsal) | facts | body)


def make_rehearsal(user: User, plan: Livestream, takes: int = 1, here: bool = True, **fields) -> Rehearsal:
    rehearsal = Rehearsal.objects.create(user=user, livestream=plan, drill=plan.drill, **fields)
    for number in range(1, takes + 1):
        take = Take.objects.create(rehearsal=rehearsal, number=number, lasted_ms=20_000)
        make_upload(take, whole=here)
    return rehearsal


def make_upload(take: Take, whole: bool = True, size: int = 1000) -> Upload:
    """Return an upload without chunks on the disk."""
    facts = {"purpose": Upload.Purpose.TAKE, "reference": get_upload_reference(take.key), "most_bytes": 10**8}
    facts |= {"size": size, "offset": size, "state": Upload.State.WHOLE} if whole else {"offset": size // 2}
    return Upload.objects.create(owner=take.rehearsal.user, expires_at="2999-01-01T00:00Z", **facts)


def make_submission(user: User, rehearsal: Rehearsal, **fields) -> Submission:
    facts = {"cohort": rehearsal.cohort, "drill": rehearsal.drill, "receipt": "ABCD-2345"}
    facts |= {"rubric_content": CONTENT, "rubric_hash": "0" * 64, "self_total": 80}
    return Submission.objects.create(user=user, rehearsal=rehearsal, **facts | fields)
