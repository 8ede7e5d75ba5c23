"""Draw a thousand papers of the law examination from the written programme; print what they ask, by objective and question.

No database: the questions are read from the files and chosen by the product's own rule. One person after another takes
`TRIES` papers, so that the rule "another paper each time" is part of the measurement.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from courses.authoring.quiz_rules import count_supply, find_rule_problems  # noqa: E402 - needs the apps
from courses.import_export.programme import list_languages, load_programme  # noqa: E402
from courses.models import Question  # noqa: E402
from progress.quizzes.draw import PAPERS_LOOKED_AT, choose_questions  # noqa: E402

PAPERS, TRIES = 1000, 4


@dataclass(frozen=True)
class Exam:
    """The rule and the questions of a quiz that clears; `codes` are those of the objectives that each paper must ask."""

    title: str
    draw: int
    minimum: int
    questions: list[Question]
    codes: dict[int, str]
    problems: list[str]


@dataclass(frozen=True)
class Coverage:
    """What many papers asked: by objective the fewest and most in a paper, by question how often, and repeats."""

    papers: int
    fewest: dict[str, int]
    most: dict[str, int]
    times: Counter[str]
    # The largest number of questions that a person's next paper shared with the one before.
    repeated: int
    # The largest lead of true over false statements in one paper, or the other way round.
    lead: int


def read_exam(language: str) -> Exam:
    """Read the quiz that clears for the first live, as this language's files have it."""
    document = load_programme(language)
    quiz = next(one for one in document["quizzes"] if one["clears"])
    bank = next(one for one in document["banks"] if one["code"] == quiz["bank"])["questions"]
    module = [one["code"] for one in document["objectives"] if one["module"] == quiz["module"]]
    supply = count_supply(module, (row["objective"] for row in bank))
    codes = dict(enumerate(supply.by_objective, 1))
    keys = {code: key for key, code in codes.items()}
    questions = [
        Question(pk=pk, code=row["code"], kind=row["kind"], content=row["content"], objective_id=keys.get(row["objective"]))
        for pk, row in enumerate(bank, 1)
    ]  # fmt: skip
    problems = list(find_rule_problems(quiz["draw"], quiz["objective_minimum"], supply))
    return Exam(quiz["title"], quiz["draw"], quiz["objective_minimum"], questions, codes, problems)


def draw_many(exam: Exam, papers: int = PAPERS, tries: int = TRIES, seed: int = 1) -> Coverage:
    rng = Random(seed)
    fewest: dict[str, int] = {}
    most: dict[str, int] = {}
    times: Counter[str] = Counter({row.code: 0 for row in exam.questions})
    repeated = lead = 0
    asked: list[list[int]] = []
    for number in range(papers):
        if number % tries == 0:
            asked = []
        met = {pk: place for place, paper in enumerate(asked[-PAPERS_LOOKED_AT:], 1) for pk in paper}
        paper = choose_questions(exam.questions, exam.draw, rng, exam.minimum, set(exam.codes), met)
        counted = Counter(row.objective_id for row in paper)
        for key, code in exam.codes.items():
            fewest[code] = min(fewest.get(code, counted[key]), counted[key])
            most[code] = max(most.get(code, 0), counted[key])
        times.update(row.code for row in paper)
        if asked:
            repeated = max(repeated, len({row.pk for row in paper} & set(asked[-1])))
        judged = [row.content["answer"] for row in paper if row.kind == Question.Kind.TRUE_FALSE]
        lead = max(lead, abs(2 * sum(judged) - len(judged)))
        asked.append([row.pk for row in paper])
    return Coverage(papers, fewest, most, times, repeated, lead)


def print_coverage(exam: Exam, found: Coverage) -> None:
    print(
        f"{exam.title}: {found.papers} papers of {exam.draw} from {len(exam.questions)}, {TRIES} for each person"
    )
    held = Counter(exam.codes.get(row.objective_id or 0, "") for row in exam.questions)
    for code in exam.codes.values():
        line = f"  {code}: {held[code]} in the bank, {found.fewest[code]} to {found.most[code]} in a paper"
        print(f"{line} (at least {exam.minimum})")
    often = found.times.most_common()
    print(
        f"  a question comes in {often[-1][1] / found.papers:.1%} to {often[0][1] / found.papers:.1%} of the papers"
    )
    print(f"  most often {often[0][0]}, least often {often[-1][0]}")
    print(f"  a next paper shares at most {found.repeated} questions with the one before")
    print(f"  true and false statements differ by at most {found.lead} in a paper")


def main() -> int:
    failed = 0
    for language in list_languages():
        exam = read_exam(language)
        if exam.problems:
            failed = 1
            print(f"{exam.title}: no paper can be drawn", *exam.problems, sep="\n  ")
        else:
            print_coverage(exam, draw_many(exam, PAPERS))
    return failed


if __name__ == "__main__":
    sys.exit(main())
