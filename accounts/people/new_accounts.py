"""Open accounts for people whom somebody else writes down, many at once."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from accounts.audit import AuditVerb
from accounts.models import AuditEntry, Place, User
from ui.database.inserts import insert_rows
from ui.database.orm import find_by_texts


class NewPerson(NamedTuple):
    name: str
    phone: str  # E.164


@transaction.atomic
def open_accounts(
    actor: User, people: Sequence[NewPerson], place: Place, why: dict[str, object]
) -> list[int]:
    """Create active accounts without a usable password; return their numbers, in the same order.

    The person signs in first by a code to their phone, or by a password that accounts.auth.password_reset gives them. Nothing
    is agreed to in their name: the page “我” asks them to read the privacy notice. `why` goes into the trail. Three statements,
    however many people. Raises IntegrityError if a number has an account.
    """
    if not people:
        return []
    rows = [(one.name, one.phone, UNUSABLE_PASSWORD_PREFIX + secrets.token_urlsafe(30)) for one in people]
    insert_rows(User, ("name", "phone", "password"), rows)
    found = find_by_texts(User.objects.order_by(), "phone", [one.phone for one in people])
    by_phone = dict(found.values_list("as_text", "pk"))
    users = [by_phone[one.phone] for one in people]
    AuditEntry.write_many(actor, AuditVerb.PERSON_ADDED, [f"user {pk}" for pk in users], place, **why)
    return users
