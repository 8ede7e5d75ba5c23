"""Fill the sheets on goods from a batch, a product or a shop: what is recorded there, nothing computed that nobody measured."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from programme.sheets.values import Filling, Row, join
from shops import identity
from shops.models import Batch, Claim, Complaint, Deal, FreightRate, LedgerEntry, Pledge, Product, Shop, Spray
from shops.shipping import provinces
from shops.shipping.rates import calculate_parcel_price, get_gross_weight
from ui import formats
from ui.formats import day

# So many of the newest rows are printed; older ones are on the site.
MOST_ROWS = 24
KINDS = {Product.Grower.OWN: "own", Product.Grower.NEIGHBOURS: "bought", Product.Grower.COOP: "bought"}


def fill_spec(batch: Batch, reader: User) -> Filling:
    product = batch.products.order_by("-created_at", "-pk").first()
    spray = batch.sprays.first()
    pledge = Pledge.objects.filter(batch=batch, withdrawn_at=None).first()
    fields = {
        "what": join(batch.name, batch.variety),
        "origin": join(batch.origin, batch.plot),
        "harvested": day(batch.harvested_on),
        "net": formats.jin_and_kg(product.net_grams) if product else "",
        "brix": f"{batch.brix}°Bx" if batch.brix_tenths else "",
        "brix_day": join(day(batch.brix_on), batch.brix_tool),
        "pledge": pledge.number if pledge else "",
    }
    if spray:
        fields["spray"] = join(spray.what, day(spray.on))
        fields["interval"] = describe_interval(spray, batch)
    return Filling(fields, target=reverse("shops:my_batch", args=[batch.pk]))


def find_first_day(spray: Spray) -> datetime.date:
    return spray.on + datetime.timedelta(days=spray.interval_days)


def describe_interval(spray: Spray, batch: Batch) -> str:
    first = find_first_day(spray)
    facts = {"days": spray.interval_days, "day": day(first)}
    over = first <= batch.harvested_on
    return (_("%(days)s 天，%(day)s满，采的时候过了") if over else _("%(days)s 天，%(day)s满")) % facts


def fill_sugar(batch: Batch, reader: User) -> Filling:
    known = join(f"{batch.brix}°Bx" if batch.brix_tenths else "", day(batch.brix_on), batch.brix_tool)
    fields = {"what": join(batch.plot, batch.name, batch.variety), "known": known}
    return Filling(fields, target=reverse("shops:my_batch", args=[batch.pk]))


def fill_sprays(batch: Batch, reader: User) -> Filling:
    rows = [
        {
            "on": day(one.on),
            "medicine": one.what,
            "dose": one.dose,
            "against": one.against,
            "days": str(one.interval_days),
            "first": day(find_first_day(one)),
            "by": one.made_by.name if one.made_by else "",
        }
        for one in batch.sprays.select_related("made_by").order_by("on", "pk")
    ]
    fields = {"what": join(batch.plot, batch.name, batch.variety)}
    return Filling(fields, {"sprays": rows}, target=reverse("shops:my_batch", args=[batch.pk]))


def fill_costs(product: Product, reader: User) -> Filling:
    gross = product.gross_grams
    fields = {
        "what": join(product.name, formats.jin_and_kg(product.net_grams)),
        "gross": formats.jin_and_kg(gross) if gross else "",
    }
    cells = {"costs": {"price": {"own": formats.yuan(product.price_fen)}}}
    return Filling(fields, cells=cells, target=reverse("shops:my_product", args=[product.pk]))


def fill_freight(shop: Shop, reader: User) -> Filling:
    """List all provinces with the shop's rates; the price for one box is that of its newest product."""
    rates = {rate.province: rate for rate in FreightRate.objects.filter(shop=shop, ships=True)}
    product = shop.products.order_by("-created_at", "-pk").first()
    grams = get_gross_weight(product) if product else 0
    rows = []
    for province in provinces.PROVINCES:
        rate = rates.get(province.code)
        if rate:
            fen = calculate_parcel_price(rate, grams) if product and not product.freight_included else 0
            buyer = (
                _("包邮") if product and product.freight_included else (formats.yuan(fen) if product else "")
            )
            row = {"ships": _("发"), "price": describe_rate(rate), "buyer": buyer}
        else:
            row = {"ships": _("不发"), "price": "", "buyer": ""} if rates else {}
        rows.append({"province": str(province)} | row)
    fields = {"box": join(product.name, formats.jin_and_kg(grams)) if product else ""}
    return Filling(fields, {"provinces": rows}, target=f"{reverse('shops:freight')}?shop={shop.pk}")


