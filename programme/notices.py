"""Notify people of what the programme decided about them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice
from accounts.notifications import delivery
from programme.models import Certificate

ISSUED, REVOKED = "certificate_issued", "certificate_revoked"


def write_certificate_notice(certificate: Certificate) -> None:
    """Write one notice that the certificate was issued, or revoked, in the transaction that did it."""
    template = ISSUED if certificate.is_valid else REVOKED
    facts = {"title": certificate.title, "certificate": str(certificate.key)}
    key = f"{template}-{certificate.pk}"
    delivery.write_notice(key, certificate.user.phone, template, **facts)


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and the URL of its page, or None where another app wrote it."""
    facts = notice.params
    if notice.template not in (ISSUED, REVOKED):
        return None
    url = reverse("programme:certificate", args=[facts["certificate"]])
    if notice.template == ISSUED:
        return _("你的%(title)s发下来了，去看看。") % facts, url
    return _("你的%(title)s作废了，点开看为什么。") % facts, url
