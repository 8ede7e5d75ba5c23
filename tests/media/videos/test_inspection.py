import pytest

from media.videos import ffmpeg, inspection
from tests.media.videos import films
from tests.media.videos.films import film

MOST = 7200


def test_facts_of_a_plain_film():
    assert inspection.probe(film(), MOST) == inspection.Probe(2400, 640, 360, 10.0, 0, 1)


def test_film_without_sound():
    facts = inspection.probe(film("mute.mp4", sound=None), MOST)
    assert (facts.video, facts.audio) == (0, None)


@pytest.mark.long
def test_phone_held_upright():
    """Written on its side with a turn to be made by whoever shows it."""
    path = film("phone.mp4", size="640x360", after="-display_rotation 90")
    facts = inspection.probe(path, MOST)
    assert (facts.width, facts.height) == (360, 640)


@pytest.mark.long
def test_pixels_that_are_not_square():
    path = film("wide.mp4", size="720x576", how="-vf setsar=16/11 " + films.X264)
    facts = inspection.probe(path, MOST)
    assert (facts.width, facts.height) == (1047, 576)


@pytest.mark.long
def test_recording_of_a_browser_does_not_say_how_long_it_is():
    path = film(
        "browser.webm", seconds=3, size="320x240",
        how="-c:v libvpx -threads 1 -deadline realtime -cpu-used 8 -c:a libopus -live 1",
    )  # fmt: skip
    assert any("Duration: N/A" in line for line in films.probe(path))
    facts = inspection.probe(path, MOST)
    assert 2900 <= facts.duration_ms <= 3020
    assert (facts.video, facts.audio) == (0, 1)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("text.mp4", "这是文字，不是视频。" * 500, "other"),
        (
            "list.mp4",
            "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://{secret}\n#EXT-X-ENDLIST\n",
            "other",
        ),
        ("list.m3u8", "#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:{port}/x.ts\n#EXT-X-ENDLIST\n", "other"),
        ("concat.mp4", "ffconcat version 1.0\nfile '{secret}'\n", "other"),
        ("empty.mp4", "", "other"),
    ],
)
def test_what_is_no_video_is_refused_and_opens_nothing_else(name, content, reason, tmp_path):
    """A playlist names a film of this machine, and an address where somebody listens: neither is touched."""
    import socket

    secret = film()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        path = tmp_path / name
        path.write_text(content.format(secret=secret, port=server.getsockname()[1]))
        with pytest.raises(inspection.UnfitVideo) as unfit:
            inspection.probe(path, MOST)
        assert unfit.value.reason == reason
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_same_playlist_is_opened_where_nothing_is_forbidden():
    """The control: without the lists ffmpeg follows it to the other file."""
    path = film().with_name("concat.mp4")
    path.write_text(f"ffconcat version 1.0\nfile {film().name}\n")
    assert any("Video: h264" in line for line in films.probe(path))
    with pytest.raises(inspection.UnfitVideo):
        inspection.probe(path, MOST)


def test_sound_alone_is_no_video():
    path = film().with_name("sound.m4a")
    films.bare("-i", str(film()), "-vn", "-c", "copy", str(path))
    with pytest.raises(inspection.UnfitVideo) as unfit:
        inspection.probe(path, MOST)
    assert unfit.value.reason == "no_picture"


def test_one_second_is_too_short():
    with pytest.raises(inspection.UnfitVideo) as unfit:
        inspection.probe(film("second.mp4", seconds=1), MOST)
    assert unfit.value.reason == "short"


@pytest.mark.long
def test_ten_hours_are_too_long():
    """A frame every minute: small to make and to send, as long as it says."""
    path = film("hours.mp4", seconds=36_000, size="64x64", rate="1/60", sound=None)
    assert path.stat().st_size < 10_000_000
    with pytest.raises(inspection.UnfitVideo) as unfit:
        inspection.probe(path, MOST)
    assert unfit.value.reason == "long"


@pytest.mark.long
def test_codec_that_is_not_on_the_list():
    path = film("old.mkv", how="-c:v ffv1 -c:a aac")
    with pytest.raises(inspection.UnfitVideo) as unfit:
        inspection.probe(path, MOST)
    assert unfit.value.reason == "codec"


def test_what_a_file_says_in_its_title_is_not_believed():
    """A title of several lines that look like ffmpeg's own."""
    lie = "x\n  Duration: 00:00:00.50, start: 0\n  Stream #0:0: Video: h264, yuv420p, 9x9, 1 fps\n"
    path = film().with_name("title.mp4")
    films.bare("-i", str(film()), "-c", "copy", "-metadata", f"title={lie}", str(path))
    assert any("Duration: 00:00:00.50" in line for line in films.probe(path))
    assert inspection.probe(path, MOST) == inspection.Probe(2400, 640, 360, 10.0, 0, 1)


@pytest.mark.long
@pytest.mark.parametrize(
    ("size", "reason"), [("7680x4320", "large"), ("4098x64", "large"), ("4096x2304", None)]
)
def test_pictures_above_4k_are_refused(size, reason):
    how = f"-vf scale={size.replace('x', ':')}:flags=neighbor,setsar=1 {films.X264}"
    path = film(f"s{size}.mp4", seconds=2.1, size="64x36", rate="1", sound=None, how=how)
    if reason is None:
        assert inspection.probe(path, MOST).width == 4096
        return
    with pytest.raises(inspection.UnfitVideo) as unfit:
        inspection.probe(path, MOST)
    assert unfit.value.reason == reason


@pytest.mark.parametrize(
    ("width", "height", "frames", "reason"),
    [(1920, 1080, 216_000, None), (1920, 1080, 216_001, "costly"), (3840, 2160, 54_000, None), (3840, 2160, 54_001, "costly")],
)  # fmt: skip
def test_so_many_pixels_of_so_many_pictures_are_the_most(width, height, frames, reason):
    if reason is None:
        inspection.refuse_heavy(width, height, frames)
        return
    with pytest.raises(inspection.UnfitVideo) as unfit:
        inspection.refuse_heavy(width, height, frames)
    assert unfit.value.reason == reason


def test_no_step_over_a_film_may_take_longer_than_the_settings_say(settings):
    assert (ffmpeg.get_time_limit(60_000), ffmpeg.get_time_limit(7_200_000)) == (1800, 7200)
    settings.VIDEO_WORK_SECONDS = 900
    assert ffmpeg.get_time_limit(60_000) == 900
