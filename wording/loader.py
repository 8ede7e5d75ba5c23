"""Load the rule files. An error message for a damaged file names the file, the term, the mistake and the line.

docs/wording.md explains the format. A process reads the files once and keeps what it read. A site copies the files of good
rules into its data folder; if a file is damaged when a process starts later, the site goes on with the copy.

To compile the regular expressions of all files takes a second. A process that reads files of which no process has compiled
all yet does so, and notes their digest (`__pycache__/proven`, beside the files or their copy); the others compile each one
when a text needs it (`regex`).
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from wording.regex import Regex
from wording.rulebook import Entry, Rule, RuleBook, RuleFileError
from wording.statements import read_statements

logger = logging.getLogger(__name__)

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


class Kept:
    """Where the copy of good rules is; no copy is made or used while it is None."""

    folder: Path | None = None


@cache
def load_rules() -> RuleBook:
    """Return the rules of this release, and copy their files for the next start.

    If a file is damaged, return the rules that the site had (the copy), else those of the other files; an error is logged
    either way. Raises RuleFileError only outside a site, or where a file is damaged that all rules need.
    """
    try:
        book = read_book(HERE)
    except RuleFileError as error:
        if Kept.folder is None:
            raise
        logger.error("A rule file is damaged; the site goes on with the rules that it had: %s", error)
        return read_copy(Kept.folder) or read_book(HERE, skips_damaged=True)
    if Kept.folder is not None:
        copy_rules(HERE, Kept.folder)
        note_proof(Kept.folder)
    return book


def read_copy(folder: Path) -> RuleBook | None:
    """Return the rules that the site had; None if there is no copy, or one of an older release that differs in form."""
    try:
        return read_book(folder)
    except RuleFileError:
        return None


def copy_rules(source: Path, folder: Path) -> None:
    """Copy the rule files, unless they are the same already; a full disk keeps nobody from checking a text."""
    names = [path.relative_to(source) for path in list_files(source)]
    try:
        known = [path.relative_to(folder) for path in list_files(folder) if path.exists()]
        if known == names and all(
            (source / one).read_bytes() == (folder / one).read_bytes() for one in names
        ):
            return
        new = folder.with_name(f"{folder.name}.{os.getpid()}")
        for name in names:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, new / name)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    except OSError as error:
        logger.warning("The rules could not be copied for the next start: %s", error)
        shutil.rmtree(folder.with_name(f"{folder.name}.{os.getpid()}"), ignore_errors=True)


PROOF = Path("__pycache__", "proven")
CODE = [Path(__file__).with_name(name) for name in ("loader.py", "regex.py", "rulebook.py", "statements.py")]


def calculate_digest(folder: Path) -> str:
    """Return a digest of the rule files, of the code that reads them and of Python; empty if a file cannot be read."""
    digest = sha256(sys.version.encode())
    try:
        for path in (*list_files(folder), *CODE):
            digest.update(b"\0%s\0%s" % (path.name.encode(), path.read_bytes()))
    except OSError:
        return ""
    return digest.hexdigest()


def is_proven(digest: str) -> bool:
    """Return whether a process has read files of this digest and compiled all of their regular expressions."""
    for folder in (HERE, Kept.folder):
        with suppress(OSError):
            if digest and folder is not None and (folder / PROOF).read_text() == digest:
                return True
    return False


def note_proof(folder: Path, digest: str = "") -> None:
    """Note that the files are proven; where nothing can be written, the next process compiles them again."""
    path, digest = folder / PROOF, digest or calculate_digest(folder)
    with suppress(OSError):
        if not path.exists() or path.read_text() != digest:
            path.parent.mkdir(exist_ok=True)
            path.write_text(digest)


def list_files(folder: Path) -> list[Path]:
    return [*(folder / name for name in SHARED_FILES), *sorted((folder / "rules").glob("*.toml"))]


SHARED_FILES = ("laws.toml", "contexts.toml", "goods.toml", "statements.toml", "kinds.toml")


def find_faults(folder: Path) -> list[str]:
    """Return what is wrong with the rule files: one fault a file, with its line."""
    faults: list[str] = []
    if is_proven(calculate_digest(folder)):
        return faults
    try:
        read_book(folder)
    except RuleFileError as error:
        faults.append(str(error))
        try:
            laws, contexts = read_toml(folder / "laws.toml"), read_contexts(folder)
        except RuleFileError:
            return faults
        for path in sorted((folder / "rules").glob("*.toml")):
            try:
                read_rule(path, read_toml(path), laws, contexts, proves=True)
            except RuleFileError as other:
                faults.append(str(other))
        for name, read in (("goods.toml", read_goods), ("kinds.toml", read_kinds)):
            try:
                read(folder / name)
            except RuleFileError as other:
                faults.append(str(other))
    return list(dict.fromkeys(faults))


def read_book(folder: Path, skips_damaged: bool = False) -> RuleBook:
    """Read a folder with laws.toml, contexts.toml … and rules/; `skips_damaged`: without the rule files that have faults."""
    digest = calculate_digest(folder)
    proves = not is_proven(digest)
    laws, contexts = read_toml(folder / "laws.toml"), read_contexts(folder, proves=proves)
    files = sorted((folder / "rules").glob("*.toml"))
    if not files:
        raise RuleFileError(f"{folder / 'rules'}: no rule files")
    read = []
    for path in files:
        try:
            read.append(read_rule(path, read_toml(path), laws, contexts, proves=proves))
        except RuleFileError:
            if not skips_damaged:
                raise
    rules = tuple(read)
    names = [rule.id for rule in rules]
    if twice := {name for name in names if names.count(name) > 1}:
        raise RuleFileError(f"rule {', '.join(sorted(twice))} is in two files")
    statements = folder / "statements.toml"

    def fail(name: str, what: str) -> NoReturn:
        raise RuleFileError(f"statements.toml, {name}: {what}{name_line(statements, f'[{name}]')}")

    with refuse_wrong_forms("statements.toml"):
        stated = read_statements(read_toml(statements), fail)
    goods = read_goods(folder / "goods.toml", proves=proves)
    book = RuleBook(rules, contexts, goods, stated, read_kinds(folder / "kinds.toml"))
    if proves and not skips_damaged and folder == HERE:
        note_proof(folder, digest)
    return book


@contextmanager
def refuse_wrong_forms(where: str) -> Iterator[None]:
    """Raise RuleFileError for a value of another kind than the format says, such as a number in the place of a list."""
    try:
        yield
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        if isinstance(error, RuleFileError):
            raise
        raise RuleFileError(f"{where}: a value is of the wrong kind ({error})") from error


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


def read_kinds(path: Path) -> dict[str, dict[str, Any]]:
    kinds = read_toml(path)
    for name, table in kinds.items():
        words = table.get("words") if isinstance(table, dict) else None
        if not words or not all(isinstance(one, str) and one for one in words) or not table.get("en"):
            line = name_line(path, f'["{name}"]')
            raise RuleFileError(f"kinds.toml, {name}: en and a list of words must be given{line}")
    return kinds


def name_line(path: Path, start: str, number: int = 1) -> str:
    """Return " (line 12)" for the nth line of a file that begins so; empty if there is none."""
    lines = [at for at, line in enumerate(read_lines(path), 1) if line.startswith(start)]
    return f" (line {lines[number - 1]})" if len(lines) >= number else ""


def read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleFileError(f"{path.name}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleFileError(f"{path.name}: {error}") from error


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


def refuse_metacharacters(where: str, needs: Iterable[str]) -> None:
    """Refuse what would be a regular expression in `needs`, whose words are compared as they are."""
    if strange := [need for need in needs if METACHARACTERS.search(need)]:
        raise RuleFileError(f"{where}: needs are words as they are, not regular expressions: {strange[0]!r}")


METACHARACTERS = Regex(r"[\\\[\]{}|?*^$]")  # a bracket or s+级 may be in a text


CONTEXT = ("before", "after", "sentence", "not_before", "not_after", "not_sentence")


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


def read_regex(where: str, name: str, written: str, lists: dict[str, str]) -> Regex:
    """Return a regular expression in which <name> matches any word of that list."""
    try:
        written = re.sub(r"(?<!\(\?P)<([a-z_]+)>", lambda found: lists[found[1]], written)
    except KeyError as error:
        raise RuleFileError(
            f"{where}: {name} speaks of a list {error} that the file does not have"
        ) from error
    ending = {"before": "$", "not_before": "$", "unless_before": "$"}.get(name, "")
    return Regex(f"(?:{written}){ending}" if ending else written, f"{where}: {name}")


def prove(*regexes: Regex) -> None:
    """Compile them. Raises RuleFileError."""
    for regex in regexes:
        try:
            _compiled = regex.compiled
        except re.error as error:
            raise RuleFileError(f"{regex.where} is no regular expression ({error})") from error


def prove_rule(rule: Rule) -> None:
    for entry in rule.entries:
        prove(*entry.checks.values())
        if entry.find:
            prove(entry.find)
            if entry.find.match(""):
                raise RuleFileError(f"{entry.find.where} matches the empty text")


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
