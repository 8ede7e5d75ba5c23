"""Check a course before it is published: each finding says what is wrong and where, and links to the page that corrects it.

The words of a course are checked by the rules for course pages. A course's title and summary advertise it (广告法 §24), so a
forbidden word there blocks it. In a lesson such words may be an example of what not to say, which no rule can tell, so its
author only gets a question.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses import questions
from courses.authoring import lesson_cost
from courses.authoring.links import Links, find_pictures
from courses.authoring.quiz_rules import check_quiz_rule
from courses.models import Case, Course, Lesson, LessonPicture, LessonPlan, Objective, Question, Quiz, State
from courses.plans.parts import find_plan_problems
from media.models import Video
from wording import checker
from wording.rulebook.rules import spell_article

MOST = 5  # findings of one text that are shown; the others appear once these are corrected


@dataclass(frozen=True)
class CourseProblem:
    """One thing that is wrong. `blocks`: the course cannot be published with it; else the author is asked to confirm.

    `goes_out`: it is in a part that learners get, not in a draft.
    """

    blocks: bool
    goes_out: bool
    where: str
    message: str
    url: str


class Report(list):
    """A course's findings, in the order of the course."""

    @property
    def errors(self) -> list[CourseProblem]:
        return [finding for finding in self if finding.blocks and finding.goes_out]

    @property
    def warnings(self) -> list[CourseProblem]:
        return [finding for finding in self if finding.goes_out and not finding.blocks]

    @property
    def in_drafts(self) -> list[CourseProblem]:
        return [finding for finding in self if not finding.goes_out]


def check_course(course: Course) -> Report:
    """Check all of a course; eight queries at most, whatever its size."""
    lessons = list(load_lessons(course))
    by_bank: dict[int, list[Question]] = {}
    for question in Question.objects.filter(bank__course=course, is_retired=False).order_by(
        "bank", "position"
    ):
        by_bank.setdefault(question.bank_id, []).append(question)
    quizzes = list(
        Quiz.objects.filter(course=course).select_related("bank").order_by("module__position", "id")
    )
    objectives = list(Objective.objects.filter(course=course).order_by("code"))
    links = Links(lessons)
    report = Report()
    if not any(is_out(lesson) for lesson in lessons):
        url = reverse("admin:courses_course_outline", args=[course.pk])
        report.append(CourseProblem(True, True, course.title, _("还没有一课是发布的，先发布几课"), url))
    for message, at, blocks in check_course_wording(course):
        url = reverse("admin:courses_course_change", args=[course.pk])
        report.append(CourseProblem(blocks, True, course.title, message, f"{url}#{at}"))
    for lesson in lessons:
        report += check_lesson(lesson, links)
    of_modules = list_module_questions(quizzes, by_bank, objectives)
    for quiz in quizzes:
        asked = of_modules if quiz.kind in Quiz.OF_WHOLE_COURSE else by_bank.get(quiz.bank_id or 0, [])
        report += check_quiz(quiz, asked, objectives)
    asked_in = {quiz.bank_id for quiz in quizzes if quiz.state == State.PUBLISHED and quiz.bank_id}
    for bank, rows in by_bank.items():
        for question in rows:
            report += check_question(question, bank in asked_in)
    report += find_unasked_objectives(objectives, [row for bank in asked_in for row in by_bank.get(bank, [])])
    return report


def list_module_questions(
    quizzes: Iterable[Quiz], by_bank: dict[int, list[Question]], objectives: Iterable[Objective]
) -> list[Question]:
    """Return what a test of the whole course may ask, as `Quiz.list_questions` does; no query."""
    inside = {one.pk for one in objectives if one.module_id}
    banks = {
        quiz.bank_id
        for quiz in quizzes
        if quiz.kind == Quiz.Kind.MODULE and quiz.state == State.PUBLISHED and quiz.module_id
    }
    return [row for bank in banks for row in by_bank.get(bank or 0, []) if row.objective_id in inside]


def load_lessons(course: Course):
    rows = Lesson.objects.filter(module__course=course).in_order().select_related("video", "plan")
    return rows.prefetch_related("pictures__photo")


def is_out(lesson: Lesson) -> bool:
    return lesson.state == State.PUBLISHED


def check_lessons(pks: Iterable[int] | QuerySet) -> dict[int, list[CourseProblem]]:
    """Check these lessons as they are stored; return {lesson id: findings}. Six queries at most."""
    rows = (
        Lesson.objects.filter(pk__in=pks).select_related("video", "plan").prefetch_related("pictures__photo")
    )
    links = Links(rows)
    return {lesson.pk: list(check_lesson(lesson, links)) for lesson in rows}


def check_lesson(lesson: Lesson, links: Links) -> Iterator[CourseProblem]:
    url = reverse("admin:courses_lesson_change", args=[lesson.pk])

    def found(message: str, at: str, blocks: bool = False) -> CourseProblem:
        return CourseProblem(blocks, is_out(lesson), lesson.title, message, f"{url}#{at}")

    for link in links.dead(lesson):
        yield found(_("链接打不开：%(link)s") % {"link": link[:80]}, "id_body", True)
    for link in links.drafts(lesson):
        yield found(_("链接到的课还没发布：%(link)s") % {"link": link[:80]}, "id_body")
    for message, at, blocks in [*check_body(lesson.body, lesson.pictures.all()), *check_video(lesson)]:
        yield found(message, at, blocks)
    for message, at in check_lesson_wording(lesson):
        yield found(message, at)
    if not lesson.do_now.strip():
        yield found(_("“动手做”空着：学完这一课做什么？"), "id_do_now")
    if plan := getattr(lesson, "plan", None):
        plan_url = reverse("admin:courses_lessonplan_change", args=[plan.pk])
        for problem in find_plan_problems(plan.parts, plan.faults, lesson.minutes):
            message = _("教案：%(why)s") % {"why": problem}
            yield CourseProblem(
                False, is_out(lesson), lesson.title, message, f"{plan_url}#id_practise_minutes"
            )
    weight = lesson_cost.weigh_lesson(lesson)
    if weight.is_heavy:
        size = {"size": lesson_cost.format_megabytes(weight.least)}
        yield found(
            _("这一课要 %(size)s MB 流量，超过 10 MB 了：视频剪短一点，照片少几张") % size, "id_video"
        )


