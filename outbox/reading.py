"""From the bytes that came to a list of events. Whatever the bytes are, the answer is a list or a sentence."""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.utils.translation import gettext as _

MOST_SENT = 512 * 1024
MOST_UNPACKED = 2 * 1024 * 1024
MOST_EVENTS = 200


class Refused(Exception):
    """The batch stays on the phone: an HTTP status, and a sentence in the language of who sent it."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@dataclass(frozen=True)
class Batch:
    user: int
    events: list
    # Of the whole, unpacked: no event is longer.
    bytes: int


def batch_of(request: HttpRequest) -> Batch:
    """Raises Refused: 413 for what is too big (the phone then sends half of it), 400 for what is no batch."""
    text = unpacked(request)
    try:
        said = json.loads(text, parse_constant=no_number, parse_float=finite)
    except (ValueError, RecursionError) as error:
        raise unreadable() from error
    user, events = (said.get("user"), said.get("events")) if isinstance(said, dict) else (None, None)
    if type(user) is not int or not isinstance(events, list):
        raise unreadable()
    if len(events) > MOST_EVENTS:
        raise too_much()
    return Batch(user, events, len(text))


def unpacked(request: HttpRequest) -> bytes:
    if request.content_type != "application/json":
        raise unreadable()
    if length(request) > MOST_SENT:
        raise too_much()
    try:
        sent = request.body
    except UnreadablePostError as error:
        raise unreadable() from error
    packing = request.headers.get("Content-Encoding", "").strip().lower()
    if packing == "gzip":
        return gunzipped(sent)
    if packing not in ("", "identity"):
        raise unreadable()
    return sent


def length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def gunzipped(sent: bytes) -> bytes:
    """Stops at the limit, so that a small file cannot unfold into the whole memory."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        text = unpacker.decompress(sent, MOST_UNPACKED + 1)
    except zlib.error as error:
        raise unreadable() from error
    if len(text) > MOST_UNPACKED:
        raise too_much()
    if not unpacker.eof or unpacker.unused_data:
        raise unreadable()
    return text


def no_number(name: str) -> float:
    raise ValueError(name)


def finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def unreadable() -> Refused:
    return Refused(400, _("手机交来的东西看不懂。都还在手机里，没有丢。"))


def too_much() -> Refused:
    return Refused(413, _("一次交得太多，手机会分几次再交。"))
