"""Send a message to somebody who is stuck: what to do next, and where."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.notifications import delivery
from programme.models import SupportCase

SUPPORT = "support_message"
Cause = SupportCase.Cause


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and the URL of its page, or None where another app wrote it."""
    if notice.template != SUPPORT:
        return None
    return describe_support(notice.params), build_support_url(notice.params)


def write_support_notice(case: SupportCase, user: User, day: datetime.date) -> None:
    """Write one notice a day to somebody who is stuck, in the transaction that records it."""
    facts = {"cause": case.cause, "title": case.title, "subject": case.subject, "class": case.cohort_id}
    delivery.write_notice(f"support-{case.pk}-{day}", user.phone, SUPPORT, **facts)


def describe_support(facts: dict) -> str:
    """Return the sentence for the person: what to do next, without a reproach."""
    sentences = {
        Cause.QUIZ: _("老师请你再考一次“%(title)s”，哪里不懂先问他。"),
        Cause.PHONE: _("手机里有做了没送到的，连上网，打开这一页。"),
        Cause.ABSENT: _("老师惦记你没来上课，下次什么时候上，点开看。"),
        Cause.RETAKE: _("老师请你把“%(title)s”重录一遍。"),
        Cause.LESSON: _("老师请你接着学“%(title)s”。"),
        Cause.CERTIFICATE: _("你离结业证书只差一样了，点开接着做。"),
        Cause.LISTING: _("结业了，老师请你上架第一款货。"),
    }
    return sentences[facts["cause"]] % facts


def build_support_url(facts: dict) -> str:
    cause, subject = facts["cause"], facts["subject"]
    if cause in (Cause.QUIZ, Cause.LESSON):
        return reverse(f"progress:{cause}", args=[subject])
    if cause == Cause.ABSENT:
        return reverse("programme:my_class", args=[facts["class"]])
    if cause == Cause.RETAKE or (cause == Cause.PHONE and subject):
        return reverse("rehearsals:practise")
    pages = {Cause.PHONE: "progress:aside", Cause.LISTING: "shops:mine"}
    return reverse(pages.get(cause, "progress:learn"))
