"""Show the learner's home page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from accounts.worklist import items
from courses.models import Course
from progress.classes.announcements import attach_latest
from progress.classes.board import find_classes
from progress.classes.panels import attach_member_panels
from progress.enrolment import waiting_lists
from progress.enrolment.course_progress import choose_current, list_course_progress
from progress.quizzes.quiz_status import find_pre_test

CLASSES_SHOWN, COURSES_SHOWN = 5, 6


@login_required_keeping_post
@require_safe
def learn(request: SignedInRequest) -> HttpResponse:
    """Show the home of who is signed in, the next lesson first."""
    user = request.user
    mine = list_course_progress(user)
    taken = [standing.course.pk for standing in mine]
    classes = [standing.enrolment for standing in mine if standing.enrolment.cohort_id]
    attach_latest(classes)
    attach_member_panels(user, classes)
    now = choose_current(mine, request.LANGUAGE_CODE)
    others = Course.objects.published().filter(language=request.LANGUAGE_CODE).exclude(pk__in=taken)
    offered = list(others[: COURSES_SHOWN + 1])
    taught = list(find_classes(user)[:CLASSES_SHOWN])
    context = {
        "standings": mine,
        "now": now,
        "pre_test": find_pre_test(now.course, user) if now and not now.done else None,
        "classes": classes,
        "seats_waited_for": list(waiting_lists.find_own(user)),
        "waits": items.make_block(request),
        "is_staff": user.is_superuser or user.has_a_staff_role,
        "taught": taught,
        "guided": {cohort.course_id for cohort in taught},
        "others": offered[:COURSES_SHOWN],
        "more_courses": len(offered) > COURSES_SHOWN,
        "today": timezone.localdate(),
    }
    return render(request, "progress/learn_home.html", context)
