"""The checker's verdict on a text stays the same for other goods, weights, prices and places, and in another order of clauses.

Each line of tests/wording/corpus on which the checker is right is changed in one respect, and checked again: an offence must stay
one, a lawful line lawful, and a true number must become a contradiction (B1) once the listing says another. Texts are printed of
half 0 only, which may be read while the rules are changed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from bench.scenarios.wording import find_rules, get_half, lines

# The share of changed lines on which the verdict must follow, by each way of changing that fits FEW lines or more.
LEAST = {"offences": 0.95, "lawful": 0.98, "made false": 0.85}
FEW = 30
# Fresh produce that needs no licence; a longer name before a shorter one that it contains.
GOODS = (
    *(
        "土鸡蛋",
        "鸭蛋",
        "鸡蛋",
        "冰糖橙",
        "脐橙",
        "椪柑",
        "橘子",
        "橙子",
        "蜜柚",
        "柚子",
        "猕猴桃",
        "荔枝",
        "苹果",
    ),
    *(
        "土豆",
        "白萝卜",
        "萝卜",
        "红薯",
        "冬笋",
        "辣椒",
        "玉米",
        "核桃",
        "板栗",
        "花生",
        "大米",
        "糯米",
        "绿茶",
    ),
)
VARIETIES = re.compile("红富士|徐香|翠香|红心|纽荷尔|琯溪|稻花香")  # stand before the name, and fit no other
PLACES = {
    "古丈": "保靖",
    "泸溪": "凤凰",
    "麻阳": "辰溪",
    "溆浦": "新晃",
    "利川": "咸丰",
    "罗田": "英山",
    "洛南": "丹凤",
    "宁强": "勉县",
    "榕江": "从江",
    "东兰": "凤山",
    "尚志": "延寿",
    "桃江": "安化",
}
# What depends on the name of the goods, or on where they are from: contradictions, licences, protected names, groups of buyers.
OF_GOODS = {"B1", "B3", "D3", "E9", "N2", "N3"}
OF_PLACE = {"B1", "B3"}
PRICE = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d{1,2})?)(?=元(?!素))")
PER_JIN = re.compile(r"一斤|每斤|/斤|斤合|合.{0,4}斤")
WEIGHT = re.compile(r"(?<![\d.])(\d{1,2}(?:\.\d)?)(斤|公斤|kg)")
CLAUSES = re.compile(r"[，,]")
# A clause that leans on its neighbour, a quotation or an answer cannot be moved.
LEANING = re.compile(r"[“”\"？?：:！!。；]|^(?:就|也|都|才|那|这|所以|但|不过|还|又|再|另|合|要|没|不)")


@dataclass
class Tally:
    """`tried` and `followed` by way of changing and by what is asked; `broken` are those on which the verdict changed."""

    tried: dict[tuple[str, str], int] = field(default_factory=dict)
    broken: list[tuple[str, str, dict]] = field(default_factory=list)

    def add(self, way: str, asked: str, line: dict, follows: bool) -> None:
        self.tried[way, asked] = self.tried.get((way, asked), 0) + 1
        if not follows:
            self.broken.append((way, asked, line))

    def share(self, asked: str, way: str | None = None) -> float:
        tried = sum(n for (of, what), n in self.tried.items() if what == asked and way in (None, of))
        broken = sum(what == asked and way in (None, of) for of, what, _ in self.broken)
        return (tried - broken) / tried if tried else 1.0


def change_goods(line: dict) -> Iterator[dict]:
    """Name other goods in the text and the listing, two for each line."""
    if OF_GOODS & {line["for"], *line["expect"]} or VARIETIES.search(line["text"]):
        return
    there = next((name for name in GOODS if name in line["text"]), None)
    if there is None:
        return
    for step in (7, 16):
        other = GOODS[(GOODS.index(there) + step) % len(GOODS)]
        facts = line.get("facts") and {**line["facts"], "name": other, "variety": None}
        yield {**line, "text": line["text"].replace(there, other), "facts": facts}


def change_price(line: dict) -> Iterator[dict]:
    """Raise all prices in yuan by the same factor, in the text and in the listing; 1.5 leaves whole fen of any price."""
    facts = line.get("facts", {})
    if not PRICE.search(line["text"]) or PER_JIN.search(line["text"]) or "B1" in line["expect"]:
        return
    if "price_fen" in facts and facts["price_fen"] % 2:
        return
    text = PRICE.sub(lambda found: f"{Decimal(found[1]) * 3 / 2:.10f}".rstrip("0").rstrip("."), line["text"])
    if re.search(r"\.\d{3}", text):
        return
    yield {**line, "text": text, "facts": facts and raise_prices(facts)}


def raise_prices(facts: dict) -> dict:
    return {key: value * 3 // 2 if key in ("price_fen", "was_fen") else value for key, value in facts.items()}


def change_weight(line: dict) -> Iterator[dict]:
    """Double the only weight of the text, in the listing too."""
    facts, found = line.get("facts", {}), WEIGHT.findall(line["text"])
    if "net_g" not in facts or len(found) != 1 or PER_JIN.search(line["text"]) or "B1" in line["expect"]:
        return
    text = WEIGHT.sub(lambda one: f"{Decimal(one[1]) * 2:f}{one[2]}", line["text"])
    yield {**line, "text": text, "facts": {**facts, "net_g": facts["net_g"] * 2}}


def change_place(line: dict) -> Iterator[dict]:
    """Move the goods to another county, in the text and in the listing."""
    if OF_PLACE & {line["for"], *line["expect"]}:
        return
    for there, other in PLACES.items():
        if there in line["text"] and other not in line["text"]:
            facts = line.get("facts") and {
                key: value.replace(there, other) if key in ("name", "origin") else value
                for key, value in line["facts"].items()
            }
            yield {**line, "text": line["text"].replace(there, other), "facts": facts}


def turn_clauses(line: dict) -> Iterator[dict]:
    """Put the first clause last, where no clause leans on another and no offence stretches over two."""
    clauses = CLAUSES.split(line["text"])
    whole = all(any(words in clause for clause in clauses) for _, words in line.get("spans", ()))
    if len(clauses) < 2 or not whole or any(LEANING.search(clause.strip()) for clause in clauses):
        return
    yield {**line, "text": "，".join([*clauses[1:], clauses[0]])}


def add_small_talk(line: dict) -> Iterator[dict]:
    """Put a greeting before the text and a question of the day after it."""
    yield {**line, "text": f"大家晚上好。{line['text']}"}
    yield {**line, "text": f"{line['text']}。今天路上有点堵"}


def make_false(line: dict) -> Iterator[dict]:
    """Let the listing of a line with a true price or weight say another."""
    facts = line.get("facts", {})
    if line["expect"] or "unit" not in facts:
        return
    prices = {Decimal(found[1]) * 100 for found in PRICE.finditer(line["text"])}
    if facts.get("price_fen") in prices and not PER_JIN.search(line["text"]):
        yield {**line, "facts": {**facts, "price_fen": facts["price_fen"] * 2}}
    grams = {
        Decimal(found[1]) * (500 if found[2] == "斤" else 1000) for found in WEIGHT.finditer(line["text"])
    }
    if facts.get("net_g") in grams:
        yield {**line, "facts": {**facts, "net_g": facts["net_g"] * 2}}


WAYS: dict[str, Callable[[dict], Iterator[dict]]] = {
    "other goods": change_goods,
    "other prices": change_price,
    "twice the weight": change_weight,
    "another place": change_place,
    "clauses turned": turn_clauses,
    "small talk": add_small_talk,
}


def compare(corpus: list[dict]) -> Tally:
    """Change each line on which the checker is right in every way, and see whether its verdict follows."""
    tally = Tally()
    for line in corpus:
        found, expected = find_rules(line), set(line["expect"])
        if not expected <= found or (not expected and found):
            continue
        for way, change in WAYS.items():
            for changed in change(line):
                now = find_rules(changed)
                follows = expected <= now if expected else not now
                tally.add(way, "offences" if expected else "lawful", changed, follows)
        for changed in make_false(line):
            tally.add("listing made false", "made false", changed, "B1" in find_rules(changed))
    return tally


def main() -> int:
    tally = compare(lines())
    print(f"{'':20}{'asked':>12}{'changed':>9}{'followed':>10}")
    for way, asked in sorted(tally.tried):
        print(f"{way:20}{asked:>12}{tally.tried[way, asked]:>9}{tally.share(asked, way):>10.1%}")
    for way, asked, line in tally.broken:
        if get_half(line) == 0:
            print(f"  {way}, {asked}: {line['id']} {sorted(find_rules(line))} {line['text'][:80]}")
    short = [
        (way, asked)
        for (way, asked), tried in tally.tried.items()
        if tried >= FEW and tally.share(asked, way) < LEAST[asked]
    ]
    for asked, least in LEAST.items():
        print(f"{asked}: {tally.share(asked):.1%} followed, at least {least:.0%} asked in each way")
    print("not reached: " + ", ".join(map(str, short)) if short else "reached")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
