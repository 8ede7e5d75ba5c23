"""Let a thousand people take the placement test of the written programme; print who skips what.

No database: the questions are read from the files, chosen and asked by the product's own rule, and each answer, also a
blind one, is graded as the product grades it.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from courses import questions  # noqa: E402 - needs the apps
from courses.import_export.programme import load_programme  # noqa: E402
from progress.quizzes.paper import Paper  # noqa: E402
from progress.quizzes.placement_paper import BLIND, choose_items, judge_modules  # noqa: E402

PEOPLE = 1000


@dataclass(frozen=True)
class Test:
    """The questions of the modules that may be skipped, ready to be asked, and how many are asked at most."""

    ready: list[dict]
    modules: list[int]
    most: int


@dataclass
class Outcome:
    """What many people's tests came to: how many skipped each module, how many any, and how many questions they got."""

    people: int = 0
    skipped: Counter[int] = field(default_factory=Counter)
    skippers: int = 0
    asked: Counter[int] = field(default_factory=Counter)


def read_test(language: str = "zh-hans") -> Test:
    document = load_programme(language)
    quiz = next(one for one in document["quizzes"] if one["kind"] == "place")
    open_modules = {
        n: one["number"] for n, one in enumerate(document["modules"]) if not one.get("always_taught")
    }
    aims = {one["code"]: one for one in document["objectives"]}
    banks = {one["code"]: one["questions"] for one in document["banks"]}
    ready: list[dict] = []
    for one in document["quizzes"]:
        if one["kind"] != "module" or one["module"] not in open_modules:
            continue
        for row in banks[one["bank"]]:
            shown, key = questions.freeze(row["kind"], row["content"], Random(len(ready)))
            ready.append(
                {
                    "question": len(ready) + 1,
                    "objective": list(aims).index(row["objective"]),
                    "aim": "",
                    "kind": row["kind"],
                    "text": row["text"],
                    "explain": "",
                    "shown": shown,
                    "key": key,
                    "module": open_modules[one["module"]],
                    "guesses": questions.count_guesses(row["kind"], shown),
                    "is_key": aims[row["objective"]].get("is_key", False),
                }
            )
    return Test(ready, list(open_modules.values()), quiz["draw"])


def draw(test: Test, rng: Random, asked: dict[int, int] | None = None) -> Paper:
    items = choose_items(test.ready, test.modules, rng, asked or {})
    rule = {"most": test.most, "guesses": BLIND * len({item["module"] for item in items})}
    order = list(range(len(items)))
    return Paper({"items": items, "order": order, "pass_percent": 60, "mastery": None, "placement": rule})


def guess(kind: str, shown: dict, rng: Random) -> object:
    """Answer blindly, each possible answer as likely as any other; a number between 1 and 100."""
    if kind in ("single", "picture"):
        return rng.choice(shown["choices"])["id"]
    if kind == "true_false":
        return rng.random() < 0.5
    if kind == "number":
        return str(rng.randint(1, 100))
    if kind == "order":
        return rng.sample([step["id"] for step in shown["steps"]], len(shown["steps"]))
    parts = [part["id"] for part in shown["choices" if kind == "multiple" else "pieces"]]
    return rng.sample(parts, rng.randint(1, len(parts)))


def take(paper: Paper, known: Collection[int], rng: Random) -> dict[int, bool]:
    """Answer until the test ends: what is of a known module rightly, everything else blindly."""
    answers: dict[int, bool] = {}
    while (position := paper.next_after(answers)) is not None:
        item = paper.item(position)
        answers[position] = item.module in known or questions.grade(
            item.kind, item.key, guess(item.kind, item.shown, rng)
        )
    return answers


def take_many(
    test: Test, known: Collection[int] = (), people: int = PEOPLE, seed: int = 1, tries: int = 1
) -> Outcome:
    """Let so many people with this knowledge take the test, each so many times.

    A module that one of the tests skips and they do not know makes a skipper.
    """
    outcome = Outcome(people)
    for number in range(people):
        rng = Random(seed * 1_000_003 + number)
        met: Counter[int] = Counter()
        skipped: set[int] = set()
        for _try in range(tries):
            paper = draw(test, rng, met)
            answers = take(paper, known, rng)
            assert paper.placement is not None
            verdicts = judge_modules(paper.items, paper.placement, answers)
            skipped |= {one.module for one in verdicts if one.is_known}
            met.update(paper.items[position - 1].question for position in answers)
            outcome.asked[len(answers)] += 1
        outcome.skipped.update(skipped)
        outcome.skippers += bool(skipped - set(known))
    return outcome


def main() -> int:
    test = read_test()
    print(
        f"{len(test.ready)} questions, {len(test.modules)} modules may be skipped, {test.most} questions at most"
    )
    worst = 0.0
    for title, known in (
        ("answer blindly", ()),
        ("know modules 1 to 5", (1, 2, 3, 4, 5)),
        ("know every module", tuple(test.modules)),
    ):
        found = take_many(test, known)
        share = found.skippers / found.people
        worst = max(worst, share)
        print(
            f"{found.people} people who {title}: {found.skippers} skip a module they do not know ({share:.1%})"
        )
        print(f"  questions asked: {min(found.asked)} to {max(found.asked)}")
        print("  skipped: " + ", ".join(f"{module}: {found.skipped[module]}" for module in test.modules))
    return int(worst > 0.01)


if __name__ == "__main__":
    sys.exit(main())
