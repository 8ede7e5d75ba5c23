"""Say what the seller may say instead: a fact that the listing holds, or the lawful sentence with gaps (statements.toml).

A statement never adds what nobody gave: its words come from `Facts`, or a gap stands where they are missing. A text with a
gap is a finding of rule F1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from wording.facts import Facts
from wording.rulebook.rules import RuleBook

GAP = "＿"
# One or several gaps of one sentence part; ASCII lines count from two on, so that an address like a_b is none.
GAPS = re.compile(r"(?:＿|_{2,})(?:[^＿_，,。！!？?；;\n]{0,6}(?:＿|_{2,}))*")
NEXT_WORD = re.compile("(?!的)[\u4e00-\u9fff0-9]")
VERB = re.compile("放心|可以|能|敢|连|吃|大家|孩子|都|也|就|不|皮|摘|剥|洗|直接|我|你|给|带")
TAIL = re.compile("[了啦吧呀啊哦哈]+")  # spoken after the words replaced; a statement has no use for it


@dataclass(frozen=True)
class Offer:
    """What one tap may do with the words found.

    `words` replaces them by the rule's own rewrite, `delete` takes them out so that a sentence remains, `fact` and `gap` put
    in a statement, in which {words} are the words as typed. `more`: how many characters after the words are replaced too.
    `is_attribute`: the words may be taken out of their clause; otherwise the clause is deleted.
    """

    how: Literal["words", "delete", "fact", "gap"]
    put: str = ""
    more: int = 0
    is_attribute: bool = True


@dataclass(frozen=True)
class Statement:
    name: str
    rules: tuple[str, ...]
    about: re.Pattern
    before: re.Pattern | None
    after: re.Pattern | None
    clause: bool
    needs: tuple[str, ...]
    not_for: tuple[str, ...]
    only_if: str
    same: str
    links: str
    fact: dict[str, str] | None
    gap: dict[str, str] | None


def find_gaps(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each gap that is left to fill in; several of one clause are one."""
    if GAP in text or "__" in text:
        for found in GAPS.finditer(text):
            yield found.span()


def list_statements(
    statements: tuple[Statement, ...],
    rule: str,
    plain: str,
    span: tuple[int, int],
    facts: Facts | None,
    goods: Callable[[], str],
    lang: str,
) -> list[Offer]:
    """Return the fact that may be put in for the words of `plain` at `span`, else the sentence with gaps, else nothing."""
    offers = []
    start, end = span
    for statement in statements:
        if rule not in statement.rules or not (found := fit_statement(statement, plain, start, end)):
            continue
        if statement.not_for and goods() in statement.not_for:
            continue
        tail = TAIL.match(plain, end)
        more = len(tail[0]) if tail else 0
        parts = {name: part or "" for name, part in found.groupdict().items()}
        if put := state_fact(statement, found, facts, lang):
            return [
                Offer("fact", fill(put, parts) + make_link(statement, plain, start, end + more, lang), more)
            ]
        if statement.gap and not contradicts(statement, found, facts):
            link = make_link(statement, plain, start, end + more, lang)
            offers.append(Offer("gap", fill(statement.gap[lang], parts) + link, more))
    return offers[:1]


def make_link(statement: Statement, plain: str, start: int, at: int, lang: str) -> str:
    """Return what joins the statement to the words after it: 零农残|脐橙 → 按安全间隔期用药的|脐橙, …，|放心吃."""
    if lang != "zh" or not statement.links or not NEXT_WORD.match(plain, at):
        return ""
    is_attribute = statement.links == "的" and is_edge(plain, start - 1) and not VERB.match(plain, at)
    return "的" if is_attribute else "，"


def fit_statement(statement: Statement, plain: str, start: int, end: int) -> re.Match | None:
    """Return the match of the words, if the statement can stand in their place."""
    if statement.before and statement.before.search(plain[max(0, start - 16) : start]):
        return None
    if statement.after and statement.after.match(plain, end):
        return None
    if statement.clause and not (is_edge(plain, start - 1) and is_edge(plain, end)):
        return None
    return statement.about.fullmatch(plain, start, end)


def is_edge(plain: str, at: int) -> bool:
    return not 0 <= at < len(plain) or plain[at] in ",，、。;；:：!！?？…\n"


def state_fact(statement: Statement, found: re.Match, facts: Facts | None, lang: str) -> str:
    """Return the statement with the listing's facts; empty if one is missing or another number was written."""
    if facts is None or statement.fact is None or contradicts(statement, found, facts):
        return ""
    if statement.only_if and getattr(facts, statement.only_if) is not True:
        return ""
    known = {name: format_fact(name, facts, lang) for name in statement.needs}
    return fill(statement.fact[lang], known) if all(known.values()) else ""


