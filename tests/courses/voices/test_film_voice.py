"""A lesson's film in a trainer's voice: captions are its lines, too long a line is said, trainees choose who speaks."""

import uuid

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from courses.models import VoicePart
from courses.voices.film import Cue, list_cues, measure_excess
from courses.voices.paragraphs import make_digest
from progress.enrolment.services import enrol
from tests.courses.voices.test_voice_page import make_sound
from tests.factories import make_course
from tests.pages import squeeze
from tests.progress.lessons.videos import RENDITIONS, make_video, with_video

CAPTIONS = """WEBVTT

NOTE 手机背面，镜头上有手印

先擦镜头
00:00.000 --> 00:06.000
拍之前，
先擦镜头。

00:06.000 --> 00:12.000
Tom &amp; Li
wipe it
"""
SILENT = {name: RENDITIONS[name] for name in ("480", "240")}


@pytest.fixture
def lesson(county):
    lesson = make_course(county, lessons=1, title="直播课", slug="live").modules.get().lessons.get()
    lesson.body = "拍之前，先擦镜头。"
    with_video(lesson, video=make_video(renditions=SILENT), captions=CAPTIONS)
    return lesson


@pytest.fixture
def page(lesson):
    query = urlencode({"speech": "麻阳话", "film": "1"})
    return f"{reverse('courses:voice', args=['live', lesson.pk])}?{query}"


@pytest.fixture
def begun(as_user, trainer, page):
    client = as_user(trainer)
    assert client.post(page, {"speech": "麻阳话", "shown_name": "李老师"})["Location"] == page
    return client


def say(client, page, lesson, nth, sound):
    digest = list_cues(lesson.captions)[nth].digest
    return client.post(
        page, {"do": "part", "digest": digest, "voice": sound.key, "event_id": str(uuid.uuid4())}
    )


def test_captions_are_lines_with_their_time_and_what_is_seen():
    first, second = list_cues(CAPTIONS)
    assert first[1:] == ("拍之前，先擦镜头。", 0, 6000, "手机背面，镜头上有手印")
    assert second[1:] == ("Tom & Li wipe it", 6000, 12_000, "")
    # The same words in the text are another recording.
    assert first.digest != make_digest(first.text)
    cue = Cue("", "", 1000, 7000)
    assert [measure_excess(cue, ms) for ms in (0, 6500, 6501, 8000, 8600)] == [0, 0, 1, 2, 3]


def test_trainer_is_told_what_lasts_longer_than_its_picture(begun, trainer, page, lesson):
    text = squeeze(begun.get(page).text)
    assert "第 {nth} 句，共 {all} 句" in text
    assert 'data-from="6000" data-to="12000"' in text
    assert f"/learn/lessons/{lesson.pk}/video/240.mp4" in text
    assert "还差 2 句。没录的只有字幕。" in text
    assert say(begun, page, lesson, 0, make_sound(trainer, duration_ms=8000)).json()["missing"] == 1
    say(begun, page, lesson, 1, make_sound(trainer, duration_ms=6400))
    text = squeeze(begun.get(page).text)
    assert text.count("data-long") == 1
    assert "比画面长 2 秒" in text
    assert "每一段都录好了。" in text
    # The text of the lesson is another list.
    other = squeeze(begun.get(page.removesuffix("&film=1")).text)
    assert "还差 1 段。没录的由手机念。" in other
    assert "data-from" not in other


def test_trainee_chooses_who_speaks_over_a_film(begun, as_user, trainer, trainee, page, lesson):
    enrol(trainee, lesson.module.course)
    address = f"/learn/lessons/{lesson.pk}/"
    assert "还没有人给这个视频配音，先看字幕、听音乐。" in as_user(trainee).get(address).text
    say(as_user(trainer), page, lesson, 1, make_sound(trainer, bytes=300_000))
    as_user(trainer).post(page, {"do": "open"})
    answer = as_user(trainee).get(address)
    text = squeeze(answer.text)
    assert "李老师讲（麻阳话）· 0.3 MB" in text
    assert "有 1 句没录，看字幕。" in text
    assert "没人讲，只有音乐和字幕" in text
    assert "还没有人给这个视频配音" not in text
    [voice] = answer.context["film_voices"]
    sound = f"{address}voices/{VoicePart.objects.get().key}.m4a"
    assert voice.cues == [
        {"from": 0, "to": 6000, "src": ""},
        {"from": 6000, "to": 12_000, "src": sound},
    ]
    # Nobody has read the text: it is not offered for listening.
    assert answer.context["readings"] == []
    assert [way.rendition for way in answer.context["player"].ways] == ["480", "read"]
    # The phone stores it with a film only.
    files = as_user(trainee).get(f"{address}keep/").json()["files"]
    assert files[1] == {"url": sound, "bytes": 300_000, "fixed": True, "film": True}


@pytest.mark.long
def test_listen_only_is_the_reading_where_nobody_speaks_in_the_film(
    begun, as_user, trainer, trainee, page, lesson
):
    """A film that speaks keeps its own sound for 只听; a silent one gets the reading, with its weight, and no film is fetched."""
    enrol(trainee, lesson.module.course)
    digest = make_digest("拍之前，先擦镜头。")
    sound = make_sound(trainer, bytes=700_000)
    event = str(uuid.uuid4())
    begun.post(page, {"do": "part", "digest": digest, "voice": sound.key, "event_id": event})
    begun.post(page, {"do": "open"})
    address = f"/learn/lessons/{lesson.pk}/?rung=listen"
    answer = as_user(trainee).get(address)
    way = answer.context["player"].ways[1]
    assert (way.rendition, way.size, way.src, way.is_on) == ("listen", "0.7 MB", "", True)
    assert "data-figure hidden" in squeeze(answer.text)
    assert "video/480.mp4" in answer.context["player"].src
    lesson.video.renditions = RENDITIONS
    lesson.video.save()
    way = as_user(trainee).get(address).context["player"].ways[1]
    assert (way.rendition, way.size) == ("listen", "1.2 MB")
    assert "listen.m4a" in way.src


@pytest.mark.long
def test_phone_stores_the_voice_that_its_owner_hears(as_user, trainer, trainee, page, lesson):
    enrol(trainee, lesson.module.course)
    for speech, size in (("普通话", 100_000), ("麻阳话", 200_000)):
        url = page.split("?")[0]
        as_user(trainer).post(url, {"speech": speech, "shown_name": "李老师"})
        url = f"{url}?{urlencode({'speech': speech, 'film': '1'})}"
        say(as_user(trainer), url, lesson, 0, make_sound(trainer, bytes=size))
        as_user(trainer).post(url, {"do": "open"})
    keep = f"/learn/lessons/{lesson.pk}/keep/"
    client = as_user(trainee)

    def stored(query: dict) -> tuple[list[int], str, str]:
        found = client.get(keep, query).json()
        return (
            [one["bytes"] for one in found["files"] if "/voices/" in one["url"]],
            found["check"],
            found["version"],
        )

    first, second = stored({}), stored({"voice": "李老师|麻阳话"})
    assert first[:2] == ([100_000], keep)
    assert second[:2] == ([200_000], f"{keep}?{urlencode({'voice': '李老师|麻阳话'})}")
    assert first[2] != second[2]
    assert stored({"voice": "没有这个人|土话"}) == first
