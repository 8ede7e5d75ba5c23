"""Rule B1 in English: compare what an English text says of weight, price, stock, grower and origin with the listing.

The words are in the table [english] of goods.toml. One statement that agrees with the listing is enough: a text that names
a second size or price beside the listing's own says nothing false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from wording.facts import Facts
from wording.rulebook.loader import load_rules
from wording.rulebook.regex import Regex
from wording.tables.reader import read_syllables

ENGLISH = re.compile(r"[a-z]{2}[,:]? [a-z\d]")
LOOK_BACK = 40  # characters
FEN, JIN = 100, 500  # in a yuan; grams
CENT = 0.5
ENDING = ("genuine", "not_before")  # what stands right before a place
# One statement of the text: where it stands, what it says, and what the listing says.
Statement = tuple[re.Match[str], str]


def list_contradictions(plain: str, facts: Facts) -> Iterator[tuple[str, re.Match[str], str]]:
    """Yield the topic, the words found and what the listing says instead."""
    if not ENGLISH.search(plain):
        return
    topics: dict[str, Callable[[str, Facts], Iterator[Statement]]] = {
        "weight": compare_weights,
        "price": compare_prices,
        "stock": compare_stocks,
        "grown": compare_growers,
        "origin": compare_origins,
        "sold_out": compare_sold_out,
    }
    for topic, compare in topics.items():
        for found, known in compare(plain, facts):
            yield topic, found, known


def compare_weights(plain: str, facts: Facts) -> Iterator[Statement]:
    if not facts.net_grams or facts.unit not in ("box", "bag", "piece"):
        return
    stated = [(found, parse_grams(found)) for found in find("weight", plain)]
    if any(abs(grams - facts.net_grams) <= CENT for _found, grams in stated):
        return
    for found, _grams in stated:
        yield found, f"{facts.net_grams / 1000:g} kg ({facts.net_grams / JIN:g} jin)"


def parse_grams(found: re.Match[str]) -> float:
    return parse_number(found["n"]) * get_table()["units"][found["u"]]


def compare_prices(plain: str, facts: Facts) -> Iterator[Statement]:
    """Compare prices of the listing's own unit, or of a jin or kilo of it."""
    if not facts.price_fen:
        return
    stated = [
        (found, float(found["n"]) * FEN, calculate_fen(found["per"], facts)) for found in find("price", plain)
    ]
    for found, fen, known in stated:
        own = any(
            other and abs(said - other) <= CENT for one, said, other in stated if one["per"] == found["per"]
        )
        # half of the last figure written: 5.98 or 6 of 5.98
        rounded = CENT * FEN / 10 ** len(found["n"].partition(".")[2])
        if known and not own and abs(fen - known) > rounded:
            yield found, f"¥{known / FEN:.2f}"


def calculate_fen(per: str, facts: Facts) -> float | None:
    """Return the listing's price of what the text prices; None if it is another unit or the weight is unknown."""
    if facts.price_fen is None:
        return None
    if per in get_table()["counted"].get(facts.unit or "", ()):
        return float(facts.price_fen)
    grams = get_table()["units"].get(per)
    of_unit = get_table()["units"].get(facts.unit or "") or facts.net_grams
    return facts.price_fen * grams / of_unit if grams and of_unit else None


def compare_stocks(plain: str, facts: Facts) -> Iterator[Statement]:
    if facts.stock is None:
        return
    for found in find("stock", plain):
        if (
            found["c"] in get_table()["counted"].get(facts.unit or "", ())
            and parse_number(found["n"]) > facts.stock
        ):
            yield found, str(facts.stock)


def compare_growers(plain: str, facts: Facts) -> Iterator[Statement]:
    if facts.self_grown is False:
        for found in find("grown", plain):
            yield found, ""


def compare_sold_out(plain: str, facts: Facts) -> Iterator[Statement]:
    if facts.stock:
        for found in find("sold_out", plain):
            yield found, str(facts.stock)


def compare_origins(plain: str, facts: Facts) -> Iterator[Statement]:
    """Find a place that the origin does not name and that is called the goods' own: genuine X, X oranges."""
    if not facts.origin:
        return
    known = facts.origin + (facts.variety or "")
    before, goods = compile_topic("genuine")[0], compile_topic("goods_of_place")[0]
    for place in find_places(plain):
        said = plain[max(0, place.start() - LOOK_BACK) : place.start()]
        if (goods.match(plain, place.end()) or before.search(said)) and not (
            compile_topic("not_before")[0].search(said) or is_of(place[0], known)
        ):
            yield place, facts.origin


WORD = re.compile("(?<![a-z])[a-z]{2,}(?:\u2019[a-z]{2,})?(?: (?:lake|mongolia)(?![a-z]))?")


def find_places(plain: str) -> Iterator[re.Match[str]]:
    for word in WORD.finditer(plain):
        if strip(word[0]) in list_places():
            yield word


def is_of(place: str, known: str) -> bool:
    """Return whether a place written in pinyin may be one that the origin names, in characters or in pinyin."""
    return strip(place) in strip(known.lower()) or any(part in known for part in list_places()[strip(place)])


@cache
def list_places() -> dict[str, frozenset[str]]:
    """Return the known places by their pinyin, with what an origin contains that agrees with one of that name."""
    found: dict[str, set[str]] = {}
    for name, agrees in load_rules().goods["origin"]["places"].items():
        syllables = [read_syllables().get(char, "") for char in name]
        if len(name) > 1 and all(syllables):
            found.setdefault("".join(syllables), set()).update(agrees)
    return {name: frozenset(agrees) for name, agrees in {**found, **get_table()["places"]}.items()}


def strip(written: str) -> str:
    """Return a name without what divides its syllables: Liu’ao, Xi'an."""
    return re.sub("['\u2019-]", "", written)


def find(topic: str, plain: str) -> Iterator[re.Match[str]]:
    """Yield where the text states it, unless the words before make it something else."""
    regex, not_before = compile_topic(topic)
    for found in regex.finditer(plain):
        before = plain[max(0, found.start() - LOOK_BACK) : found.start()]
        if not (not_before and not_before.search(before)):
            yield found


@cache
def compile_topic(topic: str) -> tuple[Regex, Regex | None]:
    table = get_table()
    containers = {word for words in table["counted"].values() for word in words}
    stands_for = {
        "<number>": r"\d+(?:\.\d+)?|" + join(table["numerals"]),
        "<unit>": join(table["units"]),
        "<container>": join(containers),
        "<goods>": table["goods"],
    }
    written = table[topic]
    for mark, regex in stands_for.items():
        written = written.replace(mark, regex)
    before = table.get(f"{topic}_not_before")
    end = "$" if topic in ENDING else ""
    return Regex(f"(?:{written}){end}"), Regex(f"(?:{before})$") if before else None


def join(words: Any) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def parse_number(written: str) -> float:
    return float(get_table()["numerals"].get(written) or written)


def get_table() -> dict[str, Any]:
    table: dict[str, Any] = load_rules().goods["english"]
    return table
