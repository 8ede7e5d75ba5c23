"""Recordings that are uploaded while they are recorded: begun with a ticket, ended by their length."""

import base64
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from media import chunks, cleanup
from media.models import Upload, Video
from media.uploads import recordings
from media.uploads.services import RECORDING_EXPIRES_AFTER, WrongOffset, add_chunk, begin_upload, make_token
from media.uploads.tus import PIECE
from tests.media.uploads.test_tus import PART, TUS, URL, filler, patch
from tests.media.videos.test_conversion import stored

pytestmark = pytest.mark.django_db
WHOLE, OPEN, GONE = Upload.State.WHOLE, Upload.State.OPEN, Upload.State.GONE
DEFER = {"Upload-Defer-Length": "1"}


def begin(client, raw: str, **headers):
    words = f"filename {base64.b64encode('一.webm'.encode()).decode()},ticket {base64.b64encode(raw.encode()).decode()}"
    return client.post(
        URL, content_type="application/x", headers=TUS | {"Upload-Metadata": words} | (headers or DEFER)
    )


def ended(client, place: str, at: int, size: object):
    """An empty last piece, as a browser sends it; Django's client leaves its headers out."""
    headers = TUS | {"Upload-Offset": str(at), "Upload-Length": str(size)}
    return client.generic("PATCH", place, headers=headers, CONTENT_TYPE=PIECE, CONTENT_LENGTH="0")


def ticket(person, reference: str = "take 1", most: int = 5_000_000) -> str:
    return recordings.issue_ticket(person, reference, most)


@pytest.fixture
def place(as_user, trainee, empty_storage) -> str:
    """The address of a recording of the trainee, who is signed in; at most 5,000,000 bytes."""
    return begin(as_user(trainee), ticket(trainee))["Location"]


def test_recording_arrives_while_it_runs(as_user, trainee, place):
    client, content = as_user(trainee), filler(2 * PART + 1000)
    upload = Upload.objects.get()
    assert (upload.owner, upload.purpose, upload.reference, upload.name, upload.size, upload.most_bytes) == (
        trainee, "take", "take 1", "一.webm", None, 5_000_000,
    )  # fmt: skip
    for at in (0, PART):
        answer = patch(client, place, at, content[at : at + PART])
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(at + PART))
        head = client.head(place, headers=TUS)
        assert (head["Upload-Defer-Length"], "Upload-Length" in head) == ("1", False)
    answer = patch(client, place, 2 * PART, content[2 * PART :], **{"Upload-Length": str(len(content))})
    assert (answer.status_code, answer["Upload-Offset"]) == (204, str(len(content)))
    head = client.head(place, headers=TUS)
    assert (head["Upload-Length"], "Upload-Defer-Length" in head) == (str(len(content)), False)
    upload.refresh_from_db()
    assert (upload.state, upload.size, upload.video, Video.objects.count()) == (WHOLE, len(content), None, 0)
    assert upload.expires_at > timezone.now() + timedelta(days=89)
    chunks.assemble(upload.key, upload.size, settings.VAR_DIR / "whole")
    assert (settings.VAR_DIR / "whole").read_bytes() == content


def test_empty_last_piece_ends_it_as_often_as_it_is_sent(as_user, trainee, place):
    client = as_user(trainee)
    patch(client, place, 0, filler(1000))
    for _time in range(3):
        answer = ended(client, place, 1000, 1000)
        assert (answer.status_code, answer["Upload-Offset"]) == (204, "1000")
        assert Upload.objects.get().state == WHOLE
    assert ended(client, place, 1000, 1001).status_code == 409
    assert patch(client, place, 1000, b"x").status_code == 413
    assert Upload.objects.get().size == 1000


@pytest.mark.long
def test_begun_again_it_is_the_same(as_user, trainee, place):
    client = as_user(trainee)
    patch(client, place, 0, filler(1000))
    again = begin(client, ticket(trainee))
    assert (again.status_code, again["Location"].partition("?")[0]) == (201, place.partition("?")[0])
    assert again["Upload-Offset"] == "1000"
    assert begin(client, ticket(trainee, "take 2"))["Location"].partition("?")[0] != place.partition("?")[0]
    ended(client, place, 1000, 1000)
    assert begin(client, ticket(trainee))["Upload-Offset"] == "1000"
    assert Upload.objects.count() == 2


def test_file_filmed_elsewhere_says_its_size_at_once(as_user, trainee, empty_storage):
    client = as_user(trainee)
    place = begin(client, ticket(trainee), **{"Upload-Length": "1500"})["Location"]
    assert client.head(place, headers=TUS)["Upload-Length"] == "1500"
    patch(client, place, 0, filler(1500))
    upload = Upload.objects.get()
    assert (upload.state, upload.video) == (WHOLE, None)
    other = begin(client, ticket(trainee), **{"Upload-Length": "1501"})
    assert (other.status_code, other.json()) == (409, {"error": "这一段已经在传另一个文件，刷新再传"})
    heavy = begin(client, ticket(trainee, "b"), **{"Upload-Length": "5000001"})
    assert (heavy.status_code, heavy.json()) == (413, {"error": "这一段最多收 5 MB，剪短一点再传"})
    assert begin(client, ticket(trainee, "b"), **{"Upload-Length": "0"}).status_code == 400


@pytest.mark.parametrize(
    ("length", "status"), [("999", 413), ("0", 413), ("5000001", 413), ("x", 204), ("-1", 204), ("", 204)]
)
def test_strange_lengths_end_nothing(length, status, as_user, trainee, place):
    """One that cannot be read is none; one below what has come or beyond the ticket is refused."""
    client = as_user(trainee)
    patch(client, place, 0, filler(1000))
    assert ended(client, place, 1000, length).status_code == status
    upload = Upload.objects.get()
    assert (upload.state, upload.size, upload.offset) == (OPEN, None, 1000)


