"""The rules as `loader` reads them from the rule files, and articles of law as they are written for readers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wording.rulebook.regex import Regex


class RuleFileError(ValueError):
    """Raised for a rule file that cannot be used; the message is for the person who edits it."""


@dataclass(frozen=True)
class Entry:
    """A list of words or a pattern, with the conditions under which it is lawful."""

    severity: dict[str, str]
    proof: tuple[str, ...]
    provable: bool
    reason: dict[str, str]
    rewrite: dict[str, str] | None
    exempt: tuple[str, ...]
    source: str
    certificate: str
    off_with: str = ""
    words: tuple[str, ...] = ()
    sounded: tuple[str, ...] = ()
    find: Regex | None = None
    needs: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    checks: dict[str, Regex] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    id: str
    title: dict[str, str]
    law: dict[str, str]
    article: str
    as_of: date
    always_in: tuple[str, ...]
    entries: tuple[Entry, ...]
    severity: dict[str, str] = field(default_factory=dict)
    reason: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RuleBook:
    rules: tuple[Rule, ...]
    contexts: dict[str, dict[str, Any]]
    goods: dict[str, Any]
    statements: tuple[Any, ...] = ()  # statements.Statement
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)


DIGITS = "零一二三四五六七八九"
ARTICLE = re.compile(r"§(\d+)(?:–(\d+))?((?:\(\d+\))*)")


def spell_article(article: str, lang: str = "zh") -> str:
    """Return the article in the page's language; English keeps the sign, and an unknown format stays as it is."""
    if lang[:2] == "en" or ARTICLE.sub("", article).strip(", "):
        return article
    return "、".join(spell_one(*found) for found in ARTICLE.findall(article))


def spell_one(first: str, last: str, items: str) -> str:
    until = f"至第{spell_number(int(last))}条" if last else ""
    spelled = "、".join(spell_number(int(item)) for item in re.findall(r"\d+", items))
    return f"第{spell_number(int(first))}条{until}" + (f"第{spelled}项" if spelled else "")


def spell_number(n: int) -> str:
    """Return the Chinese number of 1 to 999, as laws write it."""
    hundreds, tens, ones = n // 100, n // 10 % 10, n % 10
    spelled = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        spelled += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        spelled += "零"
    return spelled + (DIGITS[ones] if ones else "")
