"""The lesson's page with its video, and the URLs of the video's parts."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Lesson, Module, State
from media.models import Video
from progress.enrolment.services import enrol
from progress.lessons.completion import mark_done
from progress.models import LearningChoice
from tests.factories import make_course, make_lesson
from tests.pages import squeeze
from tests.progress.lessons.videos import CAPTIONS, has_watched, make_video, with_video

PARTS = {
    "480.mp4": "video/mp4",
    "240.mp4": "video/mp4",
    "listen.m4a": "audio/mp4",
    "poster.webp": "image/webp",
}


@pytest.fixture
def filmed(lessons) -> Lesson:
    return with_video(lessons[0])


def address(lesson: Lesson, rest: str = "") -> str:
    return f"/learn/lessons/{lesson.pk}/{rest}"


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_page_offers_the_video_and_fetches_none_of_it(as_user, learner, filmed):
    has_watched(learner, filmed, (0, 120))
    html = as_user(learner).get(address(filmed)).content.decode()
    key = filmed.video.key[:8]
    video = re.search(r"<video[^>]*>", html)[0]
    assert 'preload="none"' in video
    assert " autoplay" not in video
    assert f'src="{address(filmed)}video/480.mp4?v={key}#t=120.0"' in video
    assert re.search(r'<track kind="captions" srclang="zh-Hans"[^>]* data-shown>', html)
    assert "上次看到 2:00" in html
    assert "看了 40%，看到 80% 算看完" in html
    assert html.index('id="player"') < html.index("<h1") < html.index('class="prose"')
    assert re.findall(r'href="\?rung=(\w+)"', html) == [
        "480",
        "listen",
        "read",
        "480",
        "240",
    ]


def test_address_chooses_the_rendition_and_the_place(as_user, learner, filmed):
    html = as_user(learner).get(address(filmed, "?rung=240&t=62")).content.decode()
    assert f'src="{address(filmed)}video/240.mp4?v={filmed.video.key[:8]}#t=62.0"' in html
    assert '<input type="hidden" name="rendition" value="240">' in html
    assert not LearningChoice.objects.exists()


@pytest.mark.parametrize("rest", ["?rung=bad&t=-3", "?t=9999999", "?rung=&t=²"])
def test_nonsense_in_the_address_is_ignored(as_user, learner, filmed, rest):
    html = as_user(learner).get(address(filmed, rest)).content.decode()
    assert f'src="{address(filmed)}video/480.mp4?v={filmed.video.key[:8]}"' in html


def test_who_only_reads_gets_no_poster(as_user, learner, filmed):
    LearningChoice.objects.create(user=learner, rendition="read")
    html = as_user(learner).get(address(filmed)).content.decode()
    assert " poster=" not in html
    assert '<figure class="player" data-figure hidden><img class="player__still pic pic--wide"' in squeeze(
        html
    )
    assert re.search(r'<img class="player__still[^>]*loading="lazy"', html)  # hidden, it is not asked for


def test_transcript_is_text_with_links(as_user, learner, filmed):
    html = as_user(learner).get(address(filmed)).content.decode()
    assert "同样一箱橙子，先换成一斤多少钱。" in html
    assert '<a class="at num" href="?t=60#player" data-to="60000">1:00</a>' in html


def test_who_is_not_enrolled_reads_and_is_told_how_to_watch(as_user, stranger, filmed):
    html = as_user(stranger).get(address(filmed)).content.decode()
    assert "报了名就能看视频，也能只听声音。" in html
    assert "<video" not in html


@pytest.mark.parametrize("rest", [*(f"video/{part}" for part in PARTS), "captions.vtt", "watched/", "keep/"])
def test_stranger_gets_no_part_of_a_published_lesson(as_user, stranger, filmed, rest):
    assert as_user(stranger).get(address(filmed, rest)).status_code == 404


@pytest.mark.parametrize("rest", [*(f"video/{part}" for part in PARTS), "captions.vtt", "keep/"])
def test_no_part_goes_out_before_the_lesson_opens(as_user, learner, trainer, filmed, rest):
    filmed.module.opens_on = timezone.localdate() + timedelta(days=1)
    filmed.module.save()
    assert as_user(learner).get(address(filmed, rest)).status_code == 404
    assert as_user(trainer).get(address(filmed, rest)).status_code == 200


def test_lesson_whose_video_is_being_made_says_so(as_user, learner, lessons):
    with_video(lessons[0], video=Video.objects.create(status=Video.Status.WAITING))
    html = as_user(learner).get(address(lessons[0])).content.decode()
    assert "视频还在处理，先读文字。" in html
    assert "<video" not in html


@pytest.mark.parametrize("count", [10, 200])
def test_page_takes_the_same_queries_whatever_the_length(
    as_user, trainee, county, count, django_assert_num_queries
):
    course = make_course(county, lessons=0, modules=10)
    modules = list(Module.objects.filter(course=course))
    many = [
        Lesson(module=modules[n % 10], position=n, title=f"课{n}", body="x", state=State.PUBLISHED)
        for n in range(count)
    ]
    Lesson.objects.bulk_create(many)
    enrol(trainee, course)
    lesson = with_video(Lesson.objects.in_order()[count // 2])
    has_watched(trainee, lesson, (0, 100))
    LearningChoice.objects.create(user=trainee, rendition="240", fen_per_gb=500)
    client = as_user(trainee)
    with django_assert_num_queries(8):
        # session, person, their roles; the lesson with its video; its gates; its course's order; its quizzes;
        # what one watched of it and how one likes to
        assert client.get(address(lesson)).status_code == 200


@pytest.mark.parametrize(("part", "kind"), PARTS.items())
def test_parts_go_to_who_may_read(as_user, learner, filmed, part, kind):
    response = as_user(learner).get(address(filmed, f"video/{part}"))
    assert (response.status_code, response["Content-Type"]) == (200, kind)
    assert body(response) == part.encode()


def test_part_of_a_part(as_user, learner, filmed):
    response = as_user(learner).get(address(filmed, "video/480.mp4"), headers={"Range": "bytes=4-6"})
    assert (response.status_code, body(response)) == (206, b"mp4")


@pytest.mark.parametrize("rest", [*(f"video/{part}" for part in PARTS), "captions.vtt", "watched/"])
def test_visitors_get_nothing(client, filmed, rest):
    assert client.get(address(filmed, rest)).status_code == 404


@pytest.mark.parametrize("rest", [*(f"video/{part}" for part in PARTS), "captions.vtt"])
def test_drafts_parts_go_to_its_authors_only(as_user, learner, trainer, stranger, course, rest):
    draft = with_video(make_lesson(course.modules.first(), state=State.DRAFT))
    assert as_user(learner).get(address(draft, rest)).status_code == 404
    assert as_user(stranger).get(address(draft, rest)).status_code == 404
    assert as_user(trainer).get(address(draft, rest)).status_code == 200


@pytest.mark.parametrize("part", ["720.mp4", "source", "..", "480.mp4.bak", "480"])
def test_other_parts_are_not_there(as_user, learner, filmed, part):
    assert as_user(learner).get(address(filmed, f"video/{part}")).status_code == 404


def test_unready_or_missing_is_404(as_user, learner, lessons):
    client = as_user(learner)
    for rest in ("video/480.mp4", "captions.vtt", "watched/"):
        assert client.get(address(lessons[1], rest)).status_code == 404
    with_video(lessons[1], video=make_video(status=Video.Status.FAILED))
    assert client.get(address(lessons[1], "video/480.mp4")).status_code == 404


def test_captions_are_webvtt(as_user, learner, filmed):
    response = as_user(learner).get(address(filmed, "captions.vtt"))
    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert response.content.decode() == CAPTIONS


def test_state_of_watching(as_user, learner, filmed):
    has_watched(learner, filmed, (0, 100), (150, 200))
    client = as_user(learner)
    state = client.get(address(filmed, "watched/")).json()
    assert "/done/" in state.pop("dock")
    assert state == {
        "intervals": [[0, 100_000], [150_000, 200_000]],
        "watched_ms": 150_000,
        "last_ms": 200_000,
        "furthest_ms": 200_000,
        "percent": 50,
        "done": False,
    }
    mark_done(learner, filmed)
    state = client.get(address(filmed, "watched/")).json()
    assert state["done"]
    assert "/done/" not in state["dock"]
