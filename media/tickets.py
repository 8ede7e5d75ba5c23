"""Leave to send one recording, given by an app above to one person for one thing of its own.

`reference` names that thing in the words of the app that gives the ticket ("take 0b1c…", at most 60 characters);
begun again with the same reference an upload goes on where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from accounts.models import User
from media.refusals import Refused

SALT = "media.ticket"
# A phone may be without a line for weeks; what a ticket opens is bounded by its owner and its bytes.
HOLDS = timedelta(days=90)
LONGEST = 60


@dataclass(frozen=True)
class Ticket:
    reference: str
    most_bytes: int


def ticket(owner: User, reference: str, most_bytes: int) -> str:
    """Signed, so that it may stand in a page and be kept on a phone."""
    if not reference or len(reference) > LONGEST or most_bytes <= 0:
        raise ValueError(reference, most_bytes)
    return signing.dumps([owner.pk, reference, most_bytes], salt=SALT)


def read(raw: str, owner: User) -> Ticket:
    """Raises Refused when it is another's, too old or none at all."""
    try:
        whose, reference, most_bytes = signing.loads(raw, salt=SALT, max_age=HOLDS)
    except signing.BadSignature as bad:
        raise Refused("ticket") from bad
    if whose != owner.pk:
        raise Refused("not_yours")
    return Ticket(reference, most_bytes)
