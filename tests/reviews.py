"""Create rehearsals, submissions and reviews."""

from __future__ import annotations

import datetime
import tomllib
import uuid
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from courses.import_export.programme import read_rubric
from courses.models import Cohort, Drill, QuickPhrase, Rubric
from live.models import Livestream, RundownItem
from media.models import Upload, Video, VideoPart
from rehearsals import scoring
from rehearsals.models import Rehearsal, Review, Submission, Take, TimedNote
from tests.factories import numbers

SECONDS = 90
PHRASES = [
    ("keep", "open-who", "开口就报村名和价，这点保持。"),
    ("keep", "after-bad", "坏果怎么赔，讲得明白。"),
    ("change", "prod-inside", "这里该切开，给镜头看汁水。"),
    ("change", "price-unit", "报一报每斤多少钱。"),
    ("change", "talk-names", "念一念人家的名字。"),
    ("stop", "law-blocked", "这句不能说，当场更正。"),
]


@cache
def programme() -> dict:
    """Return the long form of the written programme alone, as submissions carry it from before there was a short one."""
    return {name: value for name, value in both_forms().items() if name != "short"}


@cache
def both_forms() -> dict:
    path = Path(settings.BASE_DIR, "courses/programme/zh-hans/rubric.toml")
    return read_rubric(tomllib.loads(path.read_text(encoding="utf-8")))["content"]


def short_marks(level: str = "full", **others: str) -> dict[str, str]:
    """Return marks for the nine lines of the short form; `others` are their codes without "class-"."""
    marks = {one["code"]: level for one in both_forms()["short"]["criteria"]}
    return marks | {f"class-{code}": mark for code, mark in others.items()}


def all_marks(level: str = "full", **others: str) -> dict[str, str]:
    """Return marks for all criteria; `others` are criterion codes with _ for -."""
    marks = {one["code"]: level for one in scoring.list_criteria(programme())}
    return marks | {code.replace("_", "-"): mark for code, mark in others.items()}


def make_drill(cohort: Cohort, phrases: bool = False, **fields) -> Drill:
    facts = {"code": f"drill-{next(numbers)}", "title": "三分钟一个品", "minutes": 3, "most_minutes": 5}
    drill = Drill.objects.create(course=cohort.course, **facts | fields)
    for number, (tone, criterion, text) in enumerate(PHRASES if phrases else []):
        QuickPhrase.objects.create(
            course=cohort.course, code=f"p-{number}", tone=tone, criterion=criterion, text=text
        )
    return drill


def make_rubric(cohort: Cohort) -> Rubric:
    return Rubric.objects.create(course=cohort.course, title="直播彩排评分表", content=programme())


def make_plan(user: User, cohort: Cohort, minutes: int = 3, **fields) -> Livestream:
    facts = {"host": user, "place": cohort.place, "title": "彩排", "starts_at": timezone.now()}
    live = Livestream.objects.create(**facts | fields)
    RundownItem.objects.create(
        livestream=live, name="冰糖橙", minutes=minutes, price_fen=2990, net_grams=2500
    )
    return live


def make_video(seconds: float = SECONDS, **fields) -> Video:
    """Return a video that is ready by its row and has no files."""
    facts = {
        "status": Video.Status.READY,
        "duration_ms": int(seconds * 1000),
        "width": 270,
        "height": 480,
        "renditions": {"480": {"bytes": 1}, "240": {"bytes": 1}},
    }
    return Video.objects.create(**facts | fields)


def make_submission(user: User, cohort: Cohort | None, drill: Drill | None = None, **fields) -> Submission:
    """Return a submission as handing in writes it, with one take of the film's length."""
    n = next(numbers)
    video = fields.pop("video") if "video" in fields else make_video()
    plan = fields.pop("plan", None) or make_plan(user, cohort or fields.pop("planned_in"))
    rehearsal = Rehearsal.objects.create(user=user, livestream=plan, drill=drill, cohort=cohort)
    content = fields.pop("content", programme())
    facts = {
        "number": n,
        "receipt": f"R{n}",
        "video": video,
        "rubric_content": content,
        "rubric_hash": scoring.hash_rubric(content),
        "self_marks": all_marks("half"),
        "self_total": 50,
        "keep": "价钱讲顺了。",
        "change_one": "切果那段忘了。",
    }
    return Submission.objects.create(
        rehearsal=rehearsal, user=user, cohort=cohort, drill=drill, **facts | fields
    )


def make_take(submission: Submission, marks: list[dict], lasted_ms: int = 90_000, **fields) -> Take:
    facts = {"number": next(numbers), "lasted_ms": lasted_ms}
    return Take.objects.create(rehearsal=submission.rehearsal, marks=marks, **facts | fields)


def make_part(submission: Submission, take: Take, position: int, starts_ms: int, **fields) -> VideoPart:
    expires = timezone.now() + datetime.timedelta(days=7)
    upload = take.upload or Upload.objects.create(owner=submission.user, expires_at=expires)
    Take.objects.filter(pk=take.pk).update(upload=upload)
    take.upload = upload
    return VideoPart.objects.create(
        video=submission.video, upload=upload, position=position, starts_ms=starts_ms, **fields
    )


def make_review(reviewer: User, submission: Submission, signed: bool = True, **fields) -> Review:
    """Return a review; if signed, everything is half and the submission has left the queue."""
    facts = {"marks": all_marks("half"), "rubric_hash": submission.rubric_hash, "total": 50}
    if signed:
        facts["signed_at"] = timezone.now()
    review = Review.objects.create(reviewer=reviewer, submission=submission, **facts | fields)
    if signed and review.kind == Review.Kind.FIRST:
        Submission.objects.filter(pk=submission.pk).update(status=Submission.Status.REVIEWED)
        submission.status = Submission.Status.REVIEWED
    return review


def make_note(review: Review, at_ms: int = 15_000, text: str = "留着。", **fields) -> TimedNote:
    return TimedNote.objects.create(review=review, at_ms=at_ms, text=text, **{"tone": "keep"} | fields)


def drawn(is_in: bool) -> uuid.UUID:
    """Return a key that is drawn for a second score, or one that is not."""
    from rehearsals.submissions.services import is_drawn_for_second_score

    return next(key for key in iter(uuid.uuid4, None) if is_drawn_for_second_score(key) is is_in)
