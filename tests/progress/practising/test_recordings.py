"""The pages after a recording: a file by a plain form, one's own score, and what became of it."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from media.models import Upload, Video
from progress.models import Rehearsal, Submission, Take
from tests.factories import make_person
from tests.progress.practising.conftest import words
from tests.progress.rehearsals import FULL, make_plan, make_rehearsal, make_submission, make_upload
from tests.progress.videos import make_video

WEBM = b"\x1aE\xdf\xa3" + bytes(2000)


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
