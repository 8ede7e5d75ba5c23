"""Lead to the sheets from a person's own page, from the lessons that ask for them and from a class's page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people.panels import Panel, register_panel
from courses.models import Lesson
from programme.sheets.texts import load_texts
from progress.classes import panels as class_panels
from progress.lessons import panels as lesson_panels


@register_panel
def build_panel(user: User) -> Panel | None:
    return Panel("programme/sheets/_me.html")


@lesson_panels.register_lesson_panel
def build_lesson_panel(lesson: Lesson) -> lesson_panels.Panel | None:
    """Show the sheets that this lesson asks for, by the lesson's code in the written course. No query."""
    found = load_texts().by_lesson.get(lesson.code, ()) if lesson.code else ()
    return lesson_panels.Panel("programme/sheets/_lesson.html", {"sheets": found}) if found else None


class_panels.register_panel(
    class_panels.Panel(
        icon="sheet",
        page="programme:class_sheets",
        title=_("给全班印单子"),
        is_for_mentors=True,
    )
)
