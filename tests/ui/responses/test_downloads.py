"""Downloads made for one request are on the disk before the first byte is sent."""

import os
import time
from pathlib import Path

import pytest

from ui.responses import downloads


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.PRIVATE_ROOT = tmp_path
    return tmp_path / "downloads"


def test_front_server_sends_it_so_that_a_slow_reader_holds_no_thread(settings, folder):
    settings.FRONT_SENDS = True
    answer = downloads.send_download(lambda file: file.write(b"x" * 10**6), "周一.zip", "application/zip")
    [path] = folder.iterdir()
    assert (answer.streaming, answer.content) == (False, b"")
    assert answer["X-Accel-Redirect"] == f"/downloads/{path.name}"
    assert (path.stat().st_size, answer["Content-Type"]) == (10**6, "application/zip")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E5%91%A8%E4%B8%80.zip"


def test_without_a_front_that_sends_it_leaves_nothing_behind(settings, folder):
    settings.FRONT_SENDS = False
    answer = downloads.send_download(lambda file: file.write(b"abc"), "a.csv", "text/csv")
    assert (b"".join(answer.streaming_content), list(folder.iterdir())) == (b"abc", [])


def test_what_fails_while_it_is_made_is_not_kept(folder):
    with pytest.raises(ZeroDivisionError):
        downloads.send_download(lambda file: file.write(b"x" * (1 // 0)), "a.csv", "text/csv")
    assert list(folder.iterdir()) == []


def test_old_ones_go(folder):
    folder.mkdir()
    for name, age in (("old", downloads.LASTS_SECONDS + 60), ("young", 60)):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (time.time() - age,) * 2)
    downloads.drop_old()
    assert [path.name for path in folder.iterdir()] == ["young"]
