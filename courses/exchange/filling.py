"""Brings questions that were read from a file into a bank: first what that would do, then the doing."""

from __future__ import annotations

from dataclasses import dataclass, field
from string import ascii_lowercase

from django.db import transaction
from django.utils.translation import gettext as _

from courses.exchange.asked import Asked
from courses.models import Bank, Course, Objective, Question

KEPT = ("kind", "form", "objective", "text", "explain", "content")
# As many objectives are named to somebody who wrote one that is not there.
NAMED = 12


@dataclass
class Plan:
    """In the order of the file. `changed` has the question with it and the names of what becomes different."""

    new: list[Asked] = field(default_factory=list)
    changed: list[tuple[Asked, Question, list[str]]] = field(default_factory=list)
    same: list[Asked] = field(default_factory=list)
    wrong: list[Asked] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.new) + len(self.changed)

    @property
    def noted(self) -> list[Asked]:
        return [one for one in [*self.new, *(row for row, _question, _names in self.changed)] if one.notes]


def plan(course: Course, bank: Bank | None, found: list[Asked]) -> Plan:
    """What bringing these in would do. A question is known by its code, or by its text where it has none. Two queries."""
    there = list(bank.questions.select_related("objective")) if bank else []
    by_code = {question.code: question for question in there}
    by_text = {question.text.strip(): question for question in there}
    objectives = {row.code: row for row in Objective.objects.filter(course=course)}
    made, met = Plan(), {}
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
        elif names := differing(question, asked):
            made.changed.append((asked, question, names))
        else:
            made.same.append(asked)
    return made


def set_objective(asked: Asked, objectives: dict[str, Objective]) -> None:
    """The row in place of its code. A file may be looked at again after it was."""
    code = asked.fields.get("objective")
    if code is None or isinstance(code, Objective):
        return
    asked.fields["objective"] = objectives.get(code)
    if code and code not in objectives:
        known = _("、").join(sorted(objectives)[:NAMED]) or _("还没有")
        asked.problems.append(
            _("学习目标“%(code)s”这门课里没有。有的是：%(known)s") % {"code": code[:20], "known": known}
        )


def differing(question: Question, asked: Asked) -> list[str]:
    """Takes over the ids of choices that stay, so that what was answered before still counts for them."""
    if "content" in asked.fields:
        keep_ids(question.content, asked.fields["content"])
    names = [name for name in KEPT if name in asked.fields]
    return [name for name in names if bare(getattr(question, name)) != bare(asked.fields[name])]


def bare(value: object) -> object:
    """Without what says nothing: {"why": "", "right": False} is {}."""
    if isinstance(value, dict):
        return {
            key: bare(one)
            for key, one in value.items()
            if one not in ("", None, False, "0") or key == "answer"
        }
    return [bare(one) for one in value] if isinstance(value, list) else value


def keep_ids(old: dict, new: dict) -> None:
    for name in ("choices", "steps"):
        ids = {row.get("text"): row.get("id") for row in old.get(name, ())}
        free = iter([letter for letter in ascii_lowercase if letter not in ids.values()])
        for row in new.get(name, ()):
            row["id"] = ids.get(row["text"]) or next(free)


@transaction.atomic
def fill(course: Course, bank: Bank | None, title: str, found: list[Asked]) -> tuple[Bank, Plan]:
    """Brings in what is not wrong; may be repeated. Without a bank one of this title is made. At most 7 queries."""
    bank = bank or Bank.objects.create(course=course, title=title, code=free_code(course))
    made = plan(course, bank, found)
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
    Question.objects.bulk_update([question for _asked, question, _names in made.changed], KEPT)
    return bank, made


def free_code(course: Course) -> str:
    taken = set(course.banks.values_list("code", flat=True))
    return next(code for n in range(1, 10**6) if (code := f"bank-{n}") not in taken)
