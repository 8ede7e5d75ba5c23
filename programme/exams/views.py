"""Pages of examinations: a class's, one practical, an examiner's score, and what an examinee sees."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from courses.models import Cohort
from programme.exams import bookings, changes, examiners, overview, scores
from programme.exams.forms import AgreeForm, CancelExamForm, ExamForm, ReplaceForm, ScoreForm, ThirdForm
from programme.models import ExamScore, ExamSeat, PracticalExam
from progress.classes.board import find_members
from progress.classes.views import of_class
from progress.quizzes import final_theory
from rehearsals import scoring
from ui.pagination import fetch_page
from ui.parameters import read_id

OWN_SEAT = gettext_lazy("这场你自己也考，请班里另一位老师或者组织者来办。")
NEWEST = ("-starts_at", "-pk")
MINE = 20


# --- a class ---


@of_class
@require_safe
def class_exams(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Show who may skip what, who may sit the theory, and the practical examinations of the class."""
    people, after = overview.load_people(cohort, request.GET.get("people", ""))
    context = {
        "cohort": cohort,
        "people": people,
        "people_after": after,
        "theory": final_theory.find_quiz(cohort.course_id),
        "exams": fetch_page(bookings.find_of_class(cohort), NEWEST, request.GET.get("after", "")),
        "waiting": [person for person in people if person.waits and person.pk != request.user.pk],
    }
    return render(request, "programme/exams/class_exams.html", context)


