"""Read the guide for a county: the commands that the administrator types, in order, with this site's own names in them.

A block of commands names the computer on which it is typed and what it does:

    ```sh computer: install the site
    cd /opt/newfarmwork
    sudo HOST=192.168.1.20 make install
    ```

Each block is complete: it is typed in a new shell, whatever was typed before. What the reader replaces (an address, a name)
stands in the first column of the table under the heading "What to replace", as it stands in the commands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

GUIDE = Path(__file__).resolve().parents[2] / "docs/county"
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r"sh (?P<computer>[a-z][a-z0-9-]*): (?P<name>\S.*)")
TABLE = re.compile(r"^#+ What to replace\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
HERE = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")


class BadGuide(Exception):
    """Raised when a page cannot be followed as it is written; the message says where."""


@dataclass(frozen=True)
class Step:
    """One block of commands; `line` is where it begins in the page."""

    computer: str
    name: str
    commands: str
    line: int

    def list_commands(self) -> list[str]:
        """Return the commands one by one, each with its further lines and the text that it reads from the block."""
        commands: list[str] = []
        end = ""
        is_open = False
        for line in self.commands.splitlines():
            if is_open:
                commands[-1] += f"\n{line}"
            elif line.strip() and not line.startswith("#"):
                commands.append(line)
            if not end and (found := HERE.search(line)):
                end = found[2]
            elif end and line.strip() == end:
                end = ""
            is_open = bool(end) or line.endswith("\\")
        return commands


def read_steps(page: str, values: Mapping[str, str] | None = None) -> list[Step]:
    """Return the steps of a page of docs/county in order; with `values` (what the table shows → what this site has) filled in.

    Raises BadGuide for a block of commands that names no computer, two steps of one name, and what the table does not show.
    """
    text = (GUIDE / page).read_text()
    steps = list(find_steps(page, text))
    names = [(step.computer, step.name) for step in steps]
    if twice := {name for name in names if names.count(name) > 1}:
        raise BadGuide(f"{page}: two steps are called {sorted(twice)}")
    shown = read_replaced(text)
    if unknown := set(values or {}) - set(shown):
        raise BadGuide(f"{page}: {sorted(unknown)} is not in the table under “What to replace”")
    return [replace(step, commands=fill(step.commands, values or {})) for step in steps]


def find_steps(page: str, text: str) -> Iterable[Step]:
    for found in FENCE.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        title = TITLE.fullmatch(found[1])
        if title:
            yield Step(title["computer"], title["name"], found[2], line)
        elif found[1].split(" ")[0] in ("", "sh", "bash", "shell", "console"):
            raise BadGuide(f"{page}:{line}: the block names no computer: ```sh computer: what it does")


def read_replaced(text: str) -> dict[str, str]:
    """Return what the reader replaces, as it stands in the commands → what takes its place, in the guide's words."""
    table = TABLE.search(text)
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", table[1], re.MULTILINE) if table else []
    return dict(rows)


def fill(commands: str, values: Mapping[str, str]) -> str:
    """Put the values in, all at once: none is looked for in another."""
    if not values:
        return commands
    longest_first = sorted(values, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: values[found[0]], commands)
