"""The pages of practising: drills and where one stands, the studio, and what became of a recording."""

import json
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from live.models import Livestream
from media import tickets
from media.models import Upload, Video
from progress.models import Rehearsal, Review, Submission, Take, TimedNote
from tests.factories import make_person
from tests.progress.rehearsals import (
    FULL,
    make_drill,
    make_plan,
    make_rehearsal,
    make_rubric,
    make_submission,
    make_upload,
)
from tests.progress.videos import make_video

WEBM = b"\x1aE\xdf\xa3" + bytes(2000)


@pytest.fixture
def drill(course):
    make_rubric(course)
    return make_drill(course, position=1)


@pytest.fixture
def plan(learner, drill):
    return make_plan(learner, drill)


@pytest.fixture
def mine(as_user, learner):
    return as_user(learner)


def words(response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", response.content.decode()))


def signed(submission: Submission, trainer, total: int) -> Submission:
    facts = {"signed_at": timezone.now(), "total": total, "rubric_hash": "0"}
    Review.objects.create(submission=submission, reviewer=trainer, **facts)
    Submission.objects.filter(pk=submission.pk).update(status="reviewed")
    return submission


# --- the list


def test_practise_begins_with_the_first_drill_and_goes_on_while_it_waits(
    mine, drill, course, learner, trainer
):
    second = make_drill(course, position=2, title="十分钟两款")
    first = mine.get(reverse("progress:practise"))
    assert first.context["practice"].next.drill == drill
    submission = make_submission(learner, make_rehearsal(learner, make_plan(learner, drill)), number=1)
    assert mine.get(reverse("progress:practise")).context["practice"].next.drill == second
    signed(submission, trainer, 59)
    again = mine.get(reverse("progress:practise"))
    assert again.context["practice"].next.drill == drill
    signed(
        make_submission(learner, make_rehearsal(learner, make_plan(learner, drill)), number=2), trainer, 60
    )
    passed = mine.get(reverse("progress:practise"))
    assert passed.context["practice"].next.drill == second
    assert "最好60分" in words(passed)


def test_practise_has_the_same_queries_for_one_and_for_many(
    mine, drill, course, learner, trainer, django_assert_num_queries
):
    def several(n: int) -> None:
        for number in range(n, n + 3):
            plan = make_plan(learner, make_drill(course))
            submission = make_submission(learner, make_rehearsal(learner, plan, takes=2), number=number)
            signed(submission, trainer, 70)

    several(1)
    with django_assert_num_queries(9):
        mine.get(reverse("progress:practise"))
    several(10)
    with django_assert_num_queries(9):
        mine.get(reverse("progress:practise"))


def test_practise_without_a_course_says_where_to_find_one(as_user, village):
    response = as_user(make_person("黄小满", ("trainee", village))).get(reverse("progress:practise"))
    assert "还没有能练的" in words(response)


def test_dropped_and_others_rehearsals_are_not_listed(mine, plan, learner, drill, village):
    make_rehearsal(learner, plan, dropped_at=timezone.now())
    other = make_person("黄小满", ("trainee", village))
    make_rehearsal(other, make_plan(other, drill))
    assert mine.get(reverse("progress:practise")).context["practice"].rehearsals == []


# --- a drill


def test_drill_becomes_a_plan_by_one_tap_and_two_taps_are_one(mine, drill, learner):
    key = mine.get(reverse("progress:drill", args=[drill.pk])).context["key"]
    for _tap in range(2):
        response = mine.post(reverse("progress:drill", args=[drill.pk]), {"key": key})
    plan = Livestream.objects.get()
    assert (plan.key, plan.host, plan.drill, plan.kind) == (key, learner, drill, "rehearsal")
    assert response.url == reverse("progress:studio", args=[plan.pk])


def test_drill_of_somebody_without_a_village_says_why_there_is_no_plan(as_user, drill, trainer, county):
    nobody = make_person("外来人")
    response = as_user(nobody).post(reverse("progress:drill", args=[drill.pk]), {"key": "x"}, follow=True)
    assert "还不知道您是哪个村的" in words(response)
    assert Livestream.objects.count() == 0


def test_drill_of_a_course_that_is_not_out_is_404(mine, drill, course):
    course.state = "draft"
    course.save()
    assert mine.get(reverse("progress:drill", args=[drill.pk])).status_code == 404


# --- the studio


def test_studio_brings_script_questions_and_addresses_along(mine, plan, learner, drill):
    response = mine.get(reverse("progress:studio", args=[plan.pk]))
    facts = json.loads(response.context["facts"])
    assert {
        name: facts[name] for name in ("user", "live", "planned_seconds", "most_seconds", "questions")
    } == {
        "user": learner.pk,
        "live": plan.pk,
        "planned_seconds": 180,
        "most_seconds": 300,
        "questions": 2,
    }
    assert [one["text"] for one in facts["comments"]] == ["问题0？", "问题1？", "问题2？"]
    assert facts["ticket"] == "/practise/takes/{take}/ticket/"
    assert "我是石榴冲村的。" in words(response)
    assert [field.name for _title, fields in response.context["form"].by_dimension() for field in fields] == [
        "mark_open",
        "mark_talk",
        "mark_words",
    ]


def test_studio_of_anothers_or_a_removed_plan_is_404(mine, plan, drill, village):
    other = make_person("黄小满", ("trainee", village))
    theirs = make_plan(other, drill)
    plan.removed_at = timezone.now()
    plan.save()
    for pk in (theirs.pk, plan.pk, 99999):
        assert mine.get(reverse("progress:studio", args=[pk])).status_code == 404


def test_studio_for_a_bit_that_is_asked_for_again(mine, plan, learner, trainer, drill):
    submission = make_submission(learner, make_rehearsal(learner, plan), number=1)
    review = Review.objects.create(submission=submission, reviewer=trainer, rubric_hash="0")
    facts = {"at_ms": 40_000, "until_ms": 75_500, "asks_again": True, "text": "切开再讲"}
    note = TimedNote.objects.create(review=review, **facts)
    url = f"{reverse('progress:studio', args=[plan.pk])}?note={note.key}"
    assert mine.get(url).status_code == 404  # not signed yet
    Review.objects.update(signed_at=timezone.now(), total=70)
    response = mine.get(url)
    facts = json.loads(response.context["facts"])
    assert (facts["note"], facts["planned_seconds"], facts["questions"]) == (str(note.key), 35, 0)
    assert "切开再讲" in words(response)
    for wrong in ("x", str(uuid4())):
        assert mine.get(f"{reverse('progress:studio', args=[plan.pk])}?note={wrong}").status_code == 404


def test_ticket_is_for_ones_own_take_that_was_told_of(mine, plan, learner, drill, village):
    take = Take.objects.create(rehearsal=make_rehearsal(learner, plan, takes=0), number=1)
    answer = mine.post(reverse("progress:take_ticket", args=[take.key])).json()
    found = tickets.read(answer["ticket"], learner)
    assert (found.reference, found.most_bytes) == (f"take {take.key.hex}", 700_000 // 8 * 300 * 2 + 8_000_000)
    other = make_person("黄小满", ("trainee", village))
    theirs = make_rehearsal(other, make_plan(other, drill)).takes.get()
    for key in (theirs.key, uuid4()):
        assert mine.post(reverse("progress:take_ticket", args=[key])).status_code == 404


def test_ticket_for_a_file_filmed_elsewhere_holds_more(mine, plan, learner, settings):
    rehearsal = make_rehearsal(learner, plan, takes=0)
    take = Take.objects.create(rehearsal=rehearsal, number=1, marks=[{"kind": "file", "at_ms": 0}])
    answer = mine.post(reverse("progress:take_ticket", args=[take.key])).json()
    assert tickets.read(answer["ticket"], learner).most_bytes == settings.VIDEO_MAX_BYTES


# --- a file by a plain form


def test_film_by_a_plain_form_is_a_take_that_has_come(mine, plan, learner):
    film = SimpleUploadedFile("我家的橙子.webm", WEBM, "video/webm")
    response = mine.post(reverse("progress:film", args=[plan.pk]), {"film": film})
    rehearsal = Rehearsal.objects.get()
    assert response.url == reverse("progress:hand_in", args=[rehearsal.key])
    take = rehearsal.takes.get()
    assert (take.upload.state, take.upload.size, take.upload.owner) == ("whole", len(WEBM), learner)
    assert take.marks == [{"kind": "file", "name": "我家的橙子.webm", "at_ms": 0}]
    handed = mine.post(response.url, form_of(response.url, mine))
    assert handed.url == reverse("progress:rehearsal", args=[rehearsal.key])
    assert Submission.objects.get().video.status == "waiting"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"hello, this is no film at all", "这不是视频"),
        ("a.mp4", b"", "这个文件是空的"),
        (None, b"", "选一个文件"),
    ],
)
def test_what_is_no_film_is_told_beside_the_field(mine, plan, name, content, said):
    data = {"film": SimpleUploadedFile(name, content)} if name else {}
    response = mine.post(reverse("progress:film", args=[plan.pk]), data)
    assert response.status_code == 200
    assert said in words(response)
    assert (Rehearsal.objects.count(), Upload.objects.count()) == (0, 0)


