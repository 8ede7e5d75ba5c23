"""Rule B1: compare what a text says of the goods with the listing. Only known facts are compared.

The words are in goods.toml, the arithmetic is here. Money is in fen, weights are in grams.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from wording.consistency_in_english import list_contradictions
from wording.facts import Facts
from wording.matcher import Hit
from wording.prefilter import Prefilter
from wording.rulebook.fields import build_alternation, read_severities
from wording.rulebook.loader import load_rules
from wording.rulebook.regex import Regex
from wording.rulebook.requirements import is_possible
from wording.rulebook.rules import Entry, Rule
from wording.sentences import Sentences, Span, read_sentences

TOPICS = ("weight", "price", "origin", "variety", "stock", "grown", "sold_out")
LOOK_BACK = 16
FEW = 60  # units in stock of which it may be said that they are few


def find_contradictions(plain: str, facts: Facts) -> list[Hit]:
    found: list[Hit] = []
    if find_rule("B1") is None:
        return found
    for compare in (
        compare_weights,
        compare_prices,
        compare_origins,
        compare_varieties,
        compare_traits,
        compare_stocks,
        compare_growers,
        compare_sold_out,
    ):
        found += list(compare(plain, facts))
    for topic, words, known in list_contradictions(plain, facts):
        if topic != "sold_out" or find_rule("B5"):
            found.append(make_hit(topic, words, plain, known, rule_id="B5" if topic == "sold_out" else "B1"))
    return found


def compare_weights(plain: str, facts: Facts) -> Iterator[Hit]:
    if not facts.net_grams or facts.unit not in ("box", "bag", "piece"):
        return
    for found in find_statements("weight", plain, facts):
        grams = parse_weight(found)
        if grams is not None and abs(grams - facts.net_grams) > 0.5:
            yield make_hit("weight", found, plain, format_grams(facts.net_grams))


def parse_weight(found: re.Match) -> float | None:
    number = parse_number(found["n"])
    if number is None:
        return None
    liang = parse_number(found["liang"] or "\u96f6") or 0  # a tenth of a jin
    return (number + (0.5 if found["half"] else 0)) * load_rules().goods["units"][found["u"]] + 50 * liang


def compare_prices(plain: str, facts: Facts) -> Iterator[Hit]:
    if not facts.price_fen:
        return
    stated = list(find_statements("price", plain, facts))
    own = any(parse_money(one)[0] == facts.price_fen and not is_of_other_size(one, facts) for one in stated)
    for found in stated:
        if own and is_of_other_size(found, facts):
            continue
        fen, digits = parse_money(found)
        known = calculate_known_price(found, facts)
        if fen is None or known is None:
            continue
        about = load_topic("price")["about"].search(plain, max(0, found.start("n") - 4), found.start("n"))
        if abs(fen - known) > (known * 0.05 if about else 0.5 * 10 ** (2 - digits) + 0.001):
            yield make_hit("price", found, plain, f"¥{known / 100:.2f}")


def is_of_other_size(found: re.Match, facts: Facts) -> bool:
    """Return whether the price is for another weight than the listing's, as of a second size."""
    many = found.groupdict().get("w")
    if not many or not facts.net_grams:
        return False
    grams = (parse_number(many) or 0) * load_rules().goods["units"][get_jin_name()]
    return grams > facts.net_grams


def parse_money(found: re.Match) -> tuple[float | None, int]:
    """Return fen, and how many decimals of a yuan were written."""
    number = parse_number(found["n"])
    if number is None:
        return None, 0
    parts = found.groupdict()
    if parts.get("mao"):
        return number * 10, 1
    if rest := parts.get("d"):
        small = "".join(f"{parse_number(char):.0f}" for char in rest if parse_number(char) is not None)
        return number * 100 + float(small) * (10 if len(small) == 1 else 1), len(small)
    return number * 100, 2 if "." not in found["n"] else len(found["n"].partition(".")[2])


