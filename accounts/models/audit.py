"""The audit trail: who did what, when and from where."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models.membership import Membership
from accounts.models.place import Place
from ui.database.inserts import insert_rows

if TYPE_CHECKING:
    from accounts.models.user import User


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> AuditEntryQuerySet:
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))


class AuditEntry(models.Model):
    """Who did what, to whom, and when; append-only. `subject` names the row ("user 12"), `detail` what changed."""

    at = models.DateTimeField(_("时间"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁")
    )
    verb = models.CharField(_("操作"), max_length=40)
    subject = models.CharField(_("对象"), max_length=60)
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, verbose_name=_("地区"))
    detail = models.JSONField(_("详情"), default=dict, blank=True)
    # The IP address and the number of the request in both logs; empty for what the worker did.
    ip = models.CharField(_("网络地址"), max_length=45, blank=True, default="")
    request_id = models.CharField(_("请求号"), max_length=36, blank=True, default="")

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "操作记录")
        verbose_name_plural = pgettext_lazy("many", "操作记录")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["place", "-at", "-id"], name="trail_of_place"),
            models.Index(fields=["subject", "-id"], name="trail_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"

    @classmethod
    def write(
        cls, actor: User | None, verb: str, row: models.Model, place: Place | None = None, **detail
    ) -> AuditEntry:
        return cls.write_about(actor, verb, f"{row._meta.model_name} {row.pk}", place, **detail)

    @classmethod
    def write_many(
        cls, actor: User | None, verb: str, subjects: Iterable[str], place: Place | None = None, **detail
    ) -> None:
        """Write one entry for each subject ("user 12"), with the same detail, by one statement."""
        facts = {"actor": actor, "verb": verb, "place": place, "detail": detail}
        insert_rows(cls, ("subject",), ((subject,) for subject in subjects), **facts, **get_origin())

    @classmethod
    def write_about(
        cls, actor: User | None, verb: str, subject: str, place: Place | None = None, **detail
    ) -> AuditEntry:
        facts = {"actor": actor, "verb": verb, "subject": subject, "place": place, "detail": detail}
        return cls.objects.create(**facts, **get_origin())


def get_origin() -> dict[str, str]:
    """Return the IP address and the number of the present request; empty outside of one."""
    request = context.request
    if request is None:
        return {}
    ip = request.META.get("REMOTE_ADDR", "")
    with contextlib.suppress(PermissionDenied):
        ip = get_adapter(request).get_client_ip(request) or ip
    return {"ip": ip[:45], "request_id": getattr(request, "request_id", "")}
