"""For every kind: nothing of the key is shown, a right answer is right, invalid input is refused with a sentence."""

import json
from collections.abc import Iterator
from copy import copy
from random import Random

import pytest

from courses import questions
from courses.models import Question
from courses.questions import InvalidAnswer, Unanswered
from tests.courses.questions.kit import CONTENTS, form

RIGHT = {
    "single": "b", "multiple": ["a", "c"], "picture": "a", "true_false": True, "order": ["a", "b", "c", "d"],
    "number": "5.98", "spot": ["1", "3"],
}  # fmt: skip
WRONG = {
    "single": "a", "multiple": ["a"], "picture": "b", "true_false": False, "order": ["b", "a", "c", "d"],
    "number": "6.00", "spot": ["1"],
}  # fmt: skip
NONSENSE = [7, {"a": 1}, ["nowhere"], "nowhere", [None], [["a"]], True, 1.5, "a" * 5000, "\x00"]


@pytest.fixture(params=sorted(CONTENTS))
def kind(request) -> str:
    return request.param


def test_every_kind_of_the_model_has_its_rules():
    assert sorted(questions.KINDS) == sorted(Question.Kind.values)


def test_well_written_has_no_problems(kind):
    assert questions.find_problems(kind, CONTENTS[kind]) == []


@pytest.mark.parametrize(
    "content", [{}, [], None, {"choices": 3}, {"choices": [3]}, {"steps": {}}, {"wrong": [1]}]
)
def test_what_was_never_written_is_told_not_raised(kind, content):
    assert questions.find_problems(kind, content) != []


def twisted(content: object) -> Iterator[object]:
    """The content with each of its values in turn put in another's place."""
    parts = content.items() if isinstance(content, dict) else enumerate(content)
    for name, value in parts:
        others = twisted(value) if isinstance(value, dict | list) else (7, None, {"a": 1}, ["x"], True)
        for other in others:
            changed = copy(content)
            changed[name] = other
            yield changed


def test_what_is_of_another_type_is_told_or_can_be_asked(kind):
    """Zips bring what they like: a quiz that draws such a question must still begin."""
    for content in twisted(CONTENTS[kind]):
        if not questions.find_problems(kind, content):
            shown, key = questions.freeze(kind, content, Random(1))
            given = key["right"][0] if kind in ("single", "picture") else key["right"]
            questions.build_feedback(kind, shown, key, questions.parse_json(kind, shown, given))


def test_right_is_right_and_wrong_is_wrong(kind):
    shown, key = questions.freeze(kind, CONTENTS[kind], Random(1))
    for given, expected in ((RIGHT[kind], True), (WRONG[kind], False)):
        assert questions.grade(kind, key, questions.parse_json(kind, shown, given)) is expected


def test_shown_and_key_are_plain_json_and_shown_tells_nothing(kind):
    shown, key = questions.freeze(kind, CONTENTS[kind], Random(1))
    assert json.loads(json.dumps([shown, key])) == [shown, key]
    text = json.dumps(shown, ensure_ascii=False)
    assert "right" not in text
    assert "why" not in text
    assert "没有凭据" not in text


def test_the_same_seed_gives_the_same_paper(kind):
    one, two = (questions.freeze(kind, CONTENTS[kind], Random(5)) for _n in range(2))
    assert one == two


@pytest.mark.parametrize("given", [None, "", []])
def test_nothing_given_is_asked_for(kind, given):
    shown, _key = questions.freeze(kind, CONTENTS[kind], Random(1))
    with pytest.raises(Unanswered):
        questions.parse_json(kind, shown, given)


def outcome(kind: str, given: object) -> object:
    """Right, wrong, or the sentence by which it was refused."""
    shown, key = questions.freeze(kind, CONTENTS[kind], Random(1))
    try:
        return questions.grade(kind, key, questions.parse_json(kind, shown, given))
    except (Unanswered, InvalidAnswer) as refused:
        return str(refused)


@pytest.mark.parametrize("given", NONSENSE, ids=repr)
def test_nonsense_is_refused_in_words_or_is_an_answer(kind, given):
    assert outcome(kind, given) not in ("", None)


def test_empty_form_is_asked_for(kind):
    shown, _key = questions.freeze(kind, CONTENTS[kind], Random(1))
    with pytest.raises(Unanswered):
        questions.parse_form(kind, shown, form())


def test_a_form_says_the_same_as_a_phone(kind):
    shown, _key = questions.freeze(kind, CONTENTS[kind], Random(1))
    given = RIGHT[kind]
    field = "order" if kind == "order" else "answer"
    sent = {True: "true", False: "false"}.get(given, given) if isinstance(given, bool) else given
    assert questions.parse_form(kind, shown, form(**{field: sent})) == questions.parse_json(
        kind, shown, given
    )