def calculate_known_price(found: re.Match, facts: Facts) -> float | None:
    """Return the listing's price in fen of what the text prices: of one unit, of a jin, of several jin."""
    if facts.price_fen is None:
        return None
    parts = found.groupdict()
    weighed = load_rules().goods["units"]
    of_unit = weighed[load_rules().goods["counted"][facts.unit][0]] if facts.unit in ("jin", "kg") else None
    grams_of_unit = of_unit or facts.net_grams
    per_gram = facts.price_fen / grams_of_unit if grams_of_unit else None
    if many := parts.get("k"):
        return facts.price_fen * (parse_number(many) or 0)
    if many := parts.get("w"):
        grams = (parse_number(many) or 0) * weighed[get_jin_name()]
        return per_gram * grams if per_gram else None
    per = parts.get("per")
    if per is None or per in load_rules().goods["priced"].get(facts.unit or "", ()):
        return float(facts.price_fen)
    if per in weighed:
        return per_gram * weighed[per] if per_gram else None
    return None


def compare_origins(plain: str, facts: Facts) -> Iterator[Hit]:
    if not facts.origin:
        return
    for found in find_statements("origin", plain, facts):
        if is_elsewhere(found["place"], facts.origin):
            yield make_hit("origin", found, plain, facts.origin)
    # a breed is called after a place wherever it is raised: 清远麻鸡
    away = list_foreign_places(facts.origin + (facts.variety or ""))
    places = [found for found in find_place_names(plain) if found[0] in away]
    for found in find_goods_from(plain, places, away):
        if not is_lawful("origin", plain, found):
            yield make_hit("origin", found, plain, facts.origin)
    for found in find_places_of_growth(plain, places):
        yield make_hit("origin", found, plain, facts.origin)


def compare_varieties(plain: str, facts: Facts) -> Iterator[Hit]:
    shown = facts.variety or facts.name or ""
    known = (facts.variety or "") + (facts.name or "")
    table = load_rules().goods["variety"]
    if not facts.variety and not any(one in known for one in table["known"]):
        return
    for found in find_statements("variety", plain, facts):
        name = found["v"]
        if name not in known and shown not in name and not is_same_kind(name, known):
            yield make_hit("variety", found, plain, shown, "v")


def compare_traits(plain: str, facts: Facts) -> Iterator[Hit]:
    """Compare the colour of flesh, skin or shell, and the season of a harvest, with those that the listing's name contains."""
    known = (facts.variety or "") + (facts.name or "")
    for trait, words in load_rules().goods["trait"]["known"].items():
        if trait not in known and not any(word in known for word in words):
            continue
        for other in load_rules().goods["trait"]["excludes"][trait]:
            for found in re.finditer(build_alternation(load_rules().goods["trait"]["known"][other]), plain):
                if found[0] not in known and not is_lawful("trait", plain, found):
                    yield make_hit("variety", found, plain, facts.variety or facts.name or "")


def is_same_kind(name: str, known: str) -> bool:
    """Return whether two names are of one thing, or of a kind and what belongs to it; red and green tea are not."""
    groups = load_rules().goods["variety"]["same"]
    of_kind: dict[str, list[str]] = {}
    for group in groups:
        if len(group) == 2:
            of_kind.setdefault(group[0], []).append(group[1])
    for group in groups:
        if name not in group or not any(other in known for other in group):
            continue
        others = of_kind.get(group[0], []) if len(group) == 2 and name != group[0] else []
        if not any(other in known and other not in name and name not in other for other in others):
            return True
    return False


def compare_stocks(plain: str, facts: Facts) -> Iterator[Hit]:
    if facts.stock is None:
        return
    for found in find_statements("stock", plain, facts):
        number = parse_number(found["n"])
        exact = found["w"] in load_rules().goods["stock"]["exact"]
        if number is None or number == facts.quota:
            continue
        if number > facts.stock or (exact and number != facts.stock):
            yield make_hit("stock", found, plain, str(facts.stock))


