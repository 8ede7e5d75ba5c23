"""What a reviewer sends: forms of a browser without scripts, JSON of the page's script; invalid input is not lost."""

import uuid

import pytest
from django.utils import timezone

from accounts.models import Notice
from rehearsals.models import NoteAnswer, Review, Submission, TimedNote
from rehearsals.reviews import services
from tests.pages import list_messages, squeeze
from tests.reviews import all_marks, drawn, make_drill, make_note, make_review, make_submission

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def submission(learner, cohort) -> Submission:
    return make_submission(learner, cohort, make_drill(cohort, phrases=True), key=drawn(False))


@pytest.fixture
def draft(submission, trainer) -> Review:
    return services.begin_review(trainer, submission)


@pytest.fixture
def trainer_client(as_user, trainer, draft):
    return as_user(trainer)


def address(submission: Submission, rest: str) -> str:
    return f"/review/{submission.key}/{rest}/"


def as_form(marks: dict[str, str], **fields) -> dict:
    return {f"mark-{code}": level for code, level in marks.items()} | fields


def test_whole_part_is_marked_by_one_tap_without_script(trainer_client, submission, draft):
    trainer_client.post(address(submission, "draft"), {"part-3": "half"})
    draft.refresh_from_db()
    assert set(draft.marks.values()) == {"half"}
    assert all(code.startswith("prod-") for code in draft.marks)
    assert (len(draft.marks), draft.total) == (7, 11)
    trainer_client.post(address(submission, "draft"), as_form(draft.marks, **{"part-3": "full"}))
    draft.refresh_from_db()
    assert (set(draft.marks.values()), draft.total) == ({"full"}, 22)


def test_lines_own_mark_stands_over_the_part(trainer_client, submission, draft):
    trainer_client.post(address(submission, "draft"), {"part-3": "half"})
    draft.refresh_from_db()
    changed = draft.marks | {"prod-inside": "full"}
    trainer_client.post(address(submission, "draft"), as_form(changed, **{"part-3": "half"}))
    draft.refresh_from_db()
    assert (draft.marks["prod-inside"], draft.marks["prod-size"], draft.total) == ("full", "half", 13)


def test_draft_answers_the_script_with_the_sum(trainer_client, submission):
    marks = all_marks(prod_inside="half")
    answer = trainer_client.post(address(submission, "draft"), as_form(marks, slips_fixed="1"), **JSON).json()
    assert (answer["total"], answer["capped"], answer["scored"]) == (96, False, 9)
    assert answer["parts"][3] == {"number": 3, "earned": 20, "points": 22, "marked": 7}
    answer = trainer_client.post(address(submission, "draft"), as_form(marks, slips_left="1"), **JSON).json()
    assert (answer["total"], answer["capped"]) == (59, True)


@pytest.mark.long
def test_bad_numbers_and_long_words_come_back_with_what_was_typed(trainer_client, submission):
    answer = trainer_client.post(address(submission, "draft"), {"slips_fixed": "很多", "words": "长" * 201})
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "最多 200 个字，多了 1 个" in html
    assert 'value="很多"' in html
    told = trainer_client.post(address(submission, "draft"), {"slips_fixed": "-1"}, **JSON)
    assert (told.status_code, list(told.json()["errors"])) == (422, ["slips_fixed"])


@pytest.mark.long
def test_note_sent_twice_is_one_and_changed_under_its_id(trainer_client, submission):
    key = str(uuid.uuid4())
    body = {"key": key, "at": "15", "tone": "keep", "text": "保持"}
    for _time in range(2):
        trainer_client.post(address(submission, "notes"), body)
    answer = trainer_client.post(address(submission, "notes"), body | {"text": "真好"}, **JSON)
    note = TimedNote.objects.get()
    assert (note.at_ms, note.text) == (15_000, "真好")
    assert "真好" in answer.json()["notes"]
    assert "m-keep" in answer.json()["line"]


@pytest.mark.long
def test_note_at_a_wrong_time_comes_back_with_its_words(trainer_client, submission):
    for typed, told in (("-5", "录像从 0:00 开始，没有更早的。"), ("5:00", "录像只有 1:30，没有这么晚的。")):
        answer = trainer_client.post(address(submission, "notes"), {"at": typed, "text": "我写的话"})
        html = answer.content.decode()
        assert (answer.status_code, told in html, 'value="我写的话"' in html) == (200, True, True)
    assert not TimedNote.objects.exists()


@pytest.mark.long
def test_note_is_removed_and_leaves_the_page(trainer_client, submission, draft):
    note = make_note(draft)
    answer = trainer_client.post(f"/review/{submission.key}/notes/{note.key}/remove/", **JSON)
    assert note.text not in answer.json()["notes"]
    note.refresh_from_db()
    assert note.removed_at is not None
    assert trainer_client.get(f"/review/{submission.key}/").context["marks"] == []