def contradicts(statement: Statement, found: re.Match, facts: Facts | None) -> bool:
    """Return whether the words contain another number than the fact: a person has to say which is right."""
    known = getattr(facts, statement.same) if facts is not None and statement.same else None
    return known is not None and float(found["number"]) != float(known)


def format_fact(name: str, facts: Facts, lang: str) -> str:
    """Return a fact as it is written in a sentence; empty if it is unknown."""
    if name == "net":
        return format_net(facts, lang)
    value = getattr(facts, name)
    if value is None:
        return ""
    return format_day(value, lang) if name.endswith("_on") else str(value)


def format_net(facts: Facts, lang: str) -> str:
    """Return the net weight of what is sold by the box: 5 斤, or 2.5 kg in English."""
    if not facts.net_grams or facts.unit not in ("box", "bag", "piece"):
        return ""
    return f"{facts.net_grams / 500:g} 斤" if lang == "zh" else f"{facts.net_grams / 1000:g} kg"


def format_day(written: str, lang: str) -> str:
    """Return 2026-11-20 as 11月20日 or 20 Nov 2026."""
    day = date.fromisoformat(written)
    return f"{day.month}月{day.day}日" if lang == "zh" else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def fill(written: str, parts: dict[str, str]) -> str:
    """Put the parts into {name}."""
    for name, part in parts.items():
        written = written.replace("{" + name + "}", part or "")
    return written


def find_goods(book: RuleBook, facts: Facts | None, plain: str) -> str:
    """Return the kind of goods of kinds.toml, from the listing or else the text; else the category's name; else nothing."""
    given = (facts.name, facts.goods, facts.variety) if facts else ()
    for text in (*(one for one in given if one), plain):
        words = [
            (len(word), -text.find(word), kind)
            for kind, one in book.kinds.items()
            for word in one["words"]
            if word in text
        ]
        if words:
            return max(words)[2]
    return (facts.goods if facts else None) or ""


def name_goods(book: RuleBook, goods: str, lang: str) -> str:
    """Return how a reason calls the goods: 鸡蛋, 茶叶 …; 这 (this) if they are unknown."""
    if lang == "zh":
        return goods or "这"
    return book.kinds[goods]["en"] if goods in book.kinds else "this"


@cache
def needs_goods(written: str) -> bool:
    return "{goods}" in written


def read_statements(tables: dict[str, dict[str, Any]], fail) -> tuple[Statement, ...]:
    """Build the statements of statements.toml; `fail` is called with (name, what is wrong) and raises."""
    return tuple(read_statement(name, table, fail) for name, table in tables.items())


KEYS = {
    "rules",
    "about",
    "unless_before",
    "unless_after",
    "clause",
    "needs",
    "not_for",
    "only_if",
    "same",
    "links",
    "fact",
    "gap",
}
KNOWN = {*Facts.__dataclass_fields__, "net"}


def read_statement(name: str, table: dict[str, Any], fail) -> Statement:
    if strange := sorted(set(table) - KEYS):
        fail(name, f"{strange[0]!r} is not known here")
    for needed in ("rules", "about"):
        if not table.get(needed):
            fail(name, f"{needed} is missing")
    if "fact" not in table and "gap" not in table:
        fail(name, "fact or gap is missing")
    for one in ("fact", "gap"):
        if one in table and set(table[one]) != {"zh", "en"}:
            fail(name, f"{one} must be written in zh and en")
    if "gap" in table and not all(GAP in written for written in table["gap"].values()):
        fail(name, f"gap must contain {GAP}")
    for fact in (*table.get("needs", ()), *filter(None, (table.get("only_if"), table.get("same")))):
        if fact not in KNOWN:
            fail(name, f"{fact!r} is no fact of a listing")

    def compiled(key: str, end: str = "") -> re.Pattern | None:
        try:
            return re.compile(f"(?:{table[key]}){end}") if key in table else None
        except re.error as error:
            return fail(name, f"{key} is no regular expression ({error})")

    about = compiled("about")
    assert about is not None
    return Statement(
        name,
        tuple(table["rules"]),
        about,
        compiled("unless_before", "$"),
        compiled("unless_after"),
        bool(table.get("clause")),
        tuple(table.get("needs", ())),
        tuple(table.get("not_for", ())),
        table.get("only_if", ""),
        table.get("same", ""),
        table.get("links", ""),
        table.get("fact"),
        table.get("gap"),
    )