def describe_rate(rate: FreightRate) -> str:
    """Describe the price of a parcel shortly: 首重 3公斤 8.00 元，每加 1公斤 1.50 元."""
    facts = {
        "first": formats.kg(rate.first_grams),
        "fen": formats.yuan(rate.first_fen + rate.surcharge_fen),
        "step": formats.kg(rate.step_grams),
        "more": formats.yuan(rate.step_fen),
    }
    return _("首重 %(first)s %(fen)s 元，每加 %(step)s %(more)s 元") % facts


def list_provinces() -> list[Row]:
    """Return the rows of an empty freight table, so that none is left out."""
    return [{"province": str(one)} for one in provinces.PROVINCES]


def fill_sales(shop: Shop, reader: User) -> Filling:
    """List the newest deals that stand, and the newest entries of the ledger, the oldest first, as a book is kept."""
    deals = Deal.objects.standing().filter(product__shop=shop).select_related("product")
    sources = {"own": _("自家种的"), "bought": _("收来的")}
    rows = [
        {
            "on": day(one.at),
            "what": one.product.name,
            "size": f"{formats.jin(one.net_grams)} × 1{Product.Unit(one.unit).label}",
            "price": formats.yuan(one.price_fen),
            "count": str(one.quantity),
            "sum": formats.yuan(one.price_fen * one.quantity),
            "source": str(sources[KINDS[Product.Grower(one.product.grower)]]),
        }
        for one in deals.order_by("-at", "-pk")[:MOST_ROWS]
    ]
    entries = LedgerEntry.objects.filter(shop=shop).order_by("-on", "-pk")[:MOST_ROWS]
    target = f"{reverse('shops:ledger')}?shop={shop.pk}"
    tables = {"deals": rows[::-1], "entries": [describe_entry(one) for one in entries][::-1]}
    return Filling({"shop": shop.name}, tables, target=target)


def describe_entry(entry: LedgerEntry) -> Row:
    amount = formats.yuan(abs(entry.fen))
    return {
        "on": day(entry.on),
        "what": str(entry.get_kind_display()),
        "in": amount if entry.fen >= 0 else "",
        "out": amount if entry.fen < 0 else "",
        "note": entry.note,
    }


def fill_card(shop: Shop, reader: User) -> Filling:
    """Print the seller's identity as the shop shows it; the number is the public one, for the owner also one not yet public."""
    is_own = shop.owner_id == reader.pk
    contact = shop.contact.as_national if shop.contact and (is_own or identity.is_public(shop)) else ""
    growers = {Shop.Sources.OWN: _("自家种的"), Shop.Sources.MIXED: _("自家种的，也收邻居的")}
    exempt = {
        Shop.Exemption.OWN_PRODUCE: _("个人销售自产农副产品，依法不需要办理登记"),
        Shop.Exemption.SMALL: _("个人从事零星小额交易，依法不需要办理登记"),
    }
    fields = {
        "seller": shop.legal_name,
        "grower": str(growers.get(Shop.Sources(shop.sources), "")) if shop.sources else "",
        "licence": shop.licence_no or (str(exempt[Shop.Exemption(shop.exemption)]) if shop.exemption else ""),
        "address": shop.address,
        "phone": contact,
    }
    return Filling(fields, target=reverse("shops:shop_edit", args=[shop.pk]))


def fill_aftersales(shop: Shop, reader: User) -> Filling:
    """List reported damage and complaints by order number, without a buyer's name, number or address."""
    claims = (
        Claim.objects.filter(order__shop=shop).select_related("order", "answered_by").order_by("-at", "-pk")
    )
    complaints = (
        Complaint.objects.filter(shop=shop).select_related("order", "answered_by").order_by("-at", "-pk")
    )
    found: list[tuple[datetime.datetime, Row]] = []
    for claim in claims[:MOST_ROWS]:
        how = join(
            _("退 %(yuan)s 元") % {"yuan": formats.yuan(claim.refund_fen)} if claim.refund_fen else "",
            _("补发") if claim.resend else "",
            claim.answer,
        )
        found.append((claim.at, describe_case(claim, claim.order.number, claim.text, how)))
    for one in complaints[:MOST_ROWS]:
        number = one.order.number if one.order else one.number
        found.append((one.at, describe_case(one, number, one.text, one.answer)))
    rows = [row for _at, row in sorted(found, key=lambda pair: pair[0])[-MOST_ROWS:]]
    return Filling({}, {"cases": rows}, target=f"{reverse('shops:mine')}?shop={shop.pk}")


def describe_case(case: Claim | Complaint, number: str, text: str, how: str) -> Row:
    done = timezone.localtime(case.answered_at) if case.answered_at else None
    return {
        "at": day(case.at),
        "order": number,
        "what": text,
        "how": how,
        "done": f"{day(done)} {done:%H:%M}" if done else "",
        "by": case.answered_by.name if case.answered_by else "",
    }