@pytest.mark.long
def test_id_of_anothers_note_is_refused(trainer_client, submission, organiser, cohort, learner):
    other = make_review(organiser, make_submission(learner, cohort), signed=False)
    note = make_note(other, text="别人的")
    answer = trainer_client.post(address(submission, "notes"), {"key": str(note.key), "at": "1"}, **JSON)
    assert (answer.status_code, answer.json()) == (409, {"problem": "这一条不是你记的。"})
    assert TimedNote.objects.get().text == "别人的"
    trainer_client.post(f"/review/{submission.key}/notes/{note.key}/remove/")
    assert TimedNote.objects.get().removed_at is None


def test_hundred_notes_are_enough(trainer_client, submission, draft):
    TimedNote.objects.bulk_create([TimedNote(review=draft, at_ms=n) for n in range(100)])
    answer = trainer_client.post(address(submission, "notes"), {"at": "1"}, **JSON)
    assert (answer.status_code, answer.json()) == (409, {"problem": "一份最多记 100 条。"})


@pytest.mark.long
def test_signature_says_what_is_missing_and_keeps_the_rest(trainer_client, submission, draft):
    answer = trainer_client.post(address(submission, "sign"), {"part-3": "half", "words": "再来"})
    assert answer.context["missing"] == ["还有 27 条没打分。"]
    draft.refresh_from_db()
    assert (draft.words, len(draft.marks), draft.signed_at) == ("再来", 7, None)


@pytest.mark.long
def test_signature_tells_the_total(trainer_client, submission):
    answer = trainer_client.post(address(submission, "sign"), as_form(all_marks()), follow=True)
    assert "发给学员了，100 分。" in answer.content.decode()
    assert Review.objects.get().total == 100
    again = trainer_client.post(address(submission, "sign"), as_form(all_marks("none")))
    assert (again.status_code, Review.objects.get().total) == (302, 100)


@pytest.mark.long
@pytest.mark.parametrize("page", ["draft", "notes", "sign"])
def test_stolen_lease_is_told_and_nothing_is_written_over(trainer_client, submission, draft, organiser, page):
    make_note(draft, text="我的")
    Submission.objects.update(lease_until=timezone.now())
    services.begin_review(organiser, submission)
    body = as_form(all_marks(), at="5", text="晚了")
    answer = trainer_client.post(address(submission, page), body, **JSON)
    assert answer.status_code == 409
    assert answer.json()["problem"].startswith("向满姑正在看这一份")
    assert list_messages(trainer_client.post(address(submission, page), body))[0].startswith(
        "向满姑正在看这一份"
    )
    draft.refresh_from_db()
    assert (draft.marks, draft.signed_at, TimedNote.objects.get().text) == ({}, None, "我的")


@pytest.mark.parametrize("page", ["draft", "notes"])
def test_what_is_signed_is_not_changed(trainer_client, submission, draft, page):
    Review.objects.update(signed_at=timezone.now(), total=80)
    Submission.objects.update(status="reviewed")
    answer = trainer_client.post(address(submission, page), {"at": "1", "part-0": "full"}, **JSON)
    assert (answer.status_code, answer.json()["problem"]) == (409, "这一份已经发给学员了，不能再改。")
    assert not TimedNote.objects.exists()


def test_who_has_not_begun_has_no_draft(as_user, organiser, submission, draft):
    trainer_client = as_user(organiser)
    for page in ("draft", "notes", "sign"):
        assert trainer_client.post(address(submission, page), {"at": "1"}).status_code == 404


@pytest.mark.long
def test_page_costs_the_same_for_one_note_and_for_many(
    trainer_client, submission, draft, django_assert_num_queries
):
    make_note(draft)
    trainer_client.get(f"/review/{submission.key}/")
    with django_assert_num_queries(18):
        trainer_client.get(f"/review/{submission.key}/")
    for number in range(24):
        make_note(draft, at_ms=number)
    with django_assert_num_queries(18):
        trainer_client.get(f"/review/{submission.key}/")


@pytest.mark.long
def test_second_trainer_sees_neither_score_nor_notes(trainer_client, as_user, submission, organiser, trainer):
    Submission.objects.update(needs_second=True, lease_by=None)
    Review.objects.all().delete()
    first = make_review(trainer, submission, total=73, words="头一个老师的话")
    make_note(first, text="头一个老师的批注")
    blind = as_user(organiser).get(f"/review/{submission.key}/")
    html = blind.content.decode()
    assert ("头一个老师" in html, ">73<" in html, blind.context["kind"]) == (False, False, "second")
    assert "头一个老师的批注" in as_user(trainer).get(f"/review/{submission.key}/").content.decode()
    trainer_client = as_user(organiser)
    trainer_client.post(f"/review/{submission.key}/take/")
    trainer_client.post(address(submission, "sign"), as_form(all_marks()))
    seen = trainer_client.get(f"/review/{submission.key}/")
    assert "头一个老师的批注" in seen.content.decode()
    assert seen.context["spread"].far == 27


