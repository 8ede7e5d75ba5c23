"""Functions of the scripts that send what is handed in for a task, with exact values."""

import pytest

pytestmark = pytest.mark.browser
TASK_FILES = "rehearsals/task_files.js"
FILM_CHECK = "rehearsals/film_check.js"
TASK_SENDER = "rehearsals/task_sender.js"


def test_film_is_told_by_its_first_bytes_and_megabytes_are_never_none(run):
    heads = [
        [0, 0, 0, 24, *b"ftypmp42"],
        [0x1A, 0x45, 0xDF, 0xA3, 0, 0, 0, 0, 0, 0, 0, 0],
        [0x50, 0x4B, 3, 4, *b"12345678"],
    ]
    assert run(TASK_FILES, "given.map(m.looksLikeFilm)", heads) == [True, True, False]
    types = [["", heads[0]], ["image/jpeg", [255]], ["text/plain", [104]], ["", list(b"%PDF-1.7")]]
    assert run(TASK_FILES, "given.map(([type, head]) => m.isOther(type, head))", types) == [
        False,
        False,
        True,
        True,
    ]
    assert run(
        TASK_FILES, "given.map((text) => m.countOver(text, 3))", ["果果果 ", "a \r\n  b", "🍊🍊🍊🍊"]
    ) == [0, 0, 1]
    sizes = [0, 900, 260_000, 9_940_000, 12_600_000]
    assert run(TASK_FILES, "given.map(m.mb)", sizes) == ["0.0", "0.1", "0.3", "9.9", "13"]
    assert (
        run(TASK_FILES, "m.fill('“{name}”有 {size} MB{gone}', given)", {"name": "a", "size": 3})
        == "“a”有 3 MB"
    )


def test_film_is_whole_when_its_boxes_reach_the_end_and_one_describes_it(run):
    begin, describes = [0, 0, 0, 12, *b"ftypmp42"], [0, 0, 0, 8, *b"moov"]
    content, to_the_end = [0, 0, 0, 10, *b"mdat", 1, 2], [0, 0, 0, 0, *b"mdat", 1, 2]
    long = [0, 0, 0, 1, *b"mdat", 0, 0, 0, 0, 0, 0, 0, 18, 1, 2]
    films = [
        [*begin, *describes, *content],
        [*begin, *describes, *to_the_end],
        [*begin, *long, *describes],
        [0x1A, 0x45, 0xDF, 0xA3, 0, 0, 0, 0],  # WebM: the server looks
        [*begin, *content],
        [*begin, *describes, *content[:-1]],
        [*begin, *describes, 0, 0, 0],
        [*begin, *describes, 0, 0, 0, 4, *b"mdat"],
    ]
    whole = "Promise.all(given.map((bytes) => m.isWhole(new Blob([new Uint8Array(bytes)]))))"
    assert run(FILM_CHECK, f"await {whole}", films) == [True, True, True, True, False, False, False, False]


def test_copies_of_a_hand_in_leave_the_phone_only_when_the_server_has_applied_it(run):
    answers = [
        [{"state": "applied", "reason": ""}, {}, "forget"],
        [{"state": "already", "reason": ""}, {}, "forget"],
        [{"state": "aside", "reason": "files_missing"}, {}, "again"],
        [{"state": "aside", "reason": "files_missing"}, {"times": 3}, "aside"],
        [{"state": "aside", "reason": "task_closed"}, {}, "aside"],
    ]
    meanings = run(TASK_SENDER, "given.map(([answer, row]) => m.meaningOf(answer, row))", answers)
    assert meanings == [meaning for _answer, _row, meaning in answers]


def test_a_hand_in_whose_answer_was_missed_is_named_again_and_one_put_aside_once_a_page(run):
    works = [
        [{"id": "a", "state": "ready"}, "hand"],
        [{"id": "a", "state": "named"}, "name"],
        [{"id": "a", "state": "aside"}, "name"],
        [{"id": "b", "state": "aside"}, "wait"],
        [{"id": "c", "state": "named"}, "wait"],
        [{"id": "c", "state": "ready", "event": "d"}, "hand"],
    ]
    expression = "given.map(([row]) => m.stepOf(row, new Set(['c']), new Set(['b'])))"
    assert run(TASK_SENDER, expression, works) == [step for _row, step in works]


def test_a_file_that_the_server_got_more_than_six_days_ago_is_sent_again(run):
    files = [
        [{"key": "k", "arrived": "2026-11-23T12:00:01Z"}, True],
        [{"key": "k", "arrived": "2026-11-23T12:00:00Z"}, False],
        [{"key": "", "whole": True, "arrived": "2026-11-29T11:00:00Z"}, True],
        [{"key": "", "whole": False, "arrived": "2026-11-29T11:00:00Z"}, False],
        [{"key": "k"}, False],
    ]
    expression = "given.map(([file]) => m.isThere(file, Date.parse('2026-11-29T12:00:00Z')))"
    assert run(TASK_SENDER, expression, files) == [there for _file, there in files]
