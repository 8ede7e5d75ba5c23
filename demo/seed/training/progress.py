"""Seed a class with people at every stage, and an earlier class that has finished."""

from __future__ import annotations

import datetime
import random
import uuid
from decimal import Decimal

from django.utils import timezone

from accounts.models import Membership, Place, User
from accounts.people import memberships
from courses.models import Announcement, Cohort, Course, Lesson, Quiz
from demo.seed.people import CLASS, CLASS_BEGAN, CLASS_LASTS, MATE_PHONE, SITE_BEGAN, Classmate, make_person
from demo.seed.places import DemoPlaces
from demo.seed.timeline import Timeline, clock_at
from demo.seed.training.sessions import seed_sessions
from demo.seed.training.support import seed_support
from progress.classes import announcements, questions
from progress.enrolment.join_codes import redeem
from progress.lessons.completion import Completion, record_done
from progress.models import Answer, Ask, Enrolment
from progress.quizzes import attempts, clearances
from progress.quizzes.paper import Item, Paper

JOIN_CODE, FIRST_CODE = "YX2026", "YX2601"
MARK = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d003")
# Hours in which villagers have time: before the field work, at noon, in the evening.
HOURS = ("06:40", "12:35", "19:50", "20:40", "21:15")
# Days before seeding on which the first class began, had learnt everything, and took its last test.
FIRST = (98, 46, 44)


def seed_class(timeline: Timeline, places: DemoPlaces, course: Course, cast: dict[str, User]) -> list[User]:
    """Seed the township's present class; return its people in the order of CLASS."""
    cohort = Cohort.objects.create(
        join_code=JOIN_CODE,
        course=course,
        place=places.township,
        name="乡村直播实训·第二期",
        starts_on=timeline.day(CLASS_BEGAN),
        ends_on=timeline.day(CLASS_BEGAN - CLASS_LASTS),
    )
    cohort.trainers.add(cast["trainer"], cast["colleague"])
    villages, modules = list(places.villages.values()), group_by_module(course)
    people = []
    for number, mate in enumerate(CLASS):
        joined = timeline.at(mate.joined, HOURS[number % len(HOURS)])
        with clock_at(joined):
            user = make_person(MATE_PHONE.format(number), mate.name, mate.born) if number else cast["trainee"]
        people.append(user)
        timeline.add(joined, join, user, villages[mate.village], JOIN_CODE)
        study(timeline, user, mate, modules)
    seed_talk(timeline, cohort, cast, {user.name: user for user in people})
    seed_sessions(timeline, cohort, cast["trainer"])
    seed_support(timeline, cohort, cast, {user.name: user for user in people})
    return people


def seed_first_class(
    timeline: Timeline, places: DemoPlaces, course: Course, sellers: list[User], trainer: User
) -> None:
    """Seed the first class, whose people have passed everything and now sell."""
    began, through, tested = FIRST
    cohort = Cohort.objects.create(
        join_code=FIRST_CODE,
        course=course,
        place=places.township,
        name="乡村直播实训·第一期",
        starts_on=timeline.day(SITE_BEGAN),
        ends_on=timeline.day(tested),
    )
    cohort.trainers.add(trainer)
    modules = group_by_module(course)
    quizzes = {quiz.kind: quiz for quiz in Quiz.objects.filter(course=course, kind__in=("pre", "post"))}
    count = sum(len(lessons) for lessons in modules.values())
    for number, seller in enumerate(sellers):
        place = seller.memberships.get(role=Membership.Role.SELLER).place
        joined = timeline.at(began, HOURS[number % len(HOURS)])
        # A class that is over accepts nobody: they joined while its days ran.
        timeline.add(joined, join, seller, place, FIRST_CODE)
        mate = Classmate(seller.name, 0, "", 33 + 4 * (number % 6), count, through + number % 4, joined=began)
        study(timeline, seller, mate, modules)
        timeline.add(
            timeline.at(tested, HOURS[number % len(HOURS)]),
            sit,
            seller,
            quizzes["post"],
            71 + 4 * (number % 6),
        )
    timeline.add(timeline.at(tested, "22:00"), Cohort.objects.filter(pk=cohort.pk).update, is_open=False)


def join(user: User, village: Place, code: str) -> None:
    """Join by the class's code, as somebody who belongs to their village already."""
    memberships.grant_role_by_code(user, village)
    redeem(user, code)


def group_by_module(course: Course) -> dict[Quiz, list[Lesson]]:
    """Return the published lessons of each module, by the module's quiz."""
    quizzes = {quiz.module_id: quiz for quiz in Quiz.objects.filter(course=course, kind=Quiz.Kind.MODULE)}
    found: dict[Quiz, list[Lesson]] = {}
    for lesson in Lesson.objects.filter(module__course=course).in_order().select_related("module"):
        found.setdefault(quizzes[lesson.module_id], []).append(lesson)
    return found