@pytest.mark.long
def test_one_tap_marks_all_that_has_no_mark_and_nothing_else(trainer_client, submission, draft):
    trainer_client.post(address(submission, "draft"), {"part-3": "half"})
    draft.refresh_from_db()
    assert set(draft.marks.values()) == {"half"}  # nothing is marked before that tap
    page = trainer_client.get(f"/review/{submission.key}/").content.decode()
    assert "还有 <b data-left>8</b> 项没打" in page
    trainer_client.post(address(submission, "draft"), as_form(draft.marks, rest="full"))
    draft.refresh_from_db()
    half = {code for code, level in draft.marks.items() if level == "half"}
    assert (len(draft.marks), len(half)) == (34, 7)
    assert all(code.startswith("prod-") for code in half)
    assert "data-rest hidden" in trainer_client.get(f"/review/{submission.key}/").content.decode()


@pytest.mark.long
def test_signing_can_open_the_next_that_nobody_else_has_open(
    trainer_client, as_user, submission, cohort, organiser, trainer
):
    others = [make_submission(submission.user, cohort, submission.drill, key=drawn(False)) for _n in range(2)]
    services.begin_review(organiser, others[0])
    answer = trainer_client.post(address(submission, "sign"), as_form(all_marks(), then="next"))
    assert answer.url == f"/review/{others[1].key}/?play=1"
    others[1].refresh_from_db()
    assert others[1].lease_by == trainer
    assert others[1].reviews.get().marks == {}
    answer = trainer_client.post(address(others[1], "sign"), as_form(all_marks(), then="next"))
    assert answer.url == f"/review/{others[1].key}/"


@pytest.mark.long
def test_signature_is_taken_back_within_ten_minutes(
    trainer_client, as_user, trainer, learner, submission, draft
):
    make_note(draft, 5000, "留着。")
    trainer_client.post(address(submission, "sign"), as_form(all_marks(), words="讲得顺。"))
    assert Notice.objects.get().key == f"review-{draft.pk}"
    html = trainer_client.get("/review/").content.decode()
    assert "田巧云的点评发给学员了。" in html
    assert f'action="/review/{submission.key}/take-back/"' in html
    answer = trainer_client.post(address(submission, "take-back"), follow=True)
    assert answer.context["holds"] is True
    assert "撤回来了，改好了再发。" in answer.content.decode()
    draft.refresh_from_db()
    submission.refresh_from_db()
    assert (draft.signed_at, draft.words, len(draft.marks), draft.notes.count()) == (None, "讲得顺。", 34, 1)
    assert (submission.status, submission.lease_by, Notice.objects.count()) == ("queued", trainer, 0)
    assert "老师还没点评" in as_user(learner).get(f"/review/mine/{submission.key}/").content.decode()
    as_user(trainer).post(address(submission, "sign"), as_form(all_marks("half")))
    draft.refresh_from_db()
    assert (draft.total, draft.signed_at is not None, Notice.objects.count()) == (50, True, 1)


@pytest.mark.long
@pytest.mark.parametrize("why", ["late", "answered", "scored twice"])
def test_signature_that_was_acted_on_stands(trainer_client, organiser, learner, submission, draft, why):
    note = make_note(draft)
    trainer_client.post(address(submission, "sign"), as_form(all_marks()))
    if why == "late":
        Review.objects.update(signed_at=timezone.now() - services.RETRACT_WITHIN)
    elif why == "answered":
        NoteAnswer.objects.create(note=note, author=learner, text="好。")
    else:
        make_review(organiser, submission, kind=Review.Kind.SECOND)
    assert "take-back" not in trainer_client.get("/review/").content.decode()
    assert list_messages(trainer_client.post(address(submission, "take-back"))) == [
        "撤不回来了：过了 10 分钟，或者学员已经回了话，或者别的老师打了第二遍分。"
    ]
    draft.refresh_from_db()
    assert draft.signed_at is not None


def test_nobody_else_takes_a_signature_back(as_user, trainer_client, organiser, submission, draft):
    trainer_client.post(address(submission, "sign"), as_form(all_marks()))
    assert as_user(organiser).post(address(submission, "take-back")).status_code == 404
    draft.refresh_from_db()
    assert draft.signed_at is not None


@pytest.mark.long
def test_film_that_was_not_played_is_asked_about_once(trainer_client, submission, draft):
    marks = as_form(all_marks())
    answer = trainer_client.post(address(submission, "sign"), marks | {"played": "0", "then": "next"})
    html = answer.content.decode()
    assert (answer.status_code, "录像还没放过" in html, "没放也发" in html) == (200, True, True)
    assert 'name="anyway" value="1"' in squeeze(html)
    draft.refresh_from_db()
    assert (draft.signed_at, len(draft.marks)) == (None, 34)
    assert trainer_client.post(address(submission, "sign"), marks | {"anyway": "1"}).status_code == 302
    draft.refresh_from_db()
    assert draft.signed_at is not None
