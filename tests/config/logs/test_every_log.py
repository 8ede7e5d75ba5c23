"""Real traffic through front, spool, app and worker, and then every line that any of them wrote: journal and files."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize
from urllib.parse import quote, unquote, urlencode

import psutil
import pytest
from django.conf import settings
from django.db import connection

from accounts.models import Membership, Notice
from bench.harness.servers import free_port, wait_for_socket
from bench.harness.sessions import create_session
from config import up
from tests.factories import make_county, make_person
from tests.media.pictures import jpeg

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

PHONE, FULL, NAME, CODE = "13712345678", "１３７１２３４５６７８", "欧阳秀英", "482913"
LANDLINE = "0797-8234567"
ORDER, COMPLAINT, LIVE = "iKFM-_59OgnMMO6A95GMaA", "Zb2_q8uTnW-4xYc0RkLmPe", "w7Hj-Gd3sVnB_1tQyU5oAf"
FORM = "application/x-www-form-urlencoded"
TOKEN = "t0kenOfTheForm" + "x" * 18
PASSWORD, JOIN, SECRET_FILE = "chengshuangleba9", "JX7K2M", "秀英的身份证"
FORGED = "00000000-0000-4000-8000-000000000000"
NOTICE = "3f0c8a52-64f5-4b4e-9c39-0d4f6d6f1c01"
SPACED = f"{PHONE[:3]} {PHONE[3:7]} {PHONE[7:]}"
# What no line may hold, in whatever form; the session's key is added.
SECRETS = [PHONE, PHONE[3:], SPACED, SPACED.replace(" ", "-"), FULL, LANDLINE, LANDLINE.replace("-", ""), NAME,
           quote(NAME), json.dumps(NAME)[1:-1], CODE, ORDER, COMPLAINT, LIVE, TOKEN, PASSWORD, JOIN, SECRET_FILE,
           quote(SECRET_FILE), FORGED]  # fmt: skip


class Gateway(BaseHTTPRequestHandler):
    """An SMS gateway that is out of order and repeats what it was sent."""

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response_only(500, f"failed for {PHONE}")
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *args) -> None:
        pass


@dataclass
class Site:
    port: int
    session: str

    def ask(self, method: str, path: str, body: bytes | str = "", **headers: str) -> http.client.HTTPResponse:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        own = {
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "Referer": f"http://127.0.0.1:{self.port}/orders/{ORDER}/?q={quote(NAME)}",
            "User-Agent": f"Phone {PHONE}",
            "X-CSRFToken": TOKEN,
            "X-Request-ID": FORGED,  # the front believes nobody
        }
        line.putrequest(method, path, skip_host="Host" in headers)
        sent = body.encode() if isinstance(body, str) else body
        for name, value in (own | headers | {"Content-Length": str(len(sent))}).items():
            line.putheader(name.replace("_", "-"), value)
        line.endheaders(sent)
        response = line.getresponse()
        response.read()
        line.close()
        return response

    def post(self, path: str, **fields: str) -> http.client.HTTPResponse:
        return self.ask("POST", path, urlencode(fields), Content_Type=FORM)


@dataclass
class Written:
    """What was written: the lines of each process's journal, and of both files."""

    folder: Path
    journal: dict[str, list[str]]
    access: list[dict]
    app: list[dict]
    secrets: list[str]

    @property
    def every_line(self) -> list[str]:
        files = [json.dumps(line, ensure_ascii=False) for line in [*self.access, *self.app]]
        return [*files, *(line for lines in self.journal.values() for line in lines)]

    def find(self, uri: str) -> str:
        """Return the id of the last request for that page."""
        return [line["request_id"] for line in self.access if line["request"]["uri"] == uri][-1]


def store_world(database: Path) -> str:
    """Write a site with one person and a notice that waits into a file; return the key of that person's session.

    The suite's own database is afterwards as it was.
    """
    connection.ensure_connection()
    with (
        closing(connection.Database.connect(":memory:")) as before,
        closing(connection.Database.connect(database)) as site,
    ):
        connection.connection.backup(before)
        place = make_county("会昌县", "周田镇", ["上营村"])
        person = make_person(NAME, (Membership.Role.SELLER, place), phone=f"+86{PHONE}")
        session = create_session(person)
        params = {"name": NAME, "number": ORDER}
        Notice.objects.create(
            key="k", phone=person.phone, template="order_placed", params=params, request_id=NOTICE
        )
        connection.connection.backup(site)
        before.backup(connection.connection)
    return session


