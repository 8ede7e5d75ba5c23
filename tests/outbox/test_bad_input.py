import gzip
import json
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from outbox.models import Event
from progress.models import LessonDone, Watch
from tests.outbox.mutator import broken
from tests.outbox.phone import event, hours, played

pytestmark = pytest.mark.both_databases

UNREADABLE = {"error": "手机交来的东西看不懂。都还在手机里，没有丢。"}
TOO_MUCH = {"error": "一次交得太多，手机会分几次再交。"}
SEEDS = 300


def nothing_kept() -> bool:
    return not Event.objects.exists() and not LessonDone.objects.exists() and not Watch.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"{}",
        b'{"user": 1}',
        b'{"user": "1", "events": []}',
        b'{"user": true, "events": []}',
        b'{"user": 1, "events": {}}',
        b'{"user": 1, "events": [NaN]}',
        b'{"user": 1, "events": [Infinity]}',
        b'{"user": 1, "events": [-Infinity]}',
        b'{"user": 1, "events": [1e999]}',
        b'{"user": ' + b"9" * 5000 + b', "events": []}',
        b'{"user": 1, "events": ' + b"[" * 100_000,
        b'{"user": 1, "events": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_batch_is_told_so(phone, body):
    response = phone.raw(body)
    assert (response.status_code, response.json()) == (400, UNREADABLE)
    assert nothing_kept()


@pytest.mark.parametrize(
    "kind", ["text/plain", "", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_other_kinds_of_content_are_refused(phone, kind):
    response = phone.raw(b"user=1&events=[]", content_type=kind)
    assert response.status_code == 400
    assert response.json() == UNREADABLE


def test_sentences_are_in_the_language_of_who_sends(phone):
    response = phone.raw(b"{", **{"Accept-Language": "en"})
    assert (response.status_code, list(response.json())) == (400, ["error"])


def test_more_than_200_events_come_in_halves(phone, lessons):
    many = [event("done", lesson=lessons[0].pk) for _n in range(201)]
    refused = phone.post(many)
    assert (refused.status_code, refused.json()) == (413, TOO_MUCH)
    assert phone.post([{}] * 10_000).status_code == 413
    assert nothing_kept()
    assert [state for state, _reason in phone.send(*many[:200])] == ["applied"] * 200
    assert LessonDone.objects.count() == 1


def test_half_a_mebibyte_is_the_most(phone):
    response = phone.raw(b'{"user": 1, "events": []}' + b" " * 512 * 1024)
    assert (response.status_code, response.json()) == (413, TOO_MUCH)


def test_a_zipped_batch_is_unpacked(phone, learner, lessons):
    body = json.dumps({"user": learner.pk, "events": [event("done", lesson=lessons[0].pk)]}).encode()
    assert phone.zipped(body).json()["results"][0]["state"] == "applied"


@pytest.mark.long
def test_a_zip_bomb_is_stopped_at_two_mebibytes(phone):
    bomb = gzip.compress(b" " * 200_000_000, 9)
    assert len(bomb) < 512 * 1024
    response = phone.raw(bomb, **{"Content-Encoding": "gzip"})
    assert (response.status_code, response.json()) == (413, TOO_MUCH)


@pytest.mark.parametrize("how", ["none", "cut", "twice", "bent", "br"])
def test_a_broken_zip_is_no_batch(phone, learner, how):
    body = json.dumps({"user": learner.pk, "events": []}).encode()
    whole = gzip.compress(body)
    sent = {
        "none": body,
        "cut": whole[:-9],
        "twice": whole * 2,
        "bent": whole[:15] + b"\xff" * 9 + whole[24:],
    }
    packing = "br" if how == "br" else "gzip"
    response = phone.raw(sent.get(how, body), **{"Content-Encoding": packing})
    assert (response.status_code, response.json()) == (400, UNREADABLE)


@pytest.mark.parametrize("lesson", [None, "1", "", -1, 0, 1.0, True, [1], {}, 2**63, 10**300])
def test_a_lesson_that_is_none_rejects_the_event(phone, lesson):
    for kind in ("done", "watched", "ask"):
        assert phone.send(event(kind, lesson=lesson, text="问", intervals=[])) == [("aside", "broken")]


@pytest.mark.parametrize(
    "intervals",
    [
        None,
        {},
        "0-5",
        5,
        [5],
        [[1]],
        [[1, 2, 3]],
        [["0", "5"]],
        [[None, 5]],
        [[True, 5]],
        [[[0], [5]]],
        [[0, 5]] * 501,
    ],
)
def test_intervals_that_are_none_reject_the_event(phone, lessons, intervals):
    whole = played(lessons[0].pk, 0, 60, timezone.now() - hours(1), intervals=intervals)
    assert phone.send(whole) == [("aside", "broken")]
    assert Event.objects.get().body["intervals"] == intervals


@pytest.mark.parametrize("text", [None, "", "  \u200b ", 5, ["问"], "\0", {}])
def test_a_question_without_words_is_rejected(phone, lessons, text):
    assert phone.send(event("ask", lesson=lessons[0].pk, text=text)) == [("aside", "broken")]


def test_a_question_too_long_is_rejected_whole(phone, lessons):
    assert phone.send(event("ask", lesson=lessons[0].pk, text="问" * 601)) == [("aside", "too_long")]
    assert Event.objects.get().body["text"] == "问" * 601


def test_characters_no_database_holds_are_replaced(phone, lessons):
    body = {"lesson": 0, "\0key": ["\0", "\ud800", {"deep": "\udfff!"}]}
    assert phone.send(event("done", **body)) == [("aside", "broken")]
    assert Event.objects.get().body == {"lesson": 0, "�key": ["�", "?", {"deep": "?!"}]}


def test_a_body_without_a_bottom_is_kept_as_text(phone):
    deep: list = []
    for _n in range(300):
        deep = [deep]
    assert phone.send(event("done", lesson=0, deep=deep)) == [("aside", "broken")]
    assert "[" * 200 in json.dumps(Event.objects.get().body)


@pytest.mark.long
def test_deeper_than_we_can_read_is_an_answer_too(phone):
    for depth in range(700, 1001, 10):
        text = json.dumps({"user": phone.user.pk, "events": [{"id": 5, "body": "deep"}]})
        assert phone.raw(text.replace('"deep"', "[" * depth + "]" * depth)).status_code in (200, 400)


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_no_nonsense_is_a_server_error(phone, lessons, part):
    """Every event of a readable batch has a result, and sent again it is one of the same outcomes."""
    since = timezone.now() - timedelta(hours=20)
    whole = [
        event("done", lesson=lessons[0].pk),
        played(lessons[1].pk, 0, 120, since),
        event("ask", lesson=lessons[2].pk, text="怎么拍？"),
    ]
    for seed in range(part, SEEDS, 4):
        sent = broken(Random(seed), {"user": phone.user.pk, "events": whole})
        first = phone.raw(json.dumps(sent))
        assert first.status_code in (200, 400, 409, 413), f"seed {seed}: {first.status_code}"
        if first.status_code == 200:
            again = phone.raw(json.dumps(sent)).json()["results"]
            assert len(first.json()["results"]) == len(sent["events"]) == len(again), f"seed {seed}"
            assert {result["state"] for result in again} <= {"already", "aside"}, f"seed {seed}"
