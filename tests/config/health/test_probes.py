import re
import socket
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import Storage

from config.health import probes
from config.health.probes import BEAT, has_room
from config.postgresql import computers

pytestmark = pytest.mark.django_db
WELL = {"database": True, "storage": True, "logs": True, "worker": True, "sqlite": True}


def beat(seconds_ago: float = 0, **facts) -> None:
    """What the worker writes."""
    cache.set(BEAT, {"at": time.time() - seconds_ago, "is_library_sound": True, "sqlite": "3.53.4"} | facts)


def test_healthz_answers_without_queries(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_healthz_sends_back_the_number_that_the_front_server_gave(client):
    number = "8c1f5a52-7d2f-4a3b-9a54-0f3f3a1e6a10"
    assert client.get("/healthz", headers={"X-Request-ID": number})["X-Request-ID"] == number
    assert "X-Request-ID" not in client.get("/healthz", headers={"X-Request-ID": "<script>"})
    assert "X-Request-ID" not in client.get("/healthz")


def test_healthz_says_how_many_front_servers_named_an_address(client):
    for named, count in (("", "0"), ("203.0.113.9", "1"), ("203.0.113.9, 10.0.0.10", "2")):
        assert client.get("/healthz", headers={"X-Forwarded-For": named})["X-Proxy-Count"] == count


@pytest.mark.both_databases
def test_readyz_is_ready_while_the_worker_beats(client):
    beat()
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, WELL)


def test_readyz_writes_nothing(client):
    before = files()
    for _time in range(3):
        client.get("/readyz")
    assert files() == before


def files() -> set[Path]:
    return {path for root in (settings.MEDIA_ROOT, settings.INTAKE_ROOT) for path in Path(root).rglob("*")}


@pytest.mark.parametrize("broken", ["full", "read-only"])
def test_readyz_says_that_no_photo_can_be_kept(client, monkeypatch, broken):
    beat()
    if broken == "full":
        monkeypatch.setattr(
            "config.health.probes.shutil.disk_usage", lambda folder: SimpleNamespace(free=30_000_000)
        )
    else:
        monkeypatch.setattr("config.health.probes.os.access", lambda folder, how: False)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        WELL | {"storage": False, "logs": broken == "full"},
    )


@pytest.mark.parametrize("place", ["/dev/null", "/dev/null/log"])
def test_readyz_says_that_no_log_can_be_kept(client, settings, place):
    """The law asks for the logs, and the app serves on without them."""
    beat()
    settings.LOG_DIR = Path(place)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, WELL | {"logs": False})


def test_log_folder_that_is_not_there_yet_is_created_with_the_first_line(client, settings, tmp_path):
    beat()
    settings.LOG_DIR = tmp_path / "log/of/tomorrow"
    assert client.get("/readyz").json() == WELL
    assert list(tmp_path.iterdir()) == []


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
    beat(91)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, WELL | {"worker": False})


def test_readyz_says_that_the_worker_has_never_been_there(client):
    cache.delete(BEAT)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, WELL | {"worker": False})


def test_readyz_says_that_the_worker_runs_on_a_library_that_loses_data(client):
    beat(is_library_sound=False, sqlite="3.46.1")
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (503, WELL | {"sqlite": False})


def test_each_computers_worker_has_its_own_heartbeat(monkeypatch):
    now = time.time()
    cache.set(BEAT, {"at": now, "nodes": {"one": now - 60, "gone": now - 25 * 60 * 60}})
    monkeypatch.setattr(probes, "get_node", lambda: "two")
    probes.record_beat()
    beat = probes.read_beat()
    assert sorted(beat["nodes"]) == ["one", "two"]
    assert beat["nodes"]["two"] == beat["at"] >= now
    probes.end_beats()
    assert probes.read_beat()["nodes"] == {"one": now - 60}


def test_computers_of_one_host_name_are_told_apart(settings, tmp_path):
    """Such as two that were installed from one image: each has a data folder of its own."""
    names = []
    for folder in ("one", "two", "one"):
        settings.VAR_DIR = tmp_path / folder
        settings.VAR_DIR.mkdir(exist_ok=True)
        computers.tell_apart.cache_clear()  # as after a restart
        names.append(probes.get_node())
    computers.tell_apart.cache_clear()
    assert names[0] == names[2] != names[1]
    assert all(re.fullmatch(re.escape(socket.gethostname()) + "-[0-9a-f]{6}", name) for name in names)


def test_computer_whose_data_folder_is_away_has_a_name(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "away"
    assert probes.get_node().startswith(f"{socket.gethostname()}-")
