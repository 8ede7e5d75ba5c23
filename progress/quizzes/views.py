"""Pages for taking a quiz, one question a screen, without scripts; and figures of questions for trainers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.models import Membership, Place, User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from courses import questions
from courses.models import Bank, Course, Objective, Quiz
from courses.outline import build_outline
from courses.permissions import can_edit, can_teach
from courses.questions import order
from progress.enrolment import prerequisites
from progress.enrolment.services import NotEnrolled
from progress.models import Answer, Attempt, Enrolment, LessonDone
from progress.quizzes import attempts as doing
from progress.quizzes import (
    clearances,
    final_theory,
    placement,
    placement_paper,
    statistics,
    talks,
)
from progress.quizzes.draw import TooFewQuestions
from progress.quizzes.offline_paper import build_offline_paper
from progress.quizzes.paper import NoQuestions, Paper
from progress.quizzes.quiz_status import attach_state
from progress.quizzes.results import build_result, count_results, explain_question
from progress.quizzes.time_limits import (
    DELIVERED_WITHIN,
    find_running,
    is_ended_by_clock,
    is_explained,
    is_time_over,
)

ATTEMPTS_SHOWN = 10


@login_required_keeping_post
@require_safe
def quiz(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what is asked and what it takes, before anything counts."""
    quiz = get_object_or_404(find_quizzes(request), pk=pk)
    asked = doing.count_asked(quiz)
    mine = Attempt.objects.filter(user=request.user, quiz=quiz, finished_at__isnull=False).defer("paper")
    # A paper that was stored on a phone and not answered is not counted as a try, though it has a number.
    tried = quiz.tried - bool(quiz.open_key and not quiz.is_begun)
    left = None if quiz.tries is None else max(0, quiz.tries - tried)
    is_enrolled = Enrolment.objects.active().filter(user=request.user, course=quiz.course_id).exists()
    missing = describe_missing(request, quiz)
    waits = not quiz.open_key and talks.needs_talk(request.user, quiz)
    teaches = not is_enrolled and can_teach(request.user, quiz.course)
    context = {
        "quiz": quiz,
        "talk": describe_talk(request.user, quiz) if waits else "",
        "held": (quiz.talk_after or quiz.clears) and talks.find_held(request.user, quiz).first(),
        "course": quiz.course,
        "missing": missing,
        "asked": min(quiz.draw or asked, asked),
        "left": left,
        "tried": tried,
        "attempts": list(mine.order_by("-number")[:ATTEMPTS_SHOWN]),
        "is_enrolled": is_enrolled,
        "teaches": teaches,
        "edits": teaches and can_edit(request.user, quiz.course),
        "results": count_results(request.user, quiz) if teaches else [],
        "can_begin": quiz.is_out
        and is_enrolled
        and asked
        and not missing
        and not waits
        and (left != 0 or quiz.open_key),
    }
    return render(request, "progress/quizzes/quiz_show.html", context)


def find_quizzes(request: SignedInRequest):
    rows = Quiz.objects.visible_to(request.user).select_related(
        "course__place", "module__course", "lesson__module__course", "bank", "floor_module"
    )
    return attach_state(rows, request.user)


def describe_missing(request: SignedInRequest, quiz: Quiz) -> list[prerequisites.Missing]:
    """Return what is missing before the module of a quiz; a try begun earlier can be continued."""
    if quiz.kind == Quiz.Kind.FINAL:
        return [] if is_continued(request, quiz) else final_theory.list_missing(request.user, quiz)
    module = quiz.lesson.module if quiz.lesson else quiz.module
    if module is None or not prerequisites.is_closed(request.user, module):
        return []
    return prerequisites.list_missing(request.user, module)


def is_continued(request: SignedInRequest, quiz: Quiz) -> bool:
    """Return whether an examination that was begun still runs."""
    return find_running(Attempt.objects.filter(user=request.user, quiz=quiz)).exists()


