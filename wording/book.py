"""What rule files become: a book of rules, each with its entries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any


class Broken(ValueError):
    """A rule file that cannot be used; the message is for the person who edits it."""


@dataclass(frozen=True)
class Entry:
    """A list of words or a pattern, and when it is lawful after all."""

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
    find: re.Pattern | None = None
    needs: tuple[str, ...] = ()
    hits: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    checks: dict[str, re.Pattern] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    id: str
    title: dict[str, str]
    law: dict[str, str]
    article: str
    as_of: date
    always_in: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Book:
    rules: tuple[Rule, ...]
    contexts: dict[str, dict[str, Any]]
    goods: dict[str, Any]
