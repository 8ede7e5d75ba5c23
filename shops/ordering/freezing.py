"""The page as it stood when the order was placed, as plain values: prices may change and products go, this stays
(直播电商监督管理办法 §16: three years)."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from shops.models import FreightRate, Presale, Product, Shop
from shops.pricing.reference_price import reference_price_of
from shops.sellers import identity

TERMS = "2026-11"  # which wording of the request's terms the buyer saw


def shop_page(shop: Shop, rate: FreightRate | None) -> dict:
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


def product_page(product: Product, presale: Presale | None) -> dict:
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
        "batch": product.batch_id and batch_facts(product),
    }


def struck(product: Product) -> dict | None:
    """The price that stood struck through, with what was said of it; per 斤 of 500 g as it was printed."""
    found = reference_price_of(product) if product.shows_earlier else None
    return found and {"fen": found.per_jin_fen, "basis": found.basis}


def batch_facts(product: Product) -> dict:
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
