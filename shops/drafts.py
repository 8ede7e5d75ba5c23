"""A listing begun and not finished: what was typed, as it was typed, until it becomes a product."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from media.models import Photo
from shops.products import StockMove

FIELDS = (
    "name", "category", "unit", "box_grams", "price_fen", "stock", "harvest_until", "harvest_from", "grower",
    "description", "variety", "origin", "shop_name", "contact", "contact_ok", "address",
)  # fmt: skip
LONGEST = 4000


class ListingDraftQuerySet(models.QuerySet):
    def visible_to(self, user) -> ListingDraftQuerySet:
        """But for one that a slow line brought after its form had become a product."""
        made = StockMove.objects.filter(event_id=OuterRef("key"), actor=user.pk)
        return self.filter(~Exists(made), user=user.pk)

    def put_aside(self) -> ListingDraftQuerySet:
        """Those to be come back to, without the forms that are still open."""
        return self.filter(is_open=False)


class ListingDraft(models.Model):
    """`key` is made with the empty form and becomes the event of the first stock move, so that a form sent
    twice, as a draft or whole, is one draft or one product. `typed` maps field names to lists of strings."""

    key = models.UUIDField(default=uuid.uuid4)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="listing_drafts", verbose_name=_("谁")
    )
    shop = models.ForeignKey(
        "shops.Shop", models.CASCADE, null=True, blank=True, related_name="drafts", verbose_name=_("小店")
    )
    typed = models.JSONField(_("写了什么"), default=dict)
    photos = models.ManyToManyField(
        Photo, blank=True, related_name="+", verbose_name=pgettext_lazy("many", "照片")
    )
    # Photos of a form that is still open: the phone keeps the words, but it cannot keep what it has sent.
    is_open = models.BooleanField(_("还在写"), default=False)
    updated_at = models.DateTimeField(_("改动时间"), auto_now=True)

    objects = ListingDraftQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "没写完的商品")
        verbose_name_plural = pgettext_lazy("many", "没写完的商品")
        ordering = ["-updated_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_form")]

    def __str__(self) -> str:
        return self.name or str(_("还没写名称"))

    @property
    def name(self) -> str:
        return (self.typed.get("name") or [""])[0]

    def as_typed(self) -> QueryDict:
        """What the browser sent, to be put back into the form."""
        back = QueryDict(mutable=True)
        for field, values in self.typed.items():
            back.setlist(field, values)
        back["key"] = str(self.key)
        return back


@transaction.atomic
def keep(user, shop, key: uuid.UUID, typed: QueryDict, photos: Iterable[Photo]) -> ListingDraft | None:
    """Keeps what was typed under the form's key, again and again; None when there is nothing worth keeping."""
    photos = list(photos)
    words = {field: values for field in FIELDS if any(values := list(map(keepable, typed.getlist(field))))}
    if not photos and "name" not in words:
        return None
    return put(user, shop, key, photos, typed=words | photo_keys(photos), is_open=False)


def keepable(text: str) -> str:
    """Without the NUL that PostgreSQL's JSON refuses, and no longer than any field by far."""
    return text.replace("\0", "").strip()[:LONGEST]


@transaction.atomic
def keep_photos(user, shop, key: uuid.UUID, photos: list[Photo]) -> None:
    """The photos of the form that is open now, so that it has them again when the phone has thrown the page out."""
    here = ListingDraft.objects.visible_to(user).filter(key=key).first()
    if here and not here.is_open:
        put(user, shop, key, photos, typed=here.typed | photo_keys(photos))
        return
    ListingDraft.objects.visible_to(user).filter(shop=shop, is_open=True).exclude(key=key).delete()
    if photos:
        put(user, shop, key, photos, typed=photo_keys(photos), is_open=True)
    elif here:
        here.delete()


def put(user, shop, key: uuid.UUID, photos: list[Photo], **fields) -> ListingDraft:
    draft, _new = ListingDraft.objects.update_or_create(user=user, key=key, defaults={"shop": shop} | fields)
    draft.photos.set(photos)
    return draft


def photo_keys(photos: Iterable[Photo]) -> dict[str, list[str]]:
    return {"photos": [photo.key for photo in photos]}


def photos_of(keys: list[str], user, here: Iterable[Photo] = ()) -> list[Photo]:
    """These photos in this order, without what is somebody else's and not `here` already."""
    found = {photo.key: photo for photo in (*here, *Photo.objects.filter(key__in=keys, owner=user))}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def initial(typed: QueryDict, user, here: Iterable[Photo] = ()) -> dict:
    """What was typed, as a form's initial values, with those of its photos that `photos_of` allows."""
    words = {field: typed[field] for field in FIELDS if field in typed}
    photos = photos_of(typed.getlist("photos"), user, here)
    return words | ({"photos": photos} if photos else {}) | key_of(typed)


def key_of(typed: QueryDict) -> dict[str, uuid.UUID]:
    """The form's own key, unless it was lost or tampered with."""
    try:
        return {"key": uuid.UUID(typed.get("key", ""))}
    except ValueError:
        return {}
