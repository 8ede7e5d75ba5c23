"""Rule B1: what a text says of the goods, held against what is known of them. Only what is known is compared.

The words stand in goods.toml; here is the arithmetic. Amounts of money are fen, weights grams.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from wording.book import Entry, Rule
from wording.facts import Facts
from wording.loading import either, load, severities
from wording.matching import Hit, sentences
from wording.numbers import ARABIC, pattern, value
from wording.placing import foreign, goods_of, is_elsewhere

LOOK_BACK = 16


def compared(plain: str, facts: Facts) -> list[Hit]:
    found = []
    for compare in (weights, prices, origins, varieties, stocks, growers, sold_out):
        found += list(compare(plain, facts))
    return found


def weights(plain: str, facts: Facts) -> Iterator[Hit]:
    if not facts.net_g or facts.unit not in ("box", "bag", "piece"):
        return
    for found in said("weight", plain, facts):
        grams = weight(found)
        if grams is not None and abs(grams - facts.net_g) > 0.5:
            yield hit("weight", found, plain, grams_told(facts.net_g))


def weight(found: re.Match) -> float | None:
    number = value(found["n"])
    if number is None:
        return None
    liang = value(found["liang"] or "\u96f6") or 0  # a tenth of a jin
    return (number + (0.5 if found["half"] else 0)) * load().goods["units"][found["u"]] + 50 * liang


def prices(plain: str, facts: Facts) -> Iterator[Hit]:
    if not facts.price_fen:
        return
    for found in said("price", plain, facts):
        fen, digits = money(found)
        known = known_price(found, facts)
        if fen is None or known is None:
            continue
        about = words("price")["about"].search(plain, max(0, found.start("n") - 4), found.start("n"))
        if abs(fen - known) > (known * 0.05 if about else 0.5 * 10 ** (2 - digits) + 0.001):
            yield hit("price", found, plain, f"¥{known / 100:.2f}")


def money(found: re.Match) -> tuple[float | None, int]:
    """Fen, and how many decimals of a yuan were told."""
    number = value(found["n"])
    if number is None:
        return None, 0
    parts = found.groupdict()
    if rest := parts.get("d"):
        small = "".join(f"{value(char):.0f}" for char in rest if value(char) is not None)
        return number * 100 + float(small) * (10 if len(small) == 1 else 1), len(small)
    return number * 100, 2 if "." not in found["n"] else len(found["n"].partition(".")[2])


def known_price(found: re.Match, facts: Facts) -> float | None:
    """The price in fen of what the text prices: of one unit, of a jin, of so many jin."""
    parts = found.groupdict()
    weighed = load().goods["units"]
    per_gram = facts.price_fen / facts.net_g if facts.net_g else None
    if many := parts.get("w"):
        grams = (value(many) or 0) * weighed[jin()]
        return per_gram * grams if per_gram else None
    per = parts.get("per")
    if per is None or per in load().goods["priced"].get(facts.unit or "", ()):
        return float(facts.price_fen)
    if per in weighed:
        return per_gram * weighed[per] if per_gram else None
    return None


def origins(plain: str, facts: Facts) -> Iterator[Hit]:
    if not facts.origin:
        return
    for found in said("origin", plain, facts):
        if is_elsewhere(found["place"], facts.origin):
            yield hit("origin", found, plain, facts.origin)
    for found in goods_of(plain, foreign(facts.origin)):
        if not lawful("origin", plain, found):
            yield hit("origin", found, plain, facts.origin)


def varieties(plain: str, facts: Facts) -> Iterator[Hit]:
    known = (facts.variety or "") + (facts.name or "")
    table = load().goods["variety"]
    if not facts.variety and not any(one in known for one in table["known"]):
        return
    for found in said("variety", plain, facts):
        name = found["v"]
        same = any(name in group and any(other in known for other in group) for group in table["same"])
        if name not in known and (facts.variety or facts.name) not in name and not same:
            yield hit("variety", found, plain, facts.variety or facts.name, "v")


def stocks(plain: str, facts: Facts) -> Iterator[Hit]:
    if facts.stock is None:
        return
    for found in said("stock", plain, facts):
        number = value(found["n"])
        exact = found["w"] in load().goods["stock"]["exact"]
        if number is None or number == facts.quota:
            continue
        if number > facts.stock or (exact and number != facts.stock):
            yield hit("stock", found, plain, str(facts.stock))


def growers(plain: str, facts: Facts) -> Iterator[Hit]:
    if facts.self_grown is False:
        for found in said("grown", plain, facts):
            yield hit("grown", found, plain, "")


def sold_out(plain: str, facts: Facts) -> Iterator[Hit]:
    if facts.stock:
        for found in said("sold_out", plain, facts):
            yield hit("sold_out", found, plain, str(facts.stock), rule_id="B5")


def backed(hit: Hit, facts: Facts | None) -> bool:
    """A "last few" that is the real number, a former price that the shop's own log bears out."""
    if facts is None:
        return False
    if count := hit.parts.get("count"):
        return value(count) is not None and value(count) in (facts.stock, facts.quota)
    if (written := hit.parts.get("money")) and facts.was_fen:
        number = ARABIC.search(written)
        return bool(number) and float(number[0]) * 100 <= facts.was_fen
    return False


