"""What a person has read of the news for them: an answer, a review, a decision about a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from accounts.models import User


class ReadNews(models.Model):
    """`kind` and `number` name the row that was read ("review", 12); `at` is when it was read last."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("谁看的")
    )
    kind = models.CharField(_("哪一种消息"), max_length=20)
    number = models.PositiveBigIntegerField(_("哪一条"))
    at = models.DateTimeField(_("看过的时间"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "看过的消息")
        verbose_name_plural = pgettext_lazy("many", "看过的消息")
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "number"], name="news_read_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.number}"


def is_read(user: User, kind: str, changed: str) -> Exists:
    """Of a row: whether this person has read it since the time in its field `changed`."""
    read = ReadNews.objects.filter(user=user, kind=kind, number=OuterRef("pk"), at__gte=OuterRef(changed))
    return Exists(read)


def unread(rows: QuerySet, user: User, kind: str, changed: str) -> QuerySet:
    return rows.exclude(is_read(user, kind, changed))


def mark_read(user: User, kind: str, number: int) -> None:
    """May be repeated; the last time counts."""
    ReadNews.objects.update_or_create(user=user, kind=kind, number=number, defaults={"at": timezone.now()})
