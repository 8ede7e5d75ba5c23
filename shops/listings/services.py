"""Opening a shop and putting things on its shelf: each of these is one transaction."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Sequence

from django.db import IntegrityError, transaction

from accounts import consents
from accounts.models import AuditEntry, Consent, Place, User
from media.models import Photo
from shops.audit import Verb
from shops.exceptions import IdempotencyConflict
from shops.inventory import stock as stocks
from shops.listings import review
from shops.listings.gifts import replace_gifts
from shops.models import ListingDraft, Product, ProductPhoto, Shop, StockMove
from shops.pricing import prices
from shops.products import search
from shops.shipping import policy
from shops.texts import evidence

# What buyers read: changing any of it puts a listing on sale back to be looked at.
WORDS = ("name", "category", "variety", "grower", "origin", "description")
DATES = ("harvest_from", "harvest_until")
TERMS = ("gross_grams", "freight_included", "low_stock")
PRICE = ("price_fen", "net_grams", "unit")


@transaction.atomic
def open_shop(owner: User, place: Place, *, name: str, contact: str, address: str, **card: str) -> Shop:
    """The owner has agreed that `contact` is public (电子商务法 §15); `card` is the seller's. One shop a person and
    village."""
    User.objects.select_for_update().get(pk=owner.pk)  # of two at once the second finds the first's shop
    found = Shop.objects.filter(owner=owner, place=place).first()
    if found:
        return found
    shop = Shop(owner=owner, place=place, name=name, contact=contact, address=address, **card)
    save_under_free_slug(shop)
    consents.give(owner, Consent.Kind.PUBLIC_CONTACT)
    AuditEntry.write(owner, Verb.SHOP_OPENED, shop, place, name=name)
    return shop


def save_under_free_slug(shop: Shop) -> None:
    """梅姨家的橙园 → mei-yi-jia-de-cheng-yuan, with four letters more when that is taken."""
    shop.slug = slug_of(shop.name)
    if Shop.objects.filter(slug=shop.slug).exists():
        shop.slug = f"{shop.slug}-{secrets.token_hex(2)}"
    try:
        with transaction.atomic():
            shop.save()
    except IntegrityError:  # somebody else took it this very moment
        shop.slug = f"{slug_of(shop.name)}-{secrets.token_hex(2)}"
        shop.save()


def slug_of(name: str) -> str:
    # Its dictionary takes 60 MB: only a process in which shops are opened pays for it.
    from pypinyin import lazy_pinyin

    parts = lazy_pinyin(name, errors=lambda other: re.findall("[a-z0-9]+", other.lower()))
    return "-".join(parts)[:34].strip("-") or "shop"


def list_product(
    shop: Shop, facts: dict, photos: Sequence[Photo], stock: int, actor: User, key: uuid.UUID, **more
) -> Product:
    """A new draft product with its first price and stock rows, with `more` as in `put_on_shelf`. Sent again under the
    same key it is the same one."""
    try:
        return put_on_shelf(shop, facts, photos, stock, actor, key, **more)
    except IntegrityError:
        return the_first(key, actor)


def open_and_list(
    owner: User,
    place: Place,
    shop: dict,
    facts: dict,
    photos: Sequence[Photo],
    stock: int,
    key: uuid.UUID,
    **more,
) -> Product:
    """The first listing of somebody without a shop: both come to be, or neither; replayed like `list_product`."""
    try:
        with transaction.atomic():
            return put_on_shelf(open_shop(owner, place, **shop), facts, photos, stock, owner, key, **more)
    except IntegrityError:
        return the_first(key, owner)


@transaction.atomic
def put_on_shelf(
    shop: Shop,
    facts: dict,
    photos: Sequence[Photo],
    stock: int,
    actor: User,
    key: uuid.UUID,
    gifts: Sequence[dict] = (),
    sent: str = "",
    proven: Sequence[dict] = (),
) -> Product:
    """`sent` is how the shop sends (sending.Sending), where it has not said so before; `proven` are proofs' fields."""
    product = Product.objects.create(shop=shop, created_by=actor, stock=stock, **facts)
    prices.log(product, actor)
    stocks.record_first_stock(product, actor, key)
    put_photos(product, photos)
    replace_gifts(product, list(gifts))
    evidence.replace_proofs(product, proven, actor)
    policy.settle(shop, sent, actor)
    ListingDraft.objects.filter(user=actor, key=key).delete()
    search.index([product])
    return product


def the_first(key: uuid.UUID, actor: User) -> Product:
    """What the same form has become on another connection; called while an IntegrityError is being handled."""
    if made := made_from(key, actor):
        return made
    if StockMove.objects.filter(event_id=key).exists():
        raise IdempotencyConflict
    raise


def made_from(key: uuid.UUID, actor: User) -> Product | None:
    """The product that a form became already."""
    return Product.objects.sold_by(actor).filter(moves__event_id=key).first()


@transaction.atomic
def change(
    product: Product,
    facts: dict,
    photos: Sequence[Photo],
    actor: User,
    stock: int | None = None,
    gifts: Sequence[dict] | None = None,
    proven: Sequence[dict] = (),
) -> bool:
    """Takes over what is different; True when a listing on sale now waits to be looked at again.

    Gifts are words too, and None leaves them. Price, weight, freight and the days of harvest hold at once; stock has
    its own rows and is not among the facts, but with another unit it must be counted: raises pricing.CountNeeded.
    """
    # Somebody may have published it, or taken it off, since the form was opened.
    now = Product.objects.select_for_update(of=("self",)).select_related("category").get(pk=product.pk)
    product.status = now.status
    words = [field for field in WORDS if getattr(now, field) != facts[field]]
    terms = [field for field in TERMS if field in facts]
    plain = [field for field in (*DATES, *terms) if getattr(now, field) != facts[field]]
    for field in (*WORDS, *DATES):
        setattr(product, field, facts[field])
    product.save(update_fields=[*WORDS, *DATES])
    pictures = put_photos(product, photos)
    words += ["gifts"] if gifts is not None and replace_gifts(product, list(gifts)) else []
    words += ["proofs"] if evidence.replace_proofs(product, proven, actor) else []
    prices.set_price(product, *(facts[field] for field in PRICE), actor, stock)
    # After the net weight, below which the gross one never is.
    for field in terms:
        setattr(product, field, facts[field])
    product.save(update_fields=terms)
    search.index([product])
    if product.is_published and (words or pictures):
        review.recheck(product, actor)
        return True
    if words or plain or pictures:
        product.mark_edited()
    return False


def put_photos(product: Product, photos: Sequence[Photo]) -> bool:
    """The photos in this order, the first of them the cover; whether that is different from before."""
    before = list(product.photos.values_list("photo", flat=True))
    wanted = list(dict.fromkeys(photo.pk for photo in photos))
    if before == wanted:
        return False
    product.photos.exclude(photo__in=wanted).delete()
    for position, photo in enumerate(wanted):
        ProductPhoto.objects.update_or_create(
            product=product, photo_id=photo, defaults={"position": position}
        )
    product.cover_id = wanted[0] if wanted else None
    product.save(update_fields=["cover"])
    return True
