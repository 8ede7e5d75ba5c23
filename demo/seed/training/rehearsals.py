"""Seed rehearsals in every state that a trainer meets.

They are on the phone, uploading, waiting, opened by a colleague, reviewed, to be repeated, repeated, answered, reviewed by
classmates, scored twice, and withdrawn. One film is used for all of them (demo/seed/media_files.py): drawn slides with
artificial speech. It is processed like every rehearsal, in chunks, handed in with the own score first; only joining and
measuring were done beforehand.
"""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Drill
from demo.seed import media_files
from demo.seed.timeline import Timeline
from live.models import Livestream
from live.planning import plans, rundown
from media import shipped
from media.models import VideoPart
from media.uploads import recordings
from media.uploads.services import add_chunk
from media.videos import inspection
from rehearsals import scoring
from rehearsals.models import Rehearsal, Submission, TimedNote
from rehearsals.recordings import reports
from rehearsals.reviews import notes as note_services
from rehearsals.reviews import peer_review
from rehearsals.reviews import services as reviewing
from rehearsals.submissions import services as handing_in
from shops.models import Product

MARK = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d002")
PIECE = 512 * 1024
LASTED_MS = 72_000
TYPED = (
    {"name": "冰糖橙 5 斤箱", "unit": "box", "net_grams": 2500, "price_fen": 2990},
    {"name": "椪柑 10 斤箱", "unit": "box", "net_grams": 5000, "price_fen": 3500},
)
Moment = tuple[int, str] | float
"""(days ago, clock), or hours ago."""
Note = tuple[int, int | None, str, str, str]
"""From and until in milliseconds (an end asks for that bit again), tone, criterion, text."""


@dataclass(frozen=True)
class DemoReview:
    """A review by the short form, as for every exercise in class; an unsigned one is a draft.

    `halves` and `none` name the lines that are not full, without their "class-".
    """

    by: str
    when: Moment
    halves: str
    words: str = ""
    none: str = ""
    notes: tuple[Note, ...] = ()
    fixed: int = 0
    left: int = 0
    again: bool = False
    signed: bool = True
    # The number of a note, when it was answered, and how.
    answers: tuple[tuple[int, Moment, str], ...] = ()


@dataclass(frozen=True)
class Run:
    """One try. `here`: the share of the film that has arrived. `answers_note`: the code of the try whose note it answers."""

    code: str
    who: str
    when: Moment
    drill: str = "one"
    own: int = 70
    here: float = 1
    handed: bool = True
    dropped: Moment | None = None
    keep: str = "价钱讲顺了，净重和每斤价连着说。"
    change_one: str = "切果那段太快。"
    change_two: str = "忘了叫网名。"
    seen: tuple[DemoReview, ...] = ()
    given_to: tuple[str, ...] = ()
    peer: tuple[str, Moment, str, tuple[Note, ...]] | None = None
    answers_note: str = ""
    twice: bool = False


