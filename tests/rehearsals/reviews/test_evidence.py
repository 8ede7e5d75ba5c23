"""What the program measures: times of takes in the film, minutes, silences, answers, words; stored once."""

import pytest

from live.models import RundownItem, ScriptVersion
from media.models import Video
from rehearsals.models import Submission
from rehearsals.recordings import edit_list
from rehearsals.reviews import evidence
from tests.factories import make_person
from tests.reviews import make_part, make_plan, make_submission, make_take, make_video
from wording.records import record_check as check

MEASURES = {
    "loudness_lufs": -20.5,
    "silences": [[1000, 5000], [10_000, 18_000], [30_000, 39_500]],
    "brightness": {"mean": 120, "dark_share": 0.1, "burnt_share": 0.01, "dark": []},
}


@pytest.fixture
def submission(learner, cohort) -> Submission:
    return make_submission(learner, cohort, video=make_video(measures=MEASURES))


def item_of(submission: Submission) -> RundownItem:
    return submission.rehearsal.livestream.items.get()


def test_marks_stand_where_their_part_of_the_film_begins(submission):
    one = make_take(
        submission, [{"kind": "said", "part": "who", "at_ms": 4000}, {"kind": "x", "at_ms": 50_000}]
    )
    two = make_take(submission, [{"kind": "said", "part": "what", "at_ms": 500}])
    make_take(submission, [{"kind": "said", "part": "proof", "at_ms": 1}], is_left_out=True)
    make_part(submission, one, 0, 0, until_ms=40_000)
    make_part(submission, two, 1, 40_000)
    found = [(mark.get("part"), mark["film_ms"]) for mark in edit_list.list_film_marks(submission)]
    assert found == [("who", 4000), ("what", 40_500)]


def test_marks_stand_behind_each_other_without_parts(submission):
    make_take(submission, [{"kind": "item", "item": 1, "at_ms": 0}], lasted_ms=30_000)
    make_take(submission, [{"kind": "item", "item": 2, "at_ms": 2000}], lasted_ms=30_000)
    assert [mark["film_ms"] for mark in edit_list.list_film_marks(submission)] == [0, 32_000]


@pytest.mark.parametrize(
    "marks", [None, {}, "x", [1, None, {"kind": "item"}, {"at_ms": "5"}, {"at_ms": True}]]
)
def test_what_is_no_mark_is_passed_over(submission, marks):
    make_take(submission, marks or [])
    submission.rehearsal.takes.update(marks=marks if marks is not None else [])
    assert edit_list.list_film_marks(submission) == []
    assert evidence.gather_evidence(submission)["asked"] == []


def test_minutes_of_each_item_against_the_plan(learner, cohort):
    plan = make_plan(learner, cohort, minutes=1)
    second = RundownItem.objects.create(livestream=plan, name="蜜柚", minutes=2, position=1)
    submission = make_submission(learner, cohort, plan=plan)
    first = plan.items.exclude(pk=second.pk).get()
    turns = [(first, 0), (second, 20_000), (first, 60_000), (second, 80_000)]
    make_take(submission, [{"kind": "item", "item": item.pk, "at_ms": at} for item, at in turns])
    found = evidence.gather_evidence(submission)
    assert [(one["name"], one["planned_ms"], one["took_ms"], one["at_ms"]) for one in found["items"]] == [
        ("冰糖橙", 60_000, 40_000, 0),
        ("蜜柚", 120_000, 50_000, 20_000),
    ]
    assert (found["planned_ms"], found["took_ms"]) == (180_000, 90_000)


def test_single_item_without_marks_took_all_of_it(submission):
    assert evidence.gather_evidence(submission)["items"][0]["took_ms"] == 90_000


def test_only_silences_over_eight_seconds(submission):
    assert evidence.gather_evidence(submission)["silences"] == [[30_000, 39_500]]


def test_delays_to_questions(submission):
    asked = [
        ("坏果赔不赔？", 1, 10_000, 14_500),
        ("甜不甜？", 2, 20_000, 55_000),
        ("几斤？", 3, 60_000, None),
    ]
    marks = []
    for text, comment, at, answered in asked:
        marks.append({"kind": "asked", "comment": comment, "text": text, "at_ms": at})
        if answered:
            marks.append({"kind": "answered", "comment": comment, "at_ms": answered})
    marks.append({"kind": "left", "comment": 3, "at_ms": 89_000})
    make_take(submission, marks)
    found = evidence.gather_evidence(submission)
    assert [one["after_ms"] for one in found["asked"]] == [4500, 35_000, None]
    assert evidence.describe_criteria(found)["talk-answer"] == "3 个问题，30 秒里答了 1 个"


