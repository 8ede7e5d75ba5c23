"""The pages after a recording: a file by a plain form, the own score, and the state of the recording."""

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from courses.models import Rubric
from live.models import Livestream
from media import chunks
from media.models import Upload, Video
from rehearsals.models import Rehearsal, Submission, Take
from tests.factories import make_person
from tests.media.videos.films import X264, as_upload, film
from tests.progress.lessons.videos import make_video
from tests.rehearsals.submissions.conftest import words
from tests.rehearsals.worlds import FULL, make_plan, make_rehearsal, make_submission, make_upload

WEBM = b"\x1aE\xdf\xa3" + bytes(2000)


# --- a file by a plain form


def test_film_by_a_plain_form_is_a_take_that_has_come(mine, plan, learner):
    film = as_upload(webm(), "我家的橙子.webm")
    response = mine.post(reverse("rehearsals:film", args=[plan.pk]), {"film": film})
    rehearsal = Rehearsal.objects.get()
    assert response.url == reverse("rehearsals:hand_in", args=[rehearsal.key])
    take = rehearsal.takes.get()
    assert (take.upload.state, take.upload.size, take.upload.owner) == ("whole", film.size, learner)
    assert take.marks == [{"kind": "file", "name": "我家的橙子.webm", "at_ms": 0}]
    handed = mine.post(response.url, form_of(response.url, mine))
    assert handed.url == reverse("rehearsals:rehearsal", args=[rehearsal.key])
    assert Submission.objects.get().video.status == "waiting"


@pytest.mark.long
def test_file_is_not_read_again_and_again_nor_past_a_days_minutes(mine, plan, learner, settings):
    address = reverse("rehearsals:film", args=[plan.pk])
    for _n in range(6):
        assert "这段视频坏了" in mine.post(address, {"film": SimpleUploadedFile("a.webm", WEBM)}).text
    assert (
        "试得太多了，过十分钟再试。" in mine.post(address, {"film": SimpleUploadedFile("a.webm", WEBM)}).text
    )
    settings.PRACTICE_MINUTES_A_DAY = 0
    page = mine.post(address, {"film": SimpleUploadedFile("a.webm", WEBM)})
    assert "一天最多传 0 分钟的练习录像" in "".join(page.context["form"].errors["film"])


def webm() -> Path:
    return film("phone.webm", seconds=3, how="-c:v libvpx -threads 1 -deadline realtime -c:a libopus")


def cut_off() -> bytes:
    """Its head comes first and tells of four seconds; half of them are there."""
    whole = film("faststart.mp4", how=f"{X264} -movflags +faststart").read_bytes()
    return whole[: len(whole) // 2]


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "这段视频坏了，可能没存完整"),
        (lambda: film("plain.mp4").read_bytes()[:20_000], "这段视频坏了，可能没存完整"),
        (cut_off, "这段视频坏了，可能没存完整"),
        (lambda: film("sound.mp4", how="-vn -c:a aac").read_bytes(), "里面只有声音，没有画面"),
        (lambda: film("second.mp4", seconds=1).read_bytes(), "不到2秒，太短了"),
        (lambda: webm().read_bytes()[:40], "这段视频坏了，可能没存完整"),
    ],
    ids=["ftyp alone", "without its index", "truncated", "sound alone", "one second", "webm head"],
)
def test_film_nobody_could_watch_is_refused_before_a_score_is_asked(mine, plan, content, said):
    sent = SimpleUploadedFile("a.mp4", content(), "video/mp4")
    response = mine.post(reverse("rehearsals:film", args=[plan.pk]), {"film": sent})
    assert response.status_code == 200
    assert said in words(response)
    assert (Rehearsal.objects.count(), Take.objects.count(), Upload.objects.count()) == (0, 0, 0)


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
    response = mine.post(reverse("rehearsals:film", args=[plan.pk]), data)
    assert response.status_code == 200
    assert said in words(response)
    assert (Rehearsal.objects.count(), Upload.objects.count()) == (0, 0)


