"""Admin of messages to phones: whether they were sent. Their text and links are not shown, because they concern only the two
sides.
"""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import phones
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from accounts.models import Membership, Notice, Place, User
from accounts.notifications.delivery import NEVER


@admin.register(Notice)
class NoticeAdmin(ReadOnlyMixin, ScopedAdmin):
    """Messages to the people in the organiser's places; the site's administrator sees all."""

    view_roles = (Membership.Role.ORGANISER,)
    list_display = ("template", "to", "made_at", "sent_at", "tries", "again", "why")
    list_filter = ("template",)
    search_fields = ("phone", "template")
    search_help_text = gettext_lazy("手机号或哪一种消息")
    ordering = ("-id",)
    fields = ("template", "to", "made_at", "sent_at", "tries", "again", "why", "seen_at")

    def rows(self, user: User):
        if user.is_superuser:
            return Notice.objects.all()
        held = Place.objects.held_by(user, *self.view_roles)
        return Notice.objects.filter(phone__in=User.objects.belonging_to(held).values("phone"))

    @admin.display(description=gettext_lazy("发给谁"))
    def to(self, obj: Notice) -> str:
        return phones.mask(obj.phone)

    @admin.display(description=gettext_lazy("下次再试"))
    def again(self, obj: Notice):
        return None if obj.sent_at or obj.next_try_at >= NEVER else obj.next_try_at

    @admin.display(description=gettext_lazy("没发出去的原因"))
    def why(self, obj: Notice) -> str:
        return _(obj.problem) if obj.problem else "—"