def compare_growers(plain: str, facts: Facts) -> Iterator[Hit]:
    if facts.self_grown is False:
        for found in find_statements("grown", plain, facts):
            yield make_hit("grown", found, plain, "")


def compare_sold_out(plain: str, facts: Facts) -> Iterator[Hit]:
    if facts.stock and find_rule("B5"):
        for found in find_statements("sold_out", plain, facts):
            yield make_hit("sold_out", found, plain, str(facts.stock), rule_id="B5")


def is_backed(hit: Hit, facts: Facts | None) -> bool:
    """Return whether a "last few" is the real number, goods called scarce are few or have a quota, a price called temporary
    has one, or a former price is in the shop's own log.
    """
    if facts is None:
        return False
    if hit.parts.get("few") or hit.parts.get("timed"):
        few = facts.stock is not None and 0 < facts.stock <= FEW and not hit.parts.get("timed")
        return few or bool(facts.quota)
    if count := hit.parts.get("count"):
        return parse_number(count) is not None and parse_number(count) in (facts.stock, facts.quota)
    if (written := hit.parts.get("money")) and facts.lowest_deal_fen:
        number = ARABIC.search(written)
        return number is not None and float(number[0]) * 100 <= facts.lowest_deal_fen
    return False


def find_statements(topic: str, plain: str, facts: Facts) -> Iterator[re.Match]:
    """Yield where the text states this, unless the words around make it something else."""
    taken = 0
    if not any(word in plain for word in load_topic(topic)["needs"]):
        return
    every = (
        found
        for find, spans in list_searches(topic, facts.unit or "", read_sentences(plain))
        for span in spans
        for found in find.finditer(plain, *span)
    )
    for found in sorted(every, key=lambda match: (match.start(), -match.end())):
        if found.start() >= taken and not is_lawful(topic, plain, found):
            taken = found.end()
            yield found


def list_searches(topic: str, unit: str, sentences: Sentences) -> list[tuple[Regex, list[Span]]]:
    """Return each pattern with where it is to be searched: many patterns only in sentences with one of the topic's words, one
    or two in the whole text.
    """
    finds = compile_topic(topic, unit)
    if len(finds) <= 2:
        whole = [(0, len(sentences.plain))]
        return [(find, whole) for find in finds if is_possible(find.requirements, sentences.all_grams)]
    places = find_topic_places(sentences.plain, unit)
    return [(find, places[topic, number]) for number, find in enumerate(finds) if (topic, number) in places]


@lru_cache(maxsize=1)
def find_topic_places(plain: str, unit: str) -> dict[tuple[str, int], list[Span]]:
    """Return where each pattern of each topic is to be searched; kept, because every topic asks for its own."""
    names, prefilter = get_prefilter(unit)
    return {names[number]: spans for number, spans in prefilter.find(read_sentences(plain)).items()}


@cache
def get_prefilter(unit: str) -> tuple[list[tuple[str, int]], Prefilter]:
    """Return the topic and number of each pattern of the topics with many, and which sentences they may match in."""
    known = [
        (topic, number, find)
        for topic in TOPICS
        if len(compile_topic(topic, unit)) > 2
        for number, find in enumerate(compile_topic(topic, unit))
    ]
    patterns = [(find, load_topic(topic)["needs"]) for topic, _number, find in known]
    return [(topic, number) for topic, number, _find in known], Prefilter(patterns)


def is_lawful(topic: str, plain: str, found: re.Match) -> bool:
    table, before = load_topic(topic), plain[max(0, found.start() - LOOK_BACK) : found.start()]
    return bool(
        (table["not_before"] and table["not_before"].search(before))
        or (table["not_after"] and table["not_after"].match(plain, found.end()))
    )


