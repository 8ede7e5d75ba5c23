"""The page on which a trainer notes a talk with somebody who failed a quiz too often; the note opens the next try."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import get_posted_or_kept
from accounts.models import User
from accounts.requests import SignedInRequest
from courses.models import Cohort, Quiz
from courses.models.twins import pair_courses
from progress.classes.board import find_members
from progress.classes.forms import TalkForm
from progress.classes.views import of_class
from progress.quizzes import talks


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: SignedInRequest, cohort: Cohort, user_pk: int, quiz_pk: int) -> HttpResponse:
    """Show what the person got wrong and take the note; where nobody waits any more, what was typed stays, to be added."""
    person = get_object_or_404(find_members(cohort).select_related("user"), user=user_pk).user
    of_course = Q(course=cohort.course_id) | pair_courses("course__", cohort.course_id)
    quiz = get_object_or_404(Quiz.objects.filter(of_course).select_related("course"), pk=quiz_pk)
    form, draft = TalkForm(get_posted_or_kept(request)), f"talk-{quiz.pk}-{person.pk}"
    is_own = person.pk == request.user.pk
    if request.method == "POST" and not is_own and form.is_valid():
        note = form.cleaned_data["note"]
        if said := store_note(request, cohort, person, quiz, note):
            messages.success(request, said, extra_tags=f"done:{draft}")
            return redirect("progress:trainee", cohort.pk, person.pk)
    tries, weaknesses = talks.review_failures(person, quiz)
    waits, held = talks.needs_talk(person, quiz), list(talks.find_held(person, quiz))
    context = {
        "cohort": cohort,
        "person": person,
        "quiz": quiz,
        "form": form,
        "draft": draft,
        "is_own": is_own,
        "waits": waits,
        "came_late": form.is_bound and not waits,
        "tries": tries,
        "weaknesses": weaknesses,
        "talks": held,
    }
    return render(request, "progress/classes/talk_hold.html", context)


def store_note(request: SignedInRequest, cohort: Cohort, person: User, quiz: Quiz, note: str) -> str:
    """Store the note and return the sentence that says so; "" where another was faster and the trainer has not seen that."""
    if "also" in request.POST and not talks.needs_talk(person, quiz):
        if talks.add_note(request.user, cohort, person, quiz, note):
            return _("补记上了。")
    elif talks.hold_talk(request.user, cohort, person, quiz, note):
        return _("记下了，他可以再考了。")
    if talks.find_held(person, quiz).filter(trainer=request.user, note=note).exists():
        return _("这次谈话已经记下了，他可以再考了。")
    return ""
