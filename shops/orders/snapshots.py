"""Store what an order's page showed when it was placed, and read it back."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from shops import identity
from shops.models import FreightRate, Order, OrderLine, Paper, Presale, Product, Shop
from shops.pricing.reference_price import reference_price_of
from ui import amounts, dates

TERMS = "2026-11"  # which wording of the request's terms the buyer saw


def freeze_shop(shop: Shop, rate: FreightRate | None) -> dict:
    """Who sold it, what sending cost and in which role the site stood."""
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
        "freight": rate and rate_facts(rate),
    }


def rate_facts(rate: FreightRate) -> dict:
    fields = ("province", "first_grams", "first_fen", "step_grams", "step_fen", "surcharge_fen")
    return {field: getattr(rate, field) for field in fields}


def freeze_product(product: Product, presale: Presale | None) -> dict:
    """All that the product page said; dates as 2026-11-24."""
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
        "earlier": struck(product),
        "grower": product.grower,
        "origin": product.origin,
        "description": product.description,
        "harvest_from": str(product.harvest_from),
        "harvest_until": str(product.harvest_until),
        "gifts": list(product.gifts.values("kind", "spec", "number", "limit", "way", "value_fen")),
        "presale": presale
        and {"ship_by": str(presale.ship_by), "closes_on": str(presale.closes_on), "terms": presale.terms},
        "papers": papers_of(product),
        "batch": product.batch_id and freeze_batch(product),
    }


def struck(product: Product) -> dict | None:
    """The price that stood struck through, with what was said of it; per 斤 of 500 g as it was printed."""
    found = reference_price_of(product) if product.shows_earlier else None
    return found and {"fen": found.per_jin_fen, "basis": found.basis}


def freeze_batch(product: Product) -> dict:
    """Of which picking it was, how sweet, and under which promise it was sold."""
    batch = product.batch
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


def papers_of(product: Product) -> list[dict]:
    """Those in force for this product, or for all that the shop sells."""
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


def photos_of(product: Product) -> list[int]:
    return list(product.photos.order_by("position", "id").values_list("photo", flat=True))


Facts = list[tuple[str, str]]


def label(choices, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


def seller_facts(order: Order) -> Facts:
    page = order.page
    facts = [
        (_("店名"), page.get("shop", "")),
        (_("谁在卖"), label(Shop.Seller, page.get("seller", ""))),
        (_("姓名或单位全称"), page.get("legal_name", "")),
        (_("统一社会信用代码"), page.get("licence_no", "")),
        (_("为什么不用登记"), label(Shop.Exemption, page.get("exemption", ""))),
        (_("卖谁家的"), label(Shop.Sources, page.get("sources", ""))),
        (_("地址"), page.get("address") or page.get("place", "")),
    ]
    return [(name, text) for name, text in facts if text]


def seller_phone(order: Order) -> PhoneNumber | None:
    """The number that was public then."""
    return PhoneNumber.from_string(order.page["contact"]) if order.page.get("contact") else None


def line_facts(line: OrderLine) -> Facts:
    page = line.page
    facts = [
        (_("种类"), page.get("category", "")),
        (_("品种"), page.get("variety", "")),
        (_("净重"), amounts.both(line.net_grams)),
        (_("谁家的果子"), label(Product.Grower, page.get("grower", ""))),
        (_("产地"), page.get("origin", "")),
        (_("采收期"), span(page.get("harvest_from"), page.get("harvest_until"))),
        *struck_facts(page.get("earlier")),
        *presale_facts(page.get("presale")),
        *batch_facts(page.get("batch")),
        *((_("赠品"), gift_words(gift)) for gift in page.get("gifts", [])),
        *((label(Paper.Kind, paper["kind"]), paper_words(paper)) for paper in page.get("papers", [])),
    ]
    return [(name, text) for name, text in facts if text]


def struck_facts(earlier: dict | None) -> Facts:
    if not earlier:
        return []
    return [(_("划掉的价"), f"¥{amounts.yuan(earlier['fen'])} {earlier.get('basis', '')}")]


def presale_facts(presale: dict | None) -> Facts:
    if not presale:
        return []
    day = written(presale["ship_by"])
    return [(_("预售"), _("最晚 %(day)s发") % {"day": day}), (_("发晚了怎么办"), presale["terms"])]


def batch_facts(batch: dict | None) -> Facts:
    if not batch:
        return []
    facts = [(_("追溯码"), batch["code"]), (_("哪天采的"), written(batch["harvested_on"]))]
    if batch.get("brix_tenths"):
        told = {
            "brix": batch["brix_tenths"] / 10,
            "day": written(batch["brix_on"]),
            "tool": batch["brix_tool"],
        }
        facts.append((_("糖度"), _("%(brix)s 度（%(day)s，%(tool)s）") % told))
    return [*facts, (_("承诺达标合格证"), batch.get("pledge") or "")]


def gift_words(gift: dict) -> str:
    return _("%(kind)s（%(spec)s）× %(number)s，%(limit)s，%(way)s") % gift


def paper_words(paper: dict) -> str:
    return f"{paper['number']} {paper['holder']}"


def span(first: str | None, last: str | None) -> str:
    return f"{written(first)}–{written(last)}" if first and last else ""


def written(day: str) -> str:
    return dates.day(datetime.date.fromisoformat(day))
