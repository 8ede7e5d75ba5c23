"""Send codes and notices by SMS. Gateways in China send approved templates with parameters, never free text.

Each message costs money, and a code also rings a phone whose owner may not have asked for it: a number gets
SMS_CODES_A_DAY_PER_NUMBER codes a day, whichever page asks for them, an IP may ask for SMS_A_DAY, and the whole site
sends SMS_SITE_A_DAY messages a day. Strangers can use these up, so each has a reserve: of the codes of a number CODES_KEPT are
kept for orders and as many for signing in; a request from a phone on which the owner
has signed in before gets CODES_KEPT more to sign in with, whatever strangers did; and codes leave the site NOTICES_PERCENT
of its messages for notices about orders.
"""

import json
import logging
import os
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import limits

log = logging.getLogger("farm.sms")
CODES_KEPT = 2
NOTICES_PERCENT = 40
# Organisers are warned from this share of the day's messages (percent).
WARNING_PERCENT = 80
# Why a code did not go.
OVER_LIMIT, NOT_TAKEN = "limit", "gateway"
MOST_COUNTED = 1_000_000_000


class SmsNotSent(Exception):
    """Raised when the gateway did not take the message; the phone's owner should try again later."""

    @property
    def sentence(self) -> str:
        return _("短信没发出去，过一会儿再试。")


class SmsUsedUp(SmsNotSent):
    """Raised when the day's messages to this number, for this IP or of the whole site are used up. Nothing was
    sent."""


class NumberUsedUp(SmsUsedUp):
    @property
    def sentence(self) -> str:
        return _("这个号码今天的验证码发完了，明天再试。")


class IpUsedUp(SmsUsedUp):
    @property
    def sentence(self) -> str:
        return _("您这个网络今天要的验证码太多了，明天再试。")


class SiteUsedUp(SmsUsedUp):
    @property
    def sentence(self) -> str:
        return _("今天的短信发完了，明天再试。")


def send_code(
    phone: str, code: str, ip: str = "", *, for_account: bool = False, is_owners: bool = False
) -> None:
    """Send a code. `ip` is the visitor's; the other arguments are those of count_code. Raises SmsNotSent.

    Never call it inside a transaction: it waits for another machine.
    """
    counted = count_code(phone, ip, for_account=for_account, is_owners=is_owners)
    try:
        counted += consume_all([(name_codes_counter(), calculate_codes_a_day(), SiteUsedUp)])
        send(phone, settings.SMS_TEMPLATE_CODE, {"code": code})
    except SmsNotSent as problem:
        for name in counted:
            limits.give_back(name)
        count_refusal(OVER_LIMIT if isinstance(problem, SmsUsedUp) else NOT_TAKEN)
        raise


def count_code(phone: str, ip: str = "", *, for_account: bool = False, is_owners: bool = False) -> list[str]:
    """Count one of the day's codes of this number and IP; return the names of the counters. Raises SmsUsedUp.

    It is also called if none will be sent because the number has no account, so that the limit does not
    tell which numbers have one.
    `for_account` is a code to sign up or in, or for another number, not for an order; `is_owners` if it is asked from a
    phone on which the owner of the number has signed in (devices.find_device).
    """
    try:
        return count_within_limits(phone, ip, for_account, is_owners)
    except SmsUsedUp:
        count_refusal(OVER_LIMIT)
        raise


