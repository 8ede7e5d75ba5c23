"""The shape of a case: where it is known from, and what a class talks about. No database is needed to check it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

QUESTIONS = 3
# The most characters of each text; an English case takes two to three times those of a Chinese one.
MOST = {"title": 120, "source": 800, "ask": 300, "body": 6000}


def find_case_problems(source: str, is_made_up: bool, ask: object) -> Iterator[str]:
    """Yield what is wrong with a case: it has a source or is made up, never both, and asks three things."""
    if is_made_up and source.strip():
        yield _("写了出处，又勾了“为教学编的”：只能是一样。")
    if not is_made_up and not source.strip():
        yield _("从哪儿来的没写：写上哪个单位、哪天、哪里读到的；编的就勾“为教学编的”。")
    rows = ask if isinstance(ask, list) else []
    if len(rows) != QUESTIONS or not all(isinstance(row, str) and row.strip() for row in rows):
        yield _("要问三个问题，一个也不能空。")
    elif any(len(row) > MOST["ask"] for row in rows):
        yield _("问题写得太长了，一个最多 %(most)s 个字。") % {"most": MOST["ask"]}
