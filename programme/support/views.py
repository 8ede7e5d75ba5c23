"""Pages of those in a class who are stuck: the board, and one person with what was done for them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import get_posted_or_kept
from accounts.models import User
from accounts.requests import SignedInRequest
from courses.models import Cohort
from programme.models import SupportCase
from programme.support import cases
from programme.support.board import PersonPage, Stuck, find_peers, load_board, load_line, load_person
from programme.support.forms import ActForm
from progress.classes.board import find_members
from progress.classes.views import of_class
from ui.parameters import get_return_url, read_id, read_number

MOST_PAGES = 10_000


@of_class
@require_safe
def board(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Show who of the class is stuck, a page at a time, and what was settled lately."""
    page = read_number(request.GET.get("page", ""), MOST_PAGES) or 1
    return render(
        request, "programme/support/board.html", {"cohort": cohort, "board": load_board(cohort, page)}
    )


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SignedInRequest, cohort: Cohort, user_pk: int) -> HttpResponse:
    """Show what one person is stuck with and what was done; POST takes it, sends a message or notes an act."""
    user = get_object_or_404(find_members(cohort).select_related("user"), user=user_pk).user
    form = None
    if request.method == "POST":
        verb = request.POST.get("do", "")
        if user.pk == request.user.pk:
            messages.error(request, _("自己的事请班里别的老师来管。"))
            return redirect("programme:support_person", cohort.pk, user.pk)
        if verb == "act":
            form = read_form(request.POST, cohort, user)
            if form.is_valid() and note(request, cohort, user, form):
                return redirect("programme:support_person", cohort.pk, user.pk)
        elif verb in ACTS:
            return ACTS[verb](request, cohort, user)
        else:
            return redirect("programme:support_person", cohort.pk, user.pk)
    elif (kept := get_posted_or_kept(request)) and kept.get("do") == "act":
        form = read_form(kept, cohort, user)
    page = load_person(cohort, user)
    context = {
        "cohort": cohort,
        "page": page,
        "person": user,
        "is_own": user.pk == request.user.pk,
        "rows": build_rows(cohort, page, form),
        "lost": form if form and not is_shown(form, page) else None,
    }
    return render(request, "programme/support/person.html", context)


# --- forms ---


def read_subject(data: QueryDict) -> tuple[str, int]:
    """Return the cause and the number of its subject that a form names; an unknown one is about nothing."""
    return data.get("cause", "")[:20], read_id(data.get("subject"))


def read_form(data: QueryDict, cohort: Cohort, user: User) -> ActForm:
    subject = read_subject(data)
    facts = [one.fact for one in load_line(cohort, user).stuck]
    fact = next((one for one in facts if (one.cause, one.subject) == subject), None)
    peers: QuerySet[User] = find_peers(cohort, fact) if fact else User.objects.none()
    return ActForm(data, subject=subject, peers=peers)


def is_shown(form: ActForm, page: PersonPage) -> bool:
    return any((one.fact.cause, one.fact.subject) == form.subject for one in page.line.stuck)


def build_rows(cohort: Cohort, page: PersonPage, sent: ActForm | None) -> list[tuple[Stuck, ActForm]]:
    """Return what the person is stuck with, each with its form: the one that was sent keeps what was typed."""
    rows = []
    for one in page.line.stuck:
        subject = (one.fact.cause, one.fact.subject)
        if sent and sent.subject == subject:
            rows.append((one, sent))
        else:
            peers = find_peers(cohort, one.fact)
            rows.append((one, ActForm(subject=subject, peers=peers)))
    return rows


def note(request: SignedInRequest, cohort: Cohort, user: User, form: ActForm) -> bool:
    cause, subject = form.subject
    try:
        case = cases.record_act(request.user, cohort, user, cause, subject, **form.get_facts())
    except cases.CauseGone:
        form.add_error(None, _("他已经不卡在这儿了，不用再记。你写的还在这儿。"))
        return False
    if case.is_snoozed:
        messages.success(request, _("记下了，到那天再提醒你。"))
    else:
        messages.success(request, _("记下了。"))
    return True


# --- taps ---


def take(request: SignedInRequest, cohort: Cohort, user: User) -> HttpResponse:
    """Take all that nobody has; a script of the board gets the person's line."""
    taken = cases.take_all(request.user, cohort, user)
    said = describe_taken(taken)
    if request.htmx:
        context = {"cohort": cohort, "line": load_line(cohort, user), "said": said}
        return render(request, "programme/support/_line.html", context)
    messages.add_message(request, messages.SUCCESS if taken.count else messages.INFO, said)
    usual = reverse("programme:support_person", args=[cohort.pk, user.pk])
    return redirect(get_return_url(request, usual))


def describe_taken(taken: cases.Taken) -> str:
    said = []
    if taken.others:
        said.append(_("%(names)s已经在管了。") % {"names": _("、").join(taken.others.values())})
    if taken.count:
        words = ngettext("%(n)s 件归你管了。", "%(n)s 件归你管了。", taken.count)
        said.append(words % {"n": taken.count})
    return " ".join(said) or _("没有要接的。")


def take_over(request: SignedInRequest, cohort: Cohort, user: User) -> HttpResponse:
    rows = SupportCase.objects.open().filter(cohort=cohort, user=user).select_related("user", "cohort__place")
    case = get_object_or_404(rows, pk=read_id(request.POST.get("case")))
    if cases.take_over(request.user, case, read_id(request.POST.get("before"))):
        messages.success(request, _("归你管了。"))
    else:
        messages.info(request, _("刚才有人先接了，看下面是谁。"))
    return redirect("programme:support_person", cohort.pk, user.pk)


def send(request: SignedInRequest, cohort: Cohort, user: User) -> HttpResponse:
    try:
        if cases.send_message(request.user, cohort, user, *read_subject(request.POST)):
            messages.success(request, _("消息发了，他手机上看得到。"))
        else:
            messages.info(request, _("今天发过了，明天再发。"))
    except cases.CauseGone:
        messages.info(request, _("他已经不卡在这儿了，不用发了。"))
    return redirect("programme:support_person", cohort.pk, user.pk)


ACTS = {"take": take, "over": take_over, "message": send}
