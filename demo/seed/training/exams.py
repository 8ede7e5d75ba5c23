"""Seed the examinations of the present class: placement tests, the theory, a practical that was held, and one booked ahead."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from courses.models import Cohort, Course, Quiz
from demo.seed.timeline import Timeline
from demo.seed.training.progress import JOIN_CODE, sit
from demo.seed.training.rehearsals import marks_for
from programme.exams import bookings, scores
from programme.models import ExamScore, ExamSeat
from rehearsals import scoring

# Who, days ago and when, per cent.
PLACED = (
    ("周秀兰", 22, "21:00", 38),
    ("吴春燕", 22, "21:10", 92),
)
# In hours ago, because they come after the last lesson.
THEORY = (("吴春燕", 20.0, 87), ("王翠英", 28.0, 75))
PLACE = "青溪镇文化站二楼"
# Days from seeding, when, and who in their order; the first was held, the second is ahead, with one for the second time.
HELD = (2, "14:00", ("吴春燕", "王翠英", "张家旺"))
AHEAD = (-4, "09:00", ("张家旺", "石桂花", "杨光明"))
EXAMINERS = ("trainer", "organiser")


@dataclass(frozen=True)
class DemoScore:
    who: str
    by: str
    clock: str
    total: int
    words: str
    left: int = 0


# 王翠英's two are too far apart: a third examiner was asked, and has not scored yet.
SCORES = (
    DemoScore("吴春燕", "trainer", "14:40", 88, "价报得早，秤面对着镜头。换货那几秒再练练。"),
    DemoScore("吴春燕", "organiser", "14:52", 84, "问什么答什么，不知道的就说记下了。声音可以再大一点。"),
    DemoScore("王翠英", "trainer", "15:25", 78, "五款讲全了。十分钟一报价，中间漏了一回。"),
    DemoScore("王翠英", "organiser", "15:31", 64, "后半场讲急了，售后只讲了一句。"),
    DemoScore("张家旺", "trainer", "16:10", 54, "果子没切开，净重和价连着说才听得懂。"),
    DemoScore("张家旺", "organiser", "16:16", 50, "低头看稿子多。先把五段话练熟，再来一次。"),
)
THIRD = (1, "17:30", "王翠英", "colleague")


def seed_exams(timeline: Timeline, course: Course, cast: dict[str, User], people: list[User]) -> None:
    everybody = {user.name: user for user in people} | cast
    quizzes = {quiz.kind: quiz for quiz in Quiz.objects.filter(course=course, kind__in=("place", "final"))}
    for name, days, clock, percent in PLACED:
        timeline.add(timeline.at(days, clock), sit, everybody[name], quizzes["place"], percent)
    for name, hours, percent in THEORY:
        timeline.add(timeline.ago(hours=hours), sit, everybody[name], quizzes["final"], percent)
    timeline.add(timeline.at(9, "18:30"), book, timeline, everybody, HELD)
    for one in SCORES:
        timeline.add(timeline.at(HELD[0], one.clock), score, everybody, one)
    days, clock, name, third = THIRD
    timeline.add(timeline.at(days, clock), ask_third, everybody, name, third)
    timeline.add(timeline.at(1, "18:10"), book, timeline, everybody, AHEAD)


def book(timeline: Timeline, everybody: dict[str, User], when: tuple[int, str, tuple[str, ...]]) -> None:
    cohort = Cohort.objects.select_related("place", "course").get(join_code=JOIN_CODE)
    drill = bookings.find_drills(cohort.course_id).first()
    assert drill is not None  # the written course has one
    days, clock, names = when
    one, other = (everybody[role] for role in EXAMINERS)
    booking = bookings.Booking(
        drill=drill,
        starts_at=timeline.at(days, clock),
        slot_minutes=45,
        place=PLACE,
        pass_points=60,
        examiners=(one, other),
        people=[everybody[name].pk for name in names],
    )
    bookings.book_exam(everybody["trainer"], cohort, booking)


def score(everybody: dict[str, User], one: DemoScore) -> None:
    mine = scores.find_mine(everybody[one.by]).get(seat__user=everybody[one.who], signed_at=None)
    content = scoring.get_form(mine.seat.exam.rubric_content, scoring.LONG)
    marks = marks_for(content, one.total, f"{one.who} {one.by}")
    scores.save_score(mine, marks, is_signed=True, words=one.words, slips_left=one.left)


def ask_third(everybody: dict[str, User], name: str, third: str) -> None:
    rows = ExamSeat.objects.select_related("exam__cohort__place", "user").prefetch_related("scores")
    seat = rows.get(user=everybody[name], settled_at=None)
    scores.ask_third(everybody["trainer"], seat, everybody[third])
    assert ExamScore.objects.filter(seat=seat, part=ExamScore.Part.THIRD).exists()
