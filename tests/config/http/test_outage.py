"""PostgreSQL is stopped and started under a running site: what can be shown is shown, the rest says when to come again."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings

from bench.harness.postgres import Postgres, own_postgres
from bench.harness.servers import app_server
from bench.harness.traffic import signed_in
from config.postgresql import base
from tests.config.copies import elsewhere
from tests.config.http.outage_site import AFTER_COMMIT, BEFORE_COMMIT

PREPARE = """
import json
from bench.harness import traffic
print(json.dumps(traffic.prepare(2)))
"""
HTML = {"Accept": "text/html"}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def retry_after(self) -> str:
        return self.headers.get("Retry-After", "")


@dataclass
class Site:
    port: int
    postgres: Postgres
    log_dir: Path
    facts: dict

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body.encode(), sent)
        response = line.getresponse()
        return Answer(response.status, response.headers, response.read().decode())

    def read_log(self) -> list[dict]:
        text = "".join(path.read_text() for path in sorted(self.log_dir.glob("app-*.jsonl")))
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    """Yield a site in a process of its own, on a PostgreSQL of its own."""
    # In memory where the suite's own database is.
    with own_postgres(Path(settings.VAR_DIR).parent, is_durable=False) as postgres:
        folder = tmp_path_factory.mktemp("outage")
        env = elsewhere.environment(folder, postgres.url, LOG_LEVEL="INFO")
        facts = elsewhere.ask(env, elsewhere.SCHEMA, PREPARE)
        with app_server("tests.config.http.outage_site:application", env, workers=1) as running:
            yield Site(running.port, postgres, folder / "log", facts)


@dataclass
class Outage:
    """The answers to the same requests before, while and after PostgreSQL was stopped."""

    before: dict[str, Answer]
    during: dict[str, Answer]
    seconds_to_recover: float
    lines: list[dict]  # of the log


@pytest.fixture(scope="module")
def outage(site: Site) -> Outage:
    phone = site.facts["phones"][0][0]
    known = signed_in(phone)
    event = {"user": phone["user"], "events": []}

    def ask_all() -> dict[str, Answer]:
        return {
            "known": site.ask("GET", "/courses/", **HTML),
            "healthz": site.ask("GET", "/healthz"),
            "readyz": site.ask("GET", "/readyz"),
            "learn": site.ask("GET", "/learn/", **HTML, **known),
            "english": site.ask("GET", "/learn/", **HTML, **known, **{"Accept-Language": "en"}),
            "sync": site.ask(
                "POST", "/sync/", json.dumps(event), **known, **{"Content-Type": "application/json"}
            ),
            "upload": site.ask(
                "POST", "/uploads/video/", **known, **{"Tus-Resumable": "1.0.0", "Upload-Length": "9"}
            ),
            "form": site.ask("POST", "/accounts/login/", urlencode({"note": "<一>\n二"}), **HTML, **FORM),
        }

    before = ask_all()
    count = len(site.read_log())
    site.postgres.stop()
    try:
        during = ask_all() | {"unknown": site.ask("GET", "/products/", **HTML)}
    finally:
        begun = site.postgres.start()
    while site.ask("GET", "/villages/", **HTML).status != 200:
        assert time.monotonic() < begun + 20
        time.sleep(0.05)
    seconds = time.monotonic() - begun
    return Outage(before, during, seconds, site.read_log()[count:])


@pytest.mark.long
def test_page_in_the_cache_is_shown_and_kept_by_nobody_else(outage):
    before, during = outage.before["known"], outage.during["known"]
    assert (during.status, during.text) == (200, before.text)
    assert during.headers["Cache-Control"] == "no-store"
    assert "ETag" not in during.headers
    assert "no-store" not in before.headers["Cache-Control"]


@pytest.mark.long
def test_other_pages_say_when_to_come_again(outage):
    for name in ("learn", "unknown"):
        answer = outage.during[name]
        assert (answer.status, answer.retry_after, answer.headers["Cache-Control"]) == (
            503,
            "5",
            "no-store",
        ), name
        assert "网站正在恢复，等几秒再试" in answer.text
    assert "The site is recovering" in outage.during["english"].text


def test_scripts_are_answered_in_json(outage):
    for name in ("sync", "upload"):
        answer = outage.during[name]
        assert (answer.status, answer.retry_after) == (503, "5"), name
        assert list(json.loads(answer.text)) == ["error"]


def test_probes_tell_the_process_from_its_database(outage):
    assert (outage.during["healthz"].status, outage.during["healthz"].text) == (200, "ok\n")
    assert (outage.during["readyz"].status, outage.during["readyz"].retry_after) == (503, "5")
    assert json.loads(outage.during["readyz"].text)["database"] is False


def test_database_that_is_back_is_used_at_once(outage):
    assert outage.seconds_to_recover < 2


def test_log_has_a_line_for_each_failed_request_and_two_for_the_outage(outage):
    assert not [line for line in outage.lines if "trace" in line or line["level"] == "ERROR"]
    of_database = [line["message"] for line in outage.lines if line["logger"] == "farm.database"]
    assert of_database == ["the database is away", "the database is back"]
    failed = [line["path"] for line in outage.lines if line.get("status") == 503]
    assert len(failed) == sum(answer.status == 503 for answer in outage.during.values()) + failed.count(
        "/villages/"
    )


# --- the log of PostgreSQL ---


def test_log_of_postgresql_holds_no_row_that_it_refused(site: Site):
    """After the two lines of the guide, which a site's administrator gives it once."""
    guide = Path(settings.BASE_DIR, "docs/county/several-computers.md").read_text()
    lines = re.findall(r"^ALTER ROLE farm SET \w+ = \w+;$", guide, re.M)
    phones = []
    for phone in ("13700000001", "13700000002"):
        with psycopg.connect(site.postgres.url, autocommit=True) as database:
            with pytest.raises(psycopg.errors.CheckViolation, match=phone):
                database.execute(
                    f"CREATE TEMP TABLE t (a text CHECK (a = '')); INSERT INTO t VALUES ('{phone}')"
                )
            for line in lines:
                database.execute(line.replace("farm", "CURRENT_USER"))
        phones.append(phone in Path(site.postgres.server.log).read_text())
    assert (len(lines), phones) == (2, [True, False])
    assert "violates check constraint" in Path(site.postgres.server.log).read_text()


