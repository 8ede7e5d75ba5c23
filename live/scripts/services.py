"""Write and read scripts: five parts for each item, in append-only versions, with placeholders for facts."""

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
from live.models import Livestream, RundownItem, ScriptVersion
from live.scripts import placeholders, text_check

PARTS = ScriptVersion.PARTS
TITLES = {
    "who": gettext_lazy("我是谁，货从哪儿来"),
    "what": gettext_lazy("是什么货"),
    "proof": gettext_lazy("拿证据"),
    "price": gettext_lazy("报价，怎么下单"),
    "promise": gettext_lazy("讲售后：发货，坏了怎么办"),
}
HINTS = {
    "who": gettext_lazy("叫什么、哪个村、货给谁吃"),
    "what": gettext_lazy("品种、大小、糖度带日子、哪天摘的"),
    "proof": gettext_lazy("切开、上秤、过圈，毛病也指给人看"),
    "price": gettext_lazy("净重、一份多少钱、合多少一斤、运费、几号链接"),
    "promise": gettext_lazy("哪天发、什么快递、坏了怎么赔、找谁"),
}
MAX_PART_LENGTH = 2000
TRIES = 5


def find_latest_versions(items: Iterable[RundownItem]) -> dict[int, ScriptVersion]:
    """Return {item id: its newest version}. One query."""
    last = ScriptVersion.objects.filter(item=OuterRef("item")).order_by("-number").values("number")[:1]
    rows = ScriptVersion.objects.filter(item__in=[item.pk for item in items], number=Subquery(last))
    return {row.item_id: row for row in rows}


def list_readable_parts(version: ScriptVersion | None, item: RundownItem) -> list[tuple[str, str, str]]:
    """Return (part, title, text with facts filled in and unknown ones named) of each part that is not empty."""
    if version is None:
        return []
    return [
        (part, str(TITLES[part]), placeholders.show_gaps(text, item))
        for part, text in list_written_parts(version.parts)
    ]


def list_written_parts(parts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (part, text) of the parts that are not empty, in their order."""
    return [(part, parts[part]) for part in PARTS if (parts.get(part) or "").strip()]


def save_version(item: RundownItem, parts: Mapping[str, str], by: User | None) -> ScriptVersion:
    """Add a version with the result of its text check; return the newest one if its text is the same.

    Two calls at once make two versions, one after the other. About ten queries.
    """
    parts = {part: (parts.get(part) or "").strip()[:MAX_PART_LENGTH] for part in PARTS}
    digest = hash_text(parts)
    for _try in range(TRIES):
        last = ScriptVersion.objects.filter(item=item).order_by("-number").first()
        if last and last.text_hash == digest:
            return last
        try:
            with transaction.atomic():
                made = ScriptVersion(item=item, parts=parts, text_hash=digest, made_by=by)
                made.number = last.number + 1 if last else 1
                made.check_made = text_check.record_check(item, parts, by)
                made.save(force_insert=True)
            return made
        except IntegrityError:
            continue
    raise RuntimeError(f"item {item.pk}: no number is free")


def hash_text(parts: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(parts), ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def write_first_scripts(
    live: Livestream, items: list[RundownItem], before: Mapping[int, RundownItem], by: User | None
) -> None:
    """Write the first version for new items: the product's last script, else `make_starting_parts`.

    `before`: {product id: the item in which it was shown last}.
    """
    old = find_latest_versions(before.values())
    for item in items:
        item.livestream = live
        last = before.get(item.product_id) if item.product_id else None
        earlier = old.get(last.pk) if last else None
        save_version(item, earlier.parts if earlier else make_starting_parts(live, item), by)


def make_starting_parts(live: Livestream, item: RundownItem) -> dict[str, str]:
    """Return the drill's text (another one for the first item), or the site's default text without a drill.

    Sentences whose facts are unknown are left out; a part of which nothing is left becomes the default, in its language.
    """
    drill = live.drill.template if live.drill else {}
    written = [drill.get("parts"), drill.get("first") if item.position == 1 else None]
    ours = {part: str(text or "") for one in written if isinstance(one, dict) for part, text in one.items()}
    is_ours = any(ours.get(part) for part in PARTS)
    with override(placeholders.find_language("".join(ours.values())) if is_ours else get_language()):
        general = {
            part: "".join(filter_fillable(sentences, item))
            for part, sentences in list_default_sentences().items()
        }
    if not is_ours:
        return general
    return {
        part: ("".join(filter_fillable(split_sentences(ours[part]), item)) or general[part])
        if ours.get(part)
        else ""
        for part in PARTS
    }


def split_sentences(text: str) -> list[str]:
    """Return the sentences, each with its mark and the space after it."""
    return re.findall(r".+?(?:[。！？]+|[.!?]+(?=\s|$)\s*|$)", text, re.DOTALL)


def filter_fillable(sentences: list[str], item: RundownItem) -> list[str]:
    """Return the sentences whose facts are all known."""
    return [sentence for sentence in sentences if not placeholders.find_unknown_placeholders(sentence, item)]


def list_default_sentences() -> dict[str, list[str]]:
    return {
        "who": [_("我是{村}的{主播}，"), _("今天给大家看的是{品名}。")],
        "what": [_("产地{产地}。"), _("{采摘日}摘的。"), _("糖度{糖度}。")],
        "proof": [_("现在切开一个给您看，再上秤称一箱。毛病我也指给您看。")],
        "price": [_("净重{净重}，{价钱}，"), _("合{每斤}一斤。"), _("{运费}。"), _("点{几号链接}下单。")],
        "promise": [_("收到有坏的，拍照给我，坏几个赔几个。"), _("有事打{电话}。")],
    }
