"""Load the rule files. An error message for a damaged file names the file, the number of the term and the mistake.

docs/wording.md explains the format.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from wording.rulebook import Entry, Rule, RuleBook, RuleFileError

HERE = Path(__file__).parent
KINDS = ("listing", "script", "course_page")
SEVERITIES = ("block", "warn", "info", "off")
PROOFS = ("source", "date", "report_no", "file")
LANGS = ("zh", "en")
REGEXES = ("unless_before", "unless_after", "unless_near", "near", "text_has", "text_lacks")
SHARED = {
    *REGEXES,
    "source",
    "severity",
    "proof",
    "provable",
    "rewrite",
    "reason",
    "exempt",
    "certificate",
    "off_with",
}
ENTRY = {
    "term": {"words", "homophones", *SHARED},
    "pattern": {"find", "needs", "hits", "passes", *SHARED},
}
RULE = {
    "id", "title", "law", "article", "as_of", "severity", "proof", "provable", "exempt", "reason", "rewrite",
    "off_with", "always_in", "lists", "term", "pattern",
}  # fmt: skip


@cache
def load_rules() -> RuleBook:
    """Return the rules of this release. Raises RuleFileError."""
    return read_book(HERE)


def read_book(folder: Path) -> RuleBook:
    laws = read_toml(folder / "laws.toml")
    contexts = {
        name: read_context(name, table) for name, table in read_toml(folder / "contexts.toml").items()
    }
    files = sorted((folder / "rules").glob("*.toml"))
    if not files:
        raise RuleFileError(f"{folder / 'rules'}: no rule files")
    rules = tuple(read_rule(path, read_toml(path), laws, contexts) for path in files)
    names = [rule.id for rule in rules]
    if twice := {name for name in names if names.count(name) > 1}:
        raise RuleFileError(f"rule {', '.join(sorted(twice))} is in two files")
    return RuleBook(rules, contexts, read_toml(folder / "goods.toml"))


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleFileError(f"{path.name}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleFileError(f"{path.name}: {error}") from error


def read_rule(path: Path, table: dict, laws: dict, contexts: dict) -> Rule:
    where = path.name
    refuse_unknown(where, table, RULE)
    for name in ("id", "title", "law", "article", "as_of", "severity", "reason"):
        if name not in table:
            raise RuleFileError(f"{where}: {name} is missing")
    if table["law"] not in laws:
        raise RuleFileError(f"{where}: law {table['law']!r} is not in laws.toml")
    if type(table["as_of"]) is not date:
        raise RuleFileError(f"{where}: as_of must be a date like 2026-11-24")
    lists = {name: build_alternation(words) for name, words in table.get("lists", {}).items()}
    entries = [
        read_entry(f"{where}, {kind} {number}", kind, entry, table, lists, contexts)
        for kind in ENTRY
        for number, entry in enumerate(table.get(kind, []), 1)
    ]
    law = laws[table["law"]]
    return Rule(
        table["id"],
        read_both_languages(where, "title", table["title"]),
        {lang: law[lang] for lang in LANGS},
        table["article"],
        table["as_of"],
        tuple(table.get("always_in", ())),
        tuple(entries),
    )


def read_entry(where: str, kind: str, entry: dict, rule: dict, lists: dict, contexts: dict) -> Entry:
    refuse_unknown(where, entry, ENTRY[kind])
    if entry.get("source") not in ("law", "example"):
        raise RuleFileError(f'{where}: source must be "law" or "example"')
    given = {
        **{name: rule.get(name) for name in ("severity", "proof", "provable", "reason", "rewrite")},
        **entry,
    }
    exempt = tuple(entry.get("exempt", rule.get("exempt", [])))
    if strange := [name for name in exempt if name not in contexts]:
        raise RuleFileError(f"{where}: exemption {strange[0]!r} is not in contexts.toml")
    proof = tuple(given["proof"] or ())
    if strange := [name for name in proof if name not in PROOFS]:
        raise RuleFileError(f"{where}: proof {strange[0]!r} is not one of {', '.join(PROOFS)}")
    rewrite = given["rewrite"]
    return Entry(
        severity=read_severities(where, given["severity"]),
        proof=proof,
        provable=bool(proof) if given["provable"] is None else given["provable"],
        reason=read_both_languages(where, "reason", given["reason"]),
        rewrite=None
        if rewrite is None or rewrite == "person"
        else read_both_languages(where, "rewrite", rewrite),
        exempt=exempt,
        source=entry["source"],
        certificate=entry.get("certificate", ""),
        off_with=entry.get("off_with", rule.get("off_with", "")),
        checks={name: compile_regex(where, name, entry[name], lists) for name in REGEXES if name in entry},
        **(read_words(where, entry) if kind == "term" else read_pattern(where, entry, lists)),
    )


def read_words(where: str, entry: dict) -> dict[str, Any]:
    words = tuple(entry.get("words", ()))
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise RuleFileError(f"{where}: words must be a list of words")
    if short := [word for word in words if len(word) < 2]:
        raise RuleFileError(f"{where}: {short[0]!r} is a single character; write a pattern")
    sound = entry.get("homophones", False)
    if sound not in (True, False, "only"):
        raise RuleFileError(f'{where}: homophones must be true, false or "only"')
    return {"words": () if sound == "only" else words, "sounded": words if sound else ()}


def read_pattern(where: str, entry: dict, lists: dict) -> dict[str, Any]:
    needs, hits = tuple(entry.get("needs", ())), tuple(entry.get("hits", ()))
    if not needs:
        raise RuleFileError(f"{where}: needs must name words of which one stands in every hit")
    written = entry.get("find", "")
    find = compile_regex(where, "find", written if isinstance(written, str) else "|".join(written), lists)
    if find.match(""):
        raise RuleFileError(f"{where}: find matches the empty text")
    if not hits:
        raise RuleFileError(f"{where}: hits must give an example that the pattern finds")
    return {"find": find, "needs": needs, "hits": hits, "passes": tuple(entry.get("passes", ()))}


CONTEXT = ("before", "after", "sentence", "not_before", "not_after")


def read_context(name: str, table: dict) -> dict[str, Any]:
    where = f"contexts.toml, {name}"
    refuse_unknown(where, table, {*CONTEXT, "quoted", "kinds", "listed", "line", "first"})
    regexes = {key: compile_regex(where, key, table[key], {}) for key in CONTEXT if key in table}
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


def compile_regex(where: str, name: str, written: str, lists: dict[str, str]) -> re.Pattern:
    """Compile a regular expression in which <name> matches any word of that list."""
    try:
        written = re.sub(r"(?<!\(\?P)<([a-z_]+)>", lambda found: lists[found[1]], written)
    except KeyError as error:
        raise RuleFileError(
            f"{where}: {name} speaks of a list {error} that the file does not have"
        ) from error
    ending = {"before": "$", "not_before": "$", "unless_before": "$"}.get(name, "")
    try:
        return re.compile(f"(?:{written}){ending}" if ending else written)
    except re.error as error:
        raise RuleFileError(f"{where}: {name} is no regular expression ({error})") from error


def build_alternation(words: list[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def read_severities(where: str, given: Any) -> dict[str, str]:
    table = dict.fromkeys(KINDS, given) if isinstance(given, str) else given
    if not isinstance(table, dict) or set(table) != set(KINDS) or not set(table.values()) <= set(SEVERITIES):
        raise RuleFileError(
            f"{where}: severity must be one of {', '.join(SEVERITIES)}, or say one for each kind"
        )
    return table


def read_both_languages(where: str, name: str, given: Any) -> dict[str, str]:
    if (
        not isinstance(given, dict)
        or set(given) != set(LANGS)
        or not all(isinstance(one, str) for one in given.values())
    ):
        raise RuleFileError(f"{where}: {name} must be written in zh and en")
    return given


def refuse_unknown(where: str, table: dict, known: set[str]) -> None:
    if strange := sorted(set(table) - known):
        raise RuleFileError(f"{where}: {strange[0]!r} is not known here")
