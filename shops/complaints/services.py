"""Complaints of buyers: each has a number, a day by which it is answered, and a link to follow it.

消费者权益保护法实施条例 §44 requires complaints to be answered in time; this site promises a shorter time than the law
allows.
"""

from __future__ import annotations

import datetime
import secrets

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Membership, Notice, Place, User
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.models import Complaint, Product, Shop
from shops.models.batch import LETTERS

DAYS = 7
MOST_OPEN = 3  # open complaints of one phone at a time


def make_number() -> str:
    """Return a number to be read out on the phone, TS1124-K7MQ; it gives no access."""
    letters = "".join(secrets.choice(LETTERS) for _letter in range(5))
    return f"TS{timezone.localdate():%m%d}-{letters}"


def create_complaint(
    text: str,
    name: str,
    phone: str,
    shop: Shop | None,
    place: Place,
    product: Product | None = None,
    order=None,
) -> Complaint:
    """Create a complaint; the same text from the same phone sent twice is one. Raises ActionNotAllowed when too many are
    open.
    """
    about = {"shop": shop, "product": product, "order": order, "phone": phone}
    unanswered = Complaint.objects.filter(phone=phone, answered_at=None)
    if known := unanswered.filter(text=text, **about).first():
        return known
    if unanswered.count() >= MOST_OPEN:
        raise ActionNotAllowed(_("这个手机号已经有 %(n)d 个投诉在处理，等答复了再提") % {"n": MOST_OPEN})
    due = timezone.now() + datetime.timedelta(days=DAYS)
    for _try in range(5):
        try:
            with transaction.atomic():
                made = Complaint.objects.create(
                    number=make_number(), text=text, name=name, place=place, due_at=due, **about
                )
                AuditEntry.write(None, Verb.COMPLAINT_MADE, made, place, number=made.number)
                return made
        except IntegrityError:  # another complaint of the day has the same letters
            continue
    raise ActionNotAllowed(_("没收好，再交一次"))


def list_unanswered(user: User) -> QuerySet[Complaint]:
    """Return the unanswered complaints in the places this person is responsible for, the most overdue first."""
    return find_manageable(user).filter(answered_at=None).order_by("due_at", "id")


def find_manageable(user: User) -> QuerySet[Complaint]:
    held = Place.objects.held_by(user, Membership.Role.ORGANISER)
    return Complaint.objects.filter(place__in=held).select_related("shop", "product", "order", "place")


@transaction.atomic
def answer_complaint(complaint: Complaint, text: str, actor: User) -> None:
    """Answer a complaint, once, and send the complainant's phone a notice with the link."""
    given = {"answer": text, "answered_by": actor, "answered_at": timezone.now()}
    if not Complaint.objects.filter(pk=complaint.pk, answered_at=None).update(**given):
        raise ActionNotAllowed(_("已经有人答复过了"))
    link = reverse("shops:complaint", args=[complaint.token])
    Notice.objects.get_or_create(
        key=f"complaint-{complaint.pk}",
        defaults={
            "phone": complaint.phone,
            "template": "complaint_answered",
            "params": {"number": complaint.number, "link": link},
        },
    )
    AuditEntry.write(actor, Verb.COMPLAINT_ANSWERED, complaint, complaint.place, number=complaint.number)


def is_overdue(complaint: Complaint) -> bool:
    return complaint.answered_at is None and complaint.due_at < timezone.now()
