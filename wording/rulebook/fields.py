"""Read the values that the rule files have in common. What is wrong raises RuleFileError, with the line where it is known."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wording.rulebook.regex import Regex
from wording.rulebook.rules import RuleFileError

KINDS = ("listing", "script", "course_page")
SEVERITIES = ("block", "warn", "info", "off")
LANGS = ("zh", "en")
METACHARACTERS = Regex(r"[\\\[\]{}|?*^$]")  # a bracket or s+级 may be in a text


@contextmanager
def refuse_wrong_forms(where: str) -> Iterator[None]:
    """Raise RuleFileError for a value of another kind than the format says, such as a number in the place of a list."""
    try:
        yield
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        if isinstance(error, RuleFileError):
            raise
        raise RuleFileError(f"{where}: a value is of the wrong kind ({error})") from error


def refuse_unknown(where: str, table: dict, known: set[str]) -> None:
    if strange := sorted(set(table) - known):
        raise RuleFileError(f"{where}: {strange[0]!r} is not known here")


def read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleFileError(f"{path.name}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleFileError(f"{path.name}: {error}") from error


def read_lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def name_line(path: Path, start: str, number: int = 1) -> str:
    """Return " (line 12)" for the nth line of a file that begins so; empty if there is none."""
    lines = [at for at, line in enumerate(read_lines(path), 1) if line.startswith(start)]
    return f" (line {lines[number - 1]})" if len(lines) >= number else ""


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


def build_alternation(words: list[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def refuse_metacharacters(where: str, needs: Iterable[str]) -> None:
    """Refuse what would be a regular expression in `needs`, whose words are compared as they are."""
    if strange := [need for need in needs if METACHARACTERS.search(need)]:
        raise RuleFileError(f"{where}: needs are words as they are, not regular expressions: {strange[0]!r}")


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