def study(timeline: Timeline, user: User, mate: Classmate, modules: dict[Quiz, list[Lesson]]) -> None:
    """Take the pre-test, do lessons on some evenings, and take each module's quiz after its last lesson."""
    dice = random.Random(mate.name)
    if mate.pre is not None:
        quiz = Quiz.objects.get(course=next(iter(modules)).course, kind=Quiz.Kind.PRE)
        timeline.add(timeline.at(max(1, mate.joined - 1), "20:05"), sit, user, quiz, mate.pre)
    when = iter(list_moments(timeline, mate, dice))
    tries, left, late = dict(mate.tries), mate.lessons, timeline.ago(minutes=20)
    for quiz, lessons in modules.items():
        assert quiz.module is not None  # quizzes of modules only
        if not left:
            return
        taken, left = lessons[:left], max(0, left - len(lessons))
        at = [next(when) for _lesson in taken]
        version = quiz.course.version
        facts = [
            Completion(uuid.uuid5(MARK, f"{user.pk}-{lesson.pk}"), lesson.pk, version, moment, moment)
            for lesson, moment in zip(taken, at, strict=True)
        ]
        timeline.add(at[-1], record_done, user, facts)
        if len(taken) < len(lessons):
            return
        usual = (dice.choice([percent for percent in (67, 75, 83, 88, 90, 100) if passes(quiz, percent)]),)
        for again, percent in enumerate(tries.get(quiz.module.number, usual)):
            moment = at[-1] + datetime.timedelta(minutes=25, hours=21 * again)
            moment = min(moment, late + datetime.timedelta(minutes=again))
            timeline.add(moment, sit, user, quiz, percent, again + 1)


def list_moments(timeline: Timeline, mate: Classmate, dice: random.Random) -> list[datetime.datetime]:
    """Return as many times as lessons, from the day after joining to the last visit, in the usual hours."""
    last = timeline.ago(days=mate.seen, hours=2 + dice.random())
    first = min(timeline.at(max(1, mate.joined - 1), "20:30"), last)
    found = []
    for number in range(mate.lessons):
        even = first + (last - first) * ((number + 1) / mate.lessons)
        days_ago = (timeline.today - even.astimezone(timeline.at(0, "00:00").tzinfo).date()).days
        usual = timeline.at(days_ago, dice.choice(HOURS)) + datetime.timedelta(minutes=dice.randrange(25))
        found.append(usual if first < usual < last else even)
    return sorted(found)


# --- quizzes ---


def count_right(questions: int, percent: int) -> int:
    return round(questions * percent / 100)


def passes(quiz: Quiz, percent: int) -> bool:
    """Whether the nearest possible share of a paper's questions is enough: 75 % of six are four, and these are 67 %."""
    drawn = quiz.draw or 12
    return 100 * count_right(drawn, percent) >= quiz.pass_percent * drawn


def list_asked(paper: Paper, right: set[int]) -> list[int]:
    """Return the positions that are asked; in a placement test the answers decide what comes next."""
    if not paper.placement:
        return list(range(1, len(paper) + 1))
    answers: dict[int, bool] = {}
    while (position := paper.next_after(answers)) is not None:
        answers[position] = position in right
    return list(answers)


def sit(user: User, quiz: Quiz, percent: int, number: int = 1) -> None:
    """Insert a finished attempt, the user's `number`th, with the nearest possible share of right answers; a minute a
    question.

    The paper, the grading and the results are the product's own; only the rows are inserted in their final state.
    """
    enrolment = Enrolment.objects.active().get(user=user, course=quiz.course_id)
    now = timezone.now()
    with clock_at(now - datetime.timedelta(minutes=quiz.draw or 12)):
        attempt = attempts.create_attempt(user, quiz, enrolment, number)
    paper = Paper(attempt.paper)
    dice = random.Random(f"{user.name}-{quiz.code}-{attempt.number}")
    right = set(dice.sample(range(1, len(paper) + 1), count_right(len(paper), percent)))
    rows = [
        attempts.grade_answer(attempt, paper, position, make_answer(paper.item(position), position in right))
        for position in list_asked(paper, right)
    ]
    score = paper.score({row.position: row.right for row in rows})
    attempt.right, attempt.total, attempt.passed, attempt.finished_at = (
        score.right,
        score.total,
        score.passed,
        now,
    )
    attempt.save(force_insert=True)
    attempts.keep_photos(attempt)
    Answer.objects.bulk_create(rows)
    if quiz.clears:
        clearances.grant_clearance([attempt])


def make_answer(item: Item, right: bool) -> object:
    """Return an answer to this question, in the format that its kind stores."""
    key = item.key["right"]
    if item.kind in ("single", "picture"):
        return key[0] if right else next(one["id"] for one in item.shown["choices"] if one["id"] not in key)
    if item.kind == "multiple":
        return (
            key
            if right
            else [one["id"] for one in item.shown["choices"] if one["id"] not in key][:1] or key[:1]
        )
    if item.kind == "true_false":
        return key is right
    if item.kind == "number":
        return key if right else f"{Decimal(key) + Decimal(item.key['tolerance']) + 1:f}"
    if item.kind == "order":
        return key if right else key[::-1]
    return (
        key if right else [one["id"] for one in item.shown["pieces"] if one["id"] not in key][:1] or key[:1]
    )


