"""Find what is missing before a live may begin, each with the page where it is corrected.

A rehearsal requires only something to show; everything else is given as `hints`. A real live requires what the law requires
(直播电商监督管理办法 §10, §26, §28–30; 未成年人保护法 §76).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from live.models import Livestream, RundownItem, ScriptVersion
from live.readiness import checklist
from live.readiness.requirements import Requirement, check_age, check_seller_card, check_training
from live.scripts import missing_facts, services, speech, text_check
from shops import site_mode
from shops.exceptions import MissingRequirement
from shops.models import Shop
from shops.products.public_words import shorten_sentences
from shops.sellers import services as keeping
from shops.texts.text_check import Found


@dataclass
class Readiness:
    """A plan with everything that the checks read of it, each read once."""

    live: Livestream
    items: list[RundownItem]
    versions: dict[int, ScriptVersion]
    _found: dict[int, list[Found]] = field(default_factory=dict)

    @classmethod
    def load(cls, live: Livestream) -> Readiness:
        """Load the plan in two queries; `live` with its shop and owner, host, place and drill."""
        items = live.load_items()
        return cls(live, items, services.find_latest_versions(items))

    def found(self, item: RundownItem) -> list[Found]:
        if item.pk not in self._found:
            version = self.versions.get(item.pk)
            self._found[item.pk] = text_check.check_script(item, version.parts) if version else []
        return self._found[item.pk]

    def seconds(self, item: RundownItem) -> int:
        version = self.versions.get(item.pk)
        return speech.measure_script(version.parts, item) if version else 0

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    @cached_property
    def requirements(self) -> list[Requirement]:
        """Return the checks that the program makes itself; for a rehearsal only goods and scripts, and a script does not
        block it.
        """
        checks = [check_seller_card, check_age, check_training] if self.live.is_real else []
        return [check_goods(self), check_words(self), *(check(self.live) for check in checks)]

    @cached_property
    def ticks(self) -> list[checklist.ChecklistRow]:
        return checklist.list_rows(self.live)


def list_missing_requirements(
    live: Livestream, readiness: Readiness | None = None
) -> list[MissingRequirement]:
    """Return what is missing, in the order of the seller's steps.

    About ten queries, however many items, and ten more for each item whose script has a finding.
    """
    readiness = readiness or Readiness.load(live)
    if live.removed_at:
        return [MissingRequirement.of(_("这一场已经取消了"), reverse("live:lives"), _("回去看看"))]
    if not live.is_real:
        return list_missing_goods(readiness)
    if site_mode.is_practice():
        return [
            MissingRequirement.of(_("这个站只用来练习，不卖东西"), reverse("live:lives"), _("排一场彩排"))
        ]
    found = [one for check in readiness.requirements for one in check.missing]
    return found + list_missing_ticks(readiness)


def list_hints(live: Livestream, readiness: Readiness | None = None) -> list[MissingRequirement]:
    """Return what should be corrected but stops nothing: claims that need evidence, minutes that do not fit, and for a
    rehearsal all that would stop a real live."""
    readiness = readiness or Readiness.load(live)
    found = [
        MissingRequirement.of(
            _("%(item)s：“%(words)s”要拿得出依据，或者换个说法") % {"item": item, "words": one.finding.words},
            get_script_url(item),
            _("去看脚本"),
        )
        for item in readiness.items
        for one in text_check.filter_unproven(readiness.found(item))
    ]
    if not live.is_real:
        found = (
            list_missing_prices(readiness)
            + list_missing_words(readiness)
            + found
            + list_missing_ticks(readiness)
        )
    return found + list_missing_time(readiness)


def list_missing_prices(readiness: Readiness) -> list[MissingRequirement]:
    """Return a requirement for each item without a price; a product always has one."""
    sentence = _("%(item)s：还没有价钱")
    bare = [item for item in readiness.items if not item.unit_price_fen]
    return [
        MissingRequirement.of(sentence % {"item": item}, get_item_url(item), _("去填价钱")) for item in bare
    ]


# --- goods and scripts ---


def check_goods(readiness: Readiness) -> Requirement:
    n = len(readiness.items)
    summary = ngettext("%(n)d 款货", "%(n)d 款货", n) % {"n": n}
    return Requirement("goods", _("排品表"), list_missing_goods(readiness), summary)


def list_missing_goods(readiness: Readiness) -> list[MissingRequirement]:
    live = readiness.live
    if not readiness.items:
        return [
            MissingRequirement.of(_("排品表还空着"), reverse("live:add_item", args=[live.pk]), _("去加货"))
        ]
    if not live.is_real or live.shop is None:
        return []
    return list_missing_opening(live.shop) + [
        one for item in readiness.items for one in list_missing_for_item(item)
    ]


def list_missing_opening(shop: Shop) -> list[MissingRequirement]:
    """Return how a closed shop is opened again; at most one query, none while it is open."""
    if shop.is_open:
        return []
    if keeping.is_closed_by_others(shop):
        return [MissingRequirement(_("小店被管理员关了，要再开找管理员"))]
    url = f"{reverse('shops:shop_edit', args=[shop.pk])}#id_is_open"
    return [MissingRequirement.of(_("小店关着，开了才能播：去勾上“店开着”"), url, _("去开店"), True)]


def list_missing_for_item(item: RundownItem) -> list[MissingRequirement]:
    product = item.product
    if product is None or product.shop_id != item.livestream.shop_id:
        return [
            MissingRequirement.of(
                _("%(item)s：真直播只能卖小店里的商品") % {"item": item}, get_item_url(item), _("去换掉")
            )
        ]
    if not product.is_published:
        url = reverse("shops:my_product", args=[product.pk])
        return [
            MissingRequirement.of(_("%(item)s：没在卖，审核过了才能播") % {"item": item}, url, _("去看商品"))
        ]
    if item.quota and item.quota > product.stock:
        facts = {"item": item, "quota": item.quota, "stock": product.stock}
        sentence = _("%(item)s：给直播留 %(quota)s，库存只有 %(stock)s") % facts
        return [MissingRequirement.of(sentence, get_item_url(item), _("去改名额"))]
    return []


def check_words(readiness: Readiness) -> Requirement:
    n = sum(bool(readiness.versions.get(item.pk)) for item in readiness.items)
    summary = ngettext("%(n)d 款写好了", "%(n)d 款写好了", n) % {"n": n}
    return Requirement(
        "words", _("脚本用语"), list_missing_words(readiness) if readiness.live.is_real else [], summary
    )


def list_missing_words(readiness: Readiness) -> list[MissingRequirement]:
    return [
        one for item in readiness.items for one in list_missing_in_script(readiness, item)
    ] + list_missing_script_facts(readiness)


def list_missing_in_script(readiness: Readiness, item: RundownItem) -> list[MissingRequirement]:
    version = readiness.versions.get(item.pk)
    if version is None or not services.list_written_parts(version.parts):
        return [
            MissingRequirement.of(_("%(item)s：还没写脚本") % {"item": item}, get_script_url(item), _("去写"))
        ]
    sentences = [
        _("%(item)s：“%(words)s”不能说") % {"item": item, "words": one.finding.words}
        for one in text_check.filter_blocking(readiness.found(item))
    ]
    url = get_script_url(item)
    return [MissingRequirement.of(sentence, url, _("去改")) for sentence in shorten_sentences(sentences)]


def list_missing_script_facts(readiness: Readiness) -> list[MissingRequirement]:
    """Return facts that scripts name and that are not recorded; those of the seller's identity have their own check in a
    real live.
    """
    found = [
        gap
        for item in readiness.items
        if (version := readiness.versions.get(item.pk))
        for gap in missing_facts.find_missing_in_text(item, "\n".join(version.parts.values()))
    ]
    if readiness.live.is_real:
        found = [gap for gap in found if not (gap.is_of_shop and gap.fact in missing_facts.OF_CARD)]
    return missing_facts.list_requirements(found)


# --- other checks ---


def list_missing_ticks(readiness: Readiness) -> list[MissingRequirement]:
    left = [row.head for row in readiness.ticks if not row.is_done]
    if not left:
        return []
    sentence = _("还没核对：%(what)s") % {"what": _("、").join(left)}
    requirement = MissingRequirement.of(
        sentence, reverse("live:checklist", args=[readiness.live.pk]), _("去核对")
    )
    requirement.names = len(left)
    return [requirement]


def list_missing_time(readiness: Readiness) -> list[MissingRequirement]:
    """Return a sentence if the minutes differ from the plan by more than a fifth, the limit that the rubric has too."""
    planned, minutes = readiness.live.planned_minutes, readiness.minutes
    if not readiness.items or abs(minutes - planned) * 5 <= planned:
        return []
    facts = {"minutes": minutes, "planned": planned}
    sentence = _("排了 %(minutes)s 分钟，打算播 %(planned)s 分钟，差得多") % facts
    return [
        MissingRequirement.of(sentence, reverse("live:edit_plan", args=[readiness.live.pk]), _("去调一调"))
    ]


def get_item_url(item: RundownItem) -> str:
    return reverse("live:item", args=[item.livestream_id, item.pk])


def get_script_url(item: RundownItem) -> str:
    return reverse("live:script", args=[item.livestream_id, item.pk])
