"""Packs of goods for sellers: which pack goods have, its scripts, its questions, and a description to fill in.

Goods that need a paper (a licence, a filing) get none of them while their shop lacks it: the pack then only says which paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import User
from courses.crops.pack import MINUTES, Pack, SpecRow
from courses.crops.packs import find_pack_of
from live.models import RundownItem, ScriptVersion
from live.scripts import placeholders, services
from shops.listings.patterns import Pattern, ScriptPlace, register_patterns
from shops.models import Paper, Product
from ui import formats
from ui.parameters import add_return_url, read_id
from wording.rulebook.statements import GAP

# How the button is named that puts the pack's script of so many minutes into the form: crop:3. UNDO:4 goes back to version 4.
ACT, UNDO = "crop:", "crop-undo:"
MOST_PLACES = 3
DOUBLE = re.compile(r"[、,]|和| and ")  # in the name of a fact: it names two things


@dataclass(frozen=True)
class Offer:
    """The pack that an item has, and whether its seller may use it: `needs` says which papers are missing."""

    pack: Pack
    url: str
    needs: tuple[str, ...] = ()
    paper_url: str = ""

    @property
    def title(self) -> str:
        return self.pack.title

    @property
    def acts(self) -> tuple[tuple[int, str], ...]:
        return () if self.needs else list_acts()


def list_acts() -> tuple[tuple[int, str], ...]:
    return tuple((minutes, f"{ACT}{minutes}") for minutes in MINUTES)


# --- an item of a rundown ---


def find_offer(item: RundownItem) -> Offer | None:
    """Return what is offered for an item's script; None if no pack is about such goods. One query for goods with papers."""
    pack = find_item_pack(item)
    if pack is None:
        return None
    url = add_return_url(reverse("courses:pack", args=[pack.code]), script_url(item))
    shop = item.livestream.shop_id
    if has_paper(pack, item.product_id, load_papers(shop) if pack.papers else set()):
        return Offer(pack, url)
    return Offer(pack, url, pack.needs, make_paper_url(pack, shop) if shop else "")


def find_item_pack(item: RundownItem, language: str = "") -> Pack | None:
    """Return the pack of an item's goods, in this language, else in the page's, where it is written in it."""
    kind = item.product.category.slug if item.product_id and item.product else ""
    return find_pack_of(str(item), kind, language or get_language() or "")


def script_url(item: RundownItem) -> str:
    return reverse("live:script", args=[item.livestream_id, item.pk])


def load_papers(shop: int | None) -> set[tuple[str, int | None]]:
    """Return (kind, product) of the shop's papers in force; None: for all that it sells. One query."""
    if shop is None:
        return set()
    return set(Paper.objects.in_force().filter(shop=shop).values_list("kind", "products"))


def has_paper(pack: Pack, product: int | None, held: Set[tuple[str, int | None]]) -> bool:
    """Return whether one of the papers held is of a kind that the pack asks for, and is for the product or for all."""
    if not pack.papers:
        return True
    return any(kind in pack.papers and of in (None, product) for kind, of in held)


def make_paper_url(pack: Pack, shop: int) -> str:
    return f"{reverse('shops:new_paper')}?shop={shop}&kind={pack.papers[0]}"


def find_parts(item: RundownItem, act: str) -> dict[str, str] | None:
    """Return the parts of the script that a button asks for; None if there is none, or none may be used."""
    offer = find_offer(item)
    script = offer.pack.find_script(read_id(act.removeprefix(ACT))) if offer and not offer.needs else None
    return script.parts if script else None


def replace_script(
    item: RundownItem, typed: Mapping[str, str] | None, parts: Mapping[str, str], by: User
) -> ScriptVersion | None:
    """Make `parts` the newest version and return the one before it, which holds what was typed; None if there was none.

    Nothing is lost: what was typed becomes a version first.
    """
    if typed and any(text.strip() for text in typed.values()):
        before: ScriptVersion | None = services.save_version(item, typed, by)
    else:
        before = services.find_latest_versions([item]).get(item.pk)
    services.save_version(item, parts, by)
    return before


def list_answers(items: Sequence[RundownItem]) -> list[tuple[RundownItem, list[tuple[str, str]]]]:
    """Return each item whose goods have a pack, with (question, answer) of what buyers ask, facts filled in.

    Items whose paper is missing are left out. One query besides those of the facts, however many items of one live.
    """
    packs = [(item, pack) for item in items if (pack := find_item_pack(item))]
    needy = [item for item, pack in packs if pack.papers]
    held = load_papers(needy[0].livestream.shop_id) if needy else set()
    return [
        (item, [(one.question, placeholders.show_gaps(one.answer, item)) for one in pack.questions])
        for item, pack in packs
        if has_paper(pack, item.product_id, held)
    ]


# --- a product of a shop ---


@register_patterns
def find_product_pattern(product: Product) -> Pattern | None:
    """Return the pattern of a product, stored or not: its pack, a description with gaps, and the scripts it is planned for."""
    kind = product.category.slug if product.category_id else ""
    pack = find_pack_of(product.name, kind, get_language() or "")
    if pack is None:
        return None
    url = reverse("courses:pack", args=[pack.code])
    if product.pk:
        url = add_return_url(url, reverse("shops:my_product", args=[product.pk]))
    if not has_paper(pack, product.pk, load_papers(product.shop_id) if pack.papers else set()):
        paper_url = make_paper_url(pack, product.shop_id) if product.shop_id else ""
        return Pattern(pack.title, url, needs=pack.needs, paper_url=paper_url)
    start = ScriptPlace("", reverse("live:new_plan"), list_acts())
    return Pattern(pack.title, url, write_description(pack, product), list_places(product), start)


def list_places(product: Product) -> tuple[ScriptPlace, ...]:
    """Return the planned lives that show the product, the next one first. One query."""
    if not product.pk:
        return ()
    rows = RundownItem.objects.filter(
        product=product, livestream__removed_at=None, livestream__started_at=None
    ).select_related("livestream")
    rows = rows.order_by("livestream__starts_at", "id")[:MOST_PLACES]
    return tuple(ScriptPlace(item.livestream.title, script_url(item), list_acts()) for item in rows)


def write_description(pack: Pack, product: Product) -> str:
    """Return what a listing of such goods says, a line a fact: filled in where the site holds it, else a gap.

    It states nothing that the seller has not recorded.
    """
    with override("zh-hans" if pack.language.startswith("zh") else pack.language):
        facts, gap = read_facts(product), {"gap": GAP}
        return "\n".join(
            [
                *(write_line(row, facts) for row in pack.spec),
                _("毛病先说：%(gap)s") % gap,
                _("怎么放：%(gap)s") % gap,
                _("付款后%(gap)s天内发。") % gap,
                _("收到坏的怎么赔：%(gap)s") % gap,
            ]
        )


def read_facts(product: Product) -> dict[str, str]:
    """Return what is recorded of a product, stored or not, under the names of courses.crops.pack.FACTS."""
    batch = product.batch
    return {
        "net": formats.jin(product.net_grams),
        "origin": product.origin,
        "picked": formats.day(batch.harvested_on) if batch else "",
        "sugar": placeholders.describe_sugar(batch),
        "variety": product.variety,
    }


def write_line(row: SpecRow, facts: Mapping[str, str]) -> str:
    """Return the line of one fact; where its name names two things, the second is a gap."""
    value = facts[row.fact] if row.fact else ""
    if value and DOUBLE.search(row.name):
        value = _("%(value)s，%(gap)s") % {"value": value, "gap": GAP}
    return _("%(name)s：%(value)s") % {"name": row.name, "value": value or GAP}
