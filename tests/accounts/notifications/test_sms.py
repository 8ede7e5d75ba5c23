import json
import stat
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.notifications import sms
from accounts.worklist import items
from tests.accounts.conftest import sign_in, with_password
from tests.factories import make_person

pytestmark = pytest.mark.django_db
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
    with pytest.raises(sms.SmsNotSent):
        sms.send_code(PHONE, CODE)
    assert [record.getMessage() for record in caplog.records] == ["sms gateway failed: 503"]


def test_a_gateway_that_is_not_there_is_logged_without_the_number(settings, caplog):
    settings.SMS_SENDER, settings.SMS_HTTP_URL = "http", "http://127.0.0.1:9/"
    with pytest.raises(sms.SmsNotSent):
        sms.send_code(PHONE, CODE)
    assert [record.getMessage() for record in caplog.records] == ["sms gateway failed: URLError"]


def test_a_slow_gateway_is_not_waited_for(settings, monkeypatch):
    asked = {}

    def slow(request, timeout):
        asked["timeout"] = timeout
        raise TimeoutError

    monkeypatch.setattr("urllib.request.urlopen", slow)
    settings.SMS_SENDER, settings.SMS_HTTP_URL = "http", "http://gateway.example/"
    with pytest.raises(sms.SmsNotSent):
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
    with pytest.raises(sms.SmsNotSent):
        sms.send_code(PHONE, CODE)


@pytest.mark.parametrize(
    ("url", "refusal"), [("/accounts/signup/phone/", 429), ("/accounts/login/code/", 200)]
)
def test_codes_of_one_address_come_to_an_end_for_the_day(url, refusal, db, gateway, settings):
    limits = settings.RATE_LIMITS
    assert all("200/d/ip" in limits[name] for name in ("verify_phone", "request_login_code", "change_phone"))
    settings.RATE_LIMITS = {name: rate.replace("200/d", "2/d") for name, rate in limits.items()}
    people = [make_person(f"学员{letter}", phone_verified=True) for letter in "甲乙丙丁"]
    send = [
        Client(REMOTE_ADDR="203.0.113.7").post(url, {"phone": str(p.phone)}).status_code for p in people[:3]
    ]
    assert send == [302, 302, refusal]
    assert Client(REMOTE_ADDR="203.0.113.8").post(url, {"phone": str(people[3].phone)}).status_code == 302
    assert len(gateway()) == 3


# --- the day's budget


def ask(url: str, phone: str, client: Client | None = None):
    return (client or Client()).post(url, {"phone": phone, "do": "code"}, follow=True)


@pytest.mark.long
def test_a_number_gets_five_codes_a_day_over_all_pages(db, gateway, settings):
    """An attacker who floods a phone uses every page in turn, from a new address each time."""
    rates = {name: rate.replace("3/10m/key", "99/m/key") for name, rate in settings.RATE_LIMITS.items()}
    settings.RATE_LIMITS = rates | {"order_lost": "99/m/key"}
    person = make_person("田巧云", phone_verified=True, last_login=timezone.now())
    pages = ["/accounts/signup/phone/", "/accounts/login/code/", "/orders/lost/"] * 4
    answers = [
        ask(url, str(person.phone), Client(REMOTE_ADDR=f"203.0.113.{n}")) for n, url in enumerate(pages)
    ]
    assert len(gateway()) == 5
    refused = ["这个号码今天的验证码发完了，明天再试。" in answer.content.decode() for answer in answers]
    # Three of one kind, and two of the other.
    assert refused == [False] * 4 + [True, False] + [True] * 6


@pytest.mark.long
def test_a_number_without_an_account_comes_to_the_same_end(db, gateway, settings):
    """Else the sixth try would tell whose number is registered."""
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"request_login_code": "99/m/key"}
    known = make_person("田巧云", phone_verified=True, last_login=timezone.now())
    for phone in (str(known.phone), "+8613911112222"):
        answers = [ask("/accounts/login/code/", phone).redirect_chain[-1][0] for _n in range(4)]
        assert answers == ["/accounts/login/code/confirm/"] * 3 + ["/accounts/login/code/"]
    assert len(gateway()) == 3


@pytest.mark.long
@pytest.mark.parametrize("is_known", [True, False])
def test_whoever_asks_for_sign_in_codes_of_a_number_leaves_it_two_to_order_with(
    is_known, db, gateway, settings
):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"request_login_code": "99/m/key"}
    phone = "+8613911112222"
    if is_known:
        make_person("田巧云", phone=phone, phone_verified=True, last_login=timezone.now())
    for _n in range(6):
        ask("/accounts/login/code/", phone)
    before = len(gateway())
    for _n in range(2):
        ask("/orders/lost/", phone)
    assert (before, len(gateway())) == (3 if is_known else 0, before + 2)


@pytest.mark.long
def test_whoever_asks_for_codes_of_orders_leaves_a_number_two_to_sign_in_with(db, gateway, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "order_lost": "99/m/key",
        "request_login_code": "99/m/key",
    }
    owner = make_person("田巧云", phone_verified=True, last_login=timezone.now())
    for n in range(8):
        ask("/orders/lost/", str(owner.phone), Client(REMOTE_ADDR=f"203.0.113.{n}"))
    before = len(gateway())
    answers = [ask("/accounts/login/code/", str(owner.phone)).redirect_chain[-1][0] for _n in range(3)]
    assert answers == ["/accounts/login/code/confirm/"] * 2 + ["/accounts/login/code/"]
    assert (before, len(gateway())) == (3, 5)


