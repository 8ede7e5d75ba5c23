"""Print certificates: their words in the language of the course, one A4 page each."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programme.models import Certificate
from programme.typesetting import draw_code, keep_printable, typeset

# So many pages are set within a few seconds.
MOST_PAGES = 200


def typeset_certificates(request: HttpRequest, certificates: Sequence[Certificate]) -> bytes:
    """Return a PDF of these certificates, at most MOST_PAGES. Raises PdfNotMade."""
    pages = [describe_page(request, one) for one in certificates[:MOST_PAGES]]
    title = certificates[0].title if len(certificates) == 1 else _("结业证书")
    return typeset("certificate.typ", {"title": title, "pages": pages})


def describe_page(request: HttpRequest, certificate: Certificate) -> dict[str, str | list[str]]:
    """Return the words of a page: what was issued, and around it what the language of the course needs.

    The name was checked before issuing; a picture in the name of a class is left out.
    """
    address = request.build_absolute_uri(certificate.verify_path)
    with translation.override(certificate.course.language):
        day = timezone.localdate(certificate.issued_at)
        facts = {
            "course": keep_printable(certificate.course_title),
            "hours": certificate.hours,
            "group": keep_printable(certificate.class_name),
        }
        return {
            "lang": "zh" if certificate.course.language.startswith("zh") else "en",
            "kicker": _("新农活 · 手机是新农具，直播是新农活"),
            "title": keep_printable(certificate.title),
            "name": certificate.name,
            "body": [_("参加“%(course)s”（%(group)s）学习，") % facts, choose_result(certificate) % facts],
            "issuer": keep_printable(certificate.place_name),
            "date": date_format(day, "DATE_FORMAT"),
            "seal": _("（盖章有效）"),
            "serial_label": _("证书编号"),
            "serial": certificate.serial,
            "verify_label": _("查验码"),
            "verify_code": " ".join(certificate.code[n : n + 4] for n in range(0, len(certificate.code), 4)),
            "verify_address": address,
            "code": draw_code(address),
            "code_alt": _("查验二维码：%(address)s") % {"address": address},
        }


def choose_result(certificate: Certificate) -> str:
    """Return what was achieved, in words: only what the certificate's own rule asked."""
    rule = certificate.evidence.get("rule", {})
    learnt_all = rule.get("needs_lessons") and not rule.get("waives_known")
    if learnt_all and rule.get("needs_quizzes") and rule.get("rehearsals"):
        return _("共 %(hours)s 学时，课程学完，测验和彩排合格，准予结业。")
    return _("共 %(hours)s 学时，达到结业条件，准予结业。")
