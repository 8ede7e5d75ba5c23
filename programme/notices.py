"""Notify people of what the programme decided about them."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.notifications import delivery
from programme.models import Certificate, Step

ISSUED, REVOKED, REACHED = "certificate_issued", "certificate_revoked", "step_reached"


def write_certificate_notice(certificate: Certificate) -> None:
    """Write one notice that the certificate was issued, or revoked, in the transaction that did it."""
    template = ISSUED if certificate.is_valid else REVOKED
    facts = {"title": certificate.title, "certificate": str(certificate.key)}
    key = f"{template}-{certificate.pk}"
    delivery.write_notice(key, certificate.user.phone, template, **facts)


def write_step_notices(reached: Iterable[tuple[int, str]]) -> None:
    """Write a notice for each (person, step) once and never again, also if the step was taken back and reached again."""
    steps = list(reached)
    people = User.objects.filter(pk__in={person for person, _step in steps}) if steps else []
    phones = {person.pk: person.phone for person in people}
    for person, step in steps:
        delivery.write_notice(f"{REACHED}-{person}-{step}", phones.get(person), REACHED, step=step)


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and the URL of its page, or None where another app wrote it."""
    facts = notice.params
    if notice.template == REACHED:
        step = Step.Name(facts["step"]).label
        return _("你到了“%(step)s”这一级，看看下一步。") % {"step": step}, reverse("programme:ladder")
    if notice.template not in (ISSUED, REVOKED):
        return None
    url = reverse("programme:certificate", args=[facts["certificate"]])
    if notice.template == ISSUED:
        return _("你的%(title)s发下来了，去看看。") % facts, url
    return _("你的%(title)s作废了，点开看为什么。") % facts, url