def count_within_limits(phone: str, ip: str, for_account: bool, is_owners: bool) -> list[str]:
    if count_codes_today() >= calculate_codes_a_day() or count_sent_today() >= settings.SMS_SITE_A_DAY:
        raise SiteUsedUp
    most, number = settings.SMS_CODES_A_DAY_PER_NUMBER, name_number_counter(phone)
    of_kind = f"sms {'account' if for_account else 'order'} {number}"
    wanted = [
        (of_kind, most - min(CODES_KEPT, most // 2), NumberUsedUp),
        (number, most, NumberUsedUp),
    ]
    here: list[tuple[str, int, type[SmsUsedUp]]] = []
    if ip:
        here = [(f"sms from {ip} {timezone.localdate()}", settings.SMS_A_DAY, IpUsedUp)]
    try:
        return consume_all([*wanted, *here])
    except NumberUsedUp:
        if not (for_account and is_owners):
            raise
    return consume_all([(f"sms owner {number}", CODES_KEPT, NumberUsedUp), *here])


def consume_all(wanted: list[tuple[str, int, type[SmsUsedUp]]]) -> list[str]:
    """Count one of each (name, most, exception if it is used up), or none of them; return the names."""
    taken: list[str] = []
    for name, most, problem in wanted:
        if not limits.consume(name, most, limits.get_midnight()):
            for earlier in taken:
                limits.give_back(earlier)
            raise problem
        taken.append(name)
    return taken


def send(phone: str, template: str, params: dict) -> None:
    """Send a template, named as the gateway names it. Raises SmsNotSent; like send_code, not inside a transaction."""
    if not limits.consume(name_site_counter(), settings.SMS_SITE_A_DAY, limits.get_midnight()):
        log.error("sms budget of the day is used up")
        raise SiteUsedUp
    try:
        SENDERS[settings.SMS_SENDER]({"phone": phone, "template": template, "params": params})
    except SmsNotSent:
        limits.give_back(name_site_counter())
        raise


def is_running_out(sent: int, most: int) -> bool:
    return sent * 100 >= most * WARNING_PERCENT


@dataclass(frozen=True)
class Today:
    """How many messages went today, how many of them were codes, and how many codes did not go: over a limit, or not taken
    by the gateway.
    """

    sent: int
    codes: int
    over_limit: int
    not_taken: int


def count_today() -> Today:
    """Count today's messages; one query."""
    names = name_site_counter(), name_codes_counter(), name_refusals(OVER_LIMIT), name_refusals(NOT_TAKEN)
    counted = limits.count_used_by_name(names)
    return Today(*(counted[name] for name in names))


def count_refusal(reason: str) -> None:
    """Count a code that did not go, for who watches the site from outside."""
    limits.consume(name_refusals(reason), MOST_COUNTED, limits.get_midnight())


def count_sent_today() -> int:
    return limits.count_used(name_site_counter())


def count_codes_today() -> int:
    return limits.count_used(name_codes_counter())


def calculate_codes_a_day() -> int:
    """Return how many of the site's messages may be codes."""
    return settings.SMS_SITE_A_DAY - settings.SMS_SITE_A_DAY * NOTICES_PERCENT // 100


def name_site_counter() -> str:
    return f"sms {timezone.localdate()}"


def name_codes_counter() -> str:
    return f"sms codes {timezone.localdate()}"


def name_refusals(reason: str) -> str:
    return f"sms refused {reason} {timezone.localdate()}"


def name_number_counter(phone: str) -> str:
    return f"sms code {phone} {timezone.localdate()}"


def to_console(message: dict) -> None:
    sys.stdout.write(f"SMS {json.dumps(message, ensure_ascii=False)}\n")
    sys.stdout.flush()


def to_file(message: dict) -> None:
    """Write one JSON line a message, readable by the file's owner only."""
    line = json.dumps({"at": timezone.now().isoformat(timespec="seconds"), **message}, ensure_ascii=False)
    with open(os.open(settings.SMS_FILE, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600), "a") as file:
        file.write(f"{line}\n")


def to_gateway(message: dict) -> None:
    request = urllib.request.Request(
        settings.SMS_HTTP_URL,
        data=json.dumps(message).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_HTTP_KEY}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=settings.SMS_TIMEOUT_SECONDS):
            return
    except (OSError, ValueError) as error:
        # Neither the number nor the code may be logged.
        log.error("sms gateway failed: %s", getattr(error, "code", None) or type(error).__name__)
        raise SmsNotSent from error


def to_nobody(message: dict) -> None:
    raise SmsNotSent


SENDERS: dict[str, Callable[[dict], None]] = {
    "console": to_console,
    "file": to_file,
    "http": to_gateway,
    "none": to_nobody,
}
