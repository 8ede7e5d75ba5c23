"""Questions read from a file, before they are brought into a bank: each with where it stood and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from string import ascii_lowercase

from django.utils.translation import gettext as _

from courses import questions
from courses.models import Question

MOST = 1000
CODE = re.compile(r"[-a-zA-Z0-9_]{1,60}")
LONGEST = {
    "text": Question._meta.get_field("text").max_length,
    "explain": Question._meta.get_field("explain").max_length,
}
# A choice is read on a phone, a script is a few sentences.
LONGEST_CHOICE, LONGEST_SCRIPT = 300, 4000


@dataclass
class Asked:
    """`fields` holds what the file says and nothing else: text, kind, content, and perhaps code, explain, form, objective.

    With `problems` it cannot be brought in; `notes` say what was read otherwise than it was written.
    """

    where: str
    fields: dict = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.fields.get("text", "")


def lettered(rows: list[dict]) -> list[dict]:
    """Choices and steps are lettered in the order they are written; the trainee sees them shuffled."""
    return [{"id": letter} | row for letter, row in zip(ascii_lowercase, rows, strict=False)]


def finish(asked: Asked) -> Asked:
    """Looks whether the question can be asked; its own mistakes come before the rules' words about them."""
    fields = asked.fields
    if not fields.get("text"):
        asked.problems.append(_("没写题目"))
    for name, said in (("text", _("题目")), ("explain", _("讲解"))):
        over = len(fields.get(name, "")) - LONGEST[name]
        if over > 0:
            asked.problems.append(_("%(what)s太长了，多了 %(n)d 个字") % {"what": said, "n": over})
    if fields.get("code") and not CODE.fullmatch(fields["code"]):
        asked.problems.append(
            _("编号只能用字母、数字和横线，最多 60 个：%(code)s") % {"code": fields["code"][:60]}
        )
    content = fields.get("content")
    if content is not None and not asked.problems:
        asked.problems += questions.problems(fields["kind"], content)
        asked.problems += too_long(content)
    return asked


def too_long(content: dict) -> list[str]:
    rows = [*content.get("choices", ()), *content.get("steps", ()), *content.get("wrong", ())]
    texts = [row.get(name, "") for row in rows for name in ("text", "why")]
    found = [_("“%(text)s…”太长了，最多 %(most)d 个字") % {"text": text[:12], "most": LONGEST_CHOICE}
             for text in texts if len(text) > LONGEST_CHOICE]  # fmt: skip
    if len(content.get("script", "")) > LONGEST_SCRIPT:
        found.append(_("话术太长了，最多 %(most)d 个字") % {"most": LONGEST_SCRIPT})
    return found