@of_class
@require_POST
def theory_open(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Open the theory examination to those ticked, whose lessons are not all done."""
    quiz = final_theory.find_quiz(cohort.course_id)
    if quiz is None:
        raise Http404
    ticked = {pk for text in request.POST.getlist("user")[:1000] if (pk := read_id(text))}
    members = find_members(cohort).filter(user__in=ticked).exclude(user=request.user)
    people = [row.user for row in members.select_related("user")]
    opened = final_theory.open_early(request.user, cohort, quiz, people)
    if opened:
        said = ngettext("%(n)d 个人现在就能考了。", "%(n)d 个人现在就能考了。", opened)
        messages.success(request, said % {"n": opened})
    else:
        messages.info(request, _("先勾上让谁提前考。"))
    return redirect("programme:class_exams", cohort.pk)


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def exam_new(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    form = ExamForm(get_posted_or_kept(request), cohort=cohort)
    if request.method == "POST" and form.is_valid():
        try:
            exam = bookings.book_exam(request.user, cohort, form.get_booking())
        except bookings.NotBookable as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("排好了，考生都收到了通知。"), extra_tags=f"done:exam-{cohort.pk}")
            return redirect("programme:exam", cohort.pk, exam.pk)
    context = {
        "cohort": cohort,
        "form": form,
        "draft": f"exam-{cohort.pk}",
        "has_drill": bookings.find_drills(cohort.course_id).exists(),
    }
    return render(request, "programme/exams/exam_new.html", context)


def of_exam(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view one examination of a class, for who leads the class; else 404."""

    @of_class
    @wraps(view)
    def answer(request: SignedInRequest, cohort: Cohort, exam_pk: int, **kwargs) -> HttpResponseBase:
        rows = PracticalExam.objects.select_related("cancelled_by")
        exam = get_object_or_404(rows, pk=exam_pk, cohort=cohort)
        exam.cohort = cohort
        return view(request, exam, **kwargs)

    return answer


@of_exam
@require_safe
def exam(request: SignedInRequest, exam: PracticalExam) -> HttpResponse:
    """Show the order list with the times, to be printed too, and how far the scores are."""
    rows = exam.seats.select_related("user").prefetch_related("scores__examiner").order_by("position", "pk")
    standing = list(rows if exam.is_cancelled else rows.filter(withdrawn_at__isnull=True))
    members = set(find_members(exam.cohort).order_by().values_list("user", flat=True))
    seats = []
    for seat in standing:
        seat.exam = exam
        found = scores.weigh(seat)
        third = next((one for one in seat.scores.all() if one.part == ExamScore.Part.THIRD), None)
        needs_third = found.outcome.is_apart and third is None and seat.user_id != request.user.pk
        people = list(examiners.choose_third(exam.cohort, seat)) if needs_third else []
        seats.append(
            {
                "seat": seat,
                "signed": len(found.signed),
                "is_gone": seat.user_id not in members,
                "can_withdraw": not found.signed
                and not seat.withdrawn_at
                and seat.user_id != request.user.pk,
                "scored": found,
                "third": third,
                "form": ThirdForm(people=people, prefix=f"seat-{seat.pk}") if people else None,
                "needs_third": needs_third,
            }
        )
    can_change = not exam.is_cancelled and not bookings.has_own_seat(request.user, standing)
    context = {
        "cohort": exam.cohort,
        "exam": exam,
        "seats": seats,
        "examiners": bookings.list_examiners(exam),
        "can_cancel": can_change and not any(row["signed"] for row in seats),
        "can_replace": can_change
        and any(not one.signed_at for seat in standing if not seat.settled_at for one in seat.scores.all()),
    }
    return render(request, "programme/exams/exam_show.html", context)


@of_exam
@require_http_methods(["GET", "HEAD", "POST"])
def exam_cancel(request: SignedInRequest, exam: PracticalExam) -> HttpResponse:
    form = CancelExamForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            if bookings.cancel_exam(request.user, exam, form.cleaned_data["reason"]):
                messages.success(request, _("取消了。考生都收到了通知，这次不算考过。"))
        except bookings.HasScores:
            messages.error(request, _("已经有人交了分，取消不了。"))
        except bookings.OwnSeat:
            messages.error(request, OWN_SEAT)
        return redirect("programme:exam", exam.cohort_id, exam.pk)
    return render(
        request, "programme/exams/exam_cancel.html", {"cohort": exam.cohort, "exam": exam, "form": form}
    )


@of_exam
@require_http_methods(["GET", "HEAD", "POST"])
def exam_withdraw(request: SignedInRequest, exam: PracticalExam, seat_pk: int) -> HttpResponse:
    """Take one person off the list, after a page that asks; never oneself."""
    rows = exam.seats.filter(withdrawn_at__isnull=True).exclude(user=request.user)
    seat = get_object_or_404(rows.select_related("user"), pk=seat_pk)
    seat.exam = exam
    if request.method == "POST":
        try:
            if changes.withdraw_seat(request.user, seat):
                messages.success(request, _("撤下来了，这次不算考过，还能再排。"))
        except bookings.HasScores:
            messages.error(request, _("已经有人给他交了分，撤不了。"))
        return redirect("programme:exam", exam.cohort_id, exam.pk)
    context = {"cohort": exam.cohort, "exam": exam, "seat": seat}
    return render(request, "programme/exams/exam_withdraw.html", context)


@of_exam
@require_http_methods(["GET", "HEAD", "POST"])
def exam_examiner(request: SignedInRequest, exam: PracticalExam) -> HttpResponse:
    """Put somebody in the place of an examiner who has not signed everything."""
    if exam.is_cancelled:
        raise Http404
    form = ReplaceForm(get_posted_or_kept(request), exam=exam)
    if request.method == "POST" and form.is_valid():
        picked = form.cleaned_data
        try:
            n = changes.replace_examiner(request.user, exam, picked["examiner"], picked["other"])
        except bookings.NotBookable as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        except bookings.OwnSeat:
            form.add_error(None, OWN_SEAT)
        else:
            facts = {"name": picked["other"].name, "n": n}
            said = ngettext("换好了，%(name)s打 %(n)d 份分。", "换好了，%(name)s打 %(n)d 份分。", n)
            messages.success(request, said % facts)
            return redirect("programme:exam", exam.cohort_id, exam.pk)
    context = {"cohort": exam.cohort, "exam": exam, "form": form}
    return render(request, "programme/exams/exam_examiner.html", context)


@of_exam
@require_POST
def exam_third(request: SignedInRequest, exam: PracticalExam, seat_pk: int) -> HttpResponse:
    """Ask a third examiner for a seat whose two scores are too far apart; never for one's own."""
    seat = get_object_or_404(exam.seats.exclude(user=request.user), pk=seat_pk)
    seat.exam = exam
    people = list(examiners.choose_third(exam.cohort, seat))
    form = ThirdForm(request.POST, people=people, prefix=f"seat-{seat.pk}")
    if form.is_valid() and scores.ask_third(request.user, seat, form.cleaned_data["examiner"]):
        messages.success(request, _("请好了，他在“我的考试”里打分。"))
    else:
        messages.error(request, _("选一位考官。要是刚有人请过了，就不用再请。"))
    return redirect("programme:exam", exam.cohort_id, exam.pk)


# --- an examiner ---


def of_score(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the score that this examiner is to give to a seat; else 404."""

    @login_required_keeping_post
    @staff_page
    @wraps(view)
    def answer(request: SignedInRequest, key: UUID, **kwargs) -> HttpResponseBase:
        score = get_object_or_404(scores.find_mine(request.user), seat__key=key)
        if not examiners.find_examined(request.user, [score.seat.exam.cohort]):
            raise Http404
        return view(request, score, **kwargs)

    return answer


@of_score
@require_http_methods(["GET", "HEAD", "POST"])
def exam_score(request: SignedInRequest, score: ExamScore) -> HttpResponse:
    """Score a seat: `save` keeps a draft, `sign` hands it in; the other's score is shown once both are in."""
    if request.method == "POST" and not score.signed_at:
        return take_score(request, score)
    form = None if score.signed_at else ScoreForm(get_posted_or_kept(request), score=score)
    return render_score(request, score, form)


def take_score(request: SignedInRequest, score: ExamScore) -> HttpResponse:
    form = ScoreForm(request.POST, score=score)
    if not form.is_valid():
        return render_score(request, score, form)
    is_signed = "sign" in request.POST
    try:
        saved = scores.save_score(score, form.get_marks(), is_signed=is_signed, **form.get_rest())
    except scores.AlreadySigned:
        messages.info(request, _("这份分已经交了。"))
    except scores.Withdrawn:
        raise Http404 from None
    except scores.MayNotExamine as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return render_score(request, score, form)
    else:
        if saved.signed_at:
            messages.success(request, _("分交了。两位都交了才看得到对方的。"))
        elif is_signed:
            for reason in scores.list_missing(saved):
                messages.error(request, reason)
            return redirect(f"{request.path}#first-missing")
        else:
            messages.success(request, _("存好了，接着打。"))
    return redirect("programme:exam_score", score.seat.key)


def render_score(request: SignedInRequest, score: ExamScore, form: ScoreForm | None) -> HttpResponse:
    seat = score.seat
    found = scores.weigh(seat)
    may_see = found.both_are_in and score.signed_at is not None
    low_high = sorted(one.total or 0 for part, one in found.signed.items() if part != ExamScore.Part.THIRD)
    context = {
        "score": score,
        "seat": seat,
        "exam": seat.exam,
        "form": form,
        "parts": form.list_parts() if form else [],
        "counted": scores.calculate(score),
        "result": describe_scores(seat, found) if may_see else None,
        "scored": found,
        "can_agree": may_see and found.outcome.is_apart and score.part != ExamScore.Part.THIRD,
        "agree_form": AgreeForm(),
        "low": low_high[0] if low_high else None,
        "high": low_high[-1] if low_high else None,
    }
    return render(request, "programme/exams/exam_score.html", context)


@of_score
@require_POST
def exam_agree(request: SignedInRequest, score: ExamScore) -> HttpResponse:
    """Agree to a total after talking with the other examiner; it counts once both have typed the same."""
    form = AgreeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("填两位商量定的总分。"))
        return redirect("programme:exam_score", score.seat.key)
    try:
        if scores.agree(score, form.cleaned_data["total"]):
            messages.success(request, _("两位填得一样，总分定了。"))
        else:
            messages.info(request, _("记下了。另一位也填一样的分，就定了。"))
    except scores.CannotAgree as refused:
        messages.error(request, str(refused))
    return redirect("programme:exam_score", score.seat.key)


def describe_scores(seat: ExamSeat, found: scores.Scored) -> list[dict]:
    """Return the signed scores in their order, each with its dimensions."""
    content = scoring.get_form(seat.exam.rubric_content, scoring.LONG)
    return [
        {"score": score, "parts": scoring.calculate_dimensions(content, score.marks)}
        for part in ExamScore.Part
        if (score := found.signed.get(part))
    ]


# --- an examinee ---


@login_required_keeping_post
@require_safe
def my_exams(request: SignedInRequest) -> HttpResponse:
    """Show the turns one has and had, and what one is to score as an examiner."""
    mine = ExamSeat.objects.filter(user=request.user).select_related("exam__cohort__place")
    context = {
        "seats": list(mine.order_by("-exam__starts_at", "-pk")[:MINE]),
        "to_score": list_to_score(request.user),
    }
    return render(request, "programme/exams/my_exams.html", context)


def list_to_score(user: User) -> list[ExamScore]:
    """List what the person is to score, the earliest first, then the newest signed."""
    rows = scores.find_mine(user)
    waiting = list(
        rows.filter(signed_at__isnull=True).order_by("seat__exam__starts_at", "seat__position")[:200]
    )
    found = waiting + list(rows.filter(signed_at__isnull=False).order_by("-signed_at")[:MINE])
    examined = examiners.find_examined(user, [score.seat.exam.cohort for score in found])
    return [score for score in found if score.seat.exam.cohort_id in examined]


@login_required_keeping_post
@require_safe
def exam_result(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show one's own result: the total, how it came about, and both examiners' scores by dimension."""
    mine = ExamSeat.objects.filter(user=request.user.pk).select_related("exam__cohort")
    seat = get_object_or_404(mine.prefetch_related("scores__examiner"), key=key)
    result = describe_scores(seat, scores.weigh(seat)) if seat.settled_at else []
    return render(
        request, "programme/exams/exam_result.html", {"seat": seat, "exam": seat.exam, "result": result}
    )
