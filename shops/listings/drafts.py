"""A listing begun and not finished: what was typed, as it was typed, until it becomes a product."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.http import QueryDict

from media.models import Photo
from media.photos.forms import read_keys
from shops.listings import gifts
from shops.models import ListingDraft
from ui.parameters import read_key

FIELDS = (
    "name", "category", "unit", "box_grams", "price_fen", "stock", "harvest_until", "harvest_from", "grower",
    "description", "variety", "origin", "shop_name", "contact", "contact_ok", "address",
    "seller", "legal_name", "licence_no", "sources", "exemption",
    "gross_grams", "freight_included", "sending", "low_stock", *gifts.NAMES,
)  # fmt: skip
# What was written for a claim (proof_form), under the prefix of each.
PROOF = re.compile(r"proof-[0-9a-f]{10}-(source|dated|report_no|asks|file)")
MOST_PROOFS = 60
LONGEST = 4000


@transaction.atomic
def keep(
    user,
    shop,
    key: uuid.UUID,
    typed: QueryDict,
    photos: Iterable[Photo],
    papers: dict[str, list[str]] | None = None,
) -> ListingDraft | None:
    """Keeps what was typed under the form's key, again and again; None when there is nothing worth keeping. `papers`
    are the signed keys of what came in as a proof, by field."""
    photos = list(photos)
    fields = (*FIELDS, *proof_fields(typed))
    words = {field: values for field in fields if any(values := list(map(keepable, typed.getlist(field))))}
    words |= papers or {}
    if not photos and "name" not in words:
        return None
    return put(user, shop, key, photos, typed=words | photo_keys(photos), is_open=False)


def proof_fields(typed: QueryDict) -> list[str]:
    return [name for name in typed if PROOF.fullmatch(name)][:MOST_PROOFS]


def keepable(text: str) -> str:
    """Without the NUL that PostgreSQL's JSON refuses, and no longer than any field by far."""
    return text.replace("\0", "").strip()[:LONGEST]


@transaction.atomic
def keep_photos(user, shop, key: uuid.UUID, photos: list[Photo]) -> None:
    """The photos of the form that is open now, so that it has them again when the phone has thrown the page out. Another
    form that was open is put aside, to be come back to."""
    here = ListingDraft.objects.visible_to(user).filter(key=key).first()
    if here and not here.is_open:
        put(user, shop, key, photos, typed=here.typed | photo_keys(photos))
        return
    ListingDraft.objects.visible_to(user).filter(shop=shop, is_open=True).exclude(key=key).update(
        is_open=False
    )
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
    words |= {
        name: typed.getlist(name) if name.endswith("-file") else typed[name] for name in proof_fields(typed)
    }
    photos = photos_of(read_keys(typed, "photos"), user, here)
    return words | ({"photos": photos} if photos else {}) | key_of(typed)


def key_of(typed: QueryDict) -> dict[str, uuid.UUID]:
    """The form's own key, unless it was lost or tampered with."""
    key = read_key(typed.get("key"))
    return {"key": key} if key else {}