# --- orders ---


def order(site: Site, buyer: str) -> tuple[Answer, Answer]:
    """Fill in the form, send it, and send what the page of the outage repeats; return both answers."""
    product, path = site.facts["product"], f"/shops/{site.facts['slug']}/order/"
    opened = site.ask("GET", f"{path}?product={product}")
    cookie = {"Cookie": opened.headers["Set-Cookie"].split(";")[0]}
    fields = {
        name: re.search(rf'name="{name}" value="([^"]+)"', opened.text)[1]
        for name in ("csrfmiddlewaretoken", "key")
    }
    fields |= {
        f"q{product}": 1, f"seen-{product}": 2990, "seen_total": 3590, "province": "430000", "city": "430100",
        "county": "430104", "address": "麓山路 1 号", "buyer": buyer, "phone": "13700000001", "perishable_ok": "on", "do": "send",
    }  # fmt: skip
    first = site.ask("POST", path, urlencode(fields), **HTML, **FORM, **cookie)
    repeated = dict(re.findall(r'<textarea name="([^"]+)" hidden>\n([^<]*)</textarea>', first.text))
    assert repeated == {name: str(value) for name, value in fields.items()}
    return first, site.ask("POST", path, urlencode(repeated), **HTML, **FORM, **cookie)


@pytest.mark.long
@pytest.mark.parametrize("buyer", [BEFORE_COMMIT, AFTER_COMMIT])
def test_order_whose_transaction_was_cut_is_placed_once(site, buyer):
    first, second = order(site, buyer)
    assert (first.status, first.retry_after) == (503, "5")
    assert "可能没存上" in first.text
    assert (second.status, second.headers["Location"][:8]) == (302, "/orders/")
    with psycopg.connect(site.postgres.url) as line:
        placed = line.execute("SELECT count(*) FROM shops_order WHERE buyer = %s", [buyer]).fetchone()
        moves = line.execute(
            "SELECT sum(-delta) FROM shops_stockmove m JOIN shops_order o ON o.id = m.order_id WHERE o.buyer = %s",
            [buyer],
        ).fetchone()
    assert (placed, moves) == ((1,), (1,))


@pytest.mark.long
def test_connection_to_a_frozen_server_is_given_up(site, monkeypatch):
    with closing(psycopg.connect(site.postgres.url, autocommit=True)) as line:
        assert base.is_answering(line)
        assert line.execute("SELECT 7").fetchone() == (7,)
        monkeypatch.setattr(base, "ANSWER_SECONDS", 0.05)
        with site.postgres.frozen():
            assert not base.is_answering(line)