def check_body(body: str, rows: Iterable[LessonPicture]) -> Iterator[tuple[str, str, bool]]:
    """Yield (message, field id, whether it blocks) for a lesson's text and pictures; no query."""
    pictures = {picture.name: picture for picture in rows}
    shown = find_pictures(body)
    if not body.strip():
        yield _("正文是空的"), "id_body", True
    for name in sorted({name for name, _alt in shown} - pictures.keys()):
        yield (
            _("正文里的图 picture:%(name)s 找不到，插图里没有这个图名") % {"name": name[:40]},
            "id_body",
            True,
        )
    for name, picture in pictures.items():
        alts = [alt for one, alt in shown if one == name]
        if not alts:
            yield _("插图 %(name)s 没放进正文") % {"name": name}, "pictures-group", False
        if not picture.alt.strip() and not all(alts):
            yield _("插图 %(name)s 没写图上有什么") % {"name": name}, "pictures-group", False
        if picture.photo.status == "failed":
            yield _("插图 %(name)s 的照片坏了，重新传一张") % {"name": name}, "pictures-group", True


def check_video(lesson: Lesson) -> Iterator[tuple[str, str, bool]]:
    video = lesson.video
    if video is None:
        return
    if video.status == Video.Status.FAILED:
        yield _("视频没做成，重新传一个"), "id_video", True
    elif not video.is_ready:
        yield _("视频还在处理，做好了再发布"), "id_video", False
    if not lesson.captions.strip():
        yield _("视频没有字幕：听不见的人、开不了声音的人看不懂"), "id_captions", False


def check_quiz(quiz: Quiz, asked: list[Question], objectives: list[Objective]) -> Iterator[CourseProblem]:
    url = build_admin_url(quiz)
    out = quiz.state == State.PUBLISHED
    if not asked:
        yield CourseProblem(True, out, quiz.title, _("题库里一道题都没有"), url)
    for message in check_quiz_rule(quiz, asked, objectives):
        yield CourseProblem(True, out, quiz.title, message, url)


def check_question(question: Question, goes_out: bool) -> Iterator[CourseProblem]:
    where, url = question.text[:30], build_admin_url(question)
    for message in questions.find_problems(question.kind, question.content):
        yield CourseProblem(True, goes_out, where, message, url)
    if not question.explain.strip():
        yield CourseProblem(False, goes_out, where, _("这道题没写讲解，答错了不知道错在哪儿"), url)


def find_unasked_objectives(objectives: list[Objective], asked: list[Question]) -> Iterator[CourseProblem]:
    met = {question.objective_id for question in asked}
    for objective in objectives:
        if objective.pk not in met:
            message = _("没有一道题考这个学习目标")
            yield CourseProblem(False, True, str(objective)[:60], message, build_admin_url(objective))


def build_admin_url(row: Quiz | Question | Objective) -> str:
    """Return the URL of the row's page in the admin, or "" if it has none."""
    try:
        return reverse(f"admin:courses_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def check_wording(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (message, whether it blocks) for the first MOST rules of course pages that a text breaks."""
    seen: set[tuple[str, str]] = set()
    lang = get_language() or "zh"
    for one in checker.check(text, "course_page", lang=lang):
        if (one.rule, one.words) in seen or len(seen) >= MOST:
            continue
        seen.add((one.rule, one.words))
        facts = {"words": one.words, "reason": one.reason, "law": cite_law(one, lang)}
        yield _("“%(words)s”：%(reason)s（%(law)s）") % facts, one.severity == "block"


def cite_law(one: checker.Finding, lang: str) -> str:
    return f"{one.law}{' ' if lang[:2] == 'en' else ''}{spell_article(one.article, lang)}"


def check_lesson_wording(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Yield (message, field id) for what a lesson's title, text and task say; nothing here blocks."""
    for name in ("title", "body", "do_now"):
        for message, _blocks in check_wording(getattr(lesson, name)):
            yield message, f"id_{name}"


def check_plan_wording(plan: LessonPlan) -> Iterator[str]:
    """Yield a message for each rule that a plan's words break; nothing here blocks, because a plan may say what is wrong."""
    texts = [plan.goal, plan.kit, plan.safety, plan.simple, plan.check_ask, plan.check_answer]
    texts += [part[name] for part in plan.parts for name in ("do", "say")]
    texts += [fault[name] for fault in plan.faults for name in ("see", "do")]
    for message, _blocks in check_wording("\n\n".join(texts)):
        yield message


def check_case_wording(case: Case) -> Iterator[str]:
    """Yield a message for each rule that a case's words break; nothing here blocks, because a case quotes what was fined."""
    for message, _blocks in check_wording("\n\n".join([case.title, *case.ask, case.body])):
        yield message


def check_course_wording(course: Course) -> Iterator[tuple[str, str, bool]]:
    """Yield (message, field id, whether it blocks) for what a course's title and summary say."""
    for name in ("title", "summary"):
        for message, blocks in check_wording(getattr(course, name)):
            yield message, f"id_{name}", blocks
