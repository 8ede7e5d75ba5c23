"""Goods with a pack bring its comments into the studio: easy ones first, harder ones as drills are passed."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.crops.packs import load_packs
from live.models import RundownItem
from rehearsals.models import Review
from rehearsals.recordings.markers import clean_marks
from rehearsals.recordings.viewer_comments import count_passed_drills, find_degrees, find_pack_comments
from rehearsals.reviews.evidence import list_questions
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission
from ui.text import HAN

PACK = load_packs()["pomelo"]


def texts_of(*degrees: int) -> list[str]:
    return [one.text for one in PACK.comments if one.hard in degrees]


def show(plan, *names: str) -> None:
    plan.items.all().delete()
    for name in names:
        RundownItem.objects.create(livestream=plan, name=name)


def test_new_person_is_asked_the_easy_ones_besides_those_of_the_drill(mine, plan, drill):
    drill.comments.create(code="any", name="谁", text="哪天发？", wants="!")
    show(plan, "石榴冲香柚", "我家的货")
    facts = json.loads(mine.get(reverse("rehearsals:studio", args=[plan.pk])).context["facts"])
    asked = [one["text"] for one in facts["comments"]]
    assert "哪天发？" in asked
    assert asked[-3:] == texts_of(1)
    numbers = [one["id"] for one in facts["comments"]]
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < 2**53


@pytest.mark.parametrize(
    ("passed", "degrees"), [(0, (1, 1)), (1, (1, 2)), (2, (1, 2)), (3, (2, 3)), (9, (2, 3))]
)
def test_comments_grow_harder_with_drills_passed(passed, degrees):
    assert find_degrees(passed) == degrees


def test_drill_counts_as_passed_once_it_is_reviewed_and_not_to_be_done_again(learner, trainer, course, plan):
    show(plan, "石榴冲香柚")
    for wants_again in (False, True):
        other = make_plan(learner, make_drill(course, comments=0))
        handed = make_submission(learner, make_rehearsal(learner, other), status="reviewed")
        Review.objects.create(
            submission=handed, reviewer=trainer, signed_at=timezone.now(), wants_again=wants_again, total=70
        )
    assert count_passed_drills(learner) == 1
    assert [one.text for one in find_pack_comments(plan, learner)] == texts_of(1, 2)


def test_goods_without_a_pack_and_plans_without_a_drill_bring_none(learner, plan):
    show(plan, "冰糖橙")
    assert find_pack_comments(plan, learner) == []
    assert find_pack_comments(make_plan(learner), learner) == []


def test_english_drill_is_not_asked_in_chinese(learner, plan, drill):
    drill.title = "Three minutes"
    plan.drill = drill
    show(plan, "石榴冲香柚")
    asked = find_pack_comments(plan, learner)
    assert not any(HAN.search(one.text) for one in asked)


def test_what_is_asked_is_recorded_with_the_rehearsal(learner, plan):
    show(plan, "石榴冲香柚")
    one = find_pack_comments(plan, learner)[0]
    sent = [
        {"kind": "asked", "comment": one.pk, "name": one.name, "text": one.text, "at_ms": 1000},
        {"kind": "answered", "comment": one.pk, "at_ms": 9000},
    ]
    marks = [mark | {"film_ms": mark["at_ms"]} for mark in clean_marks(sent)]
    assert list_questions(marks) == [{"text": one.text, "at_ms": 1000, "after_ms": 8000}]
