"""An order's page as it stood, put into words: from the kept values only, whatever has changed since."""

from __future__ import annotations

import datetime

from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from shops.models import Order, OrderLine, Paper, Product, Shop
from ui import amounts, days

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
    return days.day(datetime.date.fromisoformat(day))