class CannotBegin(Exception):
    """Raised when the quiz cannot be begun; the message is a sentence for the person that says why."""


def begin(request: SignedInRequest, pk: int) -> Attempt:
    """Return the open try or a new one. Raises CannotBegin."""
    rows = Quiz.objects.visible_to(request.user).select_related(
        "course", "bank", "module__course", "lesson__module__course"
    )
    quiz = get_object_or_404(rows, pk=pk)
    if not quiz.is_out:
        raise CannotBegin(_("测验还没发布，现在考不了。"))
    if missing := describe_missing(request, quiz):
        raise CannotBegin(missing[0].words)
    try:
        return doing.start_attempt(request.user, quiz)
    except NotEnrolled:
        raise CannotBegin(_("先报名这门课，再来考。")) from None
    except doing.NoTriesLeft:
        raise CannotBegin(_("能考的次数用完了。")) from None
    except talks.TalkNeeded:
        raise CannotBegin(describe_talk(request.user, quiz)) from None
    except NoQuestions:
        raise CannotBegin(_("题库里还没有题，请告诉老师。")) from None
    except TooFewQuestions:
        raise CannotBegin(_("题库里的题不够出一张卷子，请告诉老师。")) from None


def describe_talk(user: User, quiz: Quiz) -> str:
    """Tell who talks with the person before the next try. At most three queries."""
    facts = {"n": talks.find_limit(quiz), "who": _("、").join(talks.list_trainers(user, quiz))}
    said = _("%(n)s 次没过，先找老师谈一谈：%(who)s。老师记下来，就能再考。")
    if not facts["who"]:
        said = _("%(n)s 次没过，先找老师谈一谈。你还没进班，跟培训老师要进班码，进了班老师才记得上。")
    sentence = said % facts
    if talks.count_elsewhere(user, quiz):
        return _("%(sentence)s中文、英文的考试合在一起算。") % {"sentence": sentence}
    return sentence


@login_required_keeping_post
@require_POST
def quiz_start(request: SignedInRequest, pk: int) -> HttpResponse:
    try:
        return redirect("progress:attempt", begin(request, pk).key)
    except CannotBegin as problem:
        messages.error(request, str(problem))
        return redirect("progress:quiz", pk)


@login_required_keeping_post
@require_POST
def quiz_paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """Return the paper for a phone that will be offline as JSON (`offline_paper`)."""
    try:
        return JsonResponse(build_offline_paper(begin(request, pk)))
    except CannotBegin as problem:
        return JsonResponse({"problem": str(problem)}, status=409)


