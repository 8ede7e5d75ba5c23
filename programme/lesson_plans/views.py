"""The booklet of a module's lesson plans and the pages for trainers, as PDFs for those who teach the course."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import limits
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.models import Course, LessonPlan, Module
from courses.other_language import PARAMETER, find_same_lessons, find_twin_in
from courses.permissions import can_teach
from courses.preparation.files import find_other_page, find_page
from programme.exceptions import PdfNotMade
from programme.lesson_plans.booklet import list_plans, print_booklet
from programme.lesson_plans.trainer_pages import print_trainer_page


@login_required_keeping_post
@require_safe
def booklet(request: SignedInRequest, slug: str, module_pk: int) -> HttpResponse:
    """Send the PDF, with ?in= in the words of the course's twin; 404 for everybody who does not teach the course, and for a
    module without a plan.
    """
    courses = Course.objects.visible_to(request.user).order_by().values("pk")
    modules = Module.objects.filter(course__slug=slug, course__in=courses).select_related("course__place")
    module = get_object_or_404(modules, pk=module_pk)
    plans = list_plans(module) if can_teach(request.user, module.course) else []
    if not plans:
        raise Http404
    if not limits.allows(request, "lesson_plans_pdf"):
        messages.error(request, _("印得太多了，过十分钟再来。"))
        return redirect("courses:plans", slug)
    addresses = {plan.pk: plan.get_absolute_url() for plan in plans}
    if twin := find_asked_twin(request, module.course):
        plans, addresses = list_twin_plans(twin, plans, addresses)
        module = plans[0].lesson.module
    try:
        made = print_booklet(module, plans, lambda plan: request.build_absolute_uri(addresses[plan.pk]))
    except PdfNotMade:
        messages.error(request, _("PDF 没做成，过一会儿再试。还不行就告诉管理员。"))
        return redirect("courses:plans", slug)
    response = HttpResponse(made, content_type="application/pdf")
    name = _("教案-%(number)s-%(module)s.pdf") % {"number": module.number, "module": module.title}
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def find_asked_twin(request: SignedInRequest, course: Course) -> Course | None:
    """Return the course's twin if the address asks for its language."""
    asked = request.GET.get(PARAMETER, "")
    return find_twin_in(course, asked) if asked else None


def list_twin_plans(
    twin: Course, plans: list[LessonPlan], addresses: dict[int, str]
) -> tuple[list[LessonPlan], dict[int, str]]:
    """Return the twin's plans of the same lessons, with the addresses of their pages in the course of these plans; these plans
    where the twin has none.
    """
    same = find_same_lessons(twin, [plan.lesson_id for plan in plans])
    told = {plan.pk: same[plan.lesson_id].plan for plan in plans if hasattr(same.get(plan.lesson_id), "plan")}
    if not told:
        return plans, addresses
    query = f"?{PARAMETER}={twin.language}"
    return list(told.values()), {other.pk: addresses[pk] + query for pk, other in told.items()}


@login_required_keeping_post
@require_safe
def trainer_page(request: SignedInRequest, slug: str, topic: str) -> HttpResponse:
    """Send a page for trainers as PDF; 404 for everybody who does not teach the course."""
    course = get_object_or_404(Course.objects.visible_to(request.user).select_related("place"), slug=slug)
    page = find_page(topic)
    if page is None or not can_teach(request.user, course):
        raise Http404
    url = reverse("courses:preparation_page", args=[slug, topic])
    other = find_other_page(page) if PARAMETER in request.GET else None
    if other and request.GET[PARAMETER] == other.language:
        page, url = other, f"{url}?{PARAMETER}={other.language}"
    if not limits.allows(request, "lesson_plans_pdf"):
        messages.error(request, _("印得太多了，过十分钟再来。"))
        return redirect(url)
    try:
        made = print_trainer_page(page, course, request.build_absolute_uri(url))
    except PdfNotMade:
        messages.error(request, _("PDF 没做成，过一会儿再试。还不行就告诉管理员。"))
        return redirect(url)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{page.content['title']}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
