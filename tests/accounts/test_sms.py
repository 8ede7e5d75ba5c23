import json
import stat
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from accounts import sms

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
