"""A question is sent whole, by halves and full of nonsense: the answer is never a server error.

Every other form of the site has its turn in test_hostile_values.
"""

import random
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from courses.models import Question

pytestmark = pytest.mark.usefixtures("without_numbers")

NONSENSE = ("", "\0", "9" * 400, "-1", "0", "zz\ud83d", "[]", "2026-13-45", "１２", "<b>" * 200)


class Fields(HTMLParser):
    """{name: [values]} of all forms of a page; a value is what a button, a box or an option would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "select":
            self.select = facts.get("name") or ""
        name = self.select if tag == "option" else facts.get("name") or ""
        if (
            name
            and tag in ("input", "textarea", "select", "button", "option")
            and facts.get("type") != "file"
        ):
            self.found.setdefault(name, []).append(facts.get("value") or "1")


def parts_of(fields: dict[str, list[str]], chance: random.Random) -> list[dict[str, str]]:
    """Three forms: what the page offers by halves, nonsense everywhere, and both mixed."""
    names = sorted(fields)
    offered = {name: chance.choice(fields[name]) for name in names}
    nonsense = {name: chance.choice(NONSENSE).encode("utf-8", "ignore").decode() for name in names}
    half = {name: offered[name] for name in names if chance.random() < 0.5}
    mixed = {name: chance.choice((offered, nonsense))[name] for name in names}
    return [half, nonsense, mixed]


@pytest.mark.long
@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize("kind", Question.Kind.values)
def test_forms_of_each_kind_of_question(sender, kind):
    """The right answer ticked before a bank is chosen, and whatever else can be left out."""
    chance, url = random.Random(kind), f"{reverse('admin:courses_question_add')}?kind={kind}"
    fields = Fields(sender.send("trainer", "GET", url).html).found
    assert "kind" in fields
    look = reverse("admin:courses_question_preview_typed")
    for _n in range(2):
        for typed in parts_of(fields, chance):
            rows = (typed | {"kind": kind, "question": ""}).items()
            for address in (url, look):
                answer = sender.send("trainer", "POST", address, rows)
                assert not answer.is_fault, (address, typed, answer.fault)
