"""Pages of the ladder: one's own steps, those of the people below one's place, and one of theirs."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.models import Membership, User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from courses.models import Cohort
from programme import permissions
from programme.ladder import overview, page
from programme.mentoring import invitations
from programme.models import Step
from progress.names import A_SCREEN, read_search
from ui.parameters import read_id


@login_required_keeping_post
@require_safe
def ladder(request: SignedInRequest) -> HttpResponse:
    return render(request, "programme/ladder/ladder_show.html", page.load_page(request.user, request.user))


@login_required_keeping_post
@staff_page
@require_safe
def ladder_of(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the steps of somebody below one's place or in one's own classes; 404 for anybody else."""
    person = get_object_or_404(User, pk=pk)
    if not request.user.works_in_the_admin or not permissions.can_see_steps(request.user, person):
        raise Http404
    context = page.load_page(person, request.user)
    villages = invitations.list_villages(person, request.user) if person.pk != request.user.pk else []
    may_invite = bool(villages) and invitations.is_graduate(person)
    context["mentors"] = may_invite and invitations.has_begun(person)
    context["can_invite"] = may_invite and not context["mentors"]
    writes = request.user.is_superuser or request.user.places_with_role(Membership.Role.ORGANISER)
    context["writes_stories"] = bool(writes)
    return render(request, "programme/ladder/ladder_show.html", context)


@login_required_keeping_post
@staff_page
@require_safe
def ladder_list(request: SignedInRequest) -> HttpResponse:
    user = request.user
    if not user.works_in_the_admin:
        raise Http404
    villages = list(overview.find_villages(user))
    asked = read_id(request.GET.get("village"))
    village = next((one for one in villages if one.pk == asked), None)
    cohort = Cohort.objects.manageable_by(user).filter(pk=read_id(request.GET.get("class"))).first()
    step = request.GET.get("step", "")
    step = step if step in Step.Name.values else ""
    people, query = overview.narrow(overview.find_listed(user), village, cohort), read_search(request)
    shown = overview.load_people(
        overview.narrow(people, None, None, step, query), request.GET.get("after", "")
    )
    context = {
        "villages": villages,
        "village": village,
        "cohort": cohort,
        "step": Step.Name(step) if step else None,
        "counts": overview.count_by_step(people),
        "page": shown,
        "query": query,
        "searches": bool(query or shown.after or len(shown.items) > A_SCREEN),
    }
    return render(request, "programme/ladder/ladder_list.html", context)
