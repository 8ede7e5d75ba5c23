"""Create banks, questions and quizzes, with one question of each kind."""

from courses.models import Bank, Course, Question, Quiz, State
from tests.courses.questions.kit import CONTENTS
from tests.factories import numbers

RIGHT = {
    "single": {"answer": "b"},
    "multiple": {"answer": ["a", "c"]},
    "picture": {"answer": "a"},
    "true_false": {"answer": "true"},
    "order": {"order": ["a", "b", "c", "d"]},
    "number": {"answer": "5.98"},
    "spot": {"answer": ["1", "3"]},
}
WRONG = {
    "single": {"answer": "a"},
    "multiple": {"answer": ["a"]},
    "picture": {"answer": "b"},
    "true_false": {"answer": "false"},
    "order": {"order": ["b", "a", "c", "d"]},
    "number": {"answer": "7"},
    "spot": {"answer": ["0"]},
}


def make_bank(course: Course, **fields) -> Bank:
    n = next(numbers)
    return Bank.objects.create(**{"course": course, "code": f"bank-{n}", "title": f"题库{n}"} | fields)


def make_question(bank: Bank, kind: str = "single", **fields) -> Question:
    n = next(numbers)
    given = {
        "bank": bank,
        "code": f"q-{n}",
        "position": n,
        "kind": kind,
        "text": f"题{n}",
        "explain": f"讲解{n}",
    }
    return Question.objects.create(**given | {"content": CONTENTS[kind]} | fields)


def make_quiz(course: Course, *kinds: str, **fields) -> Quiz:
    """Return a published quiz with a bank of its own and a question of each of these kinds."""
    bank = fields.pop("bank", None) or make_bank(course)
    for kind in kinds:
        make_question(bank, kind)
    n = next(numbers)
    given = {
        "course": course,
        "bank": bank,
        "code": f"quiz-{n}",
        "title": f"小测{n}",
        "state": State.PUBLISHED,
    }
    return Quiz.objects.create(**given | fields)
