import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import Storage

from config.views import BEAT, has_room

pytestmark = pytest.mark.django_db


def test_healthz_answers_without_queries(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_is_ready_while_the_worker_beats(client):
    cache.set(BEAT, time.time())
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"database": True, "storage": True, "worker": True},
    )


def test_readyz_writes_nothing(client):
    before = files()
    for _time in range(3):
        client.get("/readyz")
    assert files() == before


def files() -> set[Path]:
    return {path for root in (settings.MEDIA_ROOT, settings.INTAKE_ROOT) for path in Path(root).rglob("*")}


@pytest.mark.parametrize("broken", ["full", "read-only"])
def test_readyz_says_that_no_photo_can_be_kept(client, monkeypatch, broken):
    cache.set(BEAT, time.time())
    if broken == "full":
        monkeypatch.setattr("config.views.shutil.disk_usage", lambda folder: SimpleNamespace(free=30_000_000))
    else:
        monkeypatch.setattr("config.views.os.access", lambda folder, how: False)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"database": True, "storage": False, "worker": True},
    )


class Elsewhere(Storage):
    """Not on a disk of this machine."""

    def __init__(self, answers: bool) -> None:
        self.answers = answers

    def exists(self, name: str) -> bool:
        if not self.answers:
            raise RuntimeError("no such bucket")
        return False


@pytest.mark.parametrize("answers", [True, False])
def test_storage_elsewhere_is_asked(answers):
    assert has_room(Elsewhere(answers)) is answers


def test_readyz_says_that_the_worker_is_silent(client):
    cache.set(BEAT, time.time() - 91)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"database": True, "storage": True, "worker": False},
    )
