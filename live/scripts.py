"""Scripts: five parts an item, in versions that are only added. Facts stand in them as placeholders (live.facts)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from accounts.models import User
from live import facts, reading, spoken
from live.models import Livestream, RundownItem, ScriptVersion

PARTS = ScriptVersion.PARTS
TITLES = {
    "who": gettext_lazy("我是谁，货从哪儿来"),
    "what": gettext_lazy("是什么货"),
    "proof": gettext_lazy("拿证据"),
    "price": gettext_lazy("报价，怎么下单"),
    "promise": gettext_lazy("兜底：发货和售后"),
}
HINTS = {
    "who": gettext_lazy("叫什么、哪个村、货给谁吃"),
    "what": gettext_lazy("品种、大小、糖度带日子、哪天摘的"),
    "proof": gettext_lazy("切开、上秤、过圈，毛病也指给人看"),
    "price": gettext_lazy("净重、一份多少钱、合多少一斤、运费、几号链接"),
    "promise": gettext_lazy("哪天发、什么快递、坏了怎么赔、找谁"),
}
MOST = 2000
TRIES = 5


def newest(items: Iterable[RundownItem]) -> dict[int, ScriptVersion]:
    """Each item's script, by the item's id. One query."""
    last = ScriptVersion.objects.filter(item=OuterRef("item")).order_by("-number").values("number")[:1]
    rows = ScriptVersion.objects.filter(item__in=[item.pk for item in items], number=Subquery(last))
    return {row.item_id: row for row in rows}


def lines(version: ScriptVersion | None, item: RundownItem) -> list[tuple[str, str, str]]:
    """(part, its title, its text with the facts in it and its gaps named) of the parts that say something."""
    if version is None:
        return []
    return [(part, str(TITLES[part]), facts.readable(text, item)) for part, text in written(version.parts)]


def written(parts: Mapping[str, str]) -> list[tuple[str, str]]:
    """The parts that say something, in their order."""
    return [(part, parts[part]) for part in PARTS if (parts.get(part) or "").strip()]


def save(item: RundownItem, parts: Mapping[str, str], by: User | None) -> ScriptVersion:
    """The next version, with its words as they were checked; the same words as the newest are that version.

    Of two at once each becomes a version, one after the other. About ten queries.
    """
    parts = {part: (parts.get(part) or "").strip()[:MOST] for part in PARTS}
    digest = text_hash(parts)
    for _try in range(TRIES):
        last = ScriptVersion.objects.filter(item=item).order_by("-number").first()
        if last and last.text_hash == digest:
            return last
        try:
            with transaction.atomic():
                made = ScriptVersion(item=item, parts=parts, text_hash=digest, made_by=by)
                made.number = last.number + 1 if last else 1
                made.check_made = spoken.keep(item, parts, by)
                made.save(force_insert=True)
            return made
        except IntegrityError:
            continue
    raise RuntimeError(f"item {item.pk}: no number is free")


def text_hash(parts: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(parts), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def begin(
    live: Livestream, items: list[RundownItem], before: Mapping[int, RundownItem], by: User | None
) -> None:
    """Scripts of new items: as the product was last spoken of, else as the drill writes it, else in the house's own
    words with the facts in their places."""
    old = newest(before.values())
    for item in items:
        item.livestream = live
        earlier = old.get(before[item.product_id].pk) if item.product_id in before else None
        save(item, earlier.parts if earlier else template(live, item), by)


def template(live: Livestream, item: RundownItem) -> dict[str, str]:
    """What a script begins with: the drill's words, for the first item those it has for the first, else our own. A sentence
    whose fact the listing does not know is left out; a part of which nothing is left is in our own words, in its language."""
    drill = live.drill.template if live.drill_id else {}
    written = [drill.get("parts"), drill.get("first") if item.position == 1 else None]
    ours = {part: str(text or "") for one in written if isinstance(one, dict) for part, text in one.items()}
    is_ours = any(ours.get(part) for part in PARTS)
    with override(facts.language_of("".join(ours.values())) if is_ours else get_language()):
        general = {part: "".join(known(said, item)) for part, said in first_words().items()}
    if not is_ours:
        return general
    return {
        part: ("".join(known(sentences(ours[part]), item)) or general[part]) if ours.get(part) else ""
        for part in PARTS
    }


def sentences(text: str) -> list[str]:
    """Each with its mark and the space behind it."""
    return re.findall(r".+?(?:[。！？]+|[.!?]+(?=\s|$)\s*|$)", text, re.DOTALL)


def known(said: list[str], item: RundownItem) -> list[str]:
    return [sentence for sentence in said if not facts.unfilled(sentence, item)]


def first_words() -> dict[str, list[str]]:
    return {
        "who": [_("我是{村}的{主播}，"), _("今天给大家看的是{品名}。")],
        "what": [_("产地{产地}。"), _("{采摘日}摘的。"), _("糖度{糖度}。")],
        "proof": [_("现在切开一个给您看，再上秤称一箱。毛病我也指给您看。")],
        "price": [_("净重{净重}，{价钱}，"), _("合{每斤}一斤。"), _("{运费}。"), _("点{几号链接}下单。")],
        "promise": [_("收到有坏的，拍照给我，坏几个赔几个。"), _("有事打{电话}。")],
    }


def seconds(parts: Mapping[str, str], item: RundownItem) -> int:
    """How long all of it takes to be said, facts filled in."""
    return reading.seconds("".join(facts.filled(text, item) for _part, text in written(parts)))
