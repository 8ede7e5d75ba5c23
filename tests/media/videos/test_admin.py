"""Videos in the admin: which are listed, their columns, and the lesson's form that takes them."""

import pytest
from django.urls import reverse

from courses.models import Lesson, State
from media.models import Upload, Video
from media.videos import conversion
from tests.courses.admin.lesson_form import change_url, facts, form_errors
from tests.factories import make_course, make_lesson
from tests.media.videos.films import as_upload, film, sent
from tests.media.videos.rows import make_video
from tests.media.videos.test_captions import GOOD
from tests.media.videos.test_conversion import made

LIST = "/admin/media/video/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def module(village):
    return make_course(village, lessons=1, title="课程", state=State.DRAFT).modules.get()


@pytest.fixture
def lesson(module) -> Lesson:
    return make_lesson(module, position=2)


def ready(owner, **more) -> Video:
    return make_video(owner, stored=False, **more)


def part_url(video: Video, part: str) -> str:
    return reverse("admin:media_video_part", args=[video.pk, part])


# --- the list ---


def test_list_shows_ones_own_and_those_of_lessons_in_ones_places(
    as_user, trainer, organiser, stranger, lesson
):
    own, theirs, far = ready(trainer, name="own"), ready(stranger, name="lesson"), ready(stranger, name="far")
    lesson.video = theirs
    lesson.save()
    found = as_user(trainer).get(LIST).context["cl"].result_list
    assert set(found) == {own, theirs}
    assert set(as_user(organiser).get(LIST).context["cl"].result_list) == {theirs}
    client = as_user(trainer)
    assert client.get(reverse("admin:media_video_change", args=[far.pk])).status_code == 404
    assert client.get(part_url(far, "poster.webp")).status_code == 404


def test_sender_of_the_same_bytes_sees_the_one_video(as_user, trainer, stranger):
    video = ready(stranger)
    Upload.objects.create(owner=trainer, size=5, video=video, state="whole", expires_at="2999-01-01T00:00Z")
    assert set(as_user(trainer).get(LIST).context["cl"].result_list) == {video}


def test_list_tells_length_state_and_sizes(as_user, trainer):
    ready(trainer)
    ready(
        trainer,
        name="哑的.mp4",
        has_sound=False,
        renditions={"240": {"bytes": 900_000}},
        duration_ms=3_725_000,
    )
    ready(trainer, name="在做.mp4", status="waiting", percent=40)
    ready(trainer, name="坏的.mp4", status="failed", problem="不到 2 秒，太短了")
    page = as_user(trainer).get(LIST).content.decode()
    for words in (
        "1:00", "480p 4.1\xa0MB · 240p 1.3\xa0MB · 只听 0.2\xa0MB", "1:02:05", "好了。没有声音，所以不能只听",
        "正在处理，做到 40%", "没做成：不到 2 秒，太短了",
    ):  # fmt: skip
        assert words in page


@pytest.mark.parametrize("videos", [1, 6])
def test_list_asks_the_same_number_of_questions(videos, as_user, trainer, lesson, django_assert_num_queries):
    for _n in range(videos):
        ready(trainer)
    client = as_user(trainer)
    with django_assert_num_queries(5):
        client.get(LIST)


