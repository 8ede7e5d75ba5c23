"""Notices on people's own phones: encrypted for one browser, sent by the worker, ended by either side."""

import base64
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from py_vapid import Vapid02

from accounts import consents
from accounts.models import Consent, Membership, Notice, PushSubscription
from accounts.notifications import delivery, push
from accounts.people import closure, memberships

ANDROID = "Mozilla/5.0 (Linux; Android 13; V2236A) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
FCM = "https://fcm.googleapis.com/fcm/send/abc:123"
Role = Membership.Role


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class Browser:
    """A browser's half of Web Push: its keys, and what it reads of a message."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        form = serialization.PublicFormat.UncompressedPoint
        self.point = self.key.public_key().public_bytes(serialization.Encoding.X962, form)

    def keys(self) -> dict[str, str]:
        return {"p256dh": b64(self.point), "auth": b64(self.secret)}

    def read(self, body: bytes) -> dict:
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        return json.loads(plain)


@pytest.fixture
def service(settings):
    """A push service on this machine: keeps what it is sent and answers with `service.status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.got.append((self.path, self.headers, body))
            self.send_response(server.status)
            if server.status == 302:
                self.send_header("Location", f"http://127.0.0.1:{server.server_port}/elsewhere")
            self.end_headers()

        def log_message(self, *_args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.got, server.status = [], 201
    settings.PUSH_HOSTS = ["127.0.0.1"]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def subscribe(user, service, browser: Browser, path: str = "/phone", language: str = "zh-hans"):
    return push.subscribe(
        user,
        endpoint=f"http://127.0.0.1:{service.server_port}{path}",
        **browser.keys(),
        user_agent=ANDROID,
        language=language,
    )


def write_order(user, key: str = "order-1-seller") -> Notice:
    delivery.write_notice(key, user.phone, "shop_order_placed", number="261127000123", shop="梅姨家的橙园")
    return Notice.objects.get(key=key)


def test_a_new_order_is_shown_by_the_sellers_phone_and_only_that_phone_can_read_it(seller, service):
    browser = Browser()
    subscribe(seller, service, browser)
    notice = write_order(seller)
    assert delivery.send_due() == 1
    [(path, headers, body)] = service.got
    assert (path, headers["Content-Encoding"], headers["TTL"]) == ("/phone", "aes128gcm", "172800")
    assert browser.read(body) == {
        "title": "新农活",
        "body": "来了新订单 261127000123，去看看接不接。",
        "url": "/me/shop/orders/261127000123/",
        "tag": "order-1-seller",
        "user": str(seller.pk),
    }
    assert b"261127000123" not in body
    with pytest.raises(http_ece.ECEException):
        Browser().read(body)
    notice.refresh_from_db()
    assert notice.pushed_at
    assert notice.sent_at
    assert delivery.send_due() == 0
    assert len(service.got) == 1


def test_the_push_service_can_check_who_sends(seller, service):
    subscribe(seller, service, Browser())
    write_order(seller)
    delivery.send_due()
    authorization = service.got[0][1]["Authorization"]
    assert Vapid02.verify(authorization)
    assert authorization.endswith(f"k={push.get_public_key()}")


def test_the_message_is_in_the_language_of_the_phone(seller, service):
    browser = Browser()
    subscribe(seller, service, browser, language="en")
    write_order(seller)
    delivery.send_due()
    assert browser.read(service.got[0][2])["body"].startswith("New order 261127000123")


def test_a_message_that_stays_unread_follows_by_sms_after_half_an_hour(seller, service, settings, tmp_path):
    settings.SMS_SENDER, settings.SMS_FILE = "file", tmp_path / "sms.jsonl"
    subscribe(seller, service, Browser())
    notice = write_order(seller)
    delivery.send_due()
    notice.refresh_from_db()
    assert (notice.sent_at, notice.next_try_at - notice.pushed_at) == (None, delivery.SMS_AFTER_PUSH)
    assert delivery.send_due(timezone.now() + delivery.SMS_AFTER_PUSH) == 1
    assert len(settings.SMS_FILE.read_text().splitlines()) == 1
    assert len(service.got) == 1


def test_a_message_read_on_the_screen_is_not_sent_after_its_reader(seller, service, settings, tmp_path):
    settings.SMS_SENDER, settings.SMS_FILE = "file", tmp_path / "sms.jsonl"
    subscribe(seller, service, Browser())
    write_order(seller)
    delivery.send_due()
    delivery.mark_seen(delivery.find_unseen_notices(seller.phone))
    assert delivery.send_due(timezone.now() + delivery.SMS_AFTER_PUSH) == 0
    assert not settings.SMS_FILE.exists()


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_its_service_no_longer_knows_is_forgotten(seller, service, status):
    subscribe(seller, service, Browser())
    service.status = status
    write_order(seller)
    delivery.send_due()
    assert not PushSubscription.objects.exists()
    assert not consents.is_given(seller, Consent.Kind.PUSH)
    assert Notice.objects.get().sent_at is None


@pytest.mark.parametrize("status", [302, 429, 500])
def test_a_service_that_does_not_take_it_is_tried_again_and_no_other_address_is_called(
    seller, service, status
):
    subscribe(seller, service, Browser())
    service.status = status
    notice = write_order(seller)
    assert delivery.send_due() == 0
    notice.refresh_from_db()
    assert (notice.sent_at, notice.pushed_at, notice.tries) == (None, None, 1)
    assert [path for path, _headers, _body in service.got] == ["/phone"]
    service.status = 201
    assert delivery.send_due(notice.next_try_at) == 1


def test_one_broken_phone_does_not_keep_the_other_from_its_message(seller, service):
    subscribe(seller, service, Browser(), "/old")
    browser = Browser()
    subscribe(seller, service, browser, "/new")
    PushSubscription.objects.filter(endpoint__endswith="/old").update(endpoint="http://127.0.0.1:9/old")
    write_order(seller)
    assert delivery.send_due() == 1
    assert browser.read(service.got[0][2])["tag"] == "order-1-seller"


def test_a_service_that_does_not_answer_is_waited_for_once_a_round(seller, trainee, service):
    for number, person in enumerate((seller, trainee)):
        subscribe(person, service, Browser(), f"/{number}")
        write_order(person, f"order-{number}-seller")
    service.status = 503
    assert delivery.send_due() == 0
    assert len(service.got) == 1


@pytest.mark.parametrize("tail", ["/a b", "/a\0", "@x/"])
def test_a_stored_address_that_cannot_be_called_stops_nobody_elses_message(seller, trainee, service, tail):
    row = subscribe(trainee, service, Browser())
    PushSubscription.objects.filter(pk=row.pk).update(
        endpoint=f"http://127.0.0.1:{service.server_port}{tail}".replace("\0", "\x01")
    )
    write_order(trainee, "bad")
    browser = Browser()
    subscribe(seller, service, browser, "/good")
    write_order(seller, "good")
    assert delivery.send_due() == 1
    assert browser.read(service.got[0][2])["tag"] == "good"


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://fcm.googleapis.com/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilfcm.googleapis.com.cn/x",
        "https://user@fcm.googleapis.com/x",
        "https://fcm.googleapis.com:8443/x",
        "https://fcm.googleapis.com:99999999/x",
        "http://127.0.0.1:8000/x",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://fcm.googleapis.com/a b",
        "https://fcm.googleapis.com/a\0",
        "https://:pw@fcm.googleapis.com/x",
        "https://fcm.googleapis.com/\n",
        "https://[::1/x",
        "https://fcm.googleapis.com/" + "x" * 500,
    ],
)
def test_an_address_that_is_no_known_push_service_is_refused(seller, as_user, endpoint):
    answer = as_user(seller).post(
        "/me/notifications/on/", {"endpoint": endpoint, **Browser().keys()}, HTTP_USER_AGENT=ANDROID
    )
    assert (answer.status_code, answer.content.decode()) == (400, "这个浏览器的通知服务，我们发不到。")
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"p256dh": "?", "auth": "é"},
        {"p256dh": b64(b"4" * 64), "auth": b64(b"a" * 16)},
        {"p256dh": "!" * 400 + b64(b"4" * 65), "auth": b64(b"a" * 16)},
        {"p256dh": b64(b"4" * 65), "auth": "\0" + b64(b"a" * 16)},
    ],
)
def test_keys_that_are_none_are_refused(seller, as_user, keys):
    answer = as_user(seller).post("/me/notifications/on/", {"endpoint": FCM, **keys})
    assert answer.status_code == 400


def test_a_point_that_is_not_on_the_curve_ends_the_subscription_and_harms_nothing(seller, service):
    row = subscribe(seller, service, Browser())
    PushSubscription.objects.filter(pk=row.pk).update(p256dh=b64(b"\x04" + b"\x01" * 64))
    write_order(seller)
    delivery.send_due()
    assert not PushSubscription.objects.exists()


def test_the_same_browser_is_one_row_and_goes_over_to_who_asks_on_a_shared_phone(seller, trainee, as_user):
    browser = Browser()
    fields = {"endpoint": FCM, **browser.keys()}
    for _again in range(2):
        assert (
            as_user(seller).post("/me/notifications/on/", fields, HTTP_USER_AGENT=ANDROID).status_code == 204
        )
    row = PushSubscription.objects.get()
    assert (row.user, row.label) == (seller, "安卓·Chrome")
    as_user(trainee).post("/me/notifications/on/", fields, HTTP_USER_AGENT=ANDROID)
    assert PushSubscription.objects.get().user == trainee
    assert not consents.is_given(seller, Consent.Kind.PUSH)


def test_a_shared_phone_that_is_taken_over_is_the_newest_of_five(seller, trainee):
    def switch_on(user, endpoint: str):
        keys = Browser().keys()
        return push.subscribe(user, endpoint=endpoint, **keys, user_agent=ANDROID, language="zh-hans")

    switch_on(trainee, f"{FCM}shared")
    for number in range(5):
        switch_on(seller, f"{FCM}{number}")
    switch_on(seller, f"{FCM}shared")
    kept = seller.push_subscriptions.order_by("made_at").values_list("endpoint", flat=True)
    assert list(kept) == [*(f"{FCM}{number}" for number in range(1, 5)), f"{FCM}shared"]


def test_of_more_than_five_phones_the_oldest_ends(seller):
    for number in range(7):
        push.subscribe(
            seller, endpoint=f"{FCM}{number}", **Browser().keys(), user_agent=ANDROID, language="zh-hans"
        )
    kept = seller.push_subscriptions.order_by("id").values_list("endpoint", flat=True)
    assert list(kept) == [f"{FCM}{number}" for number in range(2, 7)]


def test_switching_off_the_last_phone_takes_the_agreement_back(seller, as_user):
    client = as_user(seller)
    client.post("/me/notifications/on/", {"endpoint": FCM, **Browser().keys()})
    client.post("/me/notifications/on/", {"endpoint": f"{FCM}2", **Browser().keys()})
    first, second = seller.push_subscriptions.order_by("id")
    assert consents.is_given(seller, Consent.Kind.PUSH)
    assert client.post("/me/notifications/off/", {"phone": first.pk}).status_code == 302
    assert consents.is_given(seller, Consent.Kind.PUSH)
    assert client.post("/me/notifications/off/", {"endpoint": second.endpoint}).status_code == 204
    assert not consents.is_given(seller, Consent.Kind.PUSH)


def test_taking_the_agreement_back_ends_all_phones(seller, as_user):
    client = as_user(seller)
    client.post("/me/notifications/on/", {"endpoint": FCM, **Browser().keys()})
    client.post("/me/privacy/withdraw/", {"kind": "push"})
    assert not PushSubscription.objects.exists()
    assert not consents.is_given(seller, Consent.Kind.PUSH)


@pytest.mark.parametrize("phone", ["", "x", "²", "9" * 40, "-1"])
def test_another_persons_phone_cannot_be_switched_off(seller, stranger, as_user, phone):
    row = push.subscribe(seller, endpoint=FCM, **Browser().keys(), user_agent=ANDROID, language="zh-hans")
    client = as_user(stranger)
    assert client.post("/me/notifications/off/", {"phone": phone}).status_code == 404
    assert client.post("/me/notifications/off/", {"phone": row.pk}).status_code == 404
    client.post("/me/notifications/off/", {"endpoint": row.endpoint})
    assert PushSubscription.objects.filter(pk=row.pk).exists()


@pytest.mark.long
def test_closing_the_account_ends_its_phones(trainee):
    push.subscribe(trainee, endpoint=FCM, **Browser().keys(), user_agent=ANDROID, language="zh-hans")
    closure.close_account(trainee)
    assert not PushSubscription.objects.exists()


def test_a_granted_and_a_declined_role_are_told_once(stranger, organiser, village):
    asked = memberships.ask_for_role(stranger, Role.TRAINEE, village)
    memberships.grant_role(organiser, asked)
    declined = memberships.ask_for_role(stranger, Role.SELLER, village)
    memberships.decline_role(organiser, declined, "先学完课")
    told = Notice.objects.filter(phone=stranger.phone).order_by("id")
    assert [push.read_notice(notice) for notice in told] == [
        ("你现在是石榴冲村的学员了。", "/me/roles/"),
        ("做石榴冲村的卖家，这次没同意，看看为什么。", "/me/roles/"),
    ]