@pytest.fixture(scope="module")
def written(django_db_setup, django_db_blocker, tmp_path_factory) -> Written:
    folder = tmp_path_factory.mktemp("logs")
    with django_db_blocker.unblock():
        session = store_world(folder / "site.sqlite3")
    with HTTPServer(("127.0.0.1", 0), Gateway) as gateway:
        threading.Thread(target=gateway.serve_forever, daemon=True).start()
        with run_site(folder, f"http://127.0.0.1:{gateway.server_port}/") as port:
            send_everything(Site(port, session))
            end = time.monotonic() + 60
            while read(folder).count('"job ended"') < 2 or '"notice"' not in read(folder):
                assert time.monotonic() < end, "the worker does nothing"
                time.sleep(0.1)
        gateway.shutdown()
    journal = {path.stem: path.read_text().splitlines() for path in folder.glob("*.out")}
    lines = [json.loads(line) for line in read(folder).splitlines()]
    access = [json.loads(line) for line in (folder / "log/access.log").read_text().splitlines()]
    return Written(folder, journal, access, lines, [*SECRETS, session])


@contextmanager
def run_site(folder: Path, gateway: str) -> Iterator[int]:
    """Run the four programs of `make run` on the database of that folder; yield the front's port."""
    port, processes = free_port(), []
    with ExitStack() as stack:
        here = stack.enter_context(TemporaryDirectory(prefix="nf-"))
        env = os.environ | {
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3", "DJANGO_SETTINGS_MODULE": "config.settings",
            "VAR_DIR": str(folder), "LOG_DIR": str(folder / "log"), "MEDIA_ROOT": str(folder / "media"),
            "PRIVATE_ROOT": str(folder / "private"), "STATIC_ROOT": str(folder / "static"),
            "SPOOL_ROOT": str(folder / "spool"), "LOG_LEVEL": "INFO", "DEMO": "0", "HTTPS": "0", "FRONT_SENDS": "1",
            "ALLOWED_HOSTS": "127.0.0.1", "HOST": "127.0.0.1", "PORT": str(port), "WORKERS": "1",
            "APP_SOCKET": f"{here}/app.sock", "SPOOL_SOCKET": f"{here}/spool.sock", "SMS_SENDER": "http",
            "SMS_HTTP_URL": gateway, "SMS_TEMPLATE_CODE": "T1", "SMS_TEMPLATE_ORDER_PLACED": "T2",
        }  # fmt: skip
        commands = up.list_commands(env)
        del commands["worker"]  # the app's process makes it
        [python, option, _server, *options, _application] = commands["app"]
        options += ["tests.config.logs.site:application"]
        commands["app"] = [python, option, "tests.config.logs.site", str(folder / "worker.out"), *options]
        for name, command in commands.items():
            journal = stack.enter_context(open(folder / f"{name}.out", "wb"))
            process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=env, stdout=journal, stderr=subprocess.STDOUT
            )
            processes.append(process)
            stack.callback(process.wait, 60)
            stack.callback(process.terminate)
        for name in ("app", "spool"):
            wait_for_socket(f"{here}/{name}.sock")
        yield port
        [app] = [process for process in processes if process.args == commands["app"]]
        children = psutil.Process(app.pid).children(recursive=True)
    psutil.wait_procs(children, 60)


def read(folder: Path) -> str:
    return "".join(path.read_text() for path in sorted(folder.glob("log/app-*.jsonl")))


def send_everything(site: Site) -> None:
    for folder, token in (("/orders/", ORDER), ("/complaints/", COMPLAINT), ("/live/on/", LIVE)):
        link = f"{folder}{token}/"
        for path in disguise(folder, token):
            site.ask("GET", path)
        site.ask("GET", link[:-1])  # the answer leads on to it
        site.ask("GET", f"/accounts/login/?next={quote(link, safe='')}")
        site.post(link, phone=PHONE, code=CODE)
    for typed in (PHONE, SPACED, f"+86{PHONE}", FULL, f"{PHONE},{PHONE}", LANDLINE, f"电话{PHONE}"):
        for path in (quote(typed, safe="+,"), quote(quote(typed)), quote(typed).replace("7", "%37")):
            site.ask("GET", f"/products/?q={path}&name={quote(NAME)}")
            site.post(f"/nothing/{path}/", phone=typed)
    site.ask("GET", "/", Host=f"{PHONE}.example.org")
    site.post("/accounts/login/", login=PHONE, password=PASSWORD)
    site.post("/accounts/2fa/authenticate/", code=CODE)
    site.post("/learn/join/", code=JOIN, name=NAME)
    site.post("/accounts/signup/phone/", phone=PHONE)
    for body in (json.dumps({"phone": PHONE, "events": [{"name": NAME}]}), "{not json " + PHONE):
        site.ask("POST", "/sync/", body, Content_Type="application/json")
    site.ask("POST", "/me/name/", urlencode({"name": NAME}), X_CSRFToken=PASSWORD, Content_Type=FORM)
    assert site.post("/fails/", name=NAME, phone=PHONE, link=f"/orders/{ORDER}/").status == 500
    assert send_photo(site, jpeg(64, 48), "/uploads/photos/") == 200
    assert (
        send_photo(site, jpeg(65, 48) + b"\0" * 120_000, f"/uploads/photos/?name={quote(SECRET_FILE)}") == 200
    )
    assert site.post("/ends/", phone=PHONE).status == 503


