import pytest

from programme.attendance import roll
from programme.attendance.roll import load_roll
from progress.enrolment.services import enrol
from progress.names import get_initial, spell
from tests.factories import make_person
from tests.programme.attendance.rows import mark


def test_the_roll_is_by_pinyin_with_surnames_as_they_are_read(
    session, trainer, course, cohort, learner, other
):
    for name in ("阿依古丽·买买提", "单小红", "覃大山", "Tom Smith", "沈妹"):
        enrol(make_person(name), course, cohort)
    mark(session, trainer, other, "late")
    found = load_roll(session)
    assert [(row.number, row.letter, row.name, row.mark) for row in found.rows] == [
        (1, "A", "阿依古丽·买买提", "open"),
        (2, "Q", "覃大山", "open"),
        (3, "S", "单小红", "open"),
        (4, "", "沈妹", "open"),
        (5, "T", "Tom Smith", "open"),
        (6, "", "田巧云", "open"),
        (7, "Z", "曾春生", "late"),
    ]
    assert found.counts == {"present": 0, "late": 1, "absent": 0, "excused": 0, "open": 6}


@pytest.mark.long
def test_long_roll_is_taken_in_parts(as_user, cohort, session, trainer, course, monkeypatch):
    monkeypatch.setattr(roll, "PEOPLE_A_PART", 2)
    people = [make_person(name) for name in ("安一", "白二", "蔡三", "邓四", "鄂五")]
    for person in people:
        enrol(person, course, cohort)
    client, url = as_user(trainer), f"/classes/{cohort.pk}/sessions/{session.pk}/roll/"
    page = client.get(f"{url}?from=3")
    assert [row.name for row, _mark in page.context["rows"]] == ["蔡三", "邓四"]
    assert page.context["parts"] == [(1, 2), (3, 4), (5, 5)]
    assert '<a class="chip num" href="?from=3" aria-current="page">3–4</a>' in " ".join(page.text.split())
    shown = client.get(f"/classes/{cohort.pk}/sessions/{session.pk}/?from=5")
    assert [row.name for row, _marks in shown.context["people"]] == ["鄂五"]
    assert shown.context["roll"].counts["open"] == 5
    sent = {f"mark-{people[2].pk}": "present", f"was-{people[2].pk}": "open", "rest": "1"}
    answer = client.post(f"{url}?from=3", sent)
    assert answer["Location"] == f"{url}?from=3"
    marks = {row.user: row.mark for row in roll.load_roll(session).rows}
    assert [marks[person.pk] for person in people] == ["open", "open", "present", "absent", "open"]
    for odd in ("99", "x", "0"):
        assert [row.number for row, _mark in client.get(f"{url}?from={odd}").context["rows"]] == [1, 2]


def test_a_name_without_a_letter_has_a_place():
    assert (get_initial("·"), get_initial(""), spell("")) == ("#", "#", ())