# --- questions and announcements ---

# Module and lesson, who, days ago and when, the question; who answers how many hours later, and what.
ASKED = (
    (1, 1, "滕小妹", 21, "20:50", "我手抖得厉害，胳膊肘贴住肋骨也晃，有没有别的法子？",
     ("trainer", 13, "靠着墙，或者把胳膊肘搁在果筐上。还抖就用支架，第三课讲怎么搭。")),
    (2, 1, "彭菊香", 16, "19:30", "堂屋只有一扇门进光，没有窗，人坐哪里？",
     ("trainer", 2, "把桌子搬到门边，人侧着坐，门在左手边。别背对着门，脸会黑。")),
    (5, 1, "石桂花", 9, "21:10", "糖度计一支多少钱？我们几家能不能合买一支？",
     ("colleague", 12, "手持的一百来块。村部有一支，找村主任登记就能借，用完擦干了还。")),
    (6, 2, "杨光明", 6, "12:45", "一箱写“约 5 斤”行不行？果子有大有小，没法刚刚好。",
     ("trainer", 8, "净重写一个准数，装的时候宁可多一两。少了就是短斤缺两，人家可以找你赔。")),
    (8, 1, "吴春燕", 4, "20:20", "橙子是我外婆种的，能不能说“外婆的味道”？",
     ("colleague", 1, "能说，这不是吹功效。说“治咳嗽”就不行，那是拿果子当药卖。")),
    (8, 4, "张家旺", 3, "21:30", "划掉的价，我写去年卖的价行不行？", None),
    (3, 1, "向大伟", 1, "12:50", "剪视频一定要电脑吗？我只有手机，里头也快满了。", None),
    (1, 1, "田小红", 0, "", "我戴着干活的手套点屏幕没反应，拍的时候要不要脱？", None),
)  # fmt: skip
TAKEN_DOWN = (1, 3, "谢青山", 12, "19:10", "明天几点上课？")
# Days ago, when, text; the second was wrong and withdrawn at once.
ANNOUNCED = (
    (23, "18:30", "各位好。第一周先学“手机拍摄”四课，一天一课就行。看不明白的，在课下面问，我晚上答。"),
    (12, "17:05", "周六上午八点，石榴冲村部练“三分钟讲一款”。"),
    (12, "17:12", "周六上午九点，石榴冲村部练“三分钟讲一款”。自己带一样果子、一把刀、一块湿毛巾。手机先充满电。"),
    (1, "18:40", "彩排交上来的，两天里都会看。等点评的时候先学“法律与诚信”，考过了才能真播。"),
)  # fmt: skip


def seed_talk(timeline: Timeline, cohort: Cohort, cast: dict[str, User], people: dict[str, User]) -> None:
    lessons = {
        (lesson.module.number, number): lesson
        for _quiz, lessons in group_by_module(cohort.course).items()
        for number, lesson in enumerate(lessons, 1)
    }

    def ask(unit: int, number: int, name: str, text: str) -> Ask:
        return questions.ask_question(people[name], lessons[unit, number], text, make_key(name, text))

    def reply(trainer: User, name: str, text: str, answer: str) -> None:
        questions.reply_to(trainer, Ask.objects.get(event_id=make_key(name, text)), answer)

    for unit, number, name, days, clock, text, answer in ASKED:
        at = timeline.at(days, clock) if clock else timeline.ago(hours=4)
        timeline.add(at, ask, unit, number, name, text)
        if answer:
            trainer, hours, words = answer
            timeline.add(at + datetime.timedelta(hours=hours), reply, cast[trainer], name, text, words)
    unit, number, name, days, clock, text = TAKEN_DOWN
    timeline.add(timeline.at(days, clock), ask, unit, number, name, text)
    timeline.add(timeline.at(days, "20:00"), take_down, cast["trainer"], make_key(name, text))
    for days, clock, words in ANNOUNCED:
        timeline.add(timeline.at(days, clock), announcements.announce, cast["trainer"], cohort, words)
    timeline.add(timeline.at(12, "17:10"), take_back, cast["trainer"], cohort, ANNOUNCED[1][2])


def take_down(trainer: User, key: uuid.UUID) -> None:
    questions.remove_question(trainer, Ask.objects.get(event_id=key))


def take_back(trainer: User, cohort: Cohort, words: str) -> None:
    announcements.withdraw_announcement(trainer, Announcement.objects.get(cohort=cohort, text=words))


def make_key(name: str, text: str) -> uuid.UUID:
    return uuid.uuid5(MARK, f"{name} {text}")
