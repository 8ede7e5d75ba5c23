"""What is made of an uploaded film: its renditions, its facts, and none of its metadata."""

from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from media.models import Upload, Video
from media.tasks import make_video
from media.videos import conversion, ffmpeg, inspection
from tests.factories import make_course
from tests.media.videos import films
from tests.media.videos.films import film, sent
from ui.responses import page_cache

READY, WAITING, FAILED = Video.Status.READY, Video.Status.WAITING, Video.Status.FAILED
pytestmark = pytest.mark.django_db


def stored(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def part(video: Video, name: str) -> Path:
    return settings.PRIVATE_ROOT / video.name_of(name)


def made(owner, path: Path) -> Video:
    video = sent(owner, path)
    conversion.process_video(video.pk)
    video.refresh_from_db()
    return video


@pytest.mark.long
@pytest.mark.usefixtures("real_presets")
def test_film_becomes_two_renditions_a_sound_and_a_poster(trainer, empty_storage):
    video = made(trainer, film(size="1280x720", name="720.mp4"))
    assert (video.status, video.problem, video.percent, video.leased_until) == (READY, "", 100, None)
    assert (video.duration_ms, video.width, video.height, video.has_sound) == (2400, 1280, 720, True)
    names = [f"{video.key}-{name}" for name in ("240.mp4", "480.mp4", "listen.m4a", "poster.webp")]
    assert stored(settings.PRIVATE_ROOT) == names
    assert stored(settings.INTAKE_ROOT) == []
    assert list((settings.VAR_DIR / conversion.WORK_FOLDER).iterdir()) == []
    sizes = {
        rendition: (facts.get("width"), facts.get("height")) for rendition, facts in video.renditions.items()
    }
    assert sizes == {"480": (854, 480), "240": (426, 240), "listen": (None, None)}
    for rendition, ending in (("480", "mp4"), ("240", "mp4"), ("listen", "m4a")):
        assert video.bytes_of(rendition) == part(video, f"{rendition}.{ending}").stat().st_size
    for rendition, (width, height) in (("480", (854, 480)), ("240", (426, 240))):
        facts = inspection.probe(part(video, f"{rendition}.mp4"), 7200)
        assert (facts.width, facts.height, facts.audio) == (width, height, 1)
        assert abs(facts.duration_ms - 2400) <= 150
    assert Image.open(part(video, "poster.webp")).size == (854, 480)
    assert not any("Video:" in line for line in films.probe(part(video, "listen.m4a")))


@pytest.mark.usefixtures("real_presets")
@pytest.mark.long
def test_renditions_keep_to_the_villagers_money(trainer, empty_storage):
    """14 seconds of moving noise, as hard as it gets, with sound: what 240p and listening may cost."""
    how = "-vf noise=alls=40:allf=t " + films.X264
    video = made(trainer, film("noise.mp4", seconds=14, size="480x270", rate="21", how=how))
    assert video.status == READY
    kbits = {rendition: video.bytes_of(rendition) * 8 / video.duration_ms for rendition in video.renditions}
    assert 150 <= kbits["240"] <= 175  # noise needs all that it may have
    assert kbits["listen"] <= 34
    assert 500 <= kbits["480"] <= 600


@pytest.mark.long
def test_parts_are_ready_to_play_before_they_are_whole(trainer, empty_storage):
    video = made(trainer, film())
    for name in ("480.mp4", "240.mp4", "listen.m4a"):
        content = part(video, name).read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.long
def test_place_and_camera_are_gone(trainer, empty_storage):
    """As phones write them: GPS position, maker, model, date, and a title."""
    path = film().with_name("gps.mp4")
    words = {
        "location": "+28.2096+110.5534/", "com.apple.quicktime.location.ISO6709": "+28.2096+110.5534+120/",
        "make": "Farmphone", "model": "SERIAL-4711", "title": "周梅英在家", "creation_time": "2026-11-20T08:00:00Z",
    }  # fmt: skip
    extra = [word for key, value in words.items() for word in ("-metadata", f"{key}={value}")]
    films.bare("-i", str(film()), "-c", "copy", "-movflags", "use_metadata_tags", *extra, str(path))
    secrets = (b"+28.2096", b"Farmphone", b"SERIAL-4711", "周梅英".encode())
    assert all(secret in path.read_bytes() for secret in secrets)
    video = made(trainer, path)
    assert video.status == READY
    for file in settings.PRIVATE_ROOT.rglob("*.*"):
        assert not any(secret in file.read_bytes() for secret in (*secrets, b"2026-11"))


@pytest.mark.long
def test_film_without_sound_has_nothing_to_listen_to(trainer, empty_storage):
    video = made(trainer, film("mute.mp4", sound=None))
    assert (video.status, video.has_sound, sorted(video.renditions)) == (READY, False, ["240", "480"])
    assert not part(video, "listen.m4a").exists()
    assert not any("Audio:" in line for line in films.probe(part(video, "480.mp4")))


@pytest.mark.parametrize("seconds", [2.4, pytest.param(4, marks=pytest.mark.long)])
def test_silent_sound_is_still_sound(trainer, empty_storage, seconds):
    video = made(trainer, film(f"silent-{seconds}.mp4", seconds=seconds, sound="anullsrc=r=44100"))
    assert (video.status, video.has_sound) == (READY, True)


@pytest.mark.parametrize(
    ("options", "facts", "renditions"),
    [
        ({"name": "odd.mkv", "how": "-vf scale=479:359,setsar=1,format=yuv444p " + films.X264.replace("-pix_fmt yuv420p ", "")},
         (479, 359), {"480": (478, 358), "240": (320, 240)}),
        ({"name": "small.mp4", "size": "160x120"}, (160, 120), {"240": (160, 120)}),
        ({"name": "upright.mp4", "size": "640x360", "after": "-display_rotation 90"},
         (360, 640), {"480": (360, 640), "240": (240, 426)}),
        pytest.param({"name": "narrow.mp4", "size": "1600x200"}, (1600, 200), {"240": (560, 70)}, marks=pytest.mark.long),
        ({"name": "fast.mp4", "size": "640x480", "rate": "120"}, (640, 480), {"480": (640, 480), "240": (320, 240)}),
        pytest.param({"name": "hevc4k.mp4", "seconds": 2.2, "size": "3840x2160", "rate": "2", "how": films.HEVC,
                      "after": "-display_rotation -90"},
                     (2160, 3840), {"480": (480, 854), "240": (240, 426)}, marks=pytest.mark.long),
    ],
    ids=["odd", "small", "upright", "narrow", "120-fps", "4k-hevc-upright"],
)  # fmt: skip
def test_sizes(options, facts, renditions, trainer, empty_storage):
    """Even sizes, never larger than what was filmed, upright, at most 30 pictures a second."""
    video = made(trainer, film(**options))
    assert (video.status, video.problem) == (READY, "")
    assert (video.width, video.height) == facts
    sizes = {
        rendition: (has["width"], has["height"])
        for rendition, has in video.renditions.items()
        if rendition != "listen"
    }
    assert sizes == renditions
    for rendition, (width, height) in renditions.items():
        lines = films.probe(part(video, f"{rendition}.mp4"))
        found = inspection.parse_streams(lines)
        assert (found.width, found.height) == (width, height)
        assert found.fps <= 30
        assert not any("rotation" in line for line in lines)


@pytest.mark.long
def test_recording_of_a_browser_and_a_phone_of_old(trainer, empty_storage):
    webm = film("browser.webm", seconds=3, size="320x240",
                how="-c:v libvpx -threads 1 -deadline realtime -cpu-used 8 -c:a libopus -live 1")  # fmt: skip
    old = film("old.3gp", size="352x288", how="-c:v mpeg4 -c:a aac -ar 8000 -b:a 16k")
    for path in (webm, old):
        assert made(trainer, path).status == READY


@pytest.mark.long
def test_ready_video_moves_the_stamp_of_the_courses(trainer, empty_storage):
    before = int(page_cache.get_version("courses"))
    made(trainer, film())
    assert int(page_cache.get_version("courses")) == before + 1


@pytest.mark.long
def test_the_same_bytes_are_one_video(trainer, organiser, empty_storage, monkeypatch, village):
    """Sent again by another person, who put it into a lesson before anybody had looked at it."""
    first = made(trainer, film())
    lesson = make_course(village).modules.get().lessons.first()
    second = sent(organiser, film())
    lesson.video = second
    lesson.save()
    monkeypatch.setattr(conversion, "convert", None)
    assert make_video.call(second.pk) is False
    lesson.refresh_from_db()
    assert lesson.video == first
    assert list(Video.objects.all()) == [first]
    assert list(Upload.objects.values_list("video", flat=True)) == [first.pk, first.pk]
    assert stored(settings.INTAKE_ROOT) == []
    assert len(stored(settings.PRIVATE_ROOT)) == 4


@pytest.mark.long
def test_the_same_bytes_as_one_that_failed_are_tried(trainer, empty_storage):
    first = sent(trainer, film())
    Video.objects.update(status=FAILED, sha256="x")
    conversion.process_video(first.pk)
    assert made(trainer, film()).status == READY


@pytest.mark.long
def test_both_ffmpegs_do_it(trainer, empty_storage, settings):
    """The one of the Python package, for machines without their own."""
    import imageio_ffmpeg

    settings.FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
    ffmpeg.find_binary.cache_clear()
    try:
        assert ffmpeg.find_binary() == settings.FFMPEG
        video = made(trainer, film("phone.mp4", size="640x360", after="-display_rotation 90"))
    finally:
        ffmpeg.find_binary.cache_clear()
    assert (video.status, video.width, video.height) == (READY, 360, 640)
    assert sorted(video.renditions) == ["240", "480", "listen"]
