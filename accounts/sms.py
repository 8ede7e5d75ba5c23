"""Codes to phones. Gateways in China send approved templates with parameters, never free text.

Each message costs money, and a code also rings a phone whose owner may never have asked: a number gets
SMS_CODES_A_DAY_PER_NUMBER codes a day, whichever page asks for them, and the whole site sends SMS_SITE_A_DAY messages a day.
"""

import json
import logging
import os
import sys
import urllib.request
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import limits

log = logging.getLogger("farm.sms")


class NotSent(Exception):
    """The gateway did not take the message; the phone's owner should try again later."""

    @property
    def sentence(self) -> str:
        return _("短信没发出去，过一会儿再试。")


class UsedUp(NotSent):
    """No more today: to this number, or of the whole site. No failure of the gateway: nothing was sent to it."""


class NumberUsedUp(UsedUp):
    @property
    def sentence(self) -> str:
        return _("这个号码今天的验证码发完了，明天再试。")


class SiteUsedUp(UsedUp):
    @property
    def sentence(self) -> str:
        return _("今天的短信发完了，明天再试。")


def send_code(phone: str, code: str) -> None:
    """Raises NotSent. Never call it inside a transaction: it waits for another machine."""
    count_code(phone)
    try:
        send(phone, settings.SMS_TEMPLATE_CODE, {"code": code})
    except NotSent:
        limits.give_back(day_of_number(phone))
        raise


def count_code(phone: str) -> None:
    """Counts one of the day's codes of this number, also where none will be sent because it has no account: both must
    come to an end at the same time. Raises UsedUp."""
    if limits.used(day_of_site()) >= settings.SMS_SITE_A_DAY:
        raise SiteUsedUp
    if not limits.take(day_of_number(phone), settings.SMS_CODES_A_DAY_PER_NUMBER, limits.midnight()):
        raise NumberUsedUp


def send(phone: str, template: str, params: dict) -> None:
    """`template` as the gateway calls it. Raises NotSent; like send_code, not inside a transaction."""
    if not limits.take(day_of_site(), settings.SMS_SITE_A_DAY, limits.midnight()):
        log.error("sms budget of the day is used up")
        raise SiteUsedUp
    try:
        SENDERS[settings.SMS_SENDER]({"phone": phone, "template": template, "params": params})
    except NotSent:
        limits.give_back(day_of_site())
        raise


def sent_today() -> int:
    return limits.used(day_of_site())


def day_of_site() -> str:
    return f"sms {timezone.localdate()}"


def day_of_number(phone: str) -> str:
    return f"sms code {phone} {timezone.localdate()}"


def to_console(message: dict) -> None:
    sys.stdout.write(f"SMS {json.dumps(message, ensure_ascii=False)}\n")
    sys.stdout.flush()


def to_file(message: dict) -> None:
    """One JSON line a message, readable by the file's owner only."""
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
        # Neither the number nor the code belongs in a log.
        log.error("sms gateway failed: %s", getattr(error, "code", None) or type(error).__name__)
        raise NotSent from error


def to_nobody(message: dict) -> None:
    raise NotSent


SENDERS: dict[str, Callable[[dict], None]] = {
    "console": to_console,
    "file": to_file,
    "http": to_gateway,
    "none": to_nobody,
}
