"""Messages to phones: written once in the step's transaction, sent by the worker, never twice, and not for ever."""

import datetime
import json
import logging
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Notice
from accounts.notifications import delivery, sms
from ui.request_ids import use_request_id

PHONE = "+8613700004821"
REQUEST = "3f0c8a52-64f5-4b4e-9c39-0d4f6d6f1c01"


@pytest.fixture
def gateway(settings, tmp_path):
    settings.SMS_SENDER = "file"
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    return lambda: [json.loads(line) for line in settings.SMS_FILE.read_text().splitlines()]


@pytest.fixture
def broken(settings):
    """A gateway that does not answer."""
    settings.SMS_SENDER = "http"
    settings.SMS_HTTP_URL = "http://127.0.0.1:9/"
    settings.SMS_TEMPLATES = {"order_accepted": "T1"}


def write(key: str = "k1", template: str = "order_accepted", **params) -> Notice:
    delivery.write_notice(key, PHONE, template, **params)
    return Notice.objects.get(key=key)


def test_it_works(db, gateway):
    write(number="261124480231", shop="梅姨家")
    assert (delivery.send_due(), delivery.send_due()) == (1, 0)
    [message] = gateway()
    assert (message["phone"], message["template"], message["params"]) == (
        PHONE,
        "order_accepted",
        {"number": "261124480231", "shop": "梅姨家"},
    )
    notice = Notice.objects.get()
    assert (notice.tries, notice.problem, notice.sent_at is not None) == (1, "", True)


def test_the_gateways_own_name_of_the_template_is_used(db, gateway, settings):
    settings.SMS_TEMPLATES = {"order_accepted": "SMS_4711"}
    write()
    delivery.send_due()
    assert gateway()[0]["template"] == "SMS_4711"


def test_one_key_is_told_once(db, gateway):
    write(number="1")
    write(number="2")
    assert (Notice.objects.get().params, delivery.send_due()) == ({"number": "1"}, 1)


def test_without_a_gateway_or_a_phone_the_rows_stay_and_cost_one_query(db):
    write()
    with CaptureQueriesContext(connection) as queries:
        assert delivery.send_due() == 0
    assert (len(queries), Notice.objects.get().tries) == (1, 0)


def test_a_dead_gateway_is_tried_later_and_later_and_then_no_more(db, broken):
    write()
    now, waits = timezone.now(), []
    for _n in range(6):
        assert delivery.send_due(now) == 0
        notice = Notice.objects.get()
        if notice.next_try_at == delivery.NEVER:
            break
        waits.append(int((notice.next_try_at - now).total_seconds() // 60))
        assert delivery.send_due(notice.next_try_at - datetime.timedelta(seconds=1)) == 0
        now = notice.next_try_at
    assert (waits, notice.tries, notice.problem) == ([1, 5, 30, 120, 360], 6, "短信网关没有接收")


def test_what_has_no_template_at_the_gateway_is_not_tried_again(db, broken):
    write(template="order_paid")
    delivery.send_due()
    notice = Notice.objects.get()
    assert (notice.next_try_at, notice.problem) == (delivery.NEVER, "短信网关里还没有这种消息的模板")


def test_three_failures_end_a_round(db, broken):
    for n in range(9):
        write(f"k{n}")
    delivery.send_due()
    assert Notice.objects.filter(tries=1).count() == 3


def test_two_days_late_is_too_late(db, gateway):
    write()
    Notice.objects.update(made_at=timezone.now() - datetime.timedelta(hours=48))
    assert delivery.send_due() == 0
    assert (Notice.objects.get().problem, delivery.send_due()) == ("过了两天没发出去，不再发了", 0)


@pytest.mark.long
def test_one_phone_gets_no_more_than_a_days_worth(db, gateway):
    for n in range(delivery.PHONE_A_DAY + 5):
        write(f"k{n}")
    assert delivery.send_due() == delivery.PHONE_A_DAY
    late = Notice.objects.filter(sent_at=None)
    assert {notice.problem for notice in late} == {"这个号码今天收得太多了，晚点再发"}
    assert late.filter(next_try_at__gt=timezone.now()).count() == 5


def test_a_worker_that_died_while_sending_is_followed_by_another(db, gateway):
    notice, now = write(), timezone.now()
    assert delivery.lease(notice, now)
    assert not delivery.lease(notice, now)
    assert delivery.send_due(now) == 0
    assert delivery.send_due(now + delivery.LEASE) == 1


def test_a_round_ends_in_time_whatever_the_gateway_does(db, settings, monkeypatch):
    settings.SMS_SENDER = "file"
    monkeypatch.setitem(sms.SENDERS, "file", lambda message: time.sleep(0.05))
    for n in range(40):
        write(f"k{n}")
    begun = time.monotonic()
    assert 1 <= delivery.send_due(seconds=0.2) < 12
    assert time.monotonic() - begun < 2


def test_no_number_and_no_word_in_the_log(db, broken, caplog):
    write(number="261124480231", shop="梅姨家的橙园")
    with caplog.at_level(logging.DEBUG):
        delivery.send_due()
    said = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert "sms gateway failed" in said
    for hidden in ("13700004821", "261124480231", "梅姨家"):
        assert hidden not in said


def test_line_about_a_notice_names_the_request_that_caused_it(db, gateway, caplog):
    caplog.set_level(logging.INFO)
    with use_request_id(REQUEST):
        write()
    delivery.send_due()
    [record] = [record for record in caplog.records if record.getMessage() == "notice"]
    known = {"notice": Notice.objects.get().pk, "template": "order_accepted", "way": "sms", "attempts": 1}
    assert record.fields.pop("seconds") >= 0
    assert record.fields == known | {"outcome": "done"}
    assert Notice.objects.get().request_id == REQUEST


@pytest.mark.long
def test_a_thousand_waiting_do_not_slow_a_step(db):
    """One statement more, found by the key's index: the same with none and with a thousand."""

    def cost() -> tuple[int, float]:
        times = []
        for n in range(20):
            begun = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                delivery.write_notice(f"step-{time.monotonic_ns()}-{n}", PHONE, "order_paid", number="1")
            times.append(time.perf_counter() - begun)
        return len(queries), sorted(times)[10]

    few = cost()
    Notice.objects.bulk_create([Notice(key=f"n{n}", phone=PHONE, template="order_paid") for n in range(1000)])
    many = cost()
    assert few[0] == many[0] == 1
    assert many[1] < 3 * few[1] + 0.005