@pytest.mark.long
def test_no_more_comes_than_the_ticket_says(as_user, trainee, empty_storage):
    client = as_user(trainee)
    place = begin(client, ticket(trainee, most=1000))["Location"]
    assert patch(client, place, 0, filler(1001)).status_code == 413
    assert patch(client, place, 0, filler(1000)).status_code == 204
    assert patch(client, place, 1000, b"x").status_code == 413
    assert Upload.objects.get().offset == 1000


def test_ticket_of_another_or_none_does_not_serve(as_user, trainee, seller, empty_storage):
    client = as_user(trainee)
    theirs = begin(client, ticket(seller))
    assert (theirs.status_code, theirs.json()) == (
        403,
        {"error": "这段录像是另一个人录的，用那个人的账号登录再传"},
    )
    assert begin(Client(), ticket(trainee)).status_code == 401
    for raw in ("", "x", ticket(trainee)[:-1], make_token(Upload(owner=trainee))):
        assert begin(client, raw).json() == {"error": "放得太久了，刷新页面再传"}
    without = client.post(URL, content_type="application/x", headers=TUS | DEFER)
    assert (without.status_code, Upload.objects.count()) == (400, 0)


def test_old_ticket_does_not_serve(as_user, trainee, empty_storage, monkeypatch):
    raw = ticket(trainee)
    monkeypatch.setattr(recordings, "TICKET_HOLDS", timedelta(seconds=-1))
    assert begin(as_user(trainee), raw).status_code == 403


def test_recording_of_another_is_not_there(as_user, seller, place):
    client = as_user(seller)
    assert patch(client, place, 0, filler(10)).status_code == 404
    assert client.head(place, headers=TUS).status_code == 404


def test_two_windows_on_one_recording(trainee, place):
    """One sends a piece, the other says meanwhile that it ended there, or before that piece."""
    upload = Upload.objects.get()
    add_chunk(Upload.objects.get(), 0, filler(1000))
    recordings.declare_size(Upload.objects.get(), 1500)
    slow = Upload(pk=upload.pk, key=upload.key, owner=trainee, purpose="take", offset=1000)
    with pytest.raises(WrongOffset):
        add_chunk(slow, 1000, bytes(600))
    add_chunk(slow, 1000, bytes(500))
    upload.refresh_from_db()
    assert (upload.state, upload.offset, upload.size) == (WHOLE, 1500, 1500)


def test_text_is_no_recording(as_user, trainee, place):
    assert patch(as_user(trainee), place, 0, "橙子的一年。".encode() * 100).status_code == 415
    assert Upload.objects.get().state == GONE


@pytest.mark.long
def test_limits_hold_and_nothing_begun_is_thrown_away(as_user, trainee, empty_storage, settings, monkeypatch):
    monkeypatch.setattr(recordings, "MOST_OPEN", 2)
    client = as_user(trainee)
    answers = [begin(client, ticket(trainee, f"take {n}", 1000)) for n in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    Upload.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    assert begin(client, ticket(trainee, "take 2", 1000)).status_code == 429
    assert {upload.state for upload in Upload.objects.all()} == {OPEN}
    recordings.declare_size(Upload.objects.first(), 400) if add_chunk(
        Upload.objects.first(), 0, filler(400)
    ) else None
    settings.VIDEO_BYTES_A_DAY = 2399  # one open that may become 1,000, one of 400, and another 1,000
    assert begin(client, ticket(trainee, "take 2", 1000)).json() == {"error": "今天传得太多了，明天再传"}
    settings.VIDEO_BYTES_A_DAY = 2400
    assert begin(client, ticket(trainee, "take 2", 1000)).status_code == 201


@pytest.mark.long
def test_recordings_leave_a_trainer_their_videos(as_user, trainer, empty_storage):
    client = as_user(trainer)
    for number in range(4):
        assert begin(client, ticket(trainer, f"take {number}")).status_code == 201
    assert begin_upload(trainer, 1000).purpose == "video"


def test_lost_phone_leaves_what_has_come(trainee, place):
    upload = Upload.objects.get()
    assert recordings.end_recording(upload) is False
    add_chunk(upload, 0, filler(1000))
    assert recordings.end_recording(upload) is True
    assert recordings.end_recording(upload) is True
    assert (upload.state, upload.size) == (WHOLE, 1000)


def test_forgotten_recording_leaves_no_file(trainee, place):
    upload = Upload.objects.get()
    add_chunk(upload, 0, filler(1000))
    recordings.drop_recordings([upload])
    upload.refresh_from_db()
    assert (upload.state, stored(settings.INTAKE_ROOT)) == (GONE, [])


def test_swept_only_when_nothing_needs_it(trainee, place):
    """Whole or open it stays; a week after its last piece one that nothing points to goes."""
    upload = Upload.objects.get()
    add_chunk(upload, 0, filler(1000))
    recordings.declare_size(upload, 1000)
    cleanup.run_videos()
    assert stored(settings.INTAKE_ROOT) == ["0"]
    Upload.objects.update(expires_at=timezone.now() + RECORDING_EXPIRES_AFTER - timedelta(days=7, minutes=1))
    assert cleanup.run_videos() == {"videos again": 0, "raised": 0, "expired": 1, "pieces": 1, "left": 0}
    upload.refresh_from_db()
    assert (upload.state, stored(settings.INTAKE_ROOT)) == (GONE, [])
