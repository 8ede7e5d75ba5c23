"""Notify people of what became of their waiting for a class."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Notice
from accounts.notifications import delivery
from progress.models import Transfer, WaitingEntry

ADMITTED, DECLINED, LIFTED = "class_admitted", "class_declined", "class_lifted"
TRANSFERRED = "class_transferred"


def write_admitted(entry: WaitingEntry) -> None:
    """Write the notice that the person is in the class now, in the transaction that let them in."""
    write(ADMITTED, entry)


def write_declined(entry: WaitingEntry) -> None:
    write(DECLINED, entry)


def write_lifted(entry: WaitingEntry) -> None:
    key = f"{LIFTED}-{entry.pk}-{timezone.now():%y%m%d%H%M%S}"
    delivery.write_notice(key, entry.user.phone, LIFTED, name=entry.cohort.name)


def write_transferred(made: Transfer) -> None:
    """Write the notice that a trainer moved the person, in the transaction that did it."""
    key = f"{TRANSFERRED}-{made.pk}"
    delivery.write_notice(key, made.user.phone, TRANSFERRED, name=made.to_cohort.name)


def write(template: str, entry: WaitingEntry) -> None:
    key = f"{template}-{entry.pk}-{entry.asked_at:%y%m%d%H%M%S}"
    delivery.write_notice(key, entry.user.phone, template, name=entry.cohort.name)


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and the URL of its page, or None where another app wrote it."""
    if notice.template == ADMITTED:
        return _("“%(name)s”有你的名额了，你已经进班，去看看。") % notice.params, reverse("progress:learn")
    if notice.template == DECLINED:
        return _("“%(name)s”这次没收你，点开看为什么。") % notice.params, reverse("progress:waiting")
    if notice.template == LIFTED:
        return _("“%(name)s”可以再报了，再填一次进班码。") % notice.params, reverse("progress:join")
    if notice.template == TRANSFERRED:
        return _("老师把你转到“%(name)s”了，学过的都还在。") % notice.params, reverse("progress:learn")
    return None
