"""/metrics adds up what all processes of the app counted, tells nobody's numbers, and is for Prometheus alone."""

from __future__ import annotations

import http.client
import ipaddress
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from config import up
from config.http.hosts import read_networks
from config.metrics import exposition, processes, readings
from config.metrics.views import is_own, may_read

PAGE = "/metrics"
Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def parse(text: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def total(samples: Samples, name: str, **labels: str) -> float:
    return sum(
        value
        for (one, found), value in samples.items()
        if one == name and labels.items() <= dict(found).items()
    )


COUNT = "newfarmwork_request_duration_seconds_count"


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(20)
        self.sock.connect(str(self.path))


@dataclass
class App:
    """Two processes of the app, whose database is away."""

    path: Path
    folder: Path

    def ask(
        self, url: str, method: str = "GET", address: str = "127.0.0.1", **headers: str
    ) -> tuple[int, str]:
        line = UnixConnection(self.path)
        given = {"X-Forwarded-For": address, "Accept": "text/html"} | headers
        line.request(method, url, headers=given)
        answer = line.getresponse()
        found = answer.status, answer.read().decode()
        line.close()
        return found

    def scrape(self) -> Samples:
        status, text = self.ask(PAGE, Host="10.0.0.11:8080")
        assert status == 200
        return parse(text)


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[App]:
    var = tmp_path_factory.mktemp("metrics")
    path = var / "app.sock"
    left_over = var / "metrics/histogram_4194305.db"  # no process has such a number
    left_over.parent.mkdir()
    left_over.write_bytes(b"\1\2")
    env = os.environ | {
        "VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite:///{var}/away/site.sqlite3",
        "LOG_DIR": str(var / "log"),
        "METRICS_ADDRESSES": "10.0.0.0/24",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = up.list_commands({"APP_SOCKET": str(path), "WORKERS": "2"})["app"]
    command[-1] = "tests.config.metrics.site:application"
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stderr=subprocess.DEVNULL)
    try:
        site = App(path, left_over.parent)
        wait_until(lambda: path.exists() and site.ask("/healthz")[0] == 200)
        assert not left_over.exists()
        yield site
    finally:
        process.terminate()
        process.wait(20)


def wait_until(is_true, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            if is_true():
                return
        except ConnectionError:
            pass
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.long
def test_two_processes_count_together(app):
    def both_have_answered() -> bool:
        nonlocal sent
        app.ask("/healthz")
        sent += 1
        return len(list(app.folder.glob("histogram_*.db"))) == 2

    before = total(app.scrape(), COUNT, route="healthz", method="GET", status="2xx")
    sent = 0
    wait_until(both_have_answered)
    for _time in range(20):
        app.ask("/healthz")
    after = app.scrape()
    assert total(after, COUNT, route="healthz") == before + sent + 20
    assert total(after, "newfarmwork_request_duration_seconds_bucket", route="healthz", le="+Inf") == (
        before + sent + 20
    )
    assert 0 < total(after, "newfarmwork_request_duration_seconds_sum", route="healthz") < 60


HOSTILE = [
    "/products/13800000001/", "/orders/kx7Q2m9fWz/", "/%00", "/no/such/page", "/trace/ABCDEFGH/", "/admin/../../etc/passwd",
    "/?phone=13800000001", "/villages/%F0%9F%8D%8A/", "/" + "9" * 2000, "/courses/" + "x" * 300 + "/",
]  # fmt: skip


@pytest.mark.long
def test_what_is_typed_makes_no_series(app):
    """The same routes asked by many others leave the same series, in which nothing stands of what was asked."""
    methods = ("GET", "PROPFIND")
    for url in HOSTILE:
        for method in methods:
            app.ask(url, method)
    names = {key for key in app.scrape() if key[0] == COUNT}
    for url in HOSTILE:
        for method in methods:
            app.ask(url.replace("1", "2").replace("x", "y"), method if method == "GET" else "MKCOL")
    again = app.scrape()
    assert {key for key in again if key[0] == COUNT} == names
    labels = {value for _name, found in again for label, value in found if label != "release"}
    assert not [
        value for value in labels if re.search(r"\d{6}|kx7Q2m9fWz|ABCDEFGH|passwd|xxx|PROPFIND", value)
    ]
    assert total(again, COUNT, route="none", method="other") >= 2


def test_a_database_that_is_away_is_said_and_what_is_known_is_shown(app):
    asked = 7
    before = total(app.scrape(), "newfarmwork_failed_requests_total", cause="database")
    for _time in range(asked):
        assert app.ask("/products/")[0] == 503
    found = app.scrape()
    assert total(found, "newfarmwork_failed_requests_total", cause="database") == before + asked
    assert total(found, "newfarmwork_failed_requests_total", cause="fault") == 0
    assert total(found, COUNT, route="shops:products", status="503") == asked
    assert found["newfarmwork_database_up", ()] == 0
    assert total(found, "newfarmwork_disk_free_bytes", folder="data") > 0
    assert not [name for name, _labels in found if "jobs" in name or "copy" in name]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200), ("::1", 200), ("10.0.0.7", 200), ("10.0.1.7", 404), ("203.0.113.7", 404), ("", 404),
        ("127.0.0.1, 203.0.113.7", 404), ("203.0.113.7, 10.0.0.7", 200), ("nonsense", 404), ("::ffff:10.0.0.7", 200),
    ],
)  # fmt: skip
def test_only_prometheus_reads_it(app, address, status):
    assert app.ask(PAGE, address=address)[0] == status
    assert app.ask(PAGE, "POST", address=address)[0] == (405 if status == 200 else 404)


