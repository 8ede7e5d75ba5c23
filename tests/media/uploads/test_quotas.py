"""How much practice film a person, a village and the site may store, and whose film is made first."""

import base64
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Membership
from media.models import Upload
from media.uploads import recordings
from media.uploads.errors import UploadRefused
from media.uploads.services import MOST_CHUNK, add_chunk, begin_upload
from tests.factories import make_person
from tests.media.uploads.test_tus import TUS, URL, filler

pytestmark = pytest.mark.django_db
GB = 1_000_000_000


def begin(client, person, reference: str, size: int):
    raw = base64.b64encode(recordings.issue_ticket(person, reference, 2 * GB).encode()).decode()
    headers = TUS | {"Upload-Metadata": f"ticket {raw}", "Upload-Length": str(size)}
    return client.post(URL, content_type="application/x", headers=headers)


def come(person, size: int, days_ago: int = 0, **fields) -> Upload:
    """Return a recording that has arrived completely."""
    at = timezone.now() - timedelta(days=days_ago)
    facts = {
        "purpose": "take",
        "state": "whole",
        "size": size,
        "offset": size,
        "expires_at": at + timedelta(90),
    }
    return Upload.objects.create(owner=person, created_at=at, **facts | fields)


def test_one_person_sends_four_gigabytes_of_practice_a_day(as_user, trainee, empty_storage):
    client = as_user(trainee)
    answers = [begin(client, trainee, f"take {n}", 2 * GB) for n in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[2].json() == {"error": "一天最多传 4 GB 的练习录像，今天不够了，明天再传"}


def test_one_person_holds_ten_gigabytes_until_films_are_made(as_user, trainee, empty_storage):
    for days in range(2, 12):
        come(trainee, GB, days)
    refused = begin(as_user(trainee), trainee, "take 1", 1000)
    said = "你的练习录像快放满 10 GB 了。没交的先交，用不着的删掉，再传"
    assert (refused.status_code, refused.json()) == (429, {"error": said})
    Upload.objects.filter(created_at__lt=timezone.now() - timedelta(10)).update(state="gone")
    assert begin(as_user(trainee), trainee, "take 1", 1000).status_code == 201


def test_recording_broken_off_weighs_what_has_come_of_it(as_user, trainee, empty_storage):
    for number in range(5):
        come(trainee, None, 3, state="open", offset=1000, most_bytes=2 * GB, reference=f"take o{number}")
    assert begin(as_user(trainee), trainee, "take 1", 2 * GB).status_code == 201


def test_a_village_has_a_limit_and_its_neighbour_another(as_user, trainee, village, other_village, settings):
    settings.PLACE_FILM_BYTES = GB
    neighbour = make_person("邻居", (Membership.Role.TRAINEE, village))
    elsewhere = make_person("外村人", (Membership.Role.TRAINEE, other_village))
    come(neighbour, GB - 1000)
    refused = begin(as_user(trainee), trainee, "take 1", 1001)
    assert (refused.status_code, refused.json()) == (
        507,
        {"error": "村里的练习录像放满了，跟老师说一声，过几天再传"},
    )
    assert begin(as_user(elsewhere), elsewhere, "take 1", GB).status_code == 201


def test_the_site_has_a_limit_for_lessons_and_practice(as_user, trainee, trainer, settings):
    settings.SITE_FILM_BYTES = 3000
    come(trainee, 2000)
    for answer in (
        begin(as_user(trainee), trainee, "take 1", 1001),
        as_user(trainer).post(URL, content_type="application/x", headers=TUS | {"Upload-Length": "1001"}),
    ):
        assert (answer.status_code, answer.json()) == (507, {"error": "网站放录像的地方满了，告诉管理员"})
    assert begin(as_user(trainee), trainee, "take 1", 1000).status_code == 201


def test_films_of_one_person_do_not_hold_up_anothers_first(trainer, organiser, empty_storage):
    names = {}
    for owner, name in ((trainer, "甲1"), (trainer, "甲2"), (trainer, "甲3"), (organiser, "乙1")):
        upload = begin_upload(owner, 1000, name)
        add_chunk(upload, 0, filler(1000))
        names[upload.video_id] = name
    waiting = DBTaskResult.objects.ready().filter(queue_name="videos")
    assert [names[call.args_kwargs["args"][0]] for call in waiting] == ["甲1", "乙1", "甲2", "甲3"]


def boxed(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def film_saying(width: int, height: int, frames: int) -> bytes:
    """An MP4 with its head at the end, as phones write it; of its pictures there is nothing."""
    tkhd = boxed(b"tkhd", bytes(76) + (width << 16).to_bytes(4, "big") + (height << 16).to_bytes(4, "big"))
    stsz = boxed(b"stsz", bytes(8) + frames.to_bytes(4, "big"))
    mdia = boxed(b"mdia", boxed(b"minf", boxed(b"stbl", stsz)))
    mvhd = boxed(b"mvhd", bytes(12) + (1000).to_bytes(4, "big") + (60_000).to_bytes(4, "big"))
    moov = boxed(b"moov", mvhd + boxed(b"trak", tkhd + mdia))
    return boxed(b"ftyp", b"isom" + bytes(12)) + boxed(b"mdat", bytes(700_000)) + moov


def send(owner, content: bytes) -> Upload:
    upload = begin_upload(owner, len(content), "a.mp4")
    for start in range(0, len(content), MOST_CHUNK):
        add_chunk(upload, start, content[start : start + MOST_CHUNK])
    return upload


@pytest.mark.parametrize(
    ("width", "height", "frames", "said"),
    [
        (7680, 4320, 90, "画面太大了，最多 4K。相机设置里改成 1080p 再录"),
        (4096, 4096, 90, "画面太大了，最多 4K。相机设置里改成 1080p 再录"),
        (3840, 2160, 30 * 60 * 31, "这段视频又大又长，转不动。相机设置里改成 1080p 再录，或者剪短"),
    ],
)
def test_film_that_says_it_is_too_much_is_refused_with_its_last_piece(
    trainer, empty_storage, width, height, frames, said
):
    with pytest.raises(UploadRefused) as refused:
        send(trainer, film_saying(width, height, frames))
    assert (refused.value.messages, refused.value.status) == ([said], 413)
    upload = Upload.objects.get()
    assert (upload.state, upload.video) == ("gone", None)
    assert not (project.INTAKE_ROOT / "uploads" / upload.key).exists()


@pytest.mark.parametrize(
    ("width", "height", "frames"), [(3840, 2160, 30 * 60 * 29), (1920, 1080, 30 * 7200), (0, 0, 0)]
)
def test_film_within_the_limits_is_whole(trainer, empty_storage, width, height, frames):
    assert send(trainer, film_saying(width, height, frames)).video.status == "waiting"