# --- one's own score, by a plain form


def form_of(url: str, client) -> dict:
    key = client.get(url).context["form"]["key"].value()
    marks = {f"mark_{code}": level for code, level in FULL.items()}
    return {"key": key, "keep": "开口就报价", "change_one": "切果慢", "change_two": "忘了运费"} | marks


def test_own_score_is_given_before_it_is_handed_in(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan)
    url = reverse("progress:hand_in", args=[rehearsal.key])
    response = mine.post(url, form_of(url, mine), follow=True)
    row = Submission.objects.get()
    assert (row.self_total, row.self_marks, row.number) == (80, FULL, 1)
    assert row.receipt in words(response)
    assert mine.get(url).url == reverse("progress:rehearsal", args=[rehearsal.key])
    mine.post(url, {"key": str(uuid4())})
    assert Submission.objects.count() == 1


def test_own_score_with_gaps_says_which_and_keeps_the_rest(mine, plan, learner):
    url = reverse("progress:hand_in", args=[make_rehearsal(learner, plan).key])
    data = form_of(url, mine) | {"mark_talk": "", "change_two": "好" * 201}
    response = mine.post(url, data)
    form = response.context["form"]
    assert {name: list(errors) for name, errors in form.errors.items()} == {
        "mark_talk": ["这一条还没打分"],
        "change_two": ["最多 200 个字，多了 1 个"],
    }
    assert "开口就报价" in response.content.decode()
    assert Submission.objects.count() == 0


