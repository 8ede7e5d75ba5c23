"""Pages for enrolling alone or by a class's join code, and for leaving."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.people.memberships import NoLonger
from accounts.requests import SignedInRequest
from courses.models import Course
from progress.enrolment import join_codes, seats, services, waiting_lists
from progress.enrolment.forms import JoinForm, WaitForm
from progress.models import Enrolment, WaitingEntry

DECLINED_SHOWN = 10


@login_required_keeping_post
@require_POST
def enrol(request: SignedInRequest, slug: str) -> HttpResponse:
    course = get_object_or_404(Course.objects.published(), slug=slug)
    services.enrol(request.user, course)
    messages.success(request, _("报上名了，从第一课开始吧。"))
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    if is_ours and "/" in target:  # a word without a slash would be looked up as the name of a URL
        return redirect(target)
    return redirect("progress:course", course.slug)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: SignedInRequest, slug: str) -> HttpResponse:
    mine = Enrolment.objects.active().filter(user=request.user).select_related("course", "cohort")
    enrolment = get_object_or_404(mine, course__slug=slug)
    if request.method == "POST":
        services.leave(request.user, enrolment.course)
        messages.success(request, _("退出了。学完的课都还记着，随时能再报名。"))
        return redirect("progress:learn")
    context = {
        "title": _("退出“%(course)s”？") % {"course": enrolment.course.title},
        "text": _("学完的课都还记着，随时能再报名。"),
        "lines": [_("也会离开“%(name)s”，要回来得再填进班码。") % {"name": enrolment.cohort.name}]
        if enrolment.cohort
        else [],
        "where": pgettext("course", "退出"),
        "confirm": pgettext("course", "退出"),
        "danger": True,
        "cancel_url": reverse("progress:course", args=[slug]),
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: SignedInRequest) -> HttpResponse:
    """Take a class's code, typed or from its QR; a visitor takes it along to the sign-up."""
    code = (request.POST if request.method == "POST" else request.GET).get("code", "")
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return redirect(f"{reverse('account_signup')}?{urlencode(build_query(code[:20]))}")
    if not join_codes.can_try_code(request.user):
        return render(
            request, "progress/enrolment/class_join.html", {"form": JoinForm(), "is_tired": True}, status=429
        )
    if request.method != "POST" and not code:
        return render(request, "progress/enrolment/class_join.html", {"form": JoinForm()})
    form = JoinForm({"code": code})
    if not form.is_valid():
        if code:
            join_codes.count_wrong_code(request.user)
        return render(request, "progress/enrolment/class_join.html", {"form": form})
    if request.method == "POST":
        return come_in(request, form)
    return ask_to_come_in(request, form)


def build_query(code: str) -> dict[str, str]:
    """Return the sign-up's query; who turns out to have an account comes back to the code after signing in."""
    page = reverse("progress:join")
    return {"code": code, "next": f"{page}?{urlencode({'code': code})}"} if code else {"next": page}


def come_in(request: SignedInRequest, form: JoinForm) -> HttpResponse:
    code = form.cleaned_data["code"]
    if "wait" in request.POST:
        return join_waiting_list(request, form)
    try:
        cohort = join_codes.redeem(request.user, code)
    except seats.NotAdmitted as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(f"{reverse('progress:join')}?{urlencode({'code': code})}")
    except join_codes.WrongCode:  # closed in the meantime: the page says so
        return redirect(f"{reverse('progress:join')}?{urlencode({'code': code})}")
    except (seats.ClassFull, seats.OutsideCriteria, seats.WasDeclined):
        return ask_to_come_in(request, form)
    except NoLonger as ended:
        return render(
            request, "progress/enrolment/class_join.html", {"form": JoinForm(), "refused": ended.membership}
        )
    messages.success(request, _("进了“%(name)s”，接着学吧。") % {"name": cohort.name})
    return redirect("progress:learn")


def join_waiting_list(request: SignedInRequest, form: JoinForm) -> HttpResponse:
    wait_form = WaitForm(request.POST)
    if not wait_form.is_valid():
        return ask_to_come_in(request, form, wait_form)
    try:
        entry = join_codes.ask_to_wait(
            request.user, form.cleaned_data["code"], wait_form.cleaned_data["note"]
        )
    except join_codes.WrongCode:
        return redirect(f"{reverse('progress:join')}?{urlencode({'code': form.cleaned_data['code']})}")
    except seats.WasDeclined:
        return ask_to_come_in(request, form)
    if entry.state == WaitingEntry.State.ADMITTED:  # a seat became free in the meantime
        messages.success(request, _("进了“%(name)s”，接着学吧。") % {"name": entry.cohort.name})
        return redirect("progress:learn")
    if entry.needs_consent:
        messages.success(request, _("跟老师说了，老师同意了就进班。"))
    else:
        messages.success(request, _("排上候补了。有了名额就按先后进班，会给你发消息。"))
    return redirect("progress:waiting")


def ask_to_come_in(
    request: SignedInRequest, form: JoinForm, wait_form: WaitForm | None = None
) -> HttpResponse:
    """Show which class the code opens, and whether it has a seat; who is in it already is sent on to learning."""
    cohort = form.cohort
    assert cohort is not None  # the form is valid
    if Enrolment.objects.active().filter(user=request.user, cohort=cohort).exists():
        messages.info(request, _("你已经在“%(name)s”里了。") % {"name": cohort.name})
        return redirect("progress:learn")
    context = {
        "cohort": cohort,
        "trainers": cohort.list_teachers(),
        "code": form.cleaned_data["code"],
        "obstacle": seats.find_obstacle(cohort, request.user),
        "places": cohort.from_places.all(),
        "declined": seats.find_declined(cohort, request.user),
        "own_places": seats.find_own_places(request.user),
        "asked_places": seats.find_asked_places(request.user),
        "line": WaitingEntry.objects.in_line().filter(cohort=cohort).count(),
        "waits": waiting_lists.find_own(request.user).filter(cohort=cohort).first(),
        "wait_form": wait_form or WaitForm(),
    }
    return render(request, "progress/enrolment/class_join.html", context)


# --- one's own waiting lists ---


@login_required_keeping_post
@require_safe
def waiting_list(request: SignedInRequest) -> HttpResponse:
    """Show the lists on which the person stands, and which classes did not take them."""
    declined = WaitingEntry.objects.filter(user=request.user, state=WaitingEntry.State.DECLINED)
    context = {
        "waits": waiting_lists.find_own(request.user),
        "declined": declined.select_related("cohort").order_by("-decided_at", "-pk")[:DECLINED_SHOWN],
    }
    return render(request, "progress/enrolment/waiting_list.html", context)


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = WaitingEntry.objects.waiting().filter(user=request.user).select_related("cohort")
    entry = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        waiting_lists.withdraw(request.user, entry)
        messages.success(request, _("不排了。"))
        return redirect("progress:waiting")
    context = {
        "title": _("不等“%(name)s”了？") % {"name": entry.cohort.name},
        "text": _("再排就从后面排起。"),
        "where": pgettext("one", "候补"),
        "confirm": _("不等了"),
        "danger": True,
        "cancel": _("接着等"),
        "cancel_url": reverse("progress:waiting"),
    }
    return render(request, "ui/confirm.html", context)