# --- how much one may send a day


def sent_today(learner, plan, minutes: int) -> Take:
    rehearsal = make_rehearsal(learner, plan)
    take = rehearsal.takes.get()
    Take.objects.filter(pk=take.pk).update(lasted_ms=minutes * 60_000)
    return take


@pytest.mark.long
def test_page_says_what_may_still_be_sent_today(mine, plan, learner):
    url = reverse("rehearsals:film", args=[plan.pk])
    assert "今天还能传180分钟、4000MB。" in words(mine.get(url))
    sent_today(learner, plan, 150)
    assert "今天还能传30分钟、" in words(mine.get(url))
    assert "今天还能传30分钟、" in words(mine.get(reverse("rehearsals:studio", args=[plan.pk])))


@pytest.mark.long
def test_after_a_days_minutes_a_film_is_refused_and_what_has_begun_goes_on(mine, plan, learner):
    take = sent_today(learner, plan, 180)
    said = "一天最多传 180 分钟的练习录像，今天够了，明天再传"
    url = reverse("rehearsals:film", args=[plan.pk])
    assert said.replace(" ", "") in words(mine.get(url))
    refused = mine.post(url, {"film": as_upload(webm())})
    assert refused.context["form"].errors == {"film": [said]}
    other = Take.objects.create(rehearsal=take.rehearsal, number=9)
    answer = mine.post(reverse("rehearsals:take_ticket", args=[other.key]))
    assert (answer.status_code, answer.json()) == (429, {"error": said})
    assert mine.post(reverse("rehearsals:take_ticket", args=[take.key])).status_code == 200


# --- one's own score, by a plain form


def form_of(url: str, client) -> dict:
    key = client.get(url).context["form"]["key"].value()
    marks = {f"mark_{code}": level for code, level in FULL.items()}
    return {"key": key, "keep": "开口就报价", "change_one": "切果慢", "change_two": "忘了运费"} | marks


@pytest.mark.long
def test_own_score_is_given_before_it_is_handed_in(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan)
    url = reverse("rehearsals:hand_in", args=[rehearsal.key])
    response = mine.post(url, form_of(url, mine), follow=True)
    row = Submission.objects.get()
    assert (row.self_total, row.self_marks, row.number) == (80, FULL, 1)
    assert row.receipt in words(response)
    assert mine.get(url).url == reverse("rehearsals:rehearsal", args=[rehearsal.key])
    mine.post(url, {"key": str(uuid4())})
    assert Submission.objects.count() == 1


def test_one_tap_a_row_and_one_sentence_are_enough_and_a_line_goes_before_its_row(mine, plan, learner):
    rubric = Rubric.objects.get()
    more = [{"code": "greet", "dimension": "开场", "title": "打招呼", "points": 10, "full": "开口就叫人"}]
    rubric.content = rubric.content | {"criteria": more + rubric.content["criteria"]}
    rubric.save()
    url = reverse("rehearsals:hand_in", args=[make_rehearsal(learner, plan).key])
    taps = {"part_0": "full", "part_1": "half", "part_2": "none", "mark_greet": "half"}
    mine.post(url, {"key": str(uuid4()), "change_one": "切果慢"} | taps)
    row = Submission.objects.get()
    assert row.self_marks == {"greet": "half", "open": "full", "talk": "half", "words": "none"}
    assert (row.keep, row.change_one, row.change_two) == ("", "切果慢", "")