@pytest.mark.long
def test_parts_are_shown_to_who_sees_the_video(as_user, trainer, trainee, empty_storage):
    video = made(trainer, film())
    client = as_user(trainer)
    answer = client.get(part_url(video, "poster.webp"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    answer = client.get(part_url(video, "480.mp4"), headers={"Range": "bytes=0-99"})
    assert (answer.status_code, answer["Content-Type"], len(b"".join(answer.streaming_content))) == (
        206,
        "video/mp4",
        100,
    )
    assert client.get(part_url(video, "source")).status_code == 404
    assert (
        f'src="{part_url(video, "480.mp4")}"'
        in client.get(reverse("admin:media_video_change", args=[video.pk])).content.decode()
    )
    assert as_user(trainee).get(part_url(video, "480.mp4")).status_code in (302, 403)


@pytest.mark.long
def test_failed_video_is_tried_again(as_user, trainer, empty_storage, monkeypatch):
    def full(*args) -> None:
        raise OSError(28, "No space left on device")

    video, hopeless = sent(trainer, film()), ready(trainer, status="failed")
    Video.objects.filter(pk=video.pk).update(attempts=2)
    with monkeypatch.context() as patched:
        patched.setattr(conversion, "write_file", full)
        with pytest.raises(OSError, match="No space"):
            conversion.process_video(video.pk)
    data = {"action": "try_again", "_selected_action": [video.pk, hopeless.pk]}
    page = as_user(trainer).post(LIST, data, follow=True).content.decode()
    assert "1 段重新处理，其余的要重传。" in page
    assert conversion.process_video(video.pk) is True


# --- the lesson's form ---


def test_lesson_takes_a_film_without_a_script(as_user, trainer, module, lesson, empty_storage):
    client = as_user(trainer)
    answer = client.post(
        change_url(lesson), facts(module, body="x", video_film=as_upload(film(), "橙子.mp4"))
    )
    assert answer.status_code == 302, form_errors(answer)
    lesson.refresh_from_db()
    assert (lesson.video.name, lesson.video.status, lesson.video.owner) == ("橙子.mp4", "waiting", trainer)
    assert Upload.objects.count() == 1


def test_film_stays_when_something_else_is_wrong(as_user, trainer, module, lesson, empty_storage):
    client = as_user(trainer)
    answer = client.post(change_url(lesson), facts(module, title="", body="x", video_film=as_upload(film())))
    video = Video.objects.get()
    assert f'value="video:{video.key}"' in answer.content.decode()
    answer = client.post(change_url(lesson), facts(module, body="x", video=f"video:{video.key}"))
    assert answer.status_code == 302, form_errors(answer)
    lesson.refresh_from_db()
    assert lesson.video == video


@pytest.mark.long
def test_lesson_takes_an_upload_of_ones_own(as_user, trainer, organiser, module, lesson):
    video = ready(trainer)
    upload = Upload.objects.create(
        owner=trainer, size=5, video=video, state="whole", expires_at="2999-01-01T00:00Z"
    )
    client = as_user(organiser)
    for ref in (f"upload:{upload.key}", f"video:{video.key}", "upload:x", "nonsense"):
        answer = client.post(change_url(lesson), facts(module, body="x", video=ref))
        assert form_errors(answer) == {"video": ["这段视频找不到了，重新选一次"]}
    client = as_user(trainer)
    assert (
        client.post(change_url(lesson), facts(module, body="x", video=f"upload:{upload.key}")).status_code
        == 302
    )
    lesson.refresh_from_db()
    assert lesson.video == video


def test_video_that_is_there_stays_or_goes(as_user, organiser, trainer, module, lesson):
    lesson.video = ready(trainer, status="failed", problem="不到 2 秒，太短了")
    lesson.save()
    client, kept = as_user(organiser), facts(module, body="x", video=f"video:{lesson.video.key}")
    page = client.get(change_url(lesson)).content.decode()
    assert "橙子.mp4 · 1:00 · 没做成：不到 2 秒，太短了" in page
    assert client.post(change_url(lesson), kept).status_code == 302
    lesson.refresh_from_db()
    assert lesson.video is not None
    assert client.post(change_url(lesson), kept | {"video_drop": "on"}).status_code == 302
    lesson.refresh_from_db()
    assert lesson.video is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("橙子".encode() * 20, "这不是视频，能收手机拍的 MP4、MOV 和 WebM"),
        (b"", "这个文件是空的，重新选一次"),
    ],
)
def test_what_is_no_film_is_told_beside_it(
    content, said, as_user, trainer, module, lesson, tmp_path, empty_storage
):
    path = tmp_path / "x.mp4"
    path.write_bytes(content)
    answer = as_user(trainer).post(change_url(lesson), facts(module, body="x", video_film=as_upload(path)))
    assert form_errors(answer) == {"video": [said]}
    assert Video.objects.count() == 0


@pytest.mark.parametrize("way", ["pasted", "file", "gbk"])
def test_captions_come_as_text_or_as_a_file(way, as_user, trainer, module, lesson, tmp_path):
    path = tmp_path / "x.vtt"
    path.write_bytes(GOOD.encode("gbk" if way == "gbk" else "utf-8"))
    more = {"captions": GOOD} if way == "pasted" else {"captions_file": as_upload(path)}
    answer = as_user(trainer).post(change_url(lesson), facts(module, body="x", **more))
    assert answer.status_code == 302, form_errors(answer)
    lesson.refresh_from_db()
    assert lesson.captions == GOOD


def test_bad_captions_are_told_by_line_and_stay_to_be_mended(as_user, trainer, module, lesson, tmp_path):
    path = tmp_path / "x.vtt"
    path.write_text(GOOD.replace("00:07.500", "00:03.500"))
    answer = as_user(trainer).post(change_url(lesson), facts(module, body="x", captions_file=as_upload(path)))
    assert form_errors(answer) == {"captions": ["第 9 行：结束要比开始晚"]}
    assert "今天讲三件事：" in answer.content.decode()
