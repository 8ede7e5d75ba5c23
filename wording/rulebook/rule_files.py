"""Read the file of one rule: its terms, patterns, exemptions and reasons. docs/wording.md explains the fields."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from wording.rulebook.fields import (
    LANGS,
    build_alternation,
    name_line,
    prove,
    read_both_languages,
    read_lines,
    read_regex,
    read_severities,
    refuse_metacharacters,
    refuse_unknown,
    refuse_wrong_forms,
)
from wording.rulebook.rules import Entry, Rule, RuleFileError

PROOFS = ("source", "date", "report_no", "file")
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


def read_rule(path: Path, table: dict, laws: dict, contexts: dict, *, proves: bool) -> Rule:
    """Read one rule. Raises RuleFileError, with the line of the term or, for the rule's own fields, of the field."""
    try:
        with refuse_wrong_forms(path.name):
            rule = read_rule_table(path, table, laws, contexts)
            if proves:
                prove_rule(rule)
            return rule
    except RuleFileError as error:
        raise RuleFileError(f"{error}{find_line(path, str(error))}") from error


def find_line(path: Path, message: str) -> str:
    """Return " (line 12)": where the entry that a message names begins, or the first field that it names."""
    if entry := re.match(rf"{re.escape(path.name)}, (term|pattern) (\d+):", message):
        return name_line(path, f"[[{entry[1]}]]", int(entry[2]))
    lines = read_lines(path)
    for name in re.findall("[a-z_]+", message.removeprefix(path.name)):
        if name in RULE and (at := [n for n, line in enumerate(lines, 1) if re.match(rf"{name}\b", line)]):
            return f" (line {at[0]})"
    return ""


def read_rule_table(path: Path, table: dict, laws: dict, contexts: dict) -> Rule:
    where = path.name
    refuse_unknown(where, table, RULE)
    for name in ("id", "title", "law", "article", "as_of", "severity", "reason"):
        if name not in table:
            raise RuleFileError(f"{where}: {name} is missing")
    for name in ("id", "article"):
        if not isinstance(table[name], str):
            raise RuleFileError(f"{where}: {name} must be text between quotation marks")
    if table["law"] not in laws:
        raise RuleFileError(f"{where}: law {table['law']!r} is not in laws.toml")
    if type(table["as_of"]) is not date:
        raise RuleFileError(f"{where}: as_of must be a date like 2026-11-24")
    severity = read_severities(where, table["severity"])
    reason = read_both_languages(where, "reason", table["reason"])
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
        severity,
        reason,
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
        checks={name: read_regex(where, name, entry[name], lists) for name in REGEXES if name in entry},
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
    refuse_metacharacters(where, needs)
    find = read_regex(where, "find", written if isinstance(written, str) else "|".join(written), lists)
    if not hits:
        raise RuleFileError(f"{where}: hits must give an example that the pattern finds")
    return {"find": find, "needs": needs, "hits": hits, "passes": tuple(entry.get("passes", ()))}


def prove_rule(rule: Rule) -> None:
    for entry in rule.entries:
        prove(*entry.checks.values())
        if entry.find:
            prove(entry.find)
            if entry.find.match(""):
                raise RuleFileError(f"{entry.find.where} matches the empty text")
