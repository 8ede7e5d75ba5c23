"""Why a live may not begin yet: sentences that know where each is mended. Empty means that it may.

A rehearsal asks for something to show and no more; what a real live would also ask for is told as `hints`. A real live
asks for what the law asks (直播电商监督管理办法 §10, §26, §28–30; 未成年人保护法 §76).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from live import checklist, gaps, rundown, scripts, spoken
from live.gates import Gate, age, card, training
from live.models import Livestream, RundownItem, ScriptVersion
from shops import keeping, site_role
from shops.lacks import Lack
from shops.models import Shop
from shops.saying import Found

__all__ = ["Lack", "Standing", "hints", "lacks"]


@dataclass
class Standing:
    """A plan with everything that is asked about it, each read once."""

    live: Livestream
    items: list[RundownItem]
    versions: dict[int, ScriptVersion]
    _found: dict[int, list[Found]] = field(default_factory=dict)

    @classmethod
    def of(cls, live: Livestream) -> Standing:
        """Two queries; live with its shop and owner, host, place and drill."""
        items = rundown.items_of(live)
        return cls(live, items, scripts.newest(items))

    def found(self, item: RundownItem) -> list[Found]:
        if item.pk not in self._found:
            version = self.versions.get(item.pk)
            self._found[item.pk] = spoken.look(item, version.parts) if version else []
        return self._found[item.pk]

    def seconds(self, item: RundownItem) -> int:
        version = self.versions.get(item.pk)
        return scripts.seconds(version.parts, item) if version else 0

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    @cached_property
    def gates(self) -> list[Gate]:
        """Of a real live; of a rehearsal the words alone, which are told and do not stop."""
        asked = [card, age, training] if self.live.is_real else []
        return [goods(self), words(self), *(gate(self.live) for gate in asked)]

    @cached_property
    def ticks(self) -> list[checklist.Row]:
        return checklist.rows(self.live)


def lacks(live: Livestream, standing: Standing | None = None) -> list[Lack]:
    """In the order in which a seller meets them. About ten queries, however many items; one with a finding in its
    script asks for what could make it lawful (about ten more)."""
    standing = standing or Standing.of(live)
    if live.removed_at:
        return [Lack.of(_("这张排品表已经撤掉了"), reverse("live:lives"), _("回去看看"))]
    if not live.is_real:
        return of_goods(standing)
    if site_role.is_practice():
        return [Lack.of(_("这个站只用来练习，不卖东西"), reverse("live:lives"), _("排一场彩排"))]
    found = [lack for gate in standing.gates for lack in gate.lacks]
    return found + of_ticks(standing)


def hints(live: Livestream, standing: Standing | None = None) -> list[Lack]:
    """What stops nothing, but should be mended: words that want a proof, time that does not fit, and in a rehearsal all
    that would stop a real live."""
    standing = standing or Standing.of(live)
    found = [
        Lack.of(
            _("%(item)s：“%(words)s”要拿得出依据，或者换个说法") % {"item": item, "words": one.finding.words},
            script_url(item),
            _("去看脚本"),
        )
        for item in standing.items
        for one in spoken.unproven(standing.found(item))
    ]
    if not live.is_real:
        found = of_prices(standing) + of_words(standing) + found + of_ticks(standing)
    return found + of_time(standing)


def of_prices(standing: Standing) -> list[Lack]:
    """A product has a price; what was typed by hand may lack one."""
    sentence = _("%(item)s：还没有价钱")
    bare = [item for item in standing.items if not item.unit_price_fen]
    return [Lack.of(sentence % {"item": item}, item_url(item), _("去填价钱")) for item in bare]


# --- the gates of what is shown and said ---


def goods(standing: Standing) -> Gate:
    n = len(standing.items)
    said = ngettext("%(n)d 款货", "%(n)d 款货", n) % {"n": n}
    return Gate("goods", _("排品表"), of_goods(standing), said)


def of_goods(standing: Standing) -> list[Lack]:
    live = standing.live
    if not standing.items:
        return [Lack.of(_("排品表还空着"), reverse("live:add_item", args=[live.pk]), _("去加货"))]
    if not live.is_real:
        return []
    return of_closed(live.shop) + [lack for item in standing.items for lack in of_item(item)]


def of_closed(shop: Shop) -> list[Lack]:
    """At most one query, none while the shop is open."""
    if shop.is_open:
        return []
    if keeping.is_closed_by_others(shop):
        return [Lack(_("小店被管理员关了，要再开找管理员"))]
    url = f"{reverse('shops:shop_edit', args=[shop.pk])}#id_is_open"
    return [Lack.of(_("小店关着，开了才能播：去勾上“店开着”"), url, _("去开店"), True)]


def of_item(item: RundownItem) -> list[Lack]:
    product = item.product
    if product is None or product.shop_id != item.livestream.shop_id:
        return [
            Lack.of(_("%(item)s：真直播只能卖小店里的商品") % {"item": item}, item_url(item), _("去换掉"))
        ]
    if not product.is_published:
        url = reverse("shops:my_product", args=[product.pk])
        return [Lack.of(_("%(item)s：没在卖，审核过了才能播") % {"item": item}, url, _("去看商品"))]
    if item.quota and item.quota > product.stock:
        said = {"item": item, "quota": item.quota, "stock": product.stock}
        sentence = _("%(item)s：给直播留 %(quota)s，库存只有 %(stock)s") % said
        return [Lack.of(sentence, item_url(item), _("去改名额"))]
    return []


def words(standing: Standing) -> Gate:
    n = sum(bool(standing.versions.get(item.pk)) for item in standing.items)
    said = ngettext("%(n)d 款写好了", "%(n)d 款写好了", n) % {"n": n}
    return Gate("words", _("脚本用语"), of_words(standing) if standing.live.is_real else [], said)


def of_words(standing: Standing) -> list[Lack]:
    return [lack for item in standing.items for lack in of_script(standing, item)] + of_gaps(standing)


def of_script(standing: Standing, item: RundownItem) -> list[Lack]:
    version = standing.versions.get(item.pk)
    if version is None or not scripts.written(version.parts):
        return [Lack.of(_("%(item)s：还没写脚本") % {"item": item}, script_url(item), _("去写"))]
    return [
        Lack.of(
            _("%(item)s：“%(words)s”不能说") % {"item": item, "words": one.finding.words},
            script_url(item),
            _("去改"),
        )
        for one in spoken.blocking(standing.found(item))
    ]


def of_gaps(standing: Standing) -> list[Lack]:
    """Facts that scripts want to say and nobody has written. What a real live asks of the seller's card stands there."""
    found = [
        gap
        for item in standing.items
        if (version := standing.versions.get(item.pk))
        for gap in gaps.of_text(item, "\n".join(version.parts.values()))
    ]
    if standing.live.is_real:
        found = [gap for gap in found if not (gap.is_of_shop and gap.fact in gaps.OF_CARD)]
    return gaps.lacks(found)


# --- the rest ---


def of_ticks(standing: Standing) -> list[Lack]:
    left = [row.head for row in standing.ticks if not row.is_done]
    if not left:
        return []
    sentence = _("还没核对：%(what)s") % {"what": _("、").join(left)}
    lack = Lack.of(sentence, reverse("live:checklist", args=[standing.live.pk]), _("去核对"))
    lack.names = len(left)
    return [lack]


def of_time(standing: Standing) -> list[Lack]:
    """Within a fifth of the plan is on time (the rubric's own measure)."""
    planned, minutes = standing.live.planned_minutes, standing.minutes
    if not standing.items or abs(minutes - planned) * 5 <= planned:
        return []
    said = {"minutes": minutes, "planned": planned}
    sentence = _("排了 %(minutes)s 分钟，打算播 %(planned)s 分钟，差得多") % said
    return [Lack.of(sentence, reverse("live:edit_plan", args=[standing.live.pk]), _("去调一调"))]


def item_url(item: RundownItem) -> str:
    return reverse("live:item", args=[item.livestream_id, item.pk])


def script_url(item: RundownItem) -> str:
    return reverse("live:script", args=[item.livestream_id, item.pk])
