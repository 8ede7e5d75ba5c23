"""Spoken remarks: from the phone's microphone to a small file that only some people may hear."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from media import cleanup
from media.models import Voice
from media.videos import ffmpeg
from media.voice import conversion, services
from media.voice.conversion import process_voice
from tests.media.videos.films import SPEECH, bare, film, probe
from tests.media.videos.test_conversion import stored
from tests.media.videos.timed_films import WEBM, clock

URL = "/uploads/voice/"
pytestmark = pytest.mark.django_db
OPUS, AAC = "-c:a libopus -b:a 24k", "-c:a aac"


def spoken(name: str = "voice.webm", seconds: float = 3, how: str = OPUS, sound: str = SPEECH) -> bytes:
    path = film().with_name(f"spoken-{name}")
    if not path.exists():
        bare("-f", "lavfi", "-i", sound, "-t", str(seconds), *how.split(), str(path))
    return path.read_bytes()


def post(client, content: bytes, name: str = "voice"):
    return client.post(URL, {name: SimpleUploadedFile("voice.webm", content, "audio/webm")})


def received(owner, content: bytes) -> Voice:
    return services.store_voice(SimpleUploadedFile("voice.webm", content), owner)


def made(owner, content: bytes) -> Voice:
    voice = received(owner, content)
    process_voice(voice.pk)
    voice.refresh_from_db()
    return voice


@pytest.mark.parametrize(
    ("name", "how"),
    [("voice.webm", OPUS), ("voice.m4a", AAC), ("live.webm", OPUS + " -live 1"),
     ("pieces.mp4", AAC + " -movflags +frag_keyframe+empty_moov")],
    ids=["webm", "m4a", "no-duration", "fragments"],
)  # fmt: skip
def test_voice_is_made_small(name, how, as_user, trainer, empty_storage):
    client = as_user(trainer)
    answer = post(client, spoken(name, how=how))
    voice = Voice.objects.get()
    known = {"key": voice.key, "status": "waiting", "duration_ms": 0, "problem": ""}
    assert (answer.status_code, answer.json()) == (200, known)
    assert stored(settings.INTAKE_ROOT) == [voice.key]
    assert process_voice(voice.pk) is True
    voice.refresh_from_db()
    assert (voice.owner, voice.status, voice.problem, voice.leased_until) == (trainer, "ready", "", None)
    assert abs(voice.duration_ms - 3000) <= 100
    assert voice.bytes == (settings.PRIVATE_ROOT / voice.name).stat().st_size < 20_000
    assert stored(settings.INTAKE_ROOT) == []
    assert client.get(f"{URL}{voice.key}/").json()["status"] == "ready"
    assert any("Audio: aac" in line for line in probe(settings.PRIVATE_ROOT / voice.name))


@pytest.mark.long
def test_picture_beside_it_is_left_behind(trainer, empty_storage):
    """Of a film sent as a voice, only the sound is kept."""
    voice = made(trainer, clock("voice-film.webm", seconds=2, how=WEBM).read_bytes())
    assert voice.status == "ready"
    assert not any("Video:" in line for line in probe(settings.PRIVATE_ROOT / voice.name))


def test_sent_twice_it_is_one(as_user, trainer, seller, empty_storage):
    client = as_user(trainer)
    keys = {post(client, spoken()).json()["key"] for _time in range(3)}
    assert len(keys) == 1 == len(stored(settings.INTAKE_ROOT))
    assert post(as_user(seller), spoken()).json()["key"] not in keys


@pytest.mark.parametrize(
    ("content", "status", "sentence"),
    [
        (b"", 400, "没录到声音，再录一次"),
        (b"\x1aE\xdf\xa3" + bytes(5), 400, "没录到声音，再录一次"),
        ("橙子".encode() * 50, 400, "这不是录音，再录一次"),
        (b"\x1aE\xdf\xa3" + bytes(2_000_000), 400, "这段话太长了，最多 90 秒，讲短一点"),
        (b"\x1aE\xdf\xa3" + bytes(2_100_000), 413, "这段话太长了，最多 90 秒，讲短一点"),
    ],
    ids=["empty", "hollow", "text", "heavy", "heavier"],
)  # fmt: skip
def test_what_is_no_voice_is_refused(content, status, sentence, as_user, trainer, empty_storage):
    answer = post(as_user(trainer), content)
    assert (answer.status_code, answer.json()) == (status, {"error": sentence})
    assert (Voice.objects.count(), stored(settings.INTAKE_ROOT)) == (0, [])


def test_no_voice_or_two_are_refused(as_user, trainer):
    client = as_user(trainer)
    assert client.post(URL, {}).status_code == 400
    assert post(client, spoken(), "photo").status_code == 400


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (lambda: b"\x1aE\xdf\xa3" + bytes(5000), "这不是录音，再录一次"),
        (lambda: clock("voiceless.webm", 2, sound=False).read_bytes(), "这不是录音，再录一次"),
        (lambda: spoken("blink.webm", seconds=0.1), "没录到声音，再录一次"),
    ],
    ids=["noise", "no-sound", "a-blink"],
)
def test_what_cannot_be_heard_fails_with_words(content, problem, trainer, empty_storage):
    voice = made(trainer, content())
    assert (voice.status, voice.problem) == ("failed", problem)
    assert stored(settings.INTAKE_ROOT) == stored(settings.PRIVATE_ROOT) == []
    assert received(trainer, content()).pk != voice.pk


@pytest.mark.long
def test_too_long_a_voice_fails_with_words(trainer, empty_storage, monkeypatch):
    """Seven seconds more than allowed; making it takes as long as it lasts."""
    assert (conversion.MOST_SECONDS, conversion.GRACE) == (90, 5)
    monkeypatch.setattr(conversion, "MOST_SECONDS", 5)
    voice = made(trainer, spoken("long.webm", seconds=12))
    assert (voice.status, voice.problem) == ("failed", "超过 90 秒，讲短一点再录")
    assert stored(settings.INTAKE_ROOT) == stored(settings.PRIVATE_ROOT) == []


def test_only_its_owner_asks_and_only_who_is_signed_in_sends(client, as_user, trainer, seller, empty_storage):
    assert post(Client(), spoken()).status_code == 401
    key = post(as_user(trainer), spoken()).json()["key"]
    assert as_user(seller).get(f"{URL}{key}/").status_code == 404
    assert Client().get(f"{URL}{key}/").status_code == 401
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(trainer)
    assert post(strict, spoken()).status_code == 403


@pytest.mark.long
def test_voice_is_sent_when_it_is_ready(trainer, empty_storage):
    voice, request = received(trainer, spoken()), RequestFactory().get("/x", headers={"Range": "bytes=0-9"})
    with pytest.raises(Http404):
        services.send_voice(request, voice)
    process_voice(voice.pk)
    voice.refresh_from_db()
    answer = services.send_voice(request, voice)
    assert (answer.status_code, answer["Content-Type"], answer["Content-Range"]) == (
        206, "audio/mp4", f"bytes 0-9/{voice.bytes}",
    )  # fmt: skip
    assert "private" in answer["Cache-Control"]


def test_hundreds_a_day_are_enough(as_user, trainer, empty_storage, monkeypatch):
    monkeypatch.setattr(services, "VOICES_A_DAY", 1)
    client = as_user(trainer)
    assert post(client, spoken()).status_code == 200
    assert post(client, spoken("other.webm", 2)).json() == {"error": "今天录得太多了，明天再录"}


def test_accidents_are_tried_three_times(trainer, empty_storage, monkeypatch):
    def slow(*args, **options):
        raise ffmpeg.TimedOut

    voice = received(trainer, spoken())
    monkeypatch.setattr(ffmpeg, "run", slow)
    for _attempt in range(3):
        with pytest.raises(ffmpeg.TimedOut):
            process_voice(voice.pk)
        assert process_voice(voice.pk) is False  # somebody waits a little
        Voice.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    voice.refresh_from_db()
    assert (voice.status, voice.problem, voice.attempts) == ("failed", "试了几次都没做成，再录一次", 3)


@pytest.mark.long
def test_sweep_takes_up_clears_and_keeps(trainer, empty_storage):
    """A lost task is queued again; after a week without use rows and files are deleted, and stray files after an hour."""
    voice = made(trainer, spoken())
    waits = received(trainer, spoken("waits.webm", 2))
    assert cleanup.run_voices() == {"voices again": 0, "voice files": 0}
    DBTaskResult.objects.all().delete()
    Voice.objects.filter(pk=waits.pk).update(created_at=timezone.now() - timedelta(minutes=2))
    assert cleanup.run_voices()["voices again"] == 1
    Voice.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert cleanup.drop_unused_voices() == 2
    assert (Voice.objects.count(), stored(settings.INTAKE_ROOT), stored(settings.PRIVATE_ROOT)) == (0, [], [])
    assert voice.status == "ready"
