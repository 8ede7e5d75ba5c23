import json
import stat
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client

from accounts import sms
from tests.factories import make_person

PHONE, CODE = "+8613800000001", "123456"


@pytest.fixture
def provider(settings):
    """A real HTTP server in the provider's place; `provider.status` is what it answers."""
    got = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, self.headers["Authorization"], json.loads(body)))
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    server.status, server.got = 200, got
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.SMS_SENDER, settings.SMS_HTTP_KEY = "http", "key-1"
    settings.SMS_HTTP_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.SMS_TEMPLATE_CODE = "SMS_1001"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_gateway_gets_a_template_and_its_parameters(provider):
    sms.send_code(PHONE, CODE)
    assert provider.got == [
        ("/send", "Bearer key-1", {"phone": PHONE, "template": "SMS_1001", "params": {"code": CODE}})
    ]


def test_a_refusing_gateway_is_logged_without_the_number(provider, caplog):
    provider.status = 503
    with pytest.raises(sms.NotSent):
        sms.send_code(PHONE, CODE)
    assert [record.getMessage() for record in caplog.records] == ["sms gateway failed: 503"]


def test_a_gateway_that_is_not_there_is_logged_without_the_number(settings, caplog):
    settings.SMS_SENDER, settings.SMS_HTTP_URL = "http", "http://127.0.0.1:9/"
    with pytest.raises(sms.NotSent):
        sms.send_code(PHONE, CODE)
    assert [record.getMessage() for record in caplog.records] == ["sms gateway failed: URLError"]


def test_a_slow_gateway_is_not_waited_for(settings, monkeypatch):
    asked = {}

    def slow(request, timeout):
        asked["timeout"] = timeout
        raise TimeoutError

    monkeypatch.setattr("urllib.request.urlopen", slow)
    settings.SMS_SENDER, settings.SMS_HTTP_URL = "http", "http://gateway.example/"
    with pytest.raises(sms.NotSent):
        sms.send_code(PHONE, CODE)
    assert asked == {"timeout": 5}


def test_a_file_is_for_its_owner_only(settings, tmp_path):
    settings.SMS_SENDER, settings.SMS_FILE = "file", tmp_path / "sms.jsonl"
    sms.send_code(PHONE, CODE)
    sms.send_code(PHONE, "654321")
    lines = [json.loads(line) for line in settings.SMS_FILE.read_text().splitlines()]
    assert [(line["phone"], line["params"]) for line in lines] == [
        (PHONE, {"code": CODE}),
        (PHONE, {"code": "654321"}),
    ]
    assert stat.S_IMODE(settings.SMS_FILE.stat().st_mode) == 0o600


def test_the_console_shows_the_code(settings, capsys):
    settings.SMS_SENDER, settings.SMS_TEMPLATE_CODE = "console", ""
    sms.send_code(PHONE, CODE)
    assert capsys.readouterr().out == (
        'SMS {"phone": "+8613800000001", "template": "", "params": {"code": "123456"}}\n'
    )


def test_without_a_gateway_nothing_is_sent(settings):
    settings.SMS_SENDER = "none"
    with pytest.raises(sms.NotSent):
        sms.send_code(PHONE, CODE)


@pytest.mark.parametrize(
    ("url", "refusal"), [("/accounts/signup/phone/", 429), ("/accounts/login/code/", 200)]
)
def test_codes_of_one_address_come_to_an_end_for_the_day(url, refusal, db, gateway, settings):
    limits = settings.ACCOUNT_RATE_LIMITS
    assert all("200/d/ip" in limits[name] for name in ("verify_phone", "request_login_code", "change_phone"))
    settings.ACCOUNT_RATE_LIMITS = {name: rate.replace("200/d", "2/d") for name, rate in limits.items()}
    people = [make_person(f"学员{letter}", phone_verified=True) for letter in "甲乙丙丁"]
    send = [
        Client(REMOTE_ADDR="203.0.113.7").post(url, {"phone": str(p.phone)}).status_code for p in people[:3]
    ]
    assert send == [302, 302, refusal]
    assert Client(REMOTE_ADDR="203.0.113.8").post(url, {"phone": str(people[3].phone)}).status_code == 302
    assert len(gateway()) == 3
