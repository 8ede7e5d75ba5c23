"""Store what an order's page showed when it was placed, and read it back."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from shops import identity
from shops.models import Batch, FreightRate, Order, OrderLine, Paper, Presale, Product, Shop
from shops.pricing.reference_price import find_reference_price
from ui import formats

Facts = list[tuple[str, str]]  # label and text, as shown in a definition list

TERMS = "2026-11"  # the version of the terms of ordering that the buyer saw


def freeze_shop(shop: Shop, rate: FreightRate | None) -> dict:
    """Return what the pages said of the seller, of the freight rate and of the site's role, as a JSON object."""
    return {
        "shop": shop.name,
        "seller": shop.seller,
        "legal_name": shop.legal_name,
        "licence_no": shop.licence_no,
        "sources": shop.sources,
        "exemption": shop.exemption,
        "address": shop.address,
        "contact": str(shop.contact) if identity.is_public(shop) else "",
        "place": shop.place.full_name(),
        "site_role": getattr(settings, "SITE_ROLE", ""),
        "terms": TERMS,
        "freight": rate and describe_rate(rate),
    }


def describe_rate(rate: FreightRate) -> dict:
    """Return the freight rate's fields (grams and fen) as a JSON object."""
    fields = ("province", "first_grams", "first_fen", "step_grams", "step_fen", "surcharge_fen")
    return {field: getattr(rate, field) for field in fields}


def freeze_product(product: Product, presale: Presale | None) -> dict:
    """Return all that the product page said, as a JSON object; dates as 2026-11-24."""
    return {
        "name": product.name,
        "category": product.category.name,
        "is_perishable": product.category.is_perishable,
        "variety": product.variety,
        "unit": product.unit,
        "net_grams": product.net_grams,
        "gross_grams": product.gross_grams,
        "price_fen": product.price_fen,
        "freight_included": product.freight_included,
        "earlier": describe_struck_price(product),
        "grower": product.grower,
        "origin": product.origin,
        "description": product.description,
        "harvest_from": str(product.harvest_from),
        "harvest_until": str(product.harvest_until),
        "gifts": list(product.gifts.values("kind", "spec", "number", "limit", "way", "value_fen")),
        "presale": presale
        and {"ship_by": str(presale.ship_by), "closes_on": str(presale.closes_on), "terms": presale.terms},
        "papers": list_papers(product),
        "batch": product.batch and freeze_batch(product.batch),
    }


def describe_struck_price(product: Product) -> dict | None:
    """Return the crossed-out reference price as it was printed, in fen per 斤 of 500 g, with its basis; None without one."""
    found = find_reference_price(product) if product.shows_earlier else None
    return {"fen": found.per_jin_fen, "basis": found.basis} if found else None


def freeze_batch(batch: Batch) -> dict:
    """Return the batch's code, harvest, measured sweetness and conformity pledge, as a JSON object."""
    pledge = batch.pledges.filter(withdrawn_at__isnull=True).order_by("-id").first()
    return {
        "code": batch.code,
        "harvested_on": str(batch.harvested_on),
        "plot": batch.plot,
        "brix_tenths": batch.brix_tenths,
        "brix_on": batch.brix_on and str(batch.brix_on),
        "brix_tool": batch.brix_tool,
        "pledge": pledge and pledge.number,
    }


def list_papers(product: Product) -> list[dict]:
    """Return the certificates in force for this product, or for everything the shop sells, as JSON objects."""
    rows = product.shop.papers.in_force().filter(Q(products=product) | Q(products=None)).distinct()
    return [
        {
            "kind": paper.kind,
            "number": paper.number,
            "holder": paper.holder,
            "expires_on": paper.expires_on and str(paper.expires_on),
        }
        for paper in rows
    ]


def list_photos(product: Product) -> list[int]:
    """Return the ids of the product's photos in their order."""
    return list(product.photos.order_by("position", "id").values_list("photo", flat=True))


def get_choice_label(choices, value: str) -> str:
    """Return the label of a choice, or the value itself if the choice no longer exists."""
    return str(dict(choices.choices).get(value, value))


def describe_seller(order: Order) -> Facts:
    """Return what the order's page said of the seller; empty fields are left out."""
    page = order.page
    facts = [
        (_("店名"), page.get("shop", "")),
        (_("谁在卖"), get_choice_label(Shop.Seller, page.get("seller", ""))),
        (_("姓名或单位全称"), page.get("legal_name", "")),
        (_("统一社会信用代码"), page.get("licence_no", "")),
        (_("为什么不用登记"), get_choice_label(Shop.Exemption, page.get("exemption", ""))),
        (_("卖谁家的"), get_choice_label(Shop.Sources, page.get("sources", ""))),
        (_("地址"), page.get("address") or page.get("place", "")),
    ]
    return [(name, text) for name, text in facts if text]


def get_seller_phone(order: Order) -> PhoneNumber | None:
    """Return the seller's phone if it was public when the order was placed."""
    return PhoneNumber.from_string(order.page["contact"]) if order.page.get("contact") else None


def describe_line(line: OrderLine) -> Facts:
    """Return what the product's page said when the line was ordered; empty fields are left out."""
    page = line.page
    facts = [
        (_("种类"), page.get("category", "")),
        (_("品种"), page.get("variety", "")),
        (_("净重"), formats.jin_and_kg(line.net_grams)),
        (_("谁家的果子"), get_choice_label(Product.Grower, page.get("grower", ""))),
        (_("产地"), page.get("origin", "")),
        (_("采收期"), format_span(page.get("harvest_from"), page.get("harvest_until"))),
        *describe_reference_price(page.get("earlier")),
        *describe_presale(page.get("presale")),
        *describe_batch(page.get("batch")),
        *((_("赠品"), describe_gift(gift)) for gift in page.get("gifts", [])),
        *(
            (get_choice_label(Paper.Kind, paper["kind"]), describe_paper(paper))
            for paper in page.get("papers", [])
        ),
    ]
    return [(name, text) for name, text in facts if text]


def describe_reference_price(earlier: dict | None) -> Facts:
    if not earlier:
        return []
    return [(_("划掉的价"), f"¥{formats.yuan(earlier['fen'])} {earlier.get('basis', '')}")]


def describe_presale(presale: dict | None) -> Facts:
    if not presale:
        return []
    day = format_day(presale["ship_by"])
    return [(_("预售"), _("最晚 %(day)s发") % {"day": day}), (_("发晚了怎么办"), presale["terms"])]


def describe_batch(batch: dict | None) -> Facts:
    if not batch:
        return []
    facts = [(_("追溯码"), batch["code"]), (_("哪天采的"), format_day(batch["harvested_on"]))]
    if batch.get("brix_tenths"):
        params = {
            "brix": batch["brix_tenths"] / 10,
            "day": format_day(batch["brix_on"]),
            "tool": batch["brix_tool"],
        }
        facts.append((_("糖度"), _("%(brix)s 度（%(day)s，%(tool)s）") % params))
    return [*facts, (_("承诺达标合格证"), batch.get("pledge") or "")]


def describe_gift(gift: dict) -> str:
    return _("%(kind)s（%(spec)s）× %(number)s，%(limit)s，%(way)s") % gift


def describe_paper(paper: dict) -> str:
    return f"{paper['number']} {paper['holder']}"


def format_span(first: str | None, last: str | None) -> str:
    return f"{format_day(first)}–{format_day(last)}" if first and last else ""


def format_day(day: str) -> str:
    """Format a date given as 2026-11-24 for a reader."""
    return formats.day(datetime.date.fromisoformat(day))
