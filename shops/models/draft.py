"""Listings that were begun and not finished, stored as they were typed."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from media.models import Photo
from shops.models.stock import StockMove
from ui import formats


class ListingDraftQuerySet(models.QuerySet):
    def visible_to(self, user) -> ListingDraftQuerySet:
        """Return the user's drafts, without those that arrived late, after their form had already become a product."""
        made = StockMove.objects.filter(event_id=OuterRef("key"), actor=user.pk)
        return self.filter(~Exists(made), user=user.pk)

    def unfinished(self) -> ListingDraftQuerySet:
        """Return the drafts to be continued later, without those of forms that are still open."""
        return self.filter(is_open=False)


class ListingDraft(models.Model):
    """An unfinished listing. `typed` maps field names to lists of strings.

    `key` is made with the empty form and becomes the event id of the first stock move, so that a form sent twice, as a draft
    or complete, makes one draft or one product.
    """

    key = models.UUIDField(default=uuid.uuid4)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="listing_drafts",
        verbose_name=gettext_lazy("谁"),
    )
    shop = models.ForeignKey(
        "shops.Shop",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="drafts",
        verbose_name=gettext_lazy("小店"),
    )
    typed = models.JSONField(gettext_lazy("写了什么"), default=dict)
    photos = models.ManyToManyField(
        Photo, blank=True, related_name="+", verbose_name=pgettext_lazy("many", "照片")
    )
    # Holds the photos of a form that is still open: the phone stores the text, but not the photos it has sent.
    is_open = models.BooleanField(gettext_lazy("还在写"), default=False)
    updated_at = models.DateTimeField(gettext_lazy("改动时间"), auto_now=True)

    objects = ListingDraftQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "没写完的商品")
        verbose_name_plural = pgettext_lazy("many", "没写完的商品")
        ordering = ["-updated_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_form")]

    def __str__(self) -> str:
        """Return the name, or else words by which the seller recognises it: 11月27日 有照片."""
        if self.name:
            return self.name
        facts = {"day": formats.day(self.updated_at)}
        return _("%(day)s 有照片") % facts if self.typed.get("photos") else _("%(day)s 还没写名称") % facts

    @property
    def name(self) -> str:
        return (self.typed.get("name") or [""])[0]

    def as_typed(self) -> QueryDict:
        """Return the form data as the browser sent it, to fill the form again."""
        back = QueryDict(mutable=True)
        for field, values in self.typed.items():
            back.setlist(field, values)
        back["key"] = str(self.key)
        return back