def test_words_of_the_newest_script(submission):
    item = item_of(submission)
    for number, text in enumerate(("全网最低价，错过没有。", "今天全网最低。"), start=1):
        made = check(text, "script", None, f"live.item:{item.pk}", None)
        ScriptVersion.objects.create(item=item, number=number, parts={"price": text}, check_made=made)
    words = evidence.gather_evidence(submission)["words"]
    assert [(one["item"], one["text"], one["severity"]) for one in words] == [("冰糖橙", "全网最低", "block")]


def test_evidence_is_kept_once_and_not_before_the_film(learner, cohort):
    video = make_video(status=Video.Status.WAITING)
    submission = make_submission(learner, cohort, video=video)
    evidence.store_evidence(submission)
    assert (submission.evidence, evidence.get_evidence(submission)) == ({}, {})
    video.status = Video.Status.READY
    video.measures = MEASURES
    video.save()
    submission = Submission.objects.get()
    evidence.store_evidence(submission)
    stored = Submission.objects.get().evidence
    assert stored["loudness_lufs"] == -20.5
    item_of(submission).delete()
    evidence.store_evidence(Submission.objects.get())
    assert Submission.objects.get().evidence == stored


def test_evidence_costs_the_same_for_one_item_and_for_many(submission, django_assert_num_queries):
    submission = Submission.objects.select_related("rehearsal__livestream", "video").get()
    with django_assert_num_queries(4):
        evidence.gather_evidence(submission)
    plan = submission.rehearsal.livestream
    for number in range(12):
        RundownItem.objects.create(livestream=plan, name=f"果{number}")
        make_take(submission, [])
    with django_assert_num_queries(4):
        evidence.gather_evidence(submission)


def test_film_that_was_never_joined_has_no_evidence(learner, cohort):
    submission = make_submission(learner, cohort, video=None)
    assert evidence.get_evidence(submission) == {}
    assert evidence.list_chips({}) == []
    assert evidence.describe_criteria({}) == {}


@pytest.mark.parametrize(
    ("bright", "level", "expected"),
    [
        ({"mean": 120, "dark_share": 0, "burnt_share": 0}, -20, [("leaf", "光线够"), ("leaf", "声音够响")]),
        ({"mean": 59, "dark_share": 0, "burnt_share": 0}, -34, [("ask", "画面偏暗"), ("ask", "声音太小")]),
        ({"mean": 90, "dark_share": 0.6}, -8, [("ask", "画面偏暗"), ("ask", "声音太大")]),
        ({"mean": 90, "dark": [[0, 5000]]}, None, [("ask", "画面偏暗")]),
        ({"mean": 220, "burnt_share": 0.3}, None, [("ask", "画面太亮")]),
    ],
)
def test_chips_say_what_was_measured(bright, level, expected):
    assert [
        tuple(chip) for chip in evidence.list_chips({"brightness": bright, "loudness_lufs": level})
    ] == expected


@pytest.mark.parametrize(
    ("took", "words"),
    [
        (180_000, "讲了 3:00，跟计划一样"),
        (216_000, "讲了 3:36，计划 3:00，多了 20%"),
        (90_000, "讲了 1:30，计划 3:00，少了 50%"),
    ],
)
def test_pace_against_the_plan(took, words):
    assert evidence.describe_pace({"planned_ms": 180_000, "took_ms": took}) == words


def test_silence_and_lines_in_words():
    seen = {"silences": [[0, 9000], [20_000, 41_000]], "loudness_lufs": -20, "said": {"who": 12_300}}
    found = evidence.describe_criteria(seen)
    assert found == {
        "pic-voice": "声音够响",
        "pace-silence": "冷场 2 次，最长 21 秒",
        "open-who": "0:12 说到了",
    }
    calm = evidence.describe_criteria({"silences": [], "loudness_lufs": -20})
    assert calm["pace-silence"] == "没有超过 8 秒的冷场"


def test_nobody_elses_take_is_looked_at(submission, cohort):
    other = make_submission(make_person("别人"), cohort)
    make_take(other, [{"kind": "said", "part": "who", "at_ms": 1}])
    assert edit_list.list_film_marks(submission) == []
