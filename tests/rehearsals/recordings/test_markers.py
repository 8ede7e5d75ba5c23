"""Which marks are accepted, and that facts about a take are only added."""

import pytest

from rehearsals.recordings.markers import MOST, clean_marks, merge_marks

ITEM = {"kind": "item", "item": 3, "at_ms": 0}


def test_marks_keep_only_what_belongs_to_them_in_order():
    said = {"kind": "said", "item": 3, "part": "who", "line": 0, "at_ms": 900, "evil": "<script>"}
    assert clean_marks([said, ITEM | {"goes_on": True}]) == [
        ITEM | {"goes_on": True},
        {"kind": "said", "item": 3, "part": "who", "line": 0, "at_ms": 900},
    ]


@pytest.mark.parametrize(
    "mark",
    [
        None,
        [],
        "item",
        {},
        {"kind": "item"},
        {"kind": "sold", "at_ms": 5},
        {"kind": "item", "at_ms": -5},
        {"kind": "item", "at_ms": 1.5},
        {"kind": "item", "at_ms": True},
        {"kind": "item", "at_ms": "5"},
        {"kind": ["item"], "at_ms": 5},
    ],
)
def test_what_is_no_mark_is_left_out(mark):
    assert clean_marks([mark]) == []


def test_marks_that_are_no_list_are_none():
    assert [clean_marks(None), clean_marks({}), clean_marks("x")] == [[], [], []]


def test_words_and_times_are_bounded():
    asked = {"kind": "asked", "comment": 2, "text": "多" * 500, "name": "a\0b", "at_ms": 10**15}
    [found] = clean_marks([asked])
    assert (len(found["text"]), found["name"], found["at_ms"]) == (80, "a\ufffdb", 24 * 60 * 60 * 1000)
    assert len(clean_marks([ITEM] * (MOST + 5))) == MOST


def test_marks_told_again_are_there_once_and_new_ones_come_between():
    first = [ITEM, {"kind": "asked", "comment": 1, "at_ms": 4000}]
    late = {"kind": "said", "item": 3, "part": "who", "line": 0, "at_ms": 1500}
    assert merge_marks(first, [late, *first]) == [first[0], late, first[1]]