def said(topic: str, plain: str, facts: Facts) -> Iterator[re.Match]:
    """Where the text states this, unless what stands before or after makes it something else."""
    table, taken = words(topic), 0
    there = [word for word in table["needs"] if word in plain]
    if not there:
        return
    finds = regexes(topic, facts.unit or "")
    where = holding(there, plain) if len(finds) > 2 else [(0, len(plain))]
    every = (found for find in finds for span in where for found in find.finditer(plain, *span))
    for found in sorted(every, key=lambda match: (match.start(), -match.end())):
        if found.start() >= taken and not lawful(topic, plain, found):
            taken = found.end()
            yield found


def holding(there: list[str], plain: str) -> list[tuple[int, int]]:
    """The sentences with one of these words."""
    return [
        (first, last)
        for first, last in sentences(plain)
        if any(plain.find(word, first, last) >= 0 for word in there)
    ]


def lawful(topic: str, plain: str, found: re.Match) -> bool:
    table, before = words(topic), plain[max(0, found.start() - LOOK_BACK) : found.start()]
    return bool(
        (table["not_before"] and table["not_before"].search(before))
        or (table["not_after"] and table["not_after"].match(plain, found.end()))
    )


@cache
def words(topic: str) -> dict[str, Any]:
    table = load().goods[topic]
    compiled = {name: re.compile(table[name]) for name in ("about",) if name in table}
    for name, end in (("not_before", "$"), ("not_after", "")):
        compiled[name] = re.compile(f"(?:{table[name]}){end}") if name in table else None
    return {**compiled, "needs": table.get("needs") or table["known"]}


@cache
def regexes(topic: str, unit: str) -> list[re.Pattern]:
    goods = load().goods
    table = goods[topic]
    written = table["find"] if isinstance(table["find"], list) else [table["find"]]
    stands_for = {
        "<number>": f"(?:{pattern()})",
        "<container>": either(goods["counted"].get(unit) or goods["counted"]["box"]),
        "<known>": either(table["known"]) if "known" in table else "",
    }
    for mark, regex in stands_for.items():
        written = [one.replace(mark, regex) for one in written]
    return [re.compile(one) for one in written]


def hit(
    topic: str, found: re.Match, plain: str, known: str, group: int | str = 0, rule_id: str = "B1"
) -> Hit:
    start, end = found.span(group)
    return Hit(start, end, rule(rule_id), entry(topic), {"said": plain[start:end], "known": known})


@cache
def rule(rule_id: str) -> Rule:
    return next(one for one in load().rules if one.id == rule_id)


@cache
def entry(topic: str) -> Entry:
    """What is told of a contradiction: its severity is B1's, its reason the topic's."""
    exempt = ("negated", "denied", "disowned", "quoted_as_wrong")
    severity = severities(topic, {"listing": "block", "script": "block", "course_page": "off"})
    return Entry(severity, (), False, load().goods[topic]["reason"], None, exempt, "law", "")


def jin() -> str:
    return load().goods["counted"]["jin"][0]


def grams_told(grams: int) -> str:
    return f"{grams / 1000:g} kg ({grams / 500:g} {jin()})"
