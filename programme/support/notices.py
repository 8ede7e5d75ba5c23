"""Send a message to somebody who is stuck: what to do next, and where."""

from __future__ import annotations

import datetime

from accounts.models import Notice, User
from accounts.notifications import delivery
from programme.models import SupportCase
from programme.support.causes import CAUSES

SUPPORT = "support_message"


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and the URL of its page, or None where another app wrote it."""
    if notice.template != SUPPORT:
        return None
    facts, cause = notice.params, CAUSES[notice.params["cause"]]
    return cause.describe() % facts, cause.build_url(facts["subject"], facts["class"])


def write_support_notice(case: SupportCase, user: User, day: datetime.date) -> None:
    """Write one notice a day to somebody who is stuck, in the transaction that records it."""
    facts = {"cause": case.cause, "title": case.title, "subject": case.subject, "class": case.cohort_id}
    delivery.write_notice(f"support-{case.pk}-{day}", user.phone, SUPPORT, **facts)