@pytest.mark.long
@pytest.mark.django_db
def test_a_node_asked_past_the_front_computer_reads_who_asked(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    settings.METRICS_ADDRESSES = read_networks("METRICS_ADDRESSES", ["10.0.0.5"])
    for forwarded, status in (
        ("10.0.0.5", 200),
        ("10.0.0.6", 404),
        ("10.0.0.5, 10.0.0.9", 200),
        ("1.2.3.4, 10.0.0.5", 404),
    ):
        assert client.get(PAGE, headers={"X-Forwarded-For": forwarded}).status_code == status


def test_this_computers_own_addresses_are_allowed_without_a_setting():
    assert is_own(ipaddress.ip_address("127.0.0.9"))
    assert not is_own(ipaddress.ip_address("203.0.113.7"))
    assert not is_own(ipaddress.ip_address("0.0.0.0"))
    assert not may_read(None)


@pytest.mark.long
@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_site_measures_itself_in_few_queries(client, django_assert_max_num_queries, settings, monkeypatch):
    settings.SMS_SENDER = "file"
    monkeypatch.setattr(exposition, "kept", exposition.Kept())
    # One more asks PostgreSQL for its connections.
    with django_assert_max_num_queries(11):
        text = client.get(PAGE).content.decode()
    found = {name for name, _labels in parse(text)}
    silent = {measure.name for measure in readings.MEASURES} - found
    # Without a copy there is none to measure; the others are of the other database.
    on_postgres = settings.DATABASES["default"]["ENGINE"] == "config.postgresql"
    others = {"newfarmwork_database_library_sound"} if on_postgres else {
        "newfarmwork_database_connections", "newfarmwork_database_connections_limit",
    }  # fmt: skip
    copies = {"newfarmwork_copy_age_seconds", "newfarmwork_copy_size_bytes", "newfarmwork_copy_missing_files"}
    assert silent == others | copies
    for measure in readings.MEASURES:
        assert f"# HELP {measure.name} " in text or measure.name in silent


def test_a_process_without_room_for_its_counts_counts_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv(processes.FOLDER, str(tmp_path / "away"))
    assert not processes.reserve_room()
    (tmp_path / "away").mkdir()
    assert processes.reserve_room()
    [histogram] = (tmp_path / "away").glob("histogram_*.db")
    assert histogram.stat().st_blocks * 512 >= processes.ROOM["histogram"]


@pytest.mark.long
def test_every_job_of_the_site_has_a_number_before_it_runs():
    found: set[str] = set()
    for app in apps.get_app_configs():
        folder = Path(app.path)
        for path in folder.rglob("*.py") if folder.parent == settings.BASE_DIR else ():
            text = path.read_text()
            found |= set(re.findall(r"^@(?:queue\.)?task\b.*\ndef (\w+)", text, re.MULTILINE))
    assert found == set(readings.JOBS)
