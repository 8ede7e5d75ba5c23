"""Regular expressions that are compiled when they are first used.

To compile all of the rules' takes a second, and a text needs a tenth of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from wording.rulebook.requirements import Alternative, list_first, list_requirements


class Regex:
    """A regular expression as `re.compile` returns it. `where` names the rule file and the field that it comes from."""

    def __init__(self, pattern: str, where: str = "", flags: int = 0) -> None:
        self.pattern = pattern
        self.where = where
        self.flags = flags

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """Raises re.error; those of the rule files have been tried when the file was first read (`loader`)."""
        first = "" if self.flags else list_first(self.pattern)
        return re.compile(f"(?=[{first}])(?:{self.pattern})" if first else self.pattern, self.flags)

    @cached_property
    def requirements(self) -> tuple[Alternative, ...]:
        return list_requirements(self.pattern)

    def search(self, text: str, *span: int) -> re.Match[str] | None:
        return self.compiled.search(text, *span)

    def match(self, text: str, *span: int) -> re.Match[str] | None:
        return self.compiled.match(text, *span)

    def fullmatch(self, text: str, *span: int) -> re.Match[str] | None:
        return self.compiled.fullmatch(text, *span)

    def finditer(self, text: str, *span: int) -> Iterator[re.Match[str]]:
        return self.compiled.finditer(text, *span)

    def findall(self, text: str) -> list[str]:
        return self.compiled.findall(text)

    def sub(self, put: str, text: str) -> str:
        return self.compiled.sub(put, text)
