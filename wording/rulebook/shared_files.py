"""Read the files that all rules share: exemptions (contexts.toml), goods (goods.toml) and kinds of goods (kinds.toml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wording.rulebook.fields import (
    KINDS,
    build_alternation,
    name_line,
    prove,
    read_regex,
    read_toml,
    refuse_metacharacters,
    refuse_unknown,
    refuse_wrong_forms,
)
from wording.rulebook.regex import Regex
from wording.rulebook.rules import RuleFileError

CONTEXT = ("before", "after", "sentence", "not_before", "not_after", "not_sentence")
# The tables that wording.consistency reads.
GOODS = (
    "numerals",
    "units",
    "counted",
    "priced",
    "weight",
    "price",
    "origin",
    "variety",
    "stock",
    "grown",
    "sold_out",
)
GOODS_REGEXES = (
    "about",
    "not_before",
    "not_after",
    "tokens",
    "goods",
    "after_place",
    "before_place",
    "of_place",
)


def read_contexts(folder: Path, *, proves: bool = True) -> dict[str, dict[str, Any]]:
    path = folder / "contexts.toml"
    found = {}
    for name, table in read_toml(path).items():
        try:
            with refuse_wrong_forms(f"contexts.toml, {name}"):
                found[name] = read_context(name, table)
                if proves:
                    prove(*(one for one in found[name].values() if isinstance(one, Regex)))
        except RuleFileError as error:
            raise RuleFileError(f"{error}{name_line(path, f'[{name}]')}") from error
    return found


def read_context(name: str, table: dict) -> dict[str, Any]:
    where = f"contexts.toml, {name}"
    refuse_unknown(where, table, {*CONTEXT, "quoted", "kinds", "listed", "line", "first"})
    regexes = {key: read_regex(where, key, table[key], {}) for key in CONTEXT if key in table}
    if not regexes and not table.get("quoted"):
        raise RuleFileError(f"{where}: nothing to look for")
    return {
        **regexes,
        "quoted": table.get("quoted", False),
        "kinds": tuple(table.get("kinds", KINDS)),
        "listed": table.get("listed", False),
        "line": table.get("line", False),
        "first": frozenset(table.get("first", "")),
    }


def read_goods(path: Path, *, proves: bool = True) -> dict[str, Any]:
    goods = read_toml(path)
    if missing := [name for name in GOODS if not goods.get(name) or not isinstance(goods[name], dict)]:
        raise RuleFileError(f"goods.toml: the table [{missing[0]}] is missing")
    if proves:
        with refuse_wrong_forms("goods.toml"):
            prove_goods(path, goods)
    return goods


def prove_goods(path: Path, goods: dict[str, Any]) -> None:
    """Compile what `consistency` does. Raises RuleFileError, with the line of the topic."""
    origin, variety = goods["origin"], goods["variety"]
    containers = [word for name in ("counted", "priced") for words in goods[name].values() for word in words]
    listed = {
        "<number>": r"\d",
        "<container>": build_alternation(containers),
        "<place_name>": build_alternation(list(origin["places"])),
        "<goods>": origin["goods"],
    }
    for topic in GOODS:
        table = goods[topic]
        known = {"<known>": build_alternation(table["known"])} if "known" in table else {"<known>": ""}
        finds = table.get("find", [])
        for name, written in [
            *(("find", one) for one in ([finds] if isinstance(finds, str) else finds)),
            *((name, table[name]) for name in GOODS_REGEXES if name in table),
        ]:
            for mark, regex in {**listed, **known}.items():
                written = written.replace(mark, regex)
            try:
                prove(Regex(written, f"goods.toml, {topic}: {name}"))
                refuse_metacharacters(f"goods.toml, {topic}", table.get("needs", ()))
            except RuleFileError as error:
                raise RuleFileError(f"{error}{name_line(path, f'[{topic}]')}") from error
    prove(Regex(build_alternation([*variety["known"], origin["goods"]]), "goods.toml, variety: known"))


def read_kinds(path: Path) -> dict[str, dict[str, Any]]:
    kinds = read_toml(path)
    for name, table in kinds.items():
        words = table.get("words") if isinstance(table, dict) else None
        if not words or not all(isinstance(one, str) and one for one in words) or not table.get("en"):
            line = name_line(path, f'["{name}"]')
            raise RuleFileError(f"kinds.toml, {name}: en and a list of words must be given{line}")
    return kinds
