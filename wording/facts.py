"""Facts about the goods and the text's sender: every field may be None, which means unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Facts:
    """Facts of a listing. `net_grams` and the prices, in fen, are of one `unit`; `stock` and `quota` are counted in units.

    `certificates` holds the valid ones of "organic", "green", "gi", "selenium"; `proven` the ids of rules for which dated
    evidence is stored; `presale_by` the promised day of dispatch; `lowest_deal_fen` the lowest price at which the goods were
    sold in the last seven days.

    Of its batch: `brix` as measured ("11.7") on the day `brix_on`, and `interval_kept`: the spray log has entries, and each
    pre-harvest interval was over at the harvest. `goods` is the name of the category. Days are written 2026-11-20.
    """

    name: str | None = None
    variety: str | None = None
    origin: str | None = None
    unit: str | None = None
    net_grams: int | None = None
    price_fen: int | None = None
    stock: int | None = None
    self_grown: bool | None = None
    certificates: tuple[str, ...] = ()
    proven: tuple[str, ...] = ()
    freight_known: bool | None = None
    gift_known: bool | None = None
    presale_by: str | None = None
    quota: int | None = None
    lowest_deal_fen: int | None = None
    goods: str | None = None
    brix: str | None = None
    brix_on: str | None = None
    interval_kept: bool | None = None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Facts:
        """Build facts from JSON; unknown names are ignored. Raises ValueError for a value of the wrong type."""
        if not isinstance(values, Mapping):
            raise ValueError("facts must be an object")
        keys = {f.name: JSON_KEYS.get(f.name, f.name) for f in fields(cls)}
        return cls(**{name: parse_value(key, values[key]) for name, key in keys.items() if key in values})

    def to_json(self) -> dict[str, Any]:
        """Return the known facts as JSON, which `of` reads."""
        known = {JSON_KEYS.get(f.name, f.name): getattr(self, f.name) for f in fields(self)}
        return {
            name: list(value) if isinstance(value, (tuple, list)) else value
            for name, value in known.items()
            if value is not None and value != () and value != []
        }


# The keys in stored checks and in the examples, where they differ from the field's name.
JSON_KEYS = {"net_grams": "net_g", "lowest_deal_fen": "was_fen"}
# Of JSON, by its keys:
LISTS = ("certificates", "proven")
NUMBERS = ("net_g", "price_fen", "stock", "quota", "was_fen")
YES_NO = ("self_grown", "freight_known", "gift_known", "interval_kept")
DAYS = ("brix_on",)


def parse_value(name: str, value: Any) -> Any:
    if value is None:
        return () if name in LISTS else None
    if name in LISTS:
        if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
            return tuple(value)
        raise ValueError(f"{name} must be a list of words")
    if name in DAYS:
        return parse_day(name, value)
    if name == "brix" and not (isinstance(value, str) and BRIX.fullmatch(value)):
        raise ValueError("brix must be a number written as text, such as 11.7")
    wanted = int if name in NUMBERS else bool if name in YES_NO else str
    if isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)):
        return value
    raise ValueError(f"{name} must be {wanted.__name__}")


BRIX = re.compile(r"\d{1,2}(?:\.\d)?")


def parse_day(name: str, value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be a day, such as 2026-11-20") from None