# --- where it is


@pytest.mark.parametrize(
    ("here", "handed", "video", "state"),
    [
        (False, False, None, "phone"),
        (True, False, None, "here"),
        (False, True, None, "coming"),
        (True, True, "waiting", "making"),
        (True, True, "failed", "failed"),
        (True, True, "ready", "queued"),
    ],
)
def test_state_of_a_rehearsal(mine, plan, learner, here, handed, video, state):
    rehearsal = make_rehearsal(learner, plan, here=here)
    if handed:
        film = make_video(status=video, problem="这段视频坏了，可能没存完整，重新传一次") if video else None
        make_submission(learner, rehearsal, video=film)
    url = reverse("progress:rehearsal", args=[rehearsal.key])
    told = mine.get(url, headers={"Accept": "application/json"}).json()
    assert (told["state"], told["receipt"]) == (state, "ABCD-2345" if handed else "")
    assert told["words"].replace(" ", "") in words(mine.get(url))


def test_rehearsal_without_takes_is_still_on_the_phone(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan, takes=0, on_phone_bytes=2_340_000)
    response = mine.get(reverse("progress:rehearsal", args=[rehearsal.key]))
    assert "那部手机里还有2.3MB没传" in words(response)


@pytest.mark.parametrize("name", ["rehearsal", "hand_in", "rehearsal_drop", "rehearsal_enough", "join_again"])
def test_anothers_rehearsal_is_404(mine, plan, drill, village, name):
    other = make_person("黄小满", ("trainee", village))
    theirs = make_rehearsal(other, make_plan(other, drill))
    url = reverse(f"progress:{name}", args=[theirs.key])
    assert mine.post(url).status_code in (404, 405)
    assert mine.get(url).status_code in (404, 405)
    assert Rehearsal.objects.standing().count() == 1


def test_rehearsal_is_dropped_after_a_question_and_its_pieces_go(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan)
    url = reverse("progress:rehearsal_drop", args=[rehearsal.key])
    assert "找不回来" in words(mine.get(url))
    assert Rehearsal.objects.standing().count() == 1
    mine.post(url)
    assert (Rehearsal.objects.standing().count(), Upload.objects.get().state) == (0, "gone")


def test_what_was_handed_in_is_not_dropped(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan)
    make_submission(learner, rehearsal)
    response = mine.post(reverse("progress:rehearsal_drop", args=[rehearsal.key]), follow=True)
    assert "这一遍已经交了，留着。" in words(response)
    assert Rehearsal.objects.standing().count() == 1


def test_lost_phone_is_no_reason_to_lose_what_has_come(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan, takes=2)
    empty = Take.objects.create(rehearsal=rehearsal, number=3)
    half = Take.objects.create(rehearsal=rehearsal, number=4)
    make_upload(half, whole=False)
    make_submission(learner, rehearsal)
    response = mine.post(reverse("progress:rehearsal_enough", args=[rehearsal.key]), follow=True)
    assert "就用收到的3段。" in words(response)
    empty.refresh_from_db()
    assert empty.is_left_out
    parts = Submission.objects.get().video.parts.order_by("position")
    assert [part.upload.size for part in parts] == [1000, 1000, 500]


def test_film_that_could_not_be_made_is_tried_once_more(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan)
    make_submission(
        learner,
        rehearsal,
        video=make_video(status="failed", problem="这段视频坏了，可能没存完整，重新传一次"),
    )
    mine.post(reverse("progress:join_again", args=[rehearsal.key]))
    assert Submission.objects.get().video.status == Video.Status.WAITING
