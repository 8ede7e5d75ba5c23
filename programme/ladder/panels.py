"""Add the ladder to a person's own page and to the page of a class."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.people.panels import Panel, register_panel
from programme.ladder import next_act, page
from progress.classes import panels as class_panels


@register_panel
def build_panel(user: User) -> Panel | None:
    """Show the six steps on the person's own page; to staff who are no villagers only the way to everybody's."""
    is_staff = user.works_in_the_admin
    if is_staff and not user.places_with_role(*Membership.VILLAGE_ROLES):
        return Panel("programme/ladder/_everybody.html")
    path = page.load_path(user)
    act = next_act.find_next_act(user, path.next.step) if path.next else None
    return Panel("programme/ladder/_mine.html", {"path": path, "act": act, "is_staff": is_staff})


class_panels.register_panel(
    class_panels.Panel(
        icon="medal",
        link=lambda cohort: f"{reverse('programme:ladder_list')}?class={cohort.pk}",
        title=_("班里走到哪一级"),
        turn=8,
    )
)
