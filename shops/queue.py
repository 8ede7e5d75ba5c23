"""What waits for an organiser: listings handed in and appeals, the longest waiting first, one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from media.models import Photo
from shops import appeals, approval, lacks, saying
from shops.models import Paper, Product
from shops.saying import Found, Looked
from shops.traceability import batches, certificates
from shops.wording_fields import Slip, looking
from ui.templatetags.ui import lang_attr
from wording.models import Check

MOST_APPEALS = 500
PRODUCT = "shops.product:"
ORDER = ("since", "id")


def waiting(user: User) -> QuerySet[Product]:
    """Of the places this person answers for, by what waited longest. One query more for the appeals."""
    rows = Product.objects.manageable_by(user).annotate(since=Coalesce("submitted_at", "created_at"))
    return rows.filter(Q(status=Product.Status.SUBMITTED) | Q(pk__in=appealed())).order_by(*ORDER)


def appealed() -> list[int]:
    rows = Check.objects.waiting().filter(subject__startswith=PRODUCT)
    return [
        int(subject.removeprefix(PRODUCT))
        for subject in rows.values_list("subject", flat=True)[:MOST_APPEALS]
    ]


def beside(rows: QuerySet[Product], product: Product) -> tuple[int | None, int | None]:
    """The one before and the one after."""
    at = product.since
    earlier = rows.filter(Q(since__lt=at) | Q(since=at, pk__lt=product.pk)).order_by("-since", "-id")
    later = rows.filter(Q(since__gt=at) | Q(since=at, pk__gt=product.pk))
    return tuple(part.values_list("pk", flat=True).first() for part in (earlier, later))


@dataclass
class Sight:
    """All that a decision rests on, as it is read in one go."""

    product: Product
    looked: Looked

    @classmethod
    def of(cls, product: Product) -> Sight:
        return cls(product, saying.look_at(product))

    @property
    def seen(self) -> str:
        return approval.seen_as(self.product)

    @property
    def may_publish(self) -> bool:
        return self.product.status == Product.Status.SUBMITTED

    @property
    def texts(self) -> list[dict]:
        """Each field's own text, with what was found underlined."""
        labels = {name: Product._meta.get_field(name).verbose_name for name in saying.FIELDS}
        return [
            {
                "label": labels[name],
                "text": marked(text, [one for one in self.looked.found if one.field == name]),
            }
            for name, text in self.looked.texts.items()
            if text
        ]

    @property
    def slips(self) -> list[Slip]:
        looked = self.looked
        return [
            Slip.of(one, looked.texts[one.field], looking(one.field, looked.facts)) for one in looked.found
        ]

    def context(self) -> dict:
        product, appeal = self.product, appeals.last(self.product)
        return {
            "product": product,
            "sight": self,
            "photos": [with_largest(pair.photo) for pair in approval.photos_of(product)],
            "missing": approval.what_is_missing(product),
            "warnings": lacks.warnings(product),
            "papers": list(Paper.objects.in_force().for_product(product).select_related("file")),
            "marks": certificates.papers_of(product),
            "batch": product.batch,
            "pledged": batches.covers(product),
            "proofs": list(product.proofs.select_related("file")),
            "appeal": appeal if appeal and not appeal.decision else None,
        }


def with_largest(photo: Photo) -> tuple[Photo, str]:
    """With the address of its largest picture; empty while it is not ready."""
    return photo, photo.url_at(photo.widths()[-1]) if photo.is_ready else ""


def marked(text: str, found: list[Found]) -> SafeString:
    parts, at = [], 0
    for one in sorted(found, key=lambda each: each.start):
        if one.start < at:
            continue
        look = "stop" if one.blocks else "ask"
        parts += [
            ("{}", text[at : one.start]),
            ('<mark class="hit hit--' + look + '">{}</mark>', text[one.start : one.end]),
        ]
        at = one.end
    parts.append(("{}", text[at:]))
    whole = format_html_join("", "{}", ((format_html(form, part),) for form, part in parts))
    return format_html("<span{}>{}</span>", lang_attr(text), whole)
