"""Pages of who taught whom: over the places one holds as staff, and one's own branch with one's teachers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from programme import permissions
from programme.ladder import lineage as records
from programme.ladder import overview
from programme.mentoring import branches, tree_layout
from programme.mentoring.branches import Facts, Forest
from programme.models import Teaching, find_people_below
from ui.parameters import read_id

ROOTS_A_PAGE = 20
OBJECTED = gettext_noop("徒弟说不是")


@login_required_keeping_post
@staff_page
@require_safe
def lineage(request: SignedInRequest) -> HttpResponse:
    """Show the branches over the people below one's place, the largest first; with ?person= one of them, drawn."""
    user = request.user
    if not user.works_in_the_admin:
        raise Http404
    villages = list(overview.find_villages(user))
    asked = read_id(request.GET.get("village"))
    village = next((one for one in villages if one.pk == asked), None)
    people = overview.narrow(find_people_below(user), village, None)
    pairs = branches.read_pairs(people)
    forest, person = Forest(pairs), read_id(request.GET.get("person"))
    facts = Facts.load_for_staff(user)
    context: dict[str, Any] = {"villages": villages, "village": village}
    if request.GET.get("person"):
        if person not in forest:
            raise Http404
        context |= describe_branch(forest, facts, person, read_id(request.GET.get("skip")))
        return render(request, "programme/mentoring/lineage_show.html", context)
    below = forest.count_below()
    ordered = sorted(forest.roots, key=lambda root: (-below[root], root))
    skip = read_id(request.GET.get("skip"))
    shown = ordered[skip : skip + ROOTS_A_PAGE]
    names = branches.load_names(shown, facts.rights)
    context |= {
        "roots": [
            {"person": root, "name": names.get(root, ""), "figures": facts.sum_up(forest.list_branch(root))}
            for root in shown
        ],
        "next": skip + ROOTS_A_PAGE if len(ordered) > skip + ROOTS_A_PAGE else 0,
    }
    return render(request, "programme/mentoring/lineage_list.html", context)


def describe_branch(forest: Forest, facts: Facts, person: int, skip: int) -> dict[str, Any]:
    tree, left = branches.build_tree(forest, facts, person, skip)
    return {
        "tree": tree,
        "has_ladder": person in facts.rights.names,
        "drawing": tree_layout.draw(tree),
        "figures": facts.sum_up(forest.list_branch(person)),
        "above": forest.teacher.get(person),
        "skip": skip,
        "left": left,
        "next": skip + len(tree.children),
    }


@login_required_keeping_post
@staff_page
@require_safe
def my_lineage(request: SignedInRequest) -> HttpResponse:
    """Show one's teachers, each of whom one may take off, and one's own branch. Staff see here what is below themselves only."""
    user = request.user
    pairs = branches.keep_below(branches.read_pairs(), user.pk)
    forest = Forest(pairs, user.pk)
    facts = Facts.load_for_person(user, pairs)
    teachers = Teaching.objects.filter(pupil=user).select_related("teacher", "cohort").order_by("since", "pk")
    context = {
        "teachers": [one for one in teachers if one.withdrawn_at is None or one.withdrawn_by_id == user.pk]
    }
    if user.pk in forest:
        context |= describe_branch(forest, facts, user.pk, read_id(request.GET.get("skip")))
    return render(request, "programme/mentoring/lineage_mine.html", context)


@login_required_keeping_post
@require_POST
def lineage_object(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let the pupil say that somebody is not their teacher, in one tap, and take that back."""
    row = get_object_or_404(Teaching.objects.select_related("teacher", "pupil"), pk=pk)
    if not permissions.can_object(request.user, row):
        raise Http404
    if request.POST.get("do") == "off" and row.withdrawn_at is None:
        records.withdraw_teaching(row, request.user, OBJECTED)
        messages.success(request, _("去掉了。%(name)s那一支里没有你了。") % {"name": row.teacher.name})
    elif request.POST.get("do") == "on" and row.withdrawn_by_id == request.user.pk:
        try:
            records.restore_teaching(row, request.user)
            messages.success(request, _("又记上了。"))
        except records.CycleRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("programme:my_lineage")