def of_mine(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view one's own try with its answers by position; another's is 404."""

    @login_required_keeping_post
    @wraps(view)
    def answer(request: SignedInRequest, key: UUID, **kwargs) -> HttpResponse:
        rows = Attempt.objects.filter(user=request.user).select_related("quiz__course", "quiz__floor_module")
        attempt = get_object_or_404(rows, key=key)
        answers = {row.position: row for row in attempt.answers.all()}
        return view(request, attempt, answers, **kwargs)

    return answer


@of_mine
@require_safe
def attempt(request: SignedInRequest, attempt: Attempt, answers: dict[int, Answer]) -> HttpResponse:
    """Show the result; a try that is not handed in leads to its next question."""
    doing.settle_unstored(attempt, list_marks(answers))
    if attempt.finished_at is None:
        paper = Paper(attempt.paper)
        ahead = paper.next_after(list_marks(answers)) or len(paper)
        return redirect("progress:attempt_question", attempt.key, ahead)
    quiz = attempt.quiz
    if attempt.due_at and not is_explained(attempt, answers):
        context = {"quiz": quiz, "course": quiz.course, "until": attempt.due_at + DELIVERED_WITHIN}
        return render(request, "progress/quizzes/quiz_ended.html", context | {"attempt": attempt})
    tried = Attempt.objects.filter(user=request.user, quiz=quiz).count()
    waits = talks.needs_talk(request.user, quiz)
    context = {
        "placements": list_placements(attempt, answers),
        "talk": describe_talk(request.user, quiz) if waits else "",
        "attempt": attempt,
        "quiz": quiz,
        "course": quiz.course,
        "result": build_result(attempt, answers),
        "can_try_again": quiz.is_out and not waits and (quiz.tries is None or tried < quiz.tries),
        "clearance": clearances.find_clearance(attempt),
    }
    return render(request, "progress/quizzes/quiz_result.html", context)


def list_placements(attempt: Attempt, answers: dict[int, Answer]) -> list[placement.ModulePlacement]:
    """Return the advice on each module after a person's placement tests so far, [] after another quiz."""
    verdicts = placement.judge_attempt(attempt, list_marks(answers))
    if not verdicts:
        return []
    course = attempt.quiz.course_id
    if found := placement.load_placement(attempt.user, course):
        verdicts = found.verdicts
    objectives = Objective.objects.filter(course=course, module__isnull=False)
    done = LessonDone.objects.filter(user=attempt.user_id, lesson__module__course=course)
    read = set(done.order_by().values_list("lesson", flat=True))
    return placement.advise(build_outline(course), verdicts, objectives, read)


def list_marks(answers: dict[int, Answer]) -> dict[int, bool]:
    return {position: row.right for position, row in answers.items()}


@of_mine
@require_http_methods(["GET", "HEAD", "POST"])
def question(
    request: SignedInRequest, attempt: Attempt, answers: dict[int, Answer], position: int
) -> HttpResponse:
    """Show a question, or its explanation once it is answered and no clock runs; POST stores the answer and returns here."""
    doing.settle_unstored(attempt, list_marks(answers))
    paper = Paper(attempt.paper)
    if not paper.has(position):
        messages.error(request, _("这张卷子没有这一题。"))
        return redirect("progress:attempt", attempt.key)
    if position in answers:
        if not is_explained(attempt, answers):
            return redirect("progress:attempt", attempt.key)
        return (
            redirect(request.path)
            if request.method == "POST"
            else render_explanation(request, attempt, answers, position)
        )
    if attempt.finished_at:
        is_over = is_time_over(attempt) and is_ended_by_clock(attempt)
        messages.info(
            request, _("时间到了，按答完的算。") if is_over else _("这次已经交卷了，后面的题不再算。")
        )
        return redirect("progress:attempt", attempt.key)
    if position != paper.next_after(list_marks(answers)):
        messages.info(request, _("一题一题来，先答这一题。"))
        return redirect("progress:attempt", attempt.key)
    if request.method == "POST" and "move" not in request.POST:
        return take(request, attempt, answers, position)
    return render_question(request, attempt, answers, position)


def take(
    request: SignedInRequest, attempt: Attempt, answers: dict[int, Answer], position: int
) -> HttpResponse:
    paper = Paper(attempt.paper)
    item = paper.item(position)
    try:
        is_skipped = bool(paper.placement) and "skip" in request.POST
        given = (
            placement_paper.NOT_KNOWN
            if is_skipped
            else questions.parse_form(item.kind, item.shown, request.POST)
        )
    except (questions.Unanswered, questions.InvalidAnswer) as problem:
        return render_question(request, attempt, answers, position, str(problem))
    with suppress(
        doing.AlreadyHandedIn, doing.NotAsked
    ):  # another tab was faster: the page shows the present state
        try:
            doing.record_answer(request.user, attempt.key, position, given)
        except doing.TimeOver:
            doing.finish_attempt(request.user, attempt.key)
            messages.info(request, _("时间到了，按答完的算。"))
    if attempt.due_at:  # the clock runs: explanations come at the end
        return redirect("progress:attempt", attempt.key)
    return redirect("progress:attempt_question", attempt.key, position)


def render_question(
    request: HttpRequest, attempt: Attempt, answers: dict[int, Answer], position: int, problem: str = ""
) -> HttpResponse:
    paper = Paper(attempt.paper)
    item = paper.item(position)
    steps = item.kind == "order" and order.move_step(
        item.shown, request.POST.getlist("order"), request.POST.get("move", "")
    )
    context = build_page(attempt, answers, position) | {
        "item": item,
        "steps": steps or None,
        "picked": request.POST.getlist("answer"),
        "problem": problem,
    }
    return render(request, "progress/quizzes/quiz_question.html", context)


def render_explanation(
    request: HttpRequest, attempt: Attempt, answers: dict[int, Answer], position: int
) -> HttpResponse:
    paper = Paper(attempt.paper)
    beyond = position + 1 if position + 1 in answers else paper.next_after(list_marks(answers))
    if paper.placement:
        beyond = paper.next_after(list_marks(answers))
    context = build_page(attempt, answers, position) | {
        "question_result": explain_question(paper, position, answers[position]),
        "next": None if attempt.finished_at and position == max(answers) else beyond,
    }
    return render(request, "progress/quizzes/quiz_explained.html", context)


def build_page(attempt: Attempt, answers: dict[int, Answer], position: int) -> dict:
    paper = Paper(attempt.paper)
    return {
        "attempt": attempt,
        "quiz": attempt.quiz,
        "course": attempt.quiz.course,
        "paper": paper,
        "position": position,
        "score": paper.score(list_marks(answers)),
        "count": len(answers),
        "most": paper.placement["most"] if paper.placement else len(paper),
        "seconds_left": count_seconds_left(attempt),
    }


def count_seconds_left(attempt: Attempt) -> int | None:
    """Return how many seconds a running try has left, None without a limit."""
    if attempt.due_at is None or attempt.finished_at:
        return None
    return max(0, int((attempt.due_at - timezone.now()).total_seconds()))


@of_mine
@require_http_methods(["GET", "HEAD", "POST"])
def attempt_finish(request: SignedInRequest, attempt: Attempt, answers: dict[int, Answer]) -> HttpResponse:
    """Hand in before the end: GET asks for confirmation, POST does it, once."""
    doing.settle_unstored(attempt, list_marks(answers))
    if request.method == "POST":
        doing.finish_attempt(request.user, attempt.key)
    if request.method == "POST" or attempt.finished_at:
        return redirect("progress:attempt", attempt.key)
    paper = Paper(attempt.paper)
    back = paper.next_after(list_marks(answers)) or len(paper)
    left = 0 if paper.mastery or paper.placement else len(paper) - len(answers)
    return render(
        request, "progress/quizzes/quiz_finish.html", build_page(attempt, answers, back) | {"left": left}
    )


# --- figures for trainers ---


def find_held_courses(user: User):
    """Return the courses of the places this person trains or organises; only they see figures."""
    return (
        Course.objects.filter(place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))
        .order_by()
        .values("pk")
    )


@login_required_keeping_post
@staff_page
@require_safe
def quiz_statistics(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Quiz.objects.filter(course__in=find_held_courses(request.user))
    quiz = get_object_or_404(rows.select_related("course", "bank"), pk=pk)
    context = {
        "title": quiz.title,
        "quiz": quiz,
        "course": quiz.course,
        "items": statistics.get_quiz_figures(quiz),
    }
    return render(request, "progress/quizzes/quiz_statistics.html", context | {"enough": statistics.ENOUGH})


@login_required_keeping_post
@staff_page
@require_safe
def bank_statistics(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = Bank.objects.filter(course__in=find_held_courses(request.user))
    bank = get_object_or_404(rows.select_related("course"), pk=pk)
    context = {
        "title": bank.title,
        "bank": bank,
        "course": bank.course,
        "items": statistics.get_bank_figures(bank),
    }
    return render(request, "progress/quizzes/quiz_statistics.html", context | {"enough": statistics.ENOUGH})
