"""Open a shop, create products in it and change them; each function is one transaction."""

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

# Texts that buyers read: a published listing is reviewed again when one of them changes.
WORDS = ("name", "category", "variety", "grower", "origin", "description")
DATES = ("harvest_from", "harvest_until")
TERMS = ("gross_grams", "freight_included", "low_stock")


@transaction.atomic
def open_shop(owner: User, place: Place, *, name: str, contact: str, address: str, **card: str) -> Shop:
    """Open the owner's shop in the village, or return the one that exists.

    The owner has agreed that `contact` is public (电子商务法 §15); `card` holds the fields of the seller's identity.
    """
    # The lock makes the second of two simultaneous calls find the first one's shop.
    User.objects.select_for_update().get(pk=owner.pk)
    found = Shop.objects.filter(owner=owner, place=place).first()
    if found:
        return found
    shop = Shop(owner=owner, place=place, name=name, contact=contact, address=address, **card)
    save_under_free_slug(shop)
    consents.give(owner, Consent.Kind.PUBLIC_CONTACT)
    AuditEntry.write(owner, Verb.SHOP_OPENED, shop, place, name=name)
    return shop


def save_under_free_slug(shop: Shop) -> None:
    """Save the shop under a slug made of its name, with four hexadecimal digits appended if that is taken."""
    shop.slug = make_slug(shop.name)
    if Shop.objects.filter(slug=shop.slug).exists():
        shop.slug = f"{shop.slug}-{secrets.token_hex(2)}"
    try:
        with transaction.atomic():
            shop.save()
    except IntegrityError:  # another shop took the slug in the meantime
        shop.slug = f"{make_slug(shop.name)}-{secrets.token_hex(2)}"
        shop.save()


def split_ascii(text: str) -> list[str]:
    return re.findall("[a-z0-9]+", text.lower())


def make_slug(name: str) -> str:
    """Transcribe the name: 梅姨家的橙园 → mei-yi-jia-de-cheng-yuan."""
    # Imported here because its dictionary takes 60 MB, which only a process that opens shops needs.
    from pypinyin import lazy_pinyin

    parts = lazy_pinyin(name, errors=split_ascii)  # type: ignore[arg-type]  # it takes lists
    return "-".join(parts)[:34].strip("-") or "shop"


def list_product(
    shop: Shop, facts: dict, photos: Sequence[Photo], stock: int, actor: User, key: uuid.UUID, **more
) -> Product:
    """Create a product (`more` as in `create_product`); a second call with the same key returns the first one."""
    try:
        return create_product(shop, facts, photos, stock, actor, key, **more)
    except IntegrityError:
        return find_first_or_raise(key, actor)


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
    """Open a shop and create its first product, both or neither; may be repeated like `list_product`."""
    try:
        with transaction.atomic():
            return create_product(open_shop(owner, place, **shop), facts, photos, stock, owner, key, **more)
    except IntegrityError:
        return find_first_or_raise(key, owner)


@transaction.atomic
def create_product(
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
    """Create a draft product with its first price and stock rows, photos, gifts and evidence.

    `sent` is the shop's choice of shipping.policy.Sending if it has not made one before; `proven` holds fields of Proof.
    """
    product = Product.objects.create(shop=shop, created_by=actor, stock=stock, **facts)
    prices.log_price(product, actor)
    stocks.record_first_stock(product, actor, key)
    replace_photos(product, photos)
    replace_gifts(product, list(gifts))
    evidence.replace_proofs(product, proven, actor)
    policy.apply_sending(shop, sent, actor)
    ListingDraft.objects.filter(user=actor, key=key).delete()
    search.index_products([product])
    return product


def find_first_or_raise(key: uuid.UUID, actor: User) -> Product:
    """Return the product that the same form created on another connection; call while handling an IntegrityError.

    Raises IdempotencyConflict if the key belongs to another's product, else the IntegrityError again.
    """
    if made := find_made_product(key, actor):
        return made
    if StockMove.objects.filter(event_id=key).exists():
        raise IdempotencyConflict
    raise


def find_made_product(key: uuid.UUID, actor: User) -> Product | None:
    """Return the product that the form with this key created before, if any."""
    return Product.objects.sold_by(actor).filter(moves__event_id=key).first()


@transaction.atomic
def change_product(
    product: Product,
    facts: dict,
    photos: Sequence[Photo],
    actor: User,
    stock: int | None = None,
    gifts: Sequence[dict] | None = None,
    proven: Sequence[dict] = (),
) -> bool:
    """Change the product; return True if it was published and now waits to be reviewed again.

    A change of texts, gifts, evidence or photos needs a review; price, weight, freight and harvest days apply at once.
    `gifts=None` leaves the gifts. `stock` is only needed with another unit: raises prices.CountNeeded without it.
    """
    # It may have been published or withdrawn since the form was opened.
    now = Product.objects.select_for_update(of=("self",)).select_related("category").get(pk=product.pk)
    product.status = now.status
    words = [field for field in WORDS if getattr(now, field) != facts[field]]
    terms = [field for field in TERMS if field in facts]
    plain = [field for field in (*DATES, *terms) if getattr(now, field) != facts[field]]
    for field in (*WORDS, *DATES):
        setattr(product, field, facts[field])
    product.save(update_fields=[*WORDS, *DATES])
    pictures = replace_photos(product, photos)
    words += ["gifts"] if gifts is not None and replace_gifts(product, list(gifts)) else []
    words += ["proofs"] if evidence.replace_proofs(product, proven, actor) else []
    prices.set_price(product, facts["price_fen"], facts["net_grams"], facts["unit"], actor, stock)
    # After the price, which sets the net weight: a constraint keeps the gross weight above it.
    for field in terms:
        setattr(product, field, facts[field])
    product.save(update_fields=terms)
    search.index_products([product])
    if product.is_published and (words or pictures):
        review.recheck(product, actor)
        return True
    if words or plain or pictures:
        product.mark_edited()
    return False


def replace_photos(product: Product, photos: Sequence[Photo]) -> bool:
    """Set the product's photos in this order, the first as its cover; return whether that changed anything."""
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
