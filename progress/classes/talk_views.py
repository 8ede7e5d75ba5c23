"""The page on which a trainer notes a talk with somebody who failed a quiz too often; the note opens the next try."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import get_posted_or_kept
from accounts.requests import SignedInRequest
from courses.models import Cohort, Quiz
from progress.classes.board import find_members
from progress.classes.forms import TalkForm
from progress.classes.views import of_class
from progress.quizzes import talks


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: SignedInRequest, cohort: Cohort, user_pk: int, quiz_pk: int) -> HttpResponse:
    """Show what the person got wrong and take the note; where nobody waits, say so."""
    person = get_object_or_404(find_members(cohort).select_related("user"), user=user_pk).user
    quiz = get_object_or_404(Quiz.objects.filter(course=cohort.course_id), pk=quiz_pk)
    form, draft = TalkForm(get_posted_or_kept(request)), f"talk-{quiz.pk}-{person.pk}"
    is_own = person.pk == request.user.pk
    if request.method == "POST" and not is_own and form.is_valid():
        if talks.hold_talk(request.user, cohort, person, quiz, form.cleaned_data["note"]):
            messages.success(request, _("记下了，他可以再考了。"), extra_tags=f"done:{draft}")
        else:
            messages.info(request, _("他现在不用先谈，自己就能考。"))
        return redirect("progress:trainee", cohort.pk, person.pk)
    tries, weaknesses = talks.review_failures(person, quiz)
    context = {
        "cohort": cohort,
        "person": person,
        "quiz": quiz,
        "form": form,
        "draft": draft,
        "is_own": is_own,
        "waits": talks.needs_talk(person, quiz),
        "tries": tries,
        "weaknesses": weaknesses,
        "talks": talks.list_held(cohort, person).filter(quiz=quiz),
    }
    return render(request, "progress/classes/talk_hold.html", context)