def test_own_score_with_gaps_names_the_row_and_keeps_the_rest(mine, plan, learner):
    rubric = Rubric.objects.get()
    more = [{"code": "taste", "dimension": "讲货", "title": "尝一口", "points": 10, "full": "当着镜头尝"}]
    rubric.content = rubric.content | {"criteria": [*rubric.content["criteria"][:2], *more]}
    rubric.save()
    url = reverse("rehearsals:hand_in", args=[make_rehearsal(learner, plan).key])
    data = {"key": str(uuid4()), "mark_taste": "half", "change_two": "好" * 201}
    response = mine.post(url, data)
    page = response.content.decode()
    for place, sentence in (
        ("id_part_0", "第 1 项“开场”还没打分"),
        ("id_mark_talk", "第 2 项“讲货”还有 1 条没打分"),
        ("id_change_one", "写一句，下一遍先改哪一处"),
        ("id_change_two", "最多 200 个字，多了 1 个"),
    ):
        assert f'<a href="#{place}">{sentence}</a>' in page
        assert page.count(f'id="{place}"') == 1
    assert [row.is_open for row in response.context["form"].rows()] == [False, True]
    assert page.count('<details class="lines" open>') == 1
    assert page.count('<span class="must">必填</span>') == 3
    assert Submission.objects.count() == 0


# --- watched before it is handed in


def test_ones_own_take_is_played_from_any_second_as_far_as_it_has_come(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan, takes=0)
    take = Take.objects.create(rehearsal=rehearsal, number=1, lasted_ms=20_000)
    upload = make_upload(take, whole=False, size=400)
    for start, content in ((0, WEBM[:120]), (120, b"x" * 80)):
        chunks.stage_chunk(upload.key, start, content).place()
    url = reverse("rehearsals:take_film", args=[take.key])
    whole = mine.get(url)
    assert (whole.status_code, whole["Content-Type"]) == (200, "video/webm")
    assert b"".join(whole.streaming_content) == WEBM[:120] + b"x" * 80
    part = mine.get(url, headers={"Range": "bytes=118-121"})
    assert (part.status_code, part["Content-Range"]) == (206, "bytes 118-121/200")
    assert b"".join(part.streaming_content) == WEBM[118:120] + b"xx"
    assert mine.get(url, headers={"Range": "bytes=200-"}).status_code == 416
    page = mine.get(reverse("rehearsals:hand_in", args=[rehearsal.key])).content.decode()
    assert f'src="{url}"' in page
    Rehearsal.objects.update(dropped_at=timezone.now())
    assert mine.get(url).status_code == 404


def test_several_takes_are_watched_one_after_the_other_without_what_was_done_again(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan, takes=3)
    first, again, last = rehearsal.takes.order_by("number")
    again.marks = [{"kind": "item", "item": 1, "at_ms": 4000}, {"kind": "again", "item": 1, "at_ms": 9000}]
    again.save()
    page = mine.get(f"{reverse('rehearsals:hand_in', args=[rehearsal.key])}?take=3")
    shown = [(part.number, part.take, part.until_ms) for part in page.context["recorded"].parts]
    assert shown == [(1, first, 20_000), (2, again, 4000), (3, last, 20_000)]
    assert f'src="{reverse("rehearsals:take_film", args=[last.key])}"' in page.content.decode()


# --- broken off


def test_broken_off_rehearsal_is_gone_on_with_from_both_pages(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan)
    studio = reverse("rehearsals:studio", args=[plan.pk])
    for url in (reverse("rehearsals:practise"), reverse("rehearsals:rehearsal", args=[rehearsal.key])):
        page = mine.get(url)
        assert "没录完，接着录" in words(page)
        assert f'href="{studio}"' in page.content.decode()
        assert "还在手机里" not in words(page)


@pytest.mark.parametrize("how", ["end", "file", "long", "handed", "no plan"])
def test_what_is_finished_is_not_called_broken_off(mine, plan, learner, how):
    rehearsal = make_rehearsal(learner, plan, takes=2)
    if how in ("end", "file"):
        Take.objects.filter(number=2).update(marks=[{"kind": how, "at_ms": 20_000}])
    elif how == "long":
        Take.objects.update(lasted_ms=90_000)
    elif how == "handed":
        make_submission(learner, rehearsal)
    else:
        Livestream.objects.update(removed_at=timezone.now())
    for url in (reverse("rehearsals:practise"), reverse("rehearsals:rehearsal", args=[rehearsal.key])):
        assert "没录完" not in words(mine.get(url))