@cache
def load_topic(topic: str) -> dict[str, Any]:
    table = load_rules().goods[topic]
    compiled: dict[str, Any] = {name: re.compile(table[name]) for name in ("about",) if name in table}
    for name, end in (("not_before", "$"), ("not_after", "")):
        compiled[name] = re.compile(f"(?:{table[name]}){end}") if name in table else None
    return {**compiled, "needs": table.get("needs") or table["known"]}


@cache
def compile_topic(topic: str, unit: str) -> list[Regex]:
    goods = load_rules().goods
    table = goods[topic]
    written = table["find"] if isinstance(table["find"], list) else [table["find"]]
    stands_for = {
        "<number>": f"(?:{build_number_pattern()})",
        "<container>": build_alternation(goods["counted"].get(unit) or goods["counted"]["box"]),
        "<known>": build_alternation(table["known"]) if "known" in table else "",
        "<place_name>": build_alternation(list(table["places"])) if "places" in table else "",
        "<goods>": get_origin_table()["goods"],
    }
    for mark, regex in stands_for.items():
        written = [one.replace(mark, regex) for one in written]
    return [Regex(one) for one in written]


def make_hit(
    topic: str, found: re.Match, plain: str, known: str, group: int | str = 0, rule_id: str = "B1"
) -> Hit:
    start, end = found.span(group)
    rule = find_rule(rule_id)
    assert rule is not None, f"{rule_id} is compared only if it was read"
    return Hit(start, end, rule, make_entry(topic), {"said": plain[start:end], "known": known})


@cache
def find_rule(rule_id: str) -> Rule | None:
    """Return the rule; None if its file is damaged, and the site has no copy."""
    return next((one for one in load_rules().rules if one.id == rule_id), None)


@cache
def make_entry(topic: str) -> Entry:
    """Return the entry of a contradiction: with B1's severity and the topic's reason."""
    exempt = ("negated", "denied", "disowned", "quoted_as_wrong", "denied_in_english", "disowned_in_english")
    severity = read_severities(topic, {"listing": "block", "script": "block", "course_page": "off"})
    return Entry(severity, (), False, load_rules().goods[topic]["reason"], None, exempt, "law", "")


def get_jin_name() -> str:
    return load_rules().goods["counted"]["jin"][0]


def format_grams(grams: int) -> str:
    return f"{grams / 1000:g} kg ({grams / 500:g} {get_jin_name()})"


AGREED = "\u7701\u5e02\u53bf"  # may be between two names of one address


def is_elsewhere(place: str, origin: str) -> bool:
    """Return whether the place is another one of a level that the origin names, or a known name that does not agree with it."""
    known = {token["level"]: token["name"] for token in compile_tokens().finditer(origin)}
    for token in compile_tokens().finditer(place):
        name, level = token["name"], token["level"]
        if level in known and not name.endswith(known[level]) and name not in origin:
            return True
    return names_elsewhere(place, list_foreign_places(origin))


def names_elsewhere(place: str, away: frozenset[str]) -> bool:
    """Return whether the first name that does not agree with the origin follows those that do."""
    while found := compile_places().match(place):
        if found[0] in away:
            return True
        place = place[found.end() :].lstrip(AGREED)
    return False


def find_goods_from(plain: str, places: list[re.Match], away: frozenset[str]) -> Iterator[re.Match]:
    """Yield a place followed by its goods, or goods followed by their place."""
    for place in places:
        if of_place := compile_goods_of_place().match(plain, place.start()):
            yield of_place
    if places and "\u662f" in plain:
        for found in compile_goods_are_of_place().finditer(plain):
            if found["place"] in away:
                yield found


CLAUSE_END = re.compile("[,\u3001\u3002!?;\n]")