@pytest.mark.long
def test_a_phone_its_owner_has_used_before_gets_two_more_to_sign_in_with(db, gateway, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"request_login_code": "99/m/key"}
    owner = with_password(make_person("田巧云", phone_verified=True, last_login=timezone.now()))
    known = Client()
    sign_in(known, owner)
    known.post("/accounts/logout/")
    for _n in range(6):
        ask("/accounts/login/code/", str(owner.phone))
    before = len(gateway())
    for _n in range(4):
        again = Client()
        again.cookies["known_phone"] = known.cookies["known_phone"].value
        ask("/accounts/login/code/", str(owner.phone), again)
    assert (before, len(gateway())) == (3, 5)


@pytest.mark.long
def test_an_address_has_one_ceiling_over_all_pages(db, gateway, settings):
    settings.SMS_A_DAY = 3
    pages = ["/accounts/signup/phone/", "/accounts/login/code/", "/orders/lost/", "/accounts/signup/phone/"]
    here = {"REMOTE_ADDR": "203.0.113.7"}
    answers = [ask(url, f"1391111000{n}", Client(**here)) for n, url in enumerate(pages)]
    said = ["您这个网络今天要的验证码太多了，明天再试。" in answer.content.decode() for answer in answers]
    assert said == [False, False, False, True]
    assert len(gateway()) == 2  # the number that signs in has no account
    ask("/accounts/signup/phone/", "13911110003", Client(REMOTE_ADDR="203.0.113.8"))
    assert len(gateway()) == 3


def test_codes_leave_the_site_two_messages_of_five_for_what_is_told_of_orders(db, gateway, settings):
    settings.SMS_SITE_A_DAY = 5
    for n in range(5):
        ask("/accounts/signup/phone/", f"1391111000{n}")
    assert len(gateway()) == 3
    for _n in range(2):
        sms.send(PHONE, "ORDER_PLACED", {})
    with pytest.raises(sms.SiteUsedUp):
        sms.send(PHONE, "ORDER_PLACED", {})


@pytest.mark.long
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (4, []),
        (5, ["今天的验证码只剩 1 条，一天最多 6 条"]),
        (6, ["今天能发的 6 条验证码发完了，明天才发得出去；订单通知照发"]),
    ],
)
def test_organisers_see_the_codes_run_out(sent, said, organiser, gateway, settings):
    settings.DEMO, settings.SMS_SITE_A_DAY = True, 10
    for n in range(sent):
        sms.send_code(f"+861391111000{n}", CODE)
    found = [one.sentence for one in items.list_items(organiser) if one.kind == "sms_budget"]
    assert found == said


def test_the_next_day_begins_anew(settings, tmp_path, monkeypatch):
    settings.SMS_SENDER, settings.SMS_FILE = "file", tmp_path / "sms.jsonl"
    for n in range(5):
        sms.send_code(PHONE, CODE, for_account=n < 2)
    with pytest.raises(sms.NumberUsedUp):
        sms.send_code(PHONE, CODE, for_account=True)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tomorrow)
    sms.send_code(PHONE, CODE)
    assert len(settings.SMS_FILE.read_text().splitlines()) == 6


def test_what_the_gateway_did_not_take_is_not_counted(settings):
    settings.SMS_SENDER = "none"
    for _n in range(6):
        with pytest.raises(sms.SmsNotSent) as raised:
            sms.send_code(PHONE, CODE)
    assert (type(raised.value), sms.count_sent_today()) == (sms.SmsNotSent, 0)


def test_codes_that_did_not_go_are_counted_by_their_reason(settings, gateway):
    for n in range(5):
        sms.send_code(PHONE, CODE, for_account=n < 2)
    with pytest.raises(sms.NumberUsedUp):
        sms.send_code(PHONE, CODE)
    settings.SMS_SENDER = "none"
    with pytest.raises(sms.SmsNotSent):
        sms.send_code(f"{PHONE}1", CODE)
    assert sms.count_today() == sms.Today(sent=5, codes=5, over_limit=1, not_taken=1)


def test_the_site_sends_no_more_than_its_budget(settings, gateway):
    settings.SMS_SITE_A_DAY = 5
    answers = [ask("/accounts/signup/phone/", f"1391111000{n}") for n in range(4)]
    assert "今天的短信发完了，明天再试。" in answers[3].content.decode()
    assert len(gateway()) == 3


@pytest.mark.long
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (3, None),
        (4, "今天的短信只剩 1 条，一天一共 5 条"),
        (5, "今天的 5 条短信发完了，验证码明天才发得出去"),
    ],
)
def test_organisers_see_the_budget_run_out(sent, said, as_user, organiser, trainee, gateway, settings):
    settings.DEMO, settings.SMS_SITE_A_DAY = True, 5
    for n in range(sent):
        sms.send(f"+8613911110{n:03d}", "ORDER_PLACED", {})
    found = [one.sentence for one in items.list_items(organiser) if one.kind == "sms_budget"]
    assert found == ([said] if said else [])
    client = as_user(organiser)
    for page in (reverse("accounts:waits"), reverse("admin:index")):
        assert (said or "条短信") in client.get(page).content.decode() or not said
    assert [one.kind for one in items.list_items(trainee) if one.kind == "sms_budget"] == []