TRIES = (
    # The seller's, before her first live.
    Run("seller-1", "周梅英", (52, "20:10"), own=68, keep="没怯场。", change_one="价报晚了。", change_two="秤没对着镜头。", seen=(
        DemoReview("trainer", (51, "21:00"), "price pace picture goods talk after", "价报得太晚，走掉的人多。照五段再来一遍。",
             none="open", again=True, notes=(
            (40_000, None, "change", "open-offer", "到这里还没报价。两分十秒以前一定要报。"),
            (26_000, 36_000, "change", "pace-silence", "十秒没说话，手上装箱，嘴上接着讲。"))),)),
    Run("seller-2", "周梅英", (49, "19:40"), own=72, answers_note="seller-1", seen=(
        DemoReview("trainer", (48, "20:20"), "picture price goods", "好多了。声音再大一点就能播。", notes=(
            (12_000, None, "keep", "prod-inside", "里头停够了五秒，看得清，这点保持。"),)),)),
    Run("seller-3", "周梅英", (40, "20:00"), "two", own=76, change_one="第二款讲短了。", seen=(
        DemoReview("trainer", (39, "20:45"), "goods picture after", "两款换得顺。可以开播了，第一次我坐旁边。", notes=(
            (37_000, None, "keep", "pace-silence", "换货的时候嘴没停，这点保持。"),)),)),
    # The demo's trainee: reviewed, read, one note answered, one part still to be recorded again.
    Run("done", "周秀兰", (3, "20:20"), own=74, seen=(
        DemoReview("trainer", (2, "21:15"), "pace talk prep", "价报得早，毛病也肯说。就差换货那十秒。", fixed=1, notes=(
                 (4_000, None, "keep", "open-who", "一开口就报了村名和名字，这点保持。"),
                 (14_500, None, "stop", "law-blocked", "“最甜”不能说。你马上更正了，扣 2 分。"),
                 (26_000, 36_000, "change", "pace-silence", "这里冷场了十秒，手上换货，嘴别停。只补这一段。"),
                 (63_000, None, "keep", "after-bad", "坏果怎么赔，讲得明白。")),
             answers=((1, (1, "12:50"), "记住了，以后说“糖度 13 度，量过的”。"),)),)),
    # Waiting for a trainer.
    Run("waiting", "滕小妹", 5.0, own=71),
    Run("waiting-two", "王翠英", (1, "20:50"), "two", own=79, keep="两款的差别讲清楚了。", change_one="椪柑忘了上秤。"),
    Run("second", "田德富", (1, "19:45"), own=66, keep="这回切开了。", change_one="手还是抖。", change_two="没报链接号。",
        answers_note="first"),
    Run("peers", "罗桂兰", (3, "20:00"), own=73, given_to=("滕小妹", "石桂花"), peer=(
        "滕小妹", (1, "21:05"), "你讲得比我稳。秤那一下我看清了。", (
            (26_000, None, "change", "pace-silence", "这里我以为卡住了，你在装箱吧？说一声就好。"),))),
    # Opened by the colleague now.
    Run("open", "杨光明", (2, "12:50"), own=77, seen=(
        DemoReview("colleague", 0.1, "", "开头好，接着看。", signed=False, notes=(
            (4_000, None, "keep", "open-who", "一开口就报村名，这点保持。"),)),)),
    # Reviewed and not read yet; reviewed and to be repeated; repeated.
    Run("unread", "石桂花", (2, "19:50"), own=78, seen=(
        DemoReview("trainer", (1, "20:30"), "price goods", "稳。下一步练十分钟讲两款。", notes=(
            (6_000, None, "keep", "open-who", "村名、名字、卖什么，十秒说完，这点保持。"),
            (40_000, None, "change", "price-unit", "箱价说了，每斤多少没说。补一句“合 5.98 元一斤”。"))),)),
    Run("again", "龙安平", (4, "20:40"), own=62, keep="秤摆好了。", change_one="词忘了两回。", change_two="声音小。", seen=(
        DemoReview("trainer", (3, "21:20"), "picture pace open goods talk after",
             "先把五段话写在纸上，讲顺了再录。三天里交都行。", none="law", left=1, again=True, notes=(
                 (9_000, None, "change", "pic-voice", "声音太小，手机离嘴一臂以内。"),
                 (26_000, 36_000, "change", "pace-silence", "停了十秒没话说。把五段话贴在手机旁边。"),
                 (50_000, None, "stop", "law-blocked", "“吃了不上火”不能说，这是说功效。"))),)),
    Run("first", "田德富", (6, "19:20"), own=60, keep="讲完了没停。", seen=(
        DemoReview("colleague", (5, "20:10"), "picture price talk open pace", "果子要切开给人看。切一个，再录一遍。",
             none="goods", again=True, notes=(
            (12_000, 24_000, "change", "prod-inside", "只拿着橙子讲，没切开。人家要看里头。"),)),)),
    # Advanced: answered, and scored by two trainers.
    Run("answered", "吴春燕", (11, "20:10"), own=84, seen=(
        DemoReview("trainer", (10, "21:00"), "pace price", "可以当样子给大家看。", notes=(
            (36_000, None, "change", "price-unit", "先说净重再说价，顺序倒过来更清楚。"),
            (55_000, None, "keep", "after-bad", "坏了怎么赔，说得干脆。")),
             answers=((0, (10, "21:40"), "好，下回先上秤。"),)),)),
    Run("twice", "吴春燕", (5, "20:30"), "two", own=85, twice=True, seen=(
        DemoReview("trainer", (4, "20:50"), "price talk", "两款都讲到位了。", notes=(
            (37_000, None, "keep", "pace-silence", "换货不冷场，这点保持。"),)),
        DemoReview("colleague", (3, "12:40"), "price talk pace", "第二款的净重说快了，别的都好。", notes=(
            (44_000, None, "change", "price-unit", "净重念慢一点，停一下。"),)))),
    Run("passed", "王翠英", (12, "19:55"), own=76, seen=(
        DemoReview("colleague", (11, "20:35"), "goods picture", "过关。去练两款吧。", notes=(
            (18_000, None, "keep", "talk-names", "先叫网名再答，这点保持。"),)),)),
    # Not completely arrived, not handed in, and withdrawn.
    Run("coming", "彭菊香", (1, "21:00"), own=64, here=0.5, keep="没看稿子。"),
    Run("phone", "向大伟", 0.4, here=0.5, handed=False),
    Run("dropped", "谢青山", (7, "20:15"), handed=False, dropped=(7, "20:31")),
)  # fmt: skip