def find_places_of_growth(plain: str, places: list[re.Match]) -> Iterator[re.Match]:
    """Yield a place whose clause says that the goods grow there or come from there."""
    everyday = get_origin_table()["everyday"]
    other_relation, growth = compile_growth()
    for found in places:
        if found[0] in everyday:
            continue
        ends = [
            one.end()
            for one in CLAUSE_END.finditer(plain, max(0, found.start() - 2 * LOOK_BACK), found.start())
        ]
        first = ends[-1] if ends else max(0, found.start() - 2 * LOOK_BACK)
        before, after = plain[first : found.start()], plain[found.end() : found.end() + 2 * LOOK_BACK]
        around = plain[max(0, first - LOOK_BACK) : found.end() + LOOK_BACK]
        if other_relation.search(around):
            continue
        if any(ahead.search(before) and behind.match(after) for ahead, behind in growth):
            yield found


@cache
def compile_growth() -> tuple[Regex, list[tuple[Regex, Regex]]]:
    table = get_origin_table()
    growth = [(Regex(one["before"]), Regex(one["after"])) for one in table["growth"]]
    return Regex(table["other_relation"]), growth


@cache
def list_foreign_places(origin: str) -> frozenset[str]:
    """Return the names that do not agree with the origin."""
    places = get_origin_table()["places"]
    return frozenset(name for name, agrees in places.items() if not any(part in origin for part in agrees))


def get_origin_table() -> dict[str, Any]:
    return load_rules().goods["origin"]


@cache
def compile_tokens() -> re.Pattern:
    return re.compile(get_origin_table()["tokens"])


def find_place_names(plain: str) -> Iterator[re.Match]:
    """Yield the names of places; only sentences with the first two characters of one are searched."""
    sentences = read_sentences(plain)
    for span, grams in zip(sentences.spans, sentences.grams, strict=True):
        if not list_place_starts().isdisjoint(grams):
            yield from compile_places().finditer(plain, *span)


@cache
def list_place_starts() -> frozenset[str]:
    return frozenset(name[:2] for name in get_origin_table()["places"])


@cache
def compile_places() -> re.Pattern:
    return re.compile(build_alternation(list(get_origin_table()["places"])))


@cache
def compile_goods_of_place() -> re.Pattern:
    kinds = build_alternation([*load_rules().goods["variety"]["known"], get_origin_table()["goods"]])
    return re.compile(
        f"(?P<place>{compile_places().pattern})[{AGREED}]?(?:(?:[\u4e00-\u9fff]{{1,3}}\u7684|\u7684)?{kinds}|{get_origin_table()['after_place']})"
    )


@cache
def compile_goods_are_of_place() -> re.Pattern:
    return re.compile(
        f"{get_origin_table()['before_place']}(?P<place>{compile_places().pattern})[{AGREED}]?{get_origin_table()['of_place']}"
    )


ARABIC = re.compile(r"\d+(?:\.\d+)?")
TENTH = re.compile(
    "[^\u96f6]+[\u767e\u4f70\u5343\u4edf\u4e07][\u4e00-\u4e5d\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b]"
)


def parse_number(written: str) -> float | None:
    """Return the number, or None if it is none."""
    if ARABIC.fullmatch(written):
        return float(written)
    if number := load_rules().goods["english"]["numerals"].get(written):
        return float(number)
    words: dict[str, Any] = load_rules().goods["numerals"]
    if written == words["half"]:
        return 0.5
    total = section = digit = 0
    if TENTH.fullmatch(written):  # 一百二 is 120
        written += "十" if written[-2] in "百佰" else "百" if written[-2] in "千仟" else "千"
    for char in written:
        if char in words["digits"]:
            digit = words["digits"][char]
        elif (power := words["powers"].get(char)) is None:
            return None
        elif power == 10_000:
            total += (section + digit) * power
            section = digit = 0
        else:
            section += (digit or 1) * power
            digit = 0
    return float(total + section + digit) if written else None


@cache
def build_number_pattern() -> str:
    """Return a regular expression of any such number."""
    words = load_rules().goods["numerals"]
    chinese = "".join([*words["digits"], *words["powers"], words["half"]])
    return rf"\d+(?:\.\d+)?|[{chinese}]{{1,6}}"
