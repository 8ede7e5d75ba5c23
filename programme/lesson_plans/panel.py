"""The rows of a class's page that lead to the lesson plans of its course, and to what to prepare before it begins."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from progress.classes.panels import Panel, register_panel

register_panel(
    Panel(
        icon="note",
        link=lambda cohort: reverse("courses:plans", args=[cohort.course.slug]),
        title=pgettext_lazy("pages", "教案"),
        turn=4,
        is_for_mentors=True,
    )
)
register_panel(
    Panel(
        icon="check",
        link=lambda cohort: reverse("courses:preparation", args=[cohort.course.slug]),
        title=_("开班准备"),
        turn=4,
        is_for_mentors=True,
    )
)
