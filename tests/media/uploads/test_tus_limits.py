"""Who may send, with which token, how much, and until when."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from media.models import Upload, Video
from media.uploads.services import add_chunk, make_token, shutil
from tests.factories import make_person
from tests.media.uploads.test_tus import TUS, begin, filler, patch, place
from tests.media.videos.test_conversion import stored

__all__ = ["place"]
pytestmark = pytest.mark.django_db


def test_only_who_trains_or_organises_may_send(as_user, trainee, seller, organiser):
    for person in (trainee, seller):
        answer = begin(as_user(person), 1000)
        assert (answer.status_code, answer.json()) == (403, {"error": "只有培训老师和管理员能传视频"})
    assert begin(as_user(organiser), 1000).status_code == 201


def test_nobody_and_another_reach_nothing(client, as_user, trainer, organiser, place):
    for method in ("get", "head", "patch", "delete"):
        answer = getattr(Client(), method)(place, headers=TUS)
        assert answer.status_code == 401
        assert getattr(as_user(organiser), method)(place, headers=TUS).status_code == 404
    assert begin(Client(), 100).status_code == 401


def test_token_of_another_upload_or_none_does_not_serve(as_user, trainer, organiser, place):
    client = as_user(trainer)
    mine = place.partition("?")[0]
    second = begin(client, 1000)["Location"]
    theirs = make_token(Upload(owner=organiser, key=Upload.objects.first().key))
    for address in (mine, mine + "?token=x", mine + "?" + second.partition("?")[2], f"{mine}?token={theirs}"):
        for method in ("head", "patch", "delete"):
            assert getattr(client, method)(address, headers=TUS | {"Upload-Offset": "0"}).status_code == 403
    assert {upload.state for upload in Upload.objects.all()} == {"open"}


def test_writing_needs_the_csrf_token(trainer, empty_storage):
    client = Client(enforce_csrf_checks=True)
    client.force_login(trainer)
    assert begin(client, 1000).status_code == 403
    assert Upload.objects.count() == 0
    client.cookies["csrftoken"] = "a" * 32
    place = begin(client, 1000, **{"X-CSRFToken": "a" * 32})["Location"]
    assert patch(client, place, 0, filler(10)).status_code == 403
    assert patch(client, place, 0, filler(10), **{"X-CSRFToken": "a" * 32}).status_code == 204


def test_cancelled_upload_leaves_nothing(as_user, trainer, place):
    client = as_user(trainer)
    patch(client, place, 0, filler(1000))
    assert client.delete(place, headers=TUS).status_code == 204
    assert stored(settings.INTAKE_ROOT) == []
    assert client.head(place, headers=TUS).status_code == 410


def test_finished_upload_is_not_cancelled(as_user, trainer, empty_storage):
    client = as_user(trainer)
    place = begin(client, 100)["Location"]
    patch(client, place, 0, filler(100))
    assert client.delete(place, headers=TUS).status_code == 409
    assert Upload.objects.get().video is not None


def test_expired_upload_is_gone(as_user, trainer, place):
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    client = as_user(trainer)
    assert client.head(place, headers=TUS).status_code == 410
    answer = patch(client, place, 0, filler(10))
    assert (answer.status_code, answer.json()) == (410, {"error": "放得太久了，重新选一次再传"})


def test_each_piece_moves_the_expiry(as_user, trainer, place):
    Upload.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    patch(as_user(trainer), place, 0, filler(10))
    assert Upload.objects.get().expires_at > timezone.now() + timedelta(hours=47)


def test_status_follows_the_video(as_user, trainer, empty_storage):
    client = as_user(trainer)
    place = begin(client, 100)["Location"].partition("?")[0]
    upload = Upload.objects.get()
    told = {
        "key": upload.key,
        "offset": 0,
        "size": 100,
        "status": "open",
        "percent": 0,
        "has_sound": True,
        "problem": "",
    }
    assert client.get(place).json() == told
    add_chunk(upload, 0, filler(100))
    Video.objects.update(status="waiting", percent=40)
    assert client.get(place).json() == told | {"offset": 100, "status": "waiting", "percent": 40}
    Video.objects.update(status="failed", problem="不到 2 秒，太短了")
    assert client.get(place).json()["problem"] == "不到 2 秒，太短了"


def test_three_at_a_time(as_user, trainer):
    client = as_user(trainer)
    assert [begin(client, 1000).status_code for _n in range(4)] == [201, 201, 201, 429]
    assert begin(client, 1000).json() == {"error": "已经有 3 个视频正在传，传完一个再传"}
    # One that was left for an hour makes room.
    first = Upload.objects.last()
    Upload.objects.filter(pk=first.pk).update(expires_at=timezone.now() + timedelta(hours=46))
    assert begin(client, 1000).status_code == 201
    first.refresh_from_db()
    assert first.state == Upload.State.GONE


def test_a_days_bytes(as_user, trainer, settings):
    settings.VIDEO_BYTES_A_DAY = 2500
    client = as_user(trainer)
    assert begin(client, 2000).status_code == 201
    assert begin(client, 501).json() == {"error": "今天传得太多了，明天再传"}
    assert begin(client, 500).status_code == 201
    Upload.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert begin(client, 2000).status_code == 201


def test_full_disk_is_told_before_a_byte(as_user, trainer, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: type("Usage", (), {"free": 10**9 + 1000}))
    answer = begin(as_user(trainer), 501)
    assert (answer.status_code, answer.json()) == (507, {"error": "服务器放不下了，告诉管理员"})


def test_superuser_may_send(as_user):
    assert begin(as_user(make_person("系统管理员", is_superuser=True)), 1000).status_code == 201
