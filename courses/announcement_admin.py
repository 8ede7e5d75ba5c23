"""What classes were told, also what was taken back: looked at, never changed here."""

from __future__ import annotations

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from accounts.backoffice.filters import by_place
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from courses.models import Announcement


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnlyMixin, ScopedAdmin):
    within = "cohort"
    fields = ("cohort", "author", "text", "created_at", "removed_at")
    list_display = ("said", "cohort", "author", "created_at", "removed_at")
    list_select_related = ("cohort", "author")
    list_filter = (by_place("cohort__place"), ("removed_at", admin.EmptyFieldListFilter))
    search_fields = ("text", "cohort__name")
    search_help_text = gettext_lazy("通知里的字或班名")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-id")

    @admin.display(description=gettext_lazy("通知"))
    def said(self, obj: Announcement) -> str:
        return Truncator(obj.text).chars(40)
