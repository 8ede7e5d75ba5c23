"""Store certificates and licences: handed in by the seller, checked by an organiser, valid until their last day.

绿色食品, 有机, 地理标志 and 富硒 may be written of a product only while a certificate covers it (农产品质量安全法 §42).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, Notice, User
from media.models import Document
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.models import Paper, Product, Shop
from ui.formats import day as spoken
from ui.responses import page_cache

Kind, Status = Paper.Kind, Paper.Status
# These kinds must have a last day.
MUST_END = (Kind.GREEN, Kind.ORGANIC, Kind.LICENCE)
NOTE_DAYS = 30


def hand_in(shop: Shop, facts: dict, file: Document, products: list[Product], actor: User) -> Paper:
    """Hand in a certificate to be checked, or return the same one if it already waits."""
    with transaction.atomic():
        Shop.objects.select_for_update().get(pk=shop.pk)
        same = {"shop": shop, "kind": facts["kind"], "number": facts["number"], "file": file}
        if known := Paper.objects.filter(status=Status.WAITING, **same).first():
            return known
        paper = Paper.objects.create(shop=shop, file=file, made_by=actor, **facts)
        paper.products.set(products)
        AuditEntry.write(actor, Verb.PAPER_HANDED_IN, paper, shop.place, name=str(paper))
    return paper


def accept(paper: Paper, actor: User, reason: str = "") -> None:
    """Accept a certificate.

    Raises ActionNotAllowed if it has expired, was decided already, or has another holder and no reason is given.
    """
    reason = reason.strip()[:200]
    if paper.is_over():
        raise ActionNotAllowed(_("这张证%(day)s就到期了，不能收下") % {"day": spoken(paper.expires_on)})
    if paper.holder_differs and not reason:
        params = {"holder": paper.holder, "seller": paper.shop.legal_name or _("没填全称")}
        raise ActionNotAllowed(
            _("持证人是“%(holder)s”，卖家是“%(seller)s”。有授权才能收下，写明依据") % params
        )
    facts = {"accepted_reason": reason if paper.holder_differs else "", "refused_reason": ""}
    decide(paper, actor, Verb.PAPER_ACCEPTED, Status.ACCEPTED, reason, facts)


def refuse(paper: Paper, reason: str, actor: User) -> None:
    """Refuse a certificate with a reason; also one that was accepted by mistake. Raises ActionNotAllowed."""
    if not reason.strip():
        raise ActionNotAllowed(_("写一句为什么，卖家才知道补什么"))
    decide(paper, actor, Verb.PAPER_REFUSED, Status.REFUSED, reason, {"refused_reason": reason.strip()[:200]})


def decide(paper: Paper, actor: User, verb: Verb, status: str, reason: str, facts: dict) -> None:
    open_to = [Status.WAITING] if status == Status.ACCEPTED else [Status.WAITING, Status.ACCEPTED]
    facts = facts | {"status": status, "decided_by": actor, "decided_at": timezone.now()}
    with transaction.atomic():
        # A seller can only withdraw a certificate, so one that still exists is unchanged since the organiser's page was
        # rendered.
        if not Paper.objects.filter(pk=paper.pk, status__in=open_to).update(**facts):
            raise ActionNotAllowed(_("这张已经有人处理过了"))
        page_cache.invalidate(Paper.stamp_name)
        more = {"reason": reason} if reason else {}
        AuditEntry.write(actor, verb, paper, paper.shop.place, name=str(paper), **more)
    for field, value in facts.items():
        setattr(paper, field, value)


def drop(paper: Paper, actor: User) -> None:
    """Delete a certificate that was not accepted. Raises ActionNotAllowed."""
    with transaction.atomic():
        mine = (
            Paper.objects.select_for_update(of=("self",)).filter(pk=paper.pk).exclude(status=Status.ACCEPTED)
        )
        if not mine.exists():
            raise ActionNotAllowed(_("核对过的证不能删，到期自己就不算了"))
        AuditEntry.write(actor, Verb.PAPER_DROPPED, paper, paper.shop.place, name=str(paper))
        paper.delete()


def recheck_holders(shop: Shop) -> int:
    """Return certificates to the queue whose holder differs from the shop's changed legal name; return how many."""
    mine = Paper.objects.filter(shop=shop, status=Status.ACCEPTED, accepted_reason="")
    again = [paper.pk for paper in mine.select_related("shop") if paper.holder_differs]
    return Paper.objects.filter(pk__in=again).update(status=Status.WAITING)


