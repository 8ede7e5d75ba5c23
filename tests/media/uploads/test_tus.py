"""Uploads in chunks: the protocol, permissions, and what is refused before it is read."""

import base64

import pytest
from django.conf import settings

from media import chunks
from media.models import Upload, Video
from media.uploads.services import MOST_CHUNK
from media.uploads.tus import PIECE
from tests.media.videos.films import film
from tests.media.videos.test_conversion import stored

URL = "/uploads/video/"
TUS = {"Tus-Resumable": "1.0.0"}
pytestmark = pytest.mark.django_db
PART = MOST_CHUNK
HEAD = b"\0\0\0\x18ftypisom"


def begin(client, size: int, name: str = "橙子.mp4", **headers):
    words = f"filename {base64.b64encode(name.encode()).decode()},filetype dmlkZW8vbXA0"
    extra = TUS | {"Upload-Length": str(size), "Upload-Metadata": words} | headers
    return client.post(URL, content_type="application/x", headers=extra)


def patch(client, place: str, start: int, content: bytes, kind: str = PIECE, **headers):
    return client.patch(
        place, content, content_type=kind, headers=TUS | {"Upload-Offset": str(start)} | headers
    )


def filler(size: int) -> bytes:
    """Starts as a film does."""
    return (HEAD + bytes(range(256)) * (size // 256 + 1))[:size]


@pytest.fixture
def place(as_user, trainer, empty_storage) -> str:
    """The address of an upload of 1,000,000 bytes; the client is signed in as its owner."""
    return begin(as_user(trainer), 1_000_000)["Location"]


def test_film_arrives_in_pieces(as_user, trainer, empty_storage, django_assert_num_queries):
    client, content = as_user(trainer), film("big.mp4", seconds=6, size="1280x720").read_bytes()
    assert len(content) > 2 * PART
    answer = begin(client, len(content))
    assert (answer.status_code, answer["Upload-Offset"], answer["Tus-Resumable"]) == (201, "0", "1.0.0")
    place, at = answer["Location"], 0
    upload = Upload.objects.get()
    assert place.startswith(f"/uploads/video/{upload.key}/?token=")
    assert (upload.owner, upload.size, upload.name, upload.purpose) == (
        trainer,
        len(content),
        "橙子.mp4",
        "video",
    )
    while at < len(content):
        last = at + PART >= len(content)
        # session, user, upload, the conditional UPDATE (with savepoint); the last one makes the video and its task,
        # and notes the request of the task
        with django_assert_num_queries(11 if last else 6):
            answer = patch(client, place, at, content[at : at + PART])
        at = min(at + PART, len(content))
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(at))
        assert "Upload-Expires" in answer
        head = client.head(place, headers=TUS)
        assert (head.status_code, head["Upload-Offset"], head["Upload-Length"]) == (
            200,
            str(at),
            str(len(content)),
        )
        assert "no-store" in head["Cache-Control"]
    upload.refresh_from_db()
    video = Video.objects.get()
    assert (upload.state, upload.video, upload.offset) == (Upload.State.WHOLE, video, len(content))
    assert (video.owner, video.name, video.bytes, video.status) == (
        trainer,
        "橙子.mp4",
        len(content),
        "waiting",
    )
    assert chunks.list_offsets(upload.key) == list(range(0, len(content), PART))
    path = settings.VAR_DIR / "whole"
    chunks.assemble(upload.key, upload.size, path)
    assert path.read_bytes() == content


def test_options_need_nobody(client):
    answer = client.options(URL)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,creation-defer-length,expiration,termination"
    assert answer["Tus-Max-Size"] == str(settings.VIDEO_MAX_BYTES)


def test_five_gigabytes_are_refused_before_a_byte(as_user, trainer):
    answer = begin(as_user(trainer), 5 * 10**9)
    assert (answer.status_code, answer.json()) == (
        413,
        {"error": "视频有 5 GB，最多收 2 GB，剪短一点再传"},
    )
    assert Upload.objects.count() == 0


class Unread:
    def read(self, *args):
        raise AssertionError("read")

    readline = read


def test_piece_too_large_is_refused_unread(as_user, trainer, place):
    client = as_user(trainer)
    extra = {"CONTENT_LENGTH": str(PART + 1), "wsgi.input": Unread()}
    answer = client.generic("PATCH", place, headers=TUS | {"Upload-Offset": "0"}, CONTENT_TYPE=PIECE, **extra)
    assert (answer.status_code, answer.json()) == (413, {"error": "一次传的太多了，刷新再传"})


def test_piece_beyond_the_end_is_refused(as_user, trainer, empty_storage):
    client = as_user(trainer)
    place = begin(client, 100)["Location"]
    assert patch(client, place, 0, filler(101)).status_code == 413
    assert Upload.objects.get().offset == 0


def test_wrong_offset_is_told_where_it_is(as_user, trainer, place):
    client = as_user(trainer)
    patch(client, place, 0, filler(1000))
    for start in (0, 999, 1001):
        answer = patch(client, place, start, filler(500))
        assert (answer.status_code, answer["Upload-Offset"]) == (409, "1000")
    assert stored(settings.INTAKE_ROOT) == ["0"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2"}, 412),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": "9" * 30}, 400),
    ],
)
def test_strange_headers_are_refused(headers, status, as_user, trainer, place):
    answer = as_user(trainer).patch(
        place, b"x", content_type=PIECE, headers=TUS | {"Upload-Offset": "0"} | headers
    )
    assert answer.status_code == status


@pytest.mark.parametrize("length", ["", "-5", "0", "1e9", "９"])
def test_strange_lengths_are_refused(length, as_user, trainer):
    answer = as_user(trainer).post(URL, content_type="x/y", headers=TUS | {"Upload-Length": length})
    assert answer.status_code == 400
    assert Upload.objects.count() == 0


def test_other_kinds_and_methods_are_refused(as_user, trainer, place):
    client = as_user(trainer)
    assert patch(client, place, 0, b"x", kind="text/plain").status_code == 415
    assert client.put(place, headers=TUS).status_code == 405
    assert client.get(URL).status_code == 405


def test_name_that_cannot_be_read_is_left_out(as_user, trainer, empty_storage):
    begin(as_user(trainer), 100, **{"Upload-Metadata": "filename ###"})
    assert Upload.objects.get().name == ""


@pytest.mark.long
def test_text_is_refused_with_its_first_piece(as_user, trainer, place):
    client = as_user(trainer)
    answer = patch(client, place, 0, "橙子的一年。".encode() * 100)
    assert (answer.status_code, answer.json()) == (
        415,
        {"error": "这不是视频，能收手机拍的 MP4、MOV 和 WebM"},
    )
    assert Upload.objects.get().state == Upload.State.GONE
    assert stored(settings.INTAKE_ROOT) == []
    assert patch(client, place, 0, filler(100)).status_code == 410