@pytest.mark.long
def test_list_says_where_a_broken_off_recording_is(mine, plan, learner):
    half = make_rehearsal(learner, plan, here=False)
    assert "没录完，有的还在手机里" in words(mine.get(reverse("rehearsals:practise")))
    Upload.objects.update(state="whole")
    assert "没录完，都收到了" in words(mine.get(reverse("rehearsals:practise")))
    half.takes.update(is_left_out=True)
    assert "没录完，一段也没收到" in words(mine.get(reverse("rehearsals:practise")))


def test_phone_learns_which_of_its_rehearsals_are_over(mine, plan, learner):
    handed, dropped, _open = [make_rehearsal(learner, plan) for _n in range(3)]
    make_submission(learner, handed)
    mine.post(reverse("rehearsals:rehearsal_drop", args=[dropped.key]))
    facts = json.loads(mine.get(reverse("rehearsals:studio", args=[plan.pk])).context["facts"])
    assert facts["closed"] == {str(handed.key): "handed", str(dropped.key): "dropped"}


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
    url = reverse("rehearsals:rehearsal", args=[rehearsal.key])
    told = mine.get(url, headers={"Accept": "application/json"}).json()
    assert (told["state"], told["receipt"]) == (state, "ABCD-2345" if handed else "")
    assert told["words"].replace(" ", "") in words(mine.get(url))


def test_rehearsal_without_takes_is_still_on_the_phone(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan, takes=0, on_phone_bytes=2_340_000)
    response = mine.get(reverse("rehearsals:rehearsal", args=[rehearsal.key]))
    assert "那部手机里还有2.3MB没传" in words(response)


@pytest.mark.parametrize("name", ["rehearsal", "hand_in", "rehearsal_drop", "rehearsal_enough", "join_again"])
def test_anothers_rehearsal_is_404(mine, plan, drill, village, name):
    other = make_person("黄小满", ("trainee", village))
    theirs = make_rehearsal(other, make_plan(other, drill))
    url = reverse(f"rehearsals:{name}", args=[theirs.key])
    assert mine.post(url).status_code in (404, 405)
    assert mine.get(url).status_code in (404, 405)
    assert Rehearsal.objects.not_dropped().count() == 1


def test_rehearsal_is_dropped_after_a_question_and_its_pieces_go(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan)
    url = reverse("rehearsals:rehearsal_drop", args=[rehearsal.key])
    assert "找不回来" in words(mine.get(url))
    assert Rehearsal.objects.not_dropped().count() == 1
    mine.post(url)
    assert (Rehearsal.objects.not_dropped().count(), Upload.objects.get().state) == (0, "gone")


def test_what_was_handed_in_is_not_dropped(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan)
    make_submission(learner, rehearsal)
    response = mine.post(reverse("rehearsals:rehearsal_drop", args=[rehearsal.key]), follow=True)
    assert "这一遍已经交了，删不了。" in words(response)
    assert Rehearsal.objects.not_dropped().count() == 1


def test_lost_phone_is_no_reason_to_lose_what_has_come(mine, plan, learner):
    rehearsal = make_rehearsal(learner, plan, takes=2)
    empty = Take.objects.create(rehearsal=rehearsal, number=3)
    half = Take.objects.create(rehearsal=rehearsal, number=4)
    make_upload(half, whole=False)
    make_submission(learner, rehearsal)
    response = mine.post(reverse("rehearsals:rehearsal_enough", args=[rehearsal.key]), follow=True)
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
    mine.post(reverse("rehearsals:join_again", args=[rehearsal.key]))
    assert Submission.objects.get().video.status == Video.Status.WAITING
