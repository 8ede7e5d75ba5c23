"""The row of a class's page that leads to the lesson plans of its course."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from progress.classes.panels import Panel, register_panel

for icon, page, title in (
    ("note", "courses:plans", _("每课怎么教")),
    ("check", "courses:preparation", _("开班准备")),
):
    register_panel(
        Panel(
            icon=icon,
            link=lambda cohort, page=page: reverse(page, args=[cohort.course.slug]),
            title=title,
            turn=4,
            is_for_mentors=True,
        )
    )
