"""The text of a product's poster or shelf card, in the reader's language, taken from the listing alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shops import identity, site_mode
from shops.catalogue.product_card import pack
from shops.catalogue.product_context import ProductPageContext, Season, load_product_context
from shops.labels import format_place
from shops.models import Batch, Product, ProductQuerySet, Shop
from shops.traceability import batches, certificates
from ui import formats
from ui.formats import day


@dataclass(frozen=True)
class PosterContent:
    """The texts of a poster. `batch` holds (label, value) in their order; `picked` is its headline.

    `struck`, the crossed-out price, is never shown without `basis`.
    """

    name: str
    per_jin: str
    per_kg: str
    pack: str
    struck: str
    basis: str
    chips: tuple[tuple[str, str], ...]
    whereabouts: str
    origin: str
    grower: str
    shop: str
    seller: str
    picked: str
    batch: tuple[tuple[str, str], ...]
    photo: str
    url: str
    made: str
    note: str


def find_products() -> ProductQuerySet:
    """Return published products with all that `describe_product` reads of them and their shop."""
    rows = Product.objects.published().defer("search_text", "description")
    rows = rows.select_related("shop", "place__parent__parent__parent", "cover", "batch")
    return rows.annotate(
        contact_agreed=identity.annotate_agreed("shop__owner"),
        has_marks=certificates.has_certificates("shop"),
    )


def describe_product(product: Any, url: str) -> PosterContent:
    """Return the content of a product's poster; `product` comes from `rows`, and `url` is where its QR code leads.

    It takes the queries of `load_product_context`, one more for a shop with certificates, one more for a batch.
    """
    extra = load_product_context(product)
    reference = extra.reference_price
    batch = product.batch if product.batch and product.batch.is_public else None
    names = can_name(product.shop, product.contact_agreed)
    per_kg = _("合 ¥%(price)s/公斤") % {"price": formats.per_kg(product.price_fen, product.net_grams)}
    return PosterContent(
        name=product.name,
        per_jin=formats.per_jin(product.price_fen, product.net_grams),
        per_kg=per_kg,
        pack=pack(product),
        struck=reference.per_jin if reference else "",
        basis=reference.basis if reference else "",
        chips=tuple(list_chips(product, extra)),
        whereabouts=format_place(product.place),
        origin=product.origin,
        grower=product.get_grower_display(),
        shop=product.shop.name,
        seller=product.shop.legal_name if names else "",
        picked=describe_picked(batch) if batch else "",
        batch=tuple(describe_batch(batch, names)) if batch else (),
        photo=get_photo_name(product),
        url=url,
        made=day(timezone.localdate()),
        note=site_mode.get_note(),
    )


def can_name(shop: Shop, contact_agreed: bool) -> bool:
    """Return whether the seller may be named: a person's own name is public only while they agree that their number is."""
    return bool(shop.legal_name) and (
        bool(shop.contact) and contact_agreed or shop.seller != Shop.Seller.PERSON
    )


def list_chips(product: Any, extra: ProductPageContext) -> list[tuple[str, str]]:
    """Return the same chips as on the product's page, in the same order."""
    season = Season(product.harvest_from, product.harvest_until, timezone.localdate()).word()
    found = [(season, "zest")] if season else []
    found.append((product.get_grower_display(), "leaf"))
    found += [
        (paper.mark, "calico") for paper in (certificates.find_papers(product) if product.has_marks else [])
    ]
    if extra.presale and not extra.presale.left:
        found.append((_("预售订完了"), "sunk"))
    elif extra.presale:
        found.append((_("预售 · %(day)s前发") % {"day": day(extra.presale.ship_by)}, "calico"))
    elif not product.stock:
        found.append((_("卖完了"), "sunk"))
    if product.freight_included:
        found.append((_("包邮"), "leaf"))
    return found


def describe_picked(batch: Batch) -> str:
    if batch.harvested_on == timezone.localdate():
        return _("今天采的")
    return _("%(day)s采的") % {"day": day(batch.harvested_on)}


def describe_batch(batch: Batch, names: bool) -> list[tuple[str, str]]:
    """Return the batch's facts; sweetness only with its day and instrument."""
    found = [(_("哪块地"), batch.plot)]
    if names:
        found.append((_("谁种的"), batch.grower_name))
    if batch.brix:
        measured = {"brix": batch.brix, "day": day(batch.brix_on), "tool": batch.brix_tool}
        found.append((_("糖度"), _("%(brix)s °Bx（%(day)s，%(tool)s）") % measured))
    if pledge := batches.find_pledge(batch):
        found.append((_("合格证"), pledge.number))
    return found


def get_photo_name(product: Product) -> str:
    """Return the file name of the widest picture; empty without a ready photo."""
    cover = product.cover
    return cover.name_at(cover.widths()[-1]) if cover and cover.is_ready else ""


def write_share_text(product: Product, url: str) -> str:
    """Return two lines to paste into a chat: what it is, what it costs, and where it comes from."""
    facts = {
        "name": product.name,
        "price": formats.per_jin(product.price_fen, product.net_grams),
        "pack": pack(product),
        "place": format_place(product.place),
    }
    first = _("%(name)s，每斤 ¥%(price)s（%(pack)s），%(place)s") % facts
    if note := site_mode.get_note():
        return f"{first}\n{note}\n{url}"
    return f"{first}\n{url}"
