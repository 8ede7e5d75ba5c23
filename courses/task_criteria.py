"""The criteria of a task: what its owner ticks before handing in, and what the trainer looks at. No database is needed.

A criterion is {"code": "c1", "text": "五条都竖着拍"}; the code stays when others are added or taken away, so that a mark that was
given names the same criterion later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

MOST_CRITERIA = 8
MOST_TEXT = 120
CODE = re.compile(r"[-a-zA-Z0-9_]{1,30}")


def find_criteria_problems(criteria: object) -> Iterator[str]:
    """Yield what is wrong with the criteria of a task, as sentences."""
    rows = criteria if isinstance(criteria, list) else []
    if not isinstance(criteria, list) or not all(is_criterion(row) for row in rows):
        yield _("每一条要写一句话，最多 %(most)s 个字。") % {"most": MOST_TEXT}
        return
    if len(rows) > MOST_CRITERIA:
        yield _("最多 %(most)s 条，现在是 %(n)s 条。") % {"most": MOST_CRITERIA, "n": len(rows)}
    if len({row["code"] for row in rows}) < len(rows) or len({row["text"] for row in rows}) < len(rows):
        yield _("有两条是一样的。")


def is_criterion(row: object) -> bool:
    if not isinstance(row, dict) or row.keys() != {"code", "text"}:
        return False
    code, text = row["code"], row["text"]
    if not isinstance(code, str) or not isinstance(text, str) or not CODE.fullmatch(code):
        return False
    return bool(text.strip()) and len(text) <= MOST_TEXT


def format_lines(criteria: list[dict]) -> str:
    """Return the texts, a line each, for a box in which they are edited."""
    return "\n".join(row["text"] for row in criteria)


def parse_lines(lines: str, before: list[dict]) -> list[dict[str, str]]:
    """Return the criteria of the lines; one whose text stood there `before` keeps its code."""
    known = {row["text"]: row["code"] for row in before}
    texts = [text for line in lines.splitlines() if (text := line.strip())]
    taken = {row["code"] for row in before}
    free = (f"c{n}" for n in range(1, 1000) if f"c{n}" not in taken)
    return [{"code": known.get(text) or next(free), "text": text} for text in texts]
