"""What a sheet is filled with: values for its fields and tables, by the keys that sheets.toml gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from programme.typesetting import is_drawn_by_ours, straighten_marks
from shops.printables.text_layout import MISSING
from ui.text import PICTURE, is_page_chinese

Row = dict[str, str]
# A run of letters without a place to break, longer than a narrow column: links, numbers of parcels.
LONG_RUN = re.compile(r"[!-~]{13,}")
BREAK = "\u200b"


@dataclass
class Filling:
    """The values of one sheet.

    `fields`: {key: text}. `rows`: {part: rows of a table, or of checks}; a check has "text", "done" ("1" or "") and "note".
    `cells`: {part: {row: {column: text}}} for tables whose rows stand in the file. `items`: the parts of a script, item by item.
    `at`: when it was printed, for what may be changed on the phone afterwards. `mark`: a word after the title.
    """

    fields: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    cells: dict[str, dict[str, Row]] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    titles: dict[str, dict[str, str]] = field(default_factory=dict)
    target: str = ""
    at: str = ""
    mark: str = ""


def clean(text: object) -> str:
    """Return the text as our fonts can draw it: without pictures, 〓 for other characters that none has, with places to break."""
    cleaned = PICTURE.sub("", str(text))
    if not is_page_chinese():
        cleaned = straighten_marks(cleaned)
    if not cleaned.isascii():
        cleaned = "".join(
            one if one.isspace() or one == BREAK or is_drawn_by_ours(one) else MISSING for one in cleaned
        )
    return LONG_RUN.sub(lambda found: BREAK.join(found[0]), cleaned)


def join(*parts: str, by: str | None = None) -> str:
    """Join what is known by commas, or by `by`."""
    return (_("，") if by is None else by).join(part for part in parts if part)