def seed_rehearsals(
    timeline: Timeline, course: Course, cast: dict[str, User], people: list[User], folder: Path
) -> None:
    """Seed the rehearsals; `folder` is empty and must exist until the timeline has run."""
    shipped.join_sound(media_files.MEDIA, media_files.REHEARSAL, media_files.SPEECH, folder)
    studio = Studio(
        folder,
        inspection.probe(folder / "480.mp4", settings.VIDEO_MAX_SECONDS),
        {drill.code: drill for drill in Drill.objects.filter(course=course)},
        {user.name: user for user in [*people, *cast.values()]} | cast,
    )
    for one in TRIES:
        studio.plan(timeline, one)


@dataclass(frozen=True)
class Studio:
    """The film's files with its facts, the drills by code, and everybody by name and by role."""

    folder: Path
    facts: inspection.Probe
    drills: dict[str, Drill]
    people: dict[str, User]

    def plan(self, timeline: Timeline, one: Run) -> None:
        def moment(when: Moment) -> datetime.datetime:
            return timeline.at(*when) if isinstance(when, tuple) else timeline.ago(hours=when)

        def add(when: Moment, step: Callable, *rest) -> None:
            timeline.add(moment(when), step, one, *rest)

        add(one.when, self.record)
        if one.dropped:
            add(one.dropped, lambda one: handing_in.drop_rehearsal(get_rehearsal(one)))
        if one.handed:
            later = datetime.timedelta(minutes=12)
            timeline.add(min(moment(one.when) + later, timeline.now), self.hand_in, one)
        for seen in one.seen:
            add(seen.when, self.review, seen)
            for number, when, text in seen.answers:
                add(when, self.answer, number, text)
        if one.peer:
            name, when, words, notes = one.peer
            timeline.add(moment(when) - datetime.timedelta(hours=22), self.give, one)
            add(when, self.look, name, words, notes)

    def record(self, one: Run) -> None:
        """Make a plan by one tap, record, and upload as much of the take as has arrived."""
        user, drill, now = self.people[one.who], self.drills[one.drill], timezone.now()
        own = Product.objects.filter(shop__owner=user, status=Product.Status.PUBLISHED).order_by("pk")
        plan = plans.create_plan(
            user, key=uuid.uuid5(MARK, f"plan-{one.code}"), kind=Livestream.Kind.REHEARSAL, drill=drill,
            products=list(own[: drill.products]), starts_at=now, planned_minutes=drill.minutes, title=drill.title,
        )  # fmt: skip
        typed = plan.items.filter(product=None).order_by("position")
        for item, facts in zip(typed, TYPED, strict=False):  # without a shop: items typed by hand
            rundown.change_item(item, facts)
        film = (self.folder / "480.mp4").read_bytes()
        reported = reports.ReportedRehearsal(
            uuid.uuid5(MARK, f"rehearsal-{one.code}"), plan.pk, "saving", now, now, 0
        )
        rehearsal = reports.record_rehearsal(user, reported, now)
        key = uuid.uuid5(MARK, f"take-{one.code}")
        reports.record_take(
            rehearsal, reports.ReportedTake(key, 1, now, True, LASTED_MS, marks=make_marks(rehearsal)), now
        )
        upload = recordings.begin_recording(
            user, recordings.Ticket(reports.get_upload_reference(key), len(film) + 1), len(film), "take.mp4"
        )
        for start in range(0, int(len(film) * one.here), PIECE // 2):
            add_chunk(upload, start, film[start : start + PIECE // 2])
        if one.here < 1:
            left = reports.ReportedRehearsal(
                reported.key, plan.pk, "saving", now, now, len(film) - upload.offset
            )
            reports.record_rehearsal(user, left, now)

    def hand_in(self, one: Run) -> None:
        rehearsal, now = get_rehearsal(one), timezone.now()
        rubric = handing_in.find_rubric(rehearsal.user, rehearsal.drill)
        assert rubric is not None
        own = handing_in.OwnScore(
            find_key(one), marks_for(rubric.content, one.own, one.code), keep=one.keep,
            change_one=one.change_one, change_two=one.change_two, for_peers=bool(one.given_to),
            note=uuid.uuid5(MARK, f"note-{one.answers_note}-{len(find_answered(one).notes) - 1}") if one.answers_note else None,
        )  # fmt: skip
        submission = handing_in.hand_in(rehearsal, own, now, now)
        if submission.video:
            VideoPart.objects.filter(video=submission.video).update(starts_ms=0, lasts_ms=LASTED_MS)
            media_files.finish_rehearsal(submission.video, self.folder, self.facts)

    def review(self, one: Run, seen: DemoReview) -> None:
        submission = get_submission(one)
        review = reviewing.begin_review(self.people[seen.by], submission)
        for number, (start, until, tone, criterion, text) in enumerate(seen.notes):
            facts = {"at_ms": start, "until_ms": until, "tone": tone, "criterion": criterion, "text": text}
            suffix = f"-{seen.by}" if review.kind != review.Kind.FIRST else ""
            key = uuid.uuid5(MARK, f"note-{one.code}-{number}{suffix}")
            note_services.save_note(review, key, **facts, asks_again=until is not None)
        marks = {each["code"]: "full" for each in review.rubric["criteria"]}
        marks |= {f"class-{line}": "half" for line in seen.halves.split()}
        marks |= {f"class-{line}": "none" for line in seen.none.split()}
        if not seen.signed:  # half of it is marked
            marks = dict(list(marks.items())[: len(marks) // 2])
        reviewing.save_draft(
            review,
            marks,
            words=seen.words,
            slips_fixed=seen.fixed,
            slips_left=seen.left,
            wants_again=seen.again,
        )
        if seen.signed:
            reviewing.sign_review(review)

    def answer(self, one: Run, number: int, text: str) -> None:
        note = TimedNote.objects.get(key=uuid.uuid5(MARK, f"note-{one.code}-{number}"))
        note_services.answer_note(self.people[one.who], note, text, uuid.uuid5(note.key, "answer"))

    def give(self, one: Run) -> None:
        peer_review.assign_peers(get_submission(one), [self.people[name] for name in one.given_to])

    def look(self, one: Run, name: str, words: str, notes: tuple[Note, ...]) -> None:
        review = reviewing.begin_review(self.people[name], get_submission(one))
        for number, (start, until, tone, criterion, text) in enumerate(notes):
            facts = {"at_ms": start, "until_ms": until, "tone": tone, "criterion": criterion, "text": text}
            note_services.save_note(review, uuid.uuid5(MARK, f"note-{one.code}-{name}-{number}"), **facts)
        reviewing.save_draft(review, {}, words=words)
        reviewing.sign_review(review)


def get_rehearsal(one: Run) -> Rehearsal:
    rows = Rehearsal.objects.select_related("user", "drill", "livestream")
    return rows.get(key=uuid.uuid5(MARK, f"rehearsal-{one.code}"))


def get_submission(one: Run) -> Submission:
    return Submission.objects.select_related("video", "cohort__place", "rehearsal__livestream", "user").get(
        key=find_key(one)
    )


def find_answered(one: Run) -> DemoReview:
    """Return the review whose last note this try answers."""
    return next(other for other in TRIES if other.code == one.answers_note).seen[0]


def find_key(one: Run) -> uuid.UUID:
    """Return a key that is drawn for a second score, or not, as the demo needs; which keys are differs between sites."""
    return next(
        key
        for n in range(1000)
        if handing_in.is_drawn_for_second_score(key := uuid.uuid5(MARK, f"{one.code}-{n}")) == one.twice
    )


def make_marks(rehearsal: Rehearsal) -> list[dict]:
    """Return marks: the first item from the beginning, the second from the middle, and two questions of which one was
    answered.
    """
    assert rehearsal.drill is not None
    items = list(rehearsal.livestream.items.order_by("position", "id"))
    marks: list[dict] = [
        {"kind": "item", "item": item.pk, "at_ms": 37_000 * number} for number, item in enumerate(items[:2])
    ]
    for number, comment in enumerate(rehearsal.drill.comments.order_by("id")[:2]):
        asked = 18_000 + 26_000 * number
        marks.append({"kind": "asked", "comment": comment.pk, "text": comment.text, "at_ms": asked})
        if number == 0:
            marks.append({"kind": "answered", "comment": comment.pk, "at_ms": asked + 4000})
    return marks


def marks_for(content: dict, total: int, seed: str) -> dict[str, str]:
    """Return marks that add up to this total or just below, of other criteria for every seed."""
    dice, lower = random.Random(seed), {"full": "half", "half": "none"}
    marks = {one["code"]: "full" for one in content["criteria"]}
    while scoring.calculate_total(content, marks).total > total:
        # A reviewer never deducts points for what the law forbids without a note.
        code = dice.choice([one for one in marks if marks[one] in lower and one != "law-blocked"])
        marks[code] = lower[marks[code]]
    return marks