def notify_expiring(day: datetime.date | None = None) -> int:
    """Notify each owner once, NOTE_DAYS before an accepted certificate expires: a daily task of the worker."""
    day = day or timezone.localdate()
    soon = (day, day + datetime.timedelta(days=NOTE_DAYS))
    ending = Paper.objects.filter(status=Status.ACCEPTED, expires_on__range=soon).select_related(
        "shop__owner"
    )
    notes = [
        Notice(
            key=f"paper-{paper.pk}-{paper.expires_on}",
            phone=paper.shop.owner.phone,
            template="paper_expiring",
            params={
                "paper": paper.get_kind_display(),
                "day": str(paper.expires_on),
                "link": "/me/shop/papers/",
            },
        )
        for paper in ending
    ]
    known = set(Notice.objects.filter(key__in=[note.key for note in notes]).values_list("key", flat=True))
    new = [note for note in notes if note.key not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


# The words that each certificate allows. The pattern of 有机 leaves out 有机肥, 有机质, 有机会 and
# other words that begin with it and are no marks.
WORDS = {
    Kind.GREEN: r"绿色食品|绿标|绿色认证",
    Kind.ORGANIC: r"有\s*机(?!肥|质|会|物|磷|氯|酸|废|缘)|(?<![A-Za-z])organic(?! (?:matter|fertili[sz]er|acid|manure))",
    Kind.GI: r"地\s*理\s*标\s*志|地标(?:产品|农产品|认证)|国家地标|geographical indication",
    Kind.SELENIUM: r"富\s*硒|selenium[- ]rich",
}
MARK_PATTERNS: dict[str, re.Pattern[str]] = {
    kind: re.compile(words, re.IGNORECASE) for kind, words in WORDS.items()
}
# A clause with its own stop, or a whole line.
CLAUSE = re.compile(r"[^，。；！？、,;!?\n]*[，。；！？、,;!?\n]?")
STOPS = "，、,；;"


def find_papers(product: Product, day: datetime.date | None = None) -> list[Paper]:
    """Return the certificates of marks in force for this product on that day; one query."""
    rows = Paper.objects.in_force(day).for_product(product).filter(kind__in=list(MARK_PATTERNS))
    return list(rows.select_related("shop").order_by("kind", "-expires_on"))


def has_certificates(shop: str, day: datetime.date | None = None) -> Exists:
    """Return an annotation that tells whether a shop has a mark's certificate that day; `shop` is the lookup of its id."""
    rows = Paper.objects.in_force(day).filter(shop=OuterRef(shop), kind__in=list(MARK_PATTERNS))
    return Exists(rows)


def filter_description(
    product: Product, day: datetime.date | None = None, papers: Iterable[Paper] | None = None
) -> str:
    """Return the description without the clauses that name a mark whose certificate is not in force on that day.

    No query if it names no mark, else one, or none with `papers`.
    """
    named = [kind for kind, words in MARK_PATTERNS.items() if words.search(product.description)]
    if not named:
        return product.description
    held = {paper.kind for paper in (find_papers(product, day) if papers is None else papers)}
    return remove_clauses(product.description, [kind for kind in named if kind not in held])


def remove_clauses(text: str, kinds: Iterable[str]) -> str:
    """Remove the clauses that name these marks, and end what is left as a sentence."""
    over = [MARK_PATTERNS[kind] for kind in kinds]
    kept: list[str] = []
    dropped_end = ""
    for clause in CLAUSE.findall(text):
        if any(words.search(clause) for words in over):
            dropped_end = clause[-1:] if clause[-1:] in "。！？!?\n" else ""
            if dropped_end and kept and kept[-1][-1:] in STOPS:
                kept[-1] = kept[-1][:-1] + dropped_end
            continue
        kept.append(clause)
    return "".join(kept).strip().rstrip(STOPS)


def find_first_mark(text: str) -> str:
    """Return the first word of any mark in a name; empty if there is none."""
    found = [match for words in MARK_PATTERNS.values() if (match := words.search(text))]
    return min(found, key=lambda match: match.start())[0] if found else ""
