"""Scripts, as far as the air needs them."""

from __future__ import annotations

from collections.abc import Iterable

from live.models import RundownItem, ScriptVersion


def newest(items: Iterable[RundownItem]) -> dict[int, ScriptVersion]:
    rows = ScriptVersion.objects.filter(item__in=list(items)).order_by("item", "number")
    return {row.item_id: row for row in rows}


def lines(version: ScriptVersion, item: RundownItem) -> list[tuple[str, str, str]]:
    return [(part, part, version.parts.get(part, "")) for part in ScriptVersion.PARTS]
