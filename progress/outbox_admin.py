"""What phones sent, as a list to look things up in. Settling what was kept aside is the trainer's page."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from accounts.scoping import ReadOnly, ScopedAdmin
from outbox.models import Event
from progress.models import Enrolment
from progress.receiving import reasons


@admin.register(Event)
class EventAdmin(ReadOnly, ScopedAdmin):
    list_display = ("user", "what", "state", "why", "happened_at", "received_at")
    list_select_related = ("user",)
    list_filter = ("state",)
    search_fields = ("user__name", "user__phone")
    search_help_text = gettext_lazy("姓名或手机号")
    ordering = ("-id",)
    fields = ("user", "what", "state", "why", "event_id", "happened_at", "received_at")

    def rows(self, user):
        """Of the people in the classes one sees; what they sent is not shown, only that it came."""
        if user.is_superuser:
            return Event.objects.defer("body")
        if not user.holds(*self.view_roles):
            return Event.objects.none()
        people = Enrolment.objects.active().visible_to(user).order_by().values("user")
        return Event.objects.filter(user__in=people).defer("body")

    @admin.display(description=gettext_lazy("什么事"))
    def what(self, obj: Event) -> str:
        return reasons.called(obj.kind)

    @admin.display(description=gettext_lazy("原因"))
    def why(self, obj: Event) -> str:
        return reasons.said(obj.reason) if obj.reason else ""
