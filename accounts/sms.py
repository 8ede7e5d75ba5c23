"""Codes to phones. Gateways in China send approved templates with parameters, never free text."""

import json
import logging
import os
import sys
import urllib.request
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

log = logging.getLogger("farm.sms")


class NotSent(Exception):
    """The gateway did not take the message; the phone's owner should try again later."""


def send_code(phone: str, code: str) -> None:
    """Raises NotSent. Never call it inside a transaction: it waits for another machine."""
    send(phone, settings.SMS_TEMPLATE_CODE, {"code": code})


def send(phone: str, template: str, params: dict) -> None:
    """`template` as the gateway calls it. Raises NotSent; like send_code, not inside a transaction."""
    SENDERS[settings.SMS_SENDER]({"phone": phone, "template": template, "params": params})


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
