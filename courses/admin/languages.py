"""Sort rows of courses in the page's language before the others."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.backoffice.scoped import ScopedAdmin


def rank_language(course: str = "") -> Case:
    """Return 0 for the page's language, else 1; `course` is the lookup from a row to its course."""
    field = f"{course}__language" if course else "language"
    return Case(
        When(**{field: get_language() or "zh-hans"}, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )


class LanguageFirst(ScopedAdmin):
    """Mixin of an admin page whose rows belong to a course: sorts its list, and its rows as choices elsewhere."""

    to_course = "course"

    def get_ordering(self, request: HttpRequest) -> list:
        return [rank_language(self.to_course), *super().get_ordering(request)]

    def ready_to_name(self, rows: QuerySet) -> QuerySet:
        rows = super().ready_to_name(rows)
        return rows.order_by(rank_language(self.to_course), *(rows.query.order_by or self.ordering or ()))
