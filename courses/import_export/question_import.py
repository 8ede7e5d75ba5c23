"""Questions read from a file: check each, plan what importing them into a bank would do, import them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from string import ascii_lowercase

from django.db import transaction
from django.utils.translation import gettext as _

from courses import questions
from courses.models import Bank, Course, Objective, Question
from ui.fields import get_max_length

MOST = 1000
CODE = re.compile(r"[-a-zA-Z0-9_]{1,60}")
LONGEST = {
    "text": get_max_length(Question, "text"),
    "explain": get_max_length(Question, "explain"),
}
# Limits of length: a choice is read on a phone, a script is a few sentences.
LONGEST_CHOICE, LONGEST_SCRIPT = 300, 4000


@dataclass
class ParsedQuestion:
    """A question of a file. `fields` holds only what the file states: text, kind, content, and perhaps code, explain, form,
    objective.

    With `problems` it cannot be imported; `notes` describe what was read differently from how it was written.
    """

    where: str
    fields: dict = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.fields.get("text", "")


def add_letters(rows: list[dict]) -> list[dict]:
    """Give choices and steps letters in the written order; the trainee sees them shuffled."""
    return [{"id": letter} | row for letter, row in zip(ascii_lowercase, rows, strict=False)]


def check_parsed(asked: ParsedQuestion) -> ParsedQuestion:
    """Check whether the question can be asked; errors of the file come before those of the kind's rules."""
    fields = asked.fields
    if not fields.get("text"):
        asked.problems.append(_("没写题目"))
    for name, label in (("text", _("题目")), ("explain", _("讲解"))):
        over = len(fields.get(name, "")) - LONGEST[name]
        if over > 0:
            asked.problems.append(_("%(what)s太长了，多了 %(n)d 个字") % {"what": label, "n": over})
    if fields.get("code") and not CODE.fullmatch(fields["code"]):
        asked.problems.append(
            _("编号只能用字母、数字和横线，最多 60 个：%(code)s") % {"code": fields["code"][:60]}
        )
    content = fields.get("content")
    if content is not None and not asked.problems:
        asked.problems += questions.find_problems(fields["kind"], content)
        asked.problems += find_too_long(content)
    return asked


def find_too_long(content: dict) -> list[str]:
    rows = [*content.get("choices", ()), *content.get("steps", ()), *content.get("wrong", ())]
    texts = [row.get(name, "") for row in rows for name in ("text", "why")]
    found = [_("“%(text)s…”太长了，最多 %(most)d 个字") % {"text": text[:12], "most": LONGEST_CHOICE}
             for text in texts if len(text) > LONGEST_CHOICE]  # fmt: skip
    if len(content.get("script", "")) > LONGEST_SCRIPT:
        found.append(_("话术太长了，最多 %(most)d 个字") % {"most": LONGEST_SCRIPT})
    return found


IMPORTED_FIELDS = ("kind", "form", "objective", "text", "explain", "content")
# So many objectives are listed in the message about an unknown one.
MOST_OBJECTIVES = 12


@dataclass
class ImportPlan:
    """What an import would do, in the order of the file. `changed` has the question and the names of what changes."""

    new: list[ParsedQuestion] = field(default_factory=list)
    changed: list[tuple[ParsedQuestion, Question, list[str]]] = field(default_factory=list)
    same: list[ParsedQuestion] = field(default_factory=list)
    wrong: list[ParsedQuestion] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.new) + len(self.changed)

    @property
    def noted(self) -> list[ParsedQuestion]:
        return [one for one in [*self.new, *(row for row, _question, _names in self.changed)] if one.notes]


