"""A seller does not agree with a blocking finding: says why once, an organiser of the place decides once."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import AuditEntry, User
from shops import approval, saying
from shops.audit import Verb
from shops.models import Product
from wording import keeping
from wording.keeping import NotNow
from wording.models import Check


class NotPossible(Exception):
    """`sentence` for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def last(product: Product) -> Check | None:
    """The newest appeal about this listing, decided or not. One query."""
    rows = Check.objects.about(saying.subject_of(product)).filter(appealed_at__isnull=False)
    return rows.select_related("decided_by").order_by("-appealed_at", "-id").first()


def holds_for(check: Check | None, product: Product) -> bool:
    """Whether it was about the words as they stand now."""
    return check is not None and check.text == keeping.storable(saying.joined(saying.words_of(product)))


@transaction.atomic
def appeal(product: Product, why: str, actor: User) -> Check:
    """Of the words as they stand; raises NotPossible where nothing blocks them or they were appealed already."""
    looked = saying.look_at(product)
    if not looked.blocking:
        raise NotPossible(_("现在没有不能用的话，直接提交就行"))
    try:
        check = keeping.appeal(saying.keep(looked, product, actor), actor, why)
    except NotNow:
        raise NotPossible(_("这段话已经申诉过了")) from None
    AuditEntry.write(actor, Verb.WORDING_APPEALED, product, product.place, name=product.name)
    return check


@transaction.atomic
def decide(product: Product, check: Check, passes: bool, reason: str, actor: User) -> Check:
    """Lets exactly this text pass under today's rules, or keeps the findings; whoever has the listing open for a
    decision looks again."""
    try:
        check = keeping.decide(check, actor, passes, reason)
    except NotNow:
        sentence = _("已经有人处理过了") if reason.strip() else _("写一句为什么，卖家才明白")
        raise NotPossible(sentence) from None
    verb = Verb.WORDING_PASSED if passes else Verb.WORDING_KEPT
    told = {"reason": check.decision_reason, "check": check.pk}
    AuditEntry.write(actor, verb, product, product.place, name=product.name, **told)
    approval.edited(product)
    return check
