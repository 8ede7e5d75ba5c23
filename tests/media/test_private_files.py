"""Private files: complete, in ranges, unchanged, through the front server and without it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from media import chunks, private_files
from media.models import Upload
from ui.responses import downloads

NAME = "videos/ab/abcd-480.mp4"
CONTENT = bytes(range(256)) * 4  # 1,024 bytes


@pytest.fixture
def ask(empty_storage):
    storages["private"].save(NAME, ContentFile(CONTENT))

    def send(method: str = "get", **headers):
        request = getattr(RequestFactory(), method)("/x", headers=headers)
        return private_files.send_private(request, NAME, "video/mp4")

    return send


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_whole_file(ask):
    answer = ask()
    assert (answer.status_code, answer["Content-Length"], answer["Content-Type"]) == (
        200,
        "1024",
        "video/mp4",
    )
    assert (answer["Accept-Ranges"], answer["Cache-Control"]) == ("bytes", "private, max-age=86400")
    assert answer["Content-Disposition"] == "inline"
    assert body(answer) == CONTENT


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=1000-", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=500-99999", 500, 1023),
        ("bytes=1023-1023", 1023, 1023),
        ("bytes=-99999", 0, 1023),
        ("bytes=0-", 0, 1023),  # what browsers begin with: a 200 would tell them that there is no seeking
    ],
)
def test_part_of_it(asked, first, last, ask):
    answer = ask(Range=asked)
    got = body(answer)
    assert got == CONTENT[first : last + 1]
    assert answer["Content-Length"] == str(len(got))
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {first}-{last}/1024")


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_part_that_is_not_there(asked, ask):
    answer = ask(Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */1024")


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=x-y", "bytes=٣-"]
)
def test_what_is_no_single_range_gets_the_whole(asked, ask):
    answer = ask(Range=asked.encode().decode("latin-1"))
    assert (answer.status_code, body(answer)) == (200, CONTENT)


def test_unchanged_file_is_not_sent_again(ask):
    tag = ask()["ETag"]
    answer = ask(**{"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert ask(Range="bytes=0-9", **{"If-Range": tag}).status_code == 206
    assert ask(Range="bytes=0-9", **{"If-Range": '"other"'}).status_code == 200


def test_file_is_closed_with_its_response(ask, db):
    answer = ask()
    [close] = answer._resource_closers
    answer.close()
    assert close.__self__.file.closed


def test_download_has_a_name(ask):
    request = RequestFactory().get("/x")
    answer = private_files.send_private(request, NAME, "video/mp4", "橙子.mp4")
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''%E6%A9%99%E5%AD%90.mp4"


def test_missing_file_is_404(empty_storage):
    with pytest.raises(Http404):
        private_files.send_private(RequestFactory().get("/x"), "videos/no.mp4", "video/mp4")


def test_front_server_is_told_what_to_send(ask, settings):
    settings.FRONT_SENDS = True
    answer = ask(Range="bytes=0-9")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["X-Accel-Redirect"] == f"/{NAME}"
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("video/mp4", "private, max-age=86400")


def test_private_folder_has_no_address(client, db, ask):
    for path in (f"/private/{NAME}", f"/media/{NAME}", f"/{NAME}", f"/media/../private/{NAME}"):
        assert client.get(path).status_code == 404
    assert settings.MEDIA_ROOT not in settings.PRIVATE_ROOT.parents


# --- what has come of an upload


FILM = bytes(range(251)) * 10_000  # 2,510,000 bytes


@pytest.fixture
def ask_film(empty_storage, trainee):
    facts = {"size": len(FILM), "offset": len(FILM), "expires_at": timezone.now()}
    upload = Upload.objects.create(owner=trainee, name="a.webm", **facts)
    for start in range(0, len(FILM), 600_000):
        chunks.stage_chunk(upload.key, start, FILM[start : start + 600_000]).place()

    def send(method: str = "get", **headers):
        return private_files.send_upload(getattr(RequestFactory(), method)("/x", headers=headers), upload)

    return send


def test_front_server_sends_the_pieces_as_one_file(ask_film, settings, tmp_path):
    settings.FRONT_SENDS, settings.PRIVATE_ROOT = True, tmp_path
    answers = [ask_film(Range=asked) for asked in ("bytes=0-", "bytes=100-200")]
    [path] = Path(tmp_path, "downloads").iterdir()
    assert path.read_bytes() == FILM
    for answer in answers:
        assert (answer.status_code, answer.streaming, answer.content) == (200, False, b"")
        assert answer["X-Accel-Redirect"] == f"/downloads/{path.name}"
        assert (answer["Content-Type"], answer["Cache-Control"]) == ("video/mp4", "private, no-cache")


def test_what_has_come_since_takes_the_place_of_the_file(ask_film, settings, tmp_path):
    settings.FRONT_SENDS, settings.PRIVATE_ROOT = True, tmp_path
    upload = Upload.objects.get()
    upload.offset = 1_200_000
    first = private_files.send_upload(RequestFactory().get("/x"), upload)
    made_at = Path(tmp_path, first["X-Accel-Redirect"][1:]).stat().st_mtime
    second = ask_film()
    assert second["X-Accel-Redirect"] != first["X-Accel-Redirect"]
    [path] = Path(tmp_path, "downloads").iterdir()
    # The front server's ETag is of size and time: made again it is the same.
    assert (path.stat().st_size, path.stat().st_mtime) == (len(FILM), made_at)


def test_a_full_disk_is_not_filled_up_by_who_watches(ask_film, settings, tmp_path, monkeypatch):
    settings.FRONT_SENDS, settings.PRIVATE_ROOT = True, tmp_path
    monkeypatch.setattr(downloads, "SPARE", 10**18)
    answer = ask_film()
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert list(tmp_path.rglob("*")) == []
    monkeypatch.setattr(downloads, "SPARE", 0)
    assert ask_film().status_code == 200


@pytest.mark.parametrize("wanted", [{}, {"Range": "bytes=0-"}, {"Range": "bytes=-2000000"}])
def test_without_such_a_front_two_threads_of_a_process_serve_slow_readers(wanted, ask_film, db):
    first, second, busy = (ask_film(**wanted) for _reader in range(3))
    assert (busy.status_code, busy["Retry-After"], busy.content.decode()) == (
        503,
        "10",
        "现在人多，等十秒再试。",
    )
    assert [ask_film(Range="bytes=0-99999").status_code, ask_film("head").status_code] == [206, 200]
    assert body(first) == FILM[-int(first["Content-Length"]) :]
    first.close()
    first.close()
    again = ask_film(**wanted)
    assert again.status_code == (206 if wanted else 200)
    for answer in (second, again):  # readers who go away without having read anything
        answer.close()
    last = [ask_film(**wanted) for _reader in range(2)]
    assert [answer.status_code for answer in last] == [again.status_code] * 2
    for answer in last:
        answer.close()
