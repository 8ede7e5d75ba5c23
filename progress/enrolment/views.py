"""Pages for enrolling alone or by a class's join code, and for leaving."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.decorators import login_required_keeping_post
from accounts.people.memberships import NoLonger
from accounts.requests import SignedInRequest
from courses.models import Course
from progress.enrolment import join_codes, services
from progress.enrolment.forms import JoinForm
from progress.models import Enrolment


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
        return come_in(request, form.cleaned_data["code"])
    return ask_to_come_in(request, form)


def build_query(code: str) -> dict[str, str]:
    """Return the sign-up's query; who turns out to have an account comes back to the code after signing in."""
    page = reverse("progress:join")
    return {"code": code, "next": f"{page}?{urlencode({'code': code})}"} if code else {"next": page}


def come_in(request: SignedInRequest, code: str) -> HttpResponse:
    try:
        cohort = join_codes.redeem(request.user, code)
    except join_codes.NotAdmitted as refusal:
        messages.warning(request, refusal.sentence)
        return redirect(f"{reverse('progress:join')}?{urlencode({'code': code})}")
    except join_codes.WrongCode:  # closed in the meantime: the page says so
        return redirect(f"{reverse('progress:join')}?{urlencode({'code': code})}")
    except NoLonger as ended:
        return render(
            request, "progress/enrolment/class_join.html", {"form": JoinForm(), "refused": ended.membership}
        )
    messages.success(request, _("进了“%(name)s”，接着学吧。") % {"name": cohort.name})
    return redirect("progress:learn")


def ask_to_come_in(request: HttpRequest, form: JoinForm) -> HttpResponse:
    """Show which class the code opens; who is in it already is sent on to learning."""
    cohort = form.cohort
    assert cohort is not None  # the form is valid
    if Enrolment.objects.active().filter(user=request.user, cohort=cohort).exists():
        messages.info(request, _("你已经在“%(name)s”里了。") % {"name": cohort.name})
        return redirect("progress:learn")
    context = {"cohort": cohort, "trainers": cohort.list_teachers(), "code": form.cleaned_data["code"]}
    return render(request, "progress/enrolment/class_join.html", context)