def disguise(folder: str, token: str) -> list[str]:
    """Return a secret link in the forms in which it may come."""
    link = f"{folder}{token}/"
    return [
        link,
        folder.upper() + token,
        f"//{folder[1:].replace('/', '//')}{token}",
        f"{folder.replace('o', '%6F')}{token}/",
        f"{folder.replace('o', '%256f')}{token}/",
        f"/{quote(link[1:], safe='')}",
        f"/{quote(quote(link[1:], safe=''), safe='')}",
        f"/nothing{link}",
    ]


def send_photo(site: Site, photo: bytes, path: str) -> int:
    body = (
        f'--b\r\nContent-Disposition: form-data; name="photo"; filename="{SECRET_FILE}-{PHONE}.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    kind = "multipart/form-data; boundary=b"
    return site.ask("POST", path, body + photo + b"\r\n--b--\r\n", Content_Type=kind).status


def test_no_line_of_any_log_holds_what_is_private(written):
    lines = [form for line in written.every_line for form in read_forms(line)]
    for secret in written.secrets:
        assert [line for line in lines if secret in line] == [], secret


def read_forms(line: str) -> set[str]:
    """Return the line, and what somebody would read in it who decodes it."""
    forms = {line, unquote(line), unquote(unquote(line))}
    return forms | {normalize("NFKC", form) for form in forms}


def test_every_line_is_in_each_log_once(written):
    for lines in (written.access, written.app):
        assert max(Counter(map(strip, lines)).values()) == 1
    for name, lines in written.journal.items():
        assert all(isinstance(json.loads(line), dict) for line in lines), name
        assert max(Counter(strip(json.loads(line)) for line in lines).values(), default=1) == 1, name
    # The journal has what the file of the day has, but the requests, and what granian says of itself.
    journal = [json.loads(line) for name in ("app", "worker") for line in written.journal[name]]
    of_file = Counter(map(strip, written.app)) - Counter(
        strip(one) for one in written.app if one["logger"] == "farm.requests"
    )
    assert Counter(strip(one) for one in journal if one["logger"] != "_granian") == of_file
    assert [line for line in written.journal["front"] if "http.log.access" in line] == []


def strip(line: dict) -> str:
    """Return what a line says, without when and by which logger."""
    return json.dumps(
        {name: value for name, value in line.items() if name not in ("at", "ts", "level", "logger")}
    )


def test_every_request_has_one_line_in_the_access_log_and_one_of_the_app(written):
    """The app has none for pages that were only read; an error has its trace besides, under the same id."""
    ids = Counter(line["request_id"] for line in written.access)
    assert (max(ids.values()), len(ids) > 60) == (1, True)
    of_app = Counter(line["request_id"] for line in written.app if line["logger"] == "farm.requests")
    assert max(of_app.values()) == 1
    died = written.find("/ends/")  # its process said nothing any more
    changed = {
        line["request_id"]
        for line in written.access
        if line["status"] >= 400 or line["request"]["method"] == "POST"
    }
    assert set(of_app) == changed - {died}
    [trace] = [
        line["trace"]
        for line in written.app
        if "trace" in line and line["request_id"] == written.find("/fails/")
    ]
    assert "DETAIL: …" in trace
    assert "ValueError: /orders/…/ of 137****5678 (137****5678), on /products/?…" in trace


def test_one_request_is_followed_through_all_logs(written):
    """By the line that the guide gives: front, app, and what the worker did because of it, through the spool too."""
    guide = Path(settings.BASE_DIR, "docs/county/operations.md").read_text()
    command = re.search(r"^grep -h .*", guide, re.M)[0]
    for uri in ("/uploads/photos/", "/uploads/photos/?…"):
        request_id = written.find(uri)
        typed = command.replace("3f0c8a52-64f5-4b4e-9c39-0d4f6d6f1c01", request_id)
        typed = typed.replace("/var/log/newfarmwork", str(written.folder / "log")).replace(
            "/var/lib/newfarmwork/log", str(written.folder / "log")
        )
        found = [
            json.loads(line) for line in subprocess.check_output(["sh", "-c", typed], text=True).splitlines()
        ]
        assert {line["request_id"] for line in found} == {request_id}
        assert [line.get("message", line.get("msg")) for line in found] == [
            "handled request",
            "request",
            "job started",
            "job ended",
        ]
        assert (found[0]["status"], found[1]["status"], found[3]["outcome"]) == (200, 200, "done")


def test_notice_and_the_gateways_failure_name_their_request(written):
    lines = [line for line in written.app if line.get("request_id") == NOTICE]
    assert [line["message"] for line in lines] == ["sms gateway failed: 500", "notice"]
    assert (lines[1]["template"], lines[1]["outcome"], lines[1]["attempts"]) == ("order_placed", "failed", 1)
