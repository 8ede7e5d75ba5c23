"""The rule by which a quiz draws its papers: how many questions, and at least how many of each learning objective.

The same sentences are shown where a rule is set (the admin's form, an imported course) and where a course is checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

from courses.models import Objective, Question, Quiz


@dataclass(frozen=True)
class Supply:
    """What a bank offers to one paper: the number of questions, and by objective's code those of each objective."""

    total: int
    by_objective: dict[str, int] = field(default_factory=dict)


def list_forms(kind: str, forms: Iterable[str]) -> list[str]:
    """Return the forms that papers are drawn from; [""] where there are no two.

    A test before or after the course draws from one form only, if questions of both forms are written.
    """
    found = sorted(set(forms) - {""}) if kind in (Quiz.Kind.PRE, Quiz.Kind.POST) else []
    return found if len(found) == 2 else [""]


def count_supply(module: Iterable[str], asked: Iterable[str]) -> Supply:
    """Count questions by objective. `asked` has the objective's code of each question, "" for one without.

    An objective of the quiz's module counts though no question asks it, so that no part of the module is left out unnoticed.
    """
    codes = list(asked)
    counted = Counter(code for code in codes if code)
    return Supply(len(codes), {code: counted[code] for code in sorted({*module, *counted})})


def find_rule_problems(draw: int, minimum: int, supply: Supply, form: str = "") -> Iterator[str]:
    """Yield a sentence for each thing that this rule asks and these questions cannot give."""
    if draw > supply.total:
        count = {"draw": draw, "n": supply.total, "form": form}
        if form:
            yield _("每次抽 %(draw)d 题，%(form)s 卷只有 %(n)d 题") % count
        else:
            yield _("每次抽 %(draw)d 题，题库里只有 %(n)d 题") % count
    if not minimum:
        return
    if not supply.by_objective:
        yield _("题都还没选学习目标，没法保证每个目标至少 %(least)d 题") % {"least": minimum}
    for code, n in supply.by_objective.items():
        if n < minimum:
            facts = {"code": code, "n": n, "least": minimum}
            yield _("每个学习目标至少 %(least)d 题，%(code)s 只有 %(n)d 题") % facts
    needed = minimum * len(supply.by_objective)
    if draw and needed > draw:
        facts = {"least": minimum, "n": len(supply.by_objective), "needed": needed, "draw": draw}
        yield _("%(n)d 个学习目标，每个至少 %(least)d 题，要 %(needed)d 题，每次只抽 %(draw)d 题") % facts


Key = TypeVar("Key", str, int)


def share_out(count: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """Share so many questions out to objectives by their weights; what remains goes to the largest remainders.

    Every key is there; of equal remainders the earlier key of `weights` gets more.
    """
    whole = sum(weights.values())
    if not whole:
        return dict.fromkeys(weights, 0)
    shares = {key: count * weight // whole for key, weight in weights.items()}
    rest = sorted(weights, key=lambda key: count * weights[key] % whole, reverse=True)
    for key in rest[: count - sum(shares.values())]:
        shares[key] += 1
    return shares


def find_whole_course_problems(
    kind: str, draw: int, weights: Mapping[str, int], asked: Iterable[str], *, is_limited: bool
) -> Iterator[str]:
    """Yield what a test of the whole course asks of these questions (objectives' codes) and they cannot give.

    `is_limited`: it has a number of tries, or a talk after so many failures. An objective without a question is not asked
    about; the check of a course reports it.
    """
    counted = Counter(asked)
    weights = {code: weight for code, weight in weights.items() if counted[code]}
    if not is_limited:
        yield _("要写明最多考几次，或者几次没过要先找老师谈")
    if kind == Quiz.Kind.FINAL:
        if not draw:
            yield _("结业理论要写明每次抽几题")
        for code, n in share_out(draw, weights).items():
            if n > counted[code]:
                facts = {"code": code, "n": n, "have": counted[code]}
                yield _("照分量，学习目标 %(code)s 要 %(n)d 题，题库里只有 %(have)d 题") % facts


def check_quiz_rule(quiz: Quiz, asked: Iterable[Question], objectives: Sequence[Objective]) -> Iterator[str]:
    """Yield what the rule of a quiz cannot get from these questions; `objectives` are those of its course.

    No query. The questions of a mastery quiz are all asked, so that it has no minimum.
    """
    rows = list(asked)
    codes = {one.pk: one.code for one in objectives}
    if quiz.kind in Quiz.OF_WHOLE_COURSE:
        weights = {one.code: one.weight for one in objectives if one.module_id}
        codes_asked = [codes.get(row.objective_id or 0, "") for row in rows]
        is_limited = quiz.tries is not None or quiz.talk_after is not None
        yield from find_whole_course_problems(
            quiz.kind, quiz.draw, weights, codes_asked, is_limited=is_limited
        )
        return
    module = {one.code for one in objectives if quiz.module_id and one.module_id == quiz.module_id}
    minimum = 0 if quiz.is_mastery else quiz.objective_minimum
    for form in list_forms(quiz.kind, (row.form for row in rows)):
        of_form = [codes.get(row.objective_id or 0, "") for row in rows if not form or row.form == form]
        yield from find_rule_problems(quiz.draw, minimum, count_supply(module, of_form), form)
