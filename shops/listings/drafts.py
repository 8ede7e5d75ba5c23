"""Store unfinished product forms as they were typed, until they become products."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Any

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
# The fields of evidence for a claim (shops.texts.proof_form.ProofForm), under the prefix of each.
PROOF = re.compile(r"proof-[0-9a-f]{10}-(source|dated|report_no|asks|file)")
MOST_PROOFS = 60
LONGEST = 4000


@transaction.atomic
def save_draft(
    user,
    shop,
    key: uuid.UUID,
    typed: QueryDict,
    photos: Iterable[Photo],
    papers: dict[str, list[str]] | None = None,
) -> ListingDraft | None:
    """Store or update the draft under the form's key; None if there is neither a photo nor a name.

    `papers` holds the signed keys of documents received as evidence, by field.
    """
    photos = list(photos)
    fields = (*FIELDS, *make_proof_fields(typed))
    words = {field: values for field in fields if any(values := list(map(clean_value, typed.getlist(field))))}
    words |= papers or {}
    if not photos and "name" not in words:
        return None
    return store_draft(user, shop, key, photos, typed=words | list_photo_keys(photos), is_open=False)


def make_proof_fields(typed: QueryDict) -> list[str]:
    return [name for name in typed if PROOF.fullmatch(name)][:MOST_PROOFS]


def clean_value(text: str) -> str:
    """Return the text without NUL, which PostgreSQL's JSON refuses, cut at a length far above any field's."""
    return text.replace("\0", "").strip()[:LONGEST]


@transaction.atomic
def save_photos(user, shop, key: uuid.UUID, photos: list[Photo]) -> None:
    """Store the photos of the open form, so that they are there again if the phone drops the page.

    Another form that was open becomes a draft.
    """
    here = ListingDraft.objects.visible_to(user).filter(key=key).first()
    if here and not here.is_open:
        store_draft(user, shop, key, photos, typed=here.typed | list_photo_keys(photos))
        return
    ListingDraft.objects.visible_to(user).filter(shop=shop, is_open=True).exclude(key=key).update(
        is_open=False
    )
    if photos:
        store_draft(user, shop, key, photos, typed=list_photo_keys(photos), is_open=True)
    elif here:
        here.delete()


def store_draft(user, shop, key: uuid.UUID, photos: list[Photo], **fields) -> ListingDraft:
    draft, _new = ListingDraft.objects.update_or_create(user=user, key=key, defaults={"shop": shop} | fields)
    draft.photos.set(photos)
    return draft


def list_photo_keys(photos: Iterable[Photo]) -> dict[str, list[str]]:
    return {"photos": [photo.key for photo in photos]}


def find_photos(keys: list[str], user, here: Iterable[Photo] = ()) -> list[Photo]:
    """Return the photos of these keys in this order, leaving out those of others that are not in `here`."""
    found = {photo.key: photo for photo in (*here, *Photo.objects.public().filter(key__in=keys, owner=user))}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def list_initial_values(typed: QueryDict, user, here: Iterable[Photo] = ()) -> dict:
    """Return what was typed as a form's initial values, with the photos that `find_photos` allows."""
    words: dict[str, Any] = {field: typed[field] for field in FIELDS if field in typed}
    words |= {
        name: typed.getlist(name) if name.endswith("-file") else typed[name]
        for name in make_proof_fields(typed)
    }
    photos = find_photos(read_keys(typed, "photos"), user, here)
    return words | ({"photos": photos} if photos else {}) | read_form_key(typed)


def read_form_key(typed: QueryDict) -> dict[str, uuid.UUID]:
    """Return the form's key as a dict; empty if it is missing or invalid."""
    key = read_key(typed.get("key"))
    return {"key": key} if key else {}