def plan_import(course: Course, bank: Bank | None, found: list[ParsedQuestion]) -> ImportPlan:
    """Return what importing these would do. A question is found by its code, or without one by its text. Two queries."""
    there = list(bank.questions.select_related("objective")) if bank else []
    by_code = {question.code: question for question in there}
    by_text = {question.text.strip(): question for question in there}
    objectives = {row.code: row for row in Objective.objects.filter(course=course)}
    made = ImportPlan()
    met: dict[str, ParsedQuestion] = {}
    for asked in found:
        set_objective(asked, objectives)
        twin = met.setdefault(asked.fields.get("code") or asked.text, asked)
        if twin is not asked and not asked.problems:
            asked.problems.append(_("跟%(where)s重了，只留一道") % {"where": twin.where})
        question = by_code.get(asked.fields["code"]) if "code" in asked.fields else by_text.get(asked.text)
        if asked.problems:
            made.wrong.append(asked)
        elif question is None:
            made.new.append(asked)
        elif names := list_differences(question, asked):
            made.changed.append((asked, question, names))
        else:
            made.same.append(asked)
    return made


def set_objective(asked: ParsedQuestion, objectives: dict[str, Objective]) -> None:
    """Replace an objective's code by its row; a file that was processed before may be processed again."""
    code = asked.fields.get("objective")
    if code is None or isinstance(code, Objective):
        return
    asked.fields["objective"] = objectives.get(code)
    if code and code not in objectives:
        known = _("、").join(sorted(objectives)[:MOST_OBJECTIVES]) or _("还没有")
        asked.problems.append(
            _("学习目标“%(code)s”这门课里没有。有的是：%(known)s") % {"code": code[:20], "known": known}
        )


def list_differences(question: Question, asked: ParsedQuestion) -> list[str]:
    """Return the names of what differs, and keep the ids of choices that stay, so that earlier answers count for them."""
    if "content" in asked.fields:
        keep_ids(question.content, asked.fields["content"])
    names = [name for name in IMPORTED_FIELDS if name in asked.fields]
    return [name for name in names if strip_empty(getattr(question, name)) != strip_empty(asked.fields[name])]


def strip_empty(value: object) -> object:
    """Remove empty values: {"why": "", "right": False} becomes {}."""
    if isinstance(value, dict):
        return {
            key: strip_empty(one)
            for key, one in value.items()
            if one not in ("", None, False, "0") or key == "answer"
        }
    return [strip_empty(one) for one in value] if isinstance(value, list) else value


def keep_ids(old: dict, new: dict) -> None:
    for name in ("choices", "steps"):
        ids = {row.get("text"): row.get("id") for row in old.get(name, ())}
        free = iter([letter for letter in ascii_lowercase if letter not in ids.values()])
        for row in new.get(name, ()):
            row["id"] = ids.get(row["text"]) or next(free)


@transaction.atomic
def import_questions(
    course: Course, bank: Bank | None, title: str, found: list[ParsedQuestion]
) -> tuple[Bank, ImportPlan]:
    """Import the questions without problems; may be repeated. Creates a bank of this title if none is given. At most 7
    queries.
    """
    bank = bank or Bank.objects.create(course=course, title=title, code=find_free_bank_code(course))
    made = plan_import(course, bank, found)
    there = list(bank.questions.values_list("code", "position"))
    last = max((position for _code, position in there), default=0)
    codes = {code for code, _position in there} | {asked.fields.get("code") for asked in made.new}
    for place, asked in enumerate(made.new, last + 1):
        if "code" not in asked.fields:
            asked.fields["code"] = next(code for n in range(place, 10**9) if (code := f"q-{n}") not in codes)
            codes.add(asked.fields["code"])
    Question.objects.bulk_create(
        Question(bank=bank, position=place, **asked.fields) for place, asked in enumerate(made.new, last + 1)
    )
    for asked, question, names in made.changed:
        for name in names:
            setattr(question, name, asked.fields[name])
    Question.objects.bulk_update([question for _asked, question, _names in made.changed], IMPORTED_FIELDS)
    return bank, made


def find_free_bank_code(course: Course) -> str:
    taken = set(course.banks.values_list("code", flat=True))
    return next(code for n in range(1, 10**6) if (code := f"bank-{n}") not in taken)
