"""Make and check the rotating code of a session: in the QR, and as four digits that the trainer reads out.

Both follow from the session, the minute and the site's secret, so that nothing is stored. A code is accepted in its own minute
and in the next one, because phones and lines are slow; an earlier one is refused. Who opens the page by the QR gets a ticket,
signed for this person, so that the code may change while they sign in or read.
"""

from __future__ import annotations

import datetime
from typing import NamedTuple

from django.core.signing import BadSignature, TimestampSigner
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from programme.attendance.marks import record_marks, say
from programme.models import Attendance, How, Mark, TrainingSession
from programme.models.attendance import CREDITED

WINDOW_SECONDS = 60
DIGITS = 4
# Signing in takes some minutes for a person who has to look for their password.
TICKET_SECONDS = 600
# A code is accepted until so long after the end.
OPEN_AFTER_END = datetime.timedelta(minutes=30)
# From then on a person who signs in is late.
LATE_AFTER = datetime.timedelta(minutes=15)
SALT = "programme.attendance.codes"
signer = TimestampSigner(salt=SALT)


class Code(NamedTuple):
    """The code of one minute: `digits` are read out, `token` is in the QR; `seconds_left` until the next one."""

    digits: str
    token: str
    seconds_left: int


def make_code(session: TrainingSession, now: datetime.datetime | None = None) -> Code:
    seconds = int((now or timezone.now()).timestamp())
    digits, token = compute(session, seconds // WINDOW_SECONDS)
    return Code(digits, token, WINDOW_SECONDS - seconds % WINDOW_SECONDS)


def compute(session: TrainingSession, window: int) -> tuple[str, str]:
    key = salted_hmac(SALT, f"{session.pk} {window}", algorithm="sha256").hexdigest()
    return f"{int(key[:16], 16) % 10**DIGITS:0{DIGITS}d}", key[32:]


def are_current_digits(session: TrainingSession, typed: str, now: datetime.datetime | None = None) -> bool:
    """Return whether these digits are of this minute or the one before. Count the tries: there are 10,000."""
    return is_current(typed, [digits for digits, _token in compute_current(session, now)])


def is_current_token(session: TrainingSession, token: str, now: datetime.datetime | None = None) -> bool:
    """Return whether this token of the QR, which nobody guesses, is of this minute or the one before."""
    return is_current(token, [right for _digits, right in compute_current(session, now)])


def compute_current(session: TrainingSession, now: datetime.datetime | None) -> list[tuple[str, str]]:
    window = int((now or timezone.now()).timestamp()) // WINDOW_SECONDS
    return [compute(session, window), compute(session, window - 1)]


def is_current(given: str, current: list[str]) -> bool:
    # All are compared, each in constant time.
    found = [constant_time_compare(given, right) for right in current]
    return any(found)


def takes_codes(session: TrainingSession) -> bool:
    """Return whether people may sign in by themselves now: from an hour before until half an hour after."""
    return session.takes_marks and timezone.now() <= session.ends_at + OPEN_AFTER_END


def make_ticket(session: TrainingSession, user: User | None) -> str:
    """Return what shows for ten minutes that the code was right; for a person who has yet to sign in, for whoever that is."""
    return signer.sign(f"{session.pk}:{user.pk if user else 0}")


def is_ticket(session: TrainingSession, user: User, ticket: str) -> bool:
    try:
        named = signer.unsign(ticket[:200], max_age=TICKET_SECONDS)
    except BadSignature:
        return False
    return named in (f"{session.pk}:{user.pk}", f"{session.pk}:0")


def sign_in(session: TrainingSession, user: User) -> str:
    """Mark the person present, or late; return their mark. Who is marked so already stays so. Raises NotTaken."""
    there = Attendance.objects.filter(session=session, user=user, mark__in=CREDITED).first()
    if there:
        return there.mark
    late = timezone.now() > session.starts_at + LATE_AFTER
    mark = Mark.LATE if late else Mark.PRESENT
    record_marks(session, [say(user.pk, mark, How.CODE)], user)
    return mark
