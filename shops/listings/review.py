"""Review listings: submit, publish, return and withdraw them, and list what waits for an organiser."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEntry, User
from media.models import Photo
from shops import identity
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed, MissingRequirement
from shops.listings import requirements
from shops.models import Paper, Product, ProductPhoto, ProductQuerySet
from shops.orders import obstacles
from shops.orders.obstacles import Obstacle
from shops.products.public_words import MOST_SHOWN, describe_rest
from shops.shipping import policy
from shops.texts import evidence, text_check
from shops.texts.findings import FindingWidget, build_widgets
from shops.texts.text_check import Found, TextCheckResult
from shops.traceability import batches, certificates
from ui.parameters import add_return_url
from ui.responses import page_cache
from ui.templatetags.ui import lang_attr
from wording.models import Check

Status = Product.Status
# The states in which each step may begin.
LEAVES = {
    Verb.PRODUCT_SUBMITTED: (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN),
    Verb.PRODUCT_RECHECKED: (Status.PUBLISHED,),
    Verb.PRODUCT_PUBLISHED: (Status.SUBMITTED,),
    Verb.PRODUCT_RETURNED: (Status.SUBMITTED, Status.PUBLISHED),
    Verb.PRODUCT_WITHDRAWN: (Status.SUBMITTED, Status.PUBLISHED, Status.RETURNED),
}
# The shop's fields that the page shows on which an organiser decides.
SHOWN_SHOP_FIELDS = ("name", "address", "contact", *identity.FIELDS)
# Shown when the listing is not in the version (`compute_version`) that the organiser's page showed.
MOVED_ON = gettext_lazy("你打开这一页以后，卖家又改过，再看一遍再发布")
NOT_SEEN = gettext_lazy("它不在你打开的这一页上，先看一看再发布")

MOST_APPEALS = 500
PRODUCT = "shops.product:"  # how the subject of a wording check about a product begins
ORDER = ("since", "id")


def list_missing(product: Product, for_publishing: bool = True) -> list[str]:
    """List what the listing lacks to be published (or only submitted), as sentences; empty if nothing is missing.

    Name, price and unit are required by 价格法 §13 (明码标价), the shop's address and contact by 电子商务法 §15 for sellers
    who need no registration; `requirements` checks the rest. To be submitted, a photo may still be in processing, but each
    claim that needs evidence must have it, or the seller's statement that there is none, which the organiser judges.
    """
    statuses = [pair.photo.status for pair in load_photos(product)]
    shop = product.shop
    back = reverse("shops:my_product", args=[product.pk])
    shop_page = (add_return_url(reverse("shops:shop_edit", args=[shop.pk]), back), _("去改小店"), True)
    form = (reverse("shops:edit_product", args=[product.pk]), _("去改"))
    obstacle = obstacles.find_listing_obstacle(product, policy.can_reach(product))
    plain = [
        (not shop.is_open, Obstacle.SHOP_CLOSED.for_seller(product)),
        (not shop.address, MissingRequirement.of(_("小店还没填实际地址"), *shop_page)),
        (not identity.is_public(shop), MissingRequirement.of(_("小店还没有公开的联系电话"), *shop_page)),
        (not product.name.strip(), MissingRequirement.of(_("还没有名称"), *form)),
        (not (product.price_fen and product.net_grams), MissingRequirement.of(_("还没填价钱和净重"), *form)),
        (not product.grower, MissingRequirement.of(_("还没说是谁家的果子"), *form)),
        (not statuses, MissingRequirement.of(_("还没有照片"), *form)),
        (obstacle is not None, obstacle and obstacle.for_seller(product)),
    ]
    reasons: list[str] = [sentence for is_missing, sentence in plain if is_missing and sentence]
    reasons += requirements.check_card(shop)
    reasons += requirements.check_product(product)
    reasons += requirements.check_texts(product, for_publishing)
    if statuses and Photo.Status.READY not in statuses:
        if Photo.Status.WAITING not in statuses:
            reasons.append(MissingRequirement.of(_("照片坏了，重拍一张"), *form))
        elif for_publishing:
            reasons.append(_("照片还在处理，过一会儿再来"))
    return reasons


def submit(product: Product, actor: User | None) -> None:
    """Submit the listing for approval; clears the reason of an earlier return."""
    require(list_missing(product, for_publishing=False))
    record_decision(
        product,
        Verb.PRODUCT_SUBMITTED,
        actor,
        status=Status.SUBMITTED,
        return_reason="",
        submitted_at=timezone.now(),
        wording_check=text_check.record_check(text_check.check_product(product), product, actor),
    )


def recheck(product: Product, actor: User | None) -> None:
    """Submit a published listing again after its texts, category or photos changed; buyers no longer see it."""
    check = text_check.record_check(text_check.check_product(product), product, actor)
    record_decision(
        product,
        Verb.PRODUCT_RECHECKED,
        actor,
        status=Status.SUBMITTED,
        submitted_at=timezone.now(),
        wording_check=check,
    )


def compute_version(product: Product) -> str:
    """Return a digest of what an organiser's page shows: the listing, its batch and the seller's identity.

    It differs after the seller has changed one of them. No query where the shop is loaded.
    """
    if not product.submitted_at:
        return ""
    shop = product.shop
    shown = [product.batch_id, *(str(getattr(shop, field)) for field in SHOWN_SHOP_FIELDS)]
    digest = hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:12]
    return f"{product.submitted_at.isoformat()}.{digest}"


def publish(product: Product, actor: User | None) -> None:
    """Publish the listing if it is unchanged since `product` was read. Raises ActionNotAllowed.

    `listed_at` keeps the time it was first published, so that an edited product does not become "new" again.
    """
    require(list_missing(product))
    cover = next(pair.photo for pair in load_photos(product) if pair.photo.is_ready)
    record_decision(
        product,
        Verb.PRODUCT_PUBLISHED,
        actor,
        status=Status.PUBLISHED,
        return_reason="",
        cover=cover,
        listed_at=product.listed_at or timezone.now(),
        decided_by=actor,
        wording_check=text_check.record_check(text_check.check_product(product), product, actor),
    )


def return_to_seller(product: Product, reason: str, actor: User | None) -> None:
    """Return a submitted or published listing to its seller with a reason. Raises ActionNotAllowed without one."""
    reason = reason.strip()[:300]
    if not reason:
        raise ActionNotAllowed(_("写一句为什么退回，卖家才知道改哪里"))
    record_decision(
        product,
        Verb.PRODUCT_RETURNED,
        actor,
        detail=reason,
        status=Status.RETURNED,
        return_reason=reason,
        decided_by=actor,
    )


def withdraw(product: Product, actor: User | None) -> None:
    """Take the listing off sale, or out of the review, for its seller."""
    record_decision(product, Verb.PRODUCT_WITHDRAWN, actor, status=Status.WITHDRAWN)


def publish_many(
    products: ProductQuerySet, actor: User, seen: Mapping[str, str]
) -> tuple[list[Product], list[tuple[Product, list[str]]]]:
    """Publish the listings that this person may approve; return the published ones, and the others with reasons.

    `seen` maps ids to the `compute_version` each listing on the page on which the person decided. Each listing has its own
    transaction: a hundred rows locked together would make sellers wait.
    """
    done: list[Product] = []
    refused: list[tuple[Product, list[str]]] = []
    rows = (
        products.manageable_by(actor)
        .select_related("shop__owner", "place", "category")
        .prefetch_related("photos__photo")
    )
    for product in rows.order_by("submitted_at", "id"):
        try:
            require_seen(product, seen)
            publish(product, actor)
            done.append(product)
        except ActionNotAllowed as problem:
            refused.append((product, problem.reasons))
    return done, refused


def load_photos(product: Product) -> list[ProductPhoto]:
    """Return the photos in their order. No query where `photos__photo` was prefetched, else two."""
    rows = list(product.photos.all())
    prefetch_related_objects(rows, "photo")
    return rows


def require(reasons: list[str]) -> None:
    """Raise ActionNotAllowed with these reasons, if there are any."""
    if reasons:
        raise ActionNotAllowed(*reasons)


def require_seen(product: Product, seen: Mapping[str, str]) -> None:
    """Raise ActionNotAllowed if the listing is not in the version that the organiser's page showed."""
    shown = seen.get(str(product.pk))
    if product.status == Status.SUBMITTED and shown != compute_version(product):
        raise ActionNotAllowed(str(NOT_SEEN if shown is None else MOVED_ON))


def record_decision(product: Product, verb: Verb, actor: User | None, detail: str = "", **fields) -> None:
    """Write the step and its audit entry; raises ActionNotAllowed, and changes nothing, in a state that forbids it."""
    with transaction.atomic():
        rows = Product.objects.filter(pk=product.pk, status__in=LEAVES[verb])
        if verb == Verb.PRODUCT_PUBLISHED:
            rows = rows.filter(submitted_at=product.submitted_at)
        if not rows.update(**fields):
            now = Status(Product.objects.values_list("status", flat=True).get(pk=product.pk))
            if now in LEAVES[verb]:
                raise ActionNotAllowed(str(MOVED_ON))
            raise ActionNotAllowed(_("这款现在是“%(status)s”，这一步做不了") % {"status": now.label})
        page_cache.invalidate(Product.stamp_name)
        more = {"reason": detail} if detail else {}
        AuditEntry.write(actor, verb, product, product.place, name=product.name, **more)
    for field, value in fields.items():
        setattr(product, field, value)


def find_waiting_products(user: User) -> QuerySet[Any]:
    """Return the submitted or appealed products that this person may decide, the longest waiting first; two queries.

    A listing on sale waits since its appeal.
    """
    since = Case(
        When(status=Status.PUBLISHED, then=Coalesce("waiting_text__at", "submitted_at", "created_at")),
        default=Coalesce("submitted_at", "created_at"),
    )
    rows = Product.objects.manageable_by(user).annotate(since=since)
    return rows.filter(Q(status=Product.Status.SUBMITTED) | Q(pk__in=list_appealed_ids())).order_by(*ORDER)


def list_appealed_ids() -> list[int]:
    """Return the ids of the products with an undecided appeal, at most MOST_APPEALS."""
    rows = Check.objects.waiting().filter(subject__startswith=PRODUCT)
    return [
        int(subject.removeprefix(PRODUCT))
        for subject in rows.values_list("subject", flat=True)[:MOST_APPEALS]
    ]


def find_neighbours(rows: QuerySet[Any], product: Any) -> tuple[int | None, int | None]:
    """Return the ids of the products before and after this one in the queue."""
    at = product.since
    earlier = rows.filter(Q(since__lt=at) | Q(since=at, pk__lt=product.pk)).order_by("-since", "-id")
    later = rows.filter(Q(since__gt=at) | Q(since=at, pk__gt=product.pk))
    pks = [part.values_list("pk", flat=True).first() for part in (earlier, later)]
    return pks[0], pks[1]


@dataclass
class ReviewContext:
    """Collect what an organiser needs to decide about a listing."""

    product: Product
    checked: TextCheckResult

    @classmethod
    def of(cls, product: Product) -> ReviewContext:
        return cls(product, text_check.check_product(product))

    @property
    def seen(self) -> str:
        return compute_version(self.product)

    @property
    def can_publish(self) -> bool:
        return self.product.status == Product.Status.SUBMITTED

    @property
    def texts(self) -> list[dict]:
        """Return each field's label and text, with the findings underlined."""
        labels = {field.name: field.verbose_name for field in Product._meta.fields}
        return [
            {
                "label": labels[name],
                "text": mark_findings(text, [one for one in self.checked.found if one.field == name]),
            }
            for name, text in self.checked.texts.items()
            if text
        ]

    @property
    def findings(self) -> list[FindingWidget]:
        return build_widgets(self.checked, self.checked.found)

    @property
    def more(self) -> str:
        return describe_rest(len(self.checked.found) - MOST_SHOWN)

    def context(self) -> dict:
        product, appeal = self.product, evidence.find_last_appeal(self.product)
        return {
            "product": product,
            "review_context": self,
            "photos": [add_largest_url(pair.photo) for pair in load_photos(product)],
            "missing": list_missing(product),
            "warnings": requirements.list_warnings(product),
            "papers": list(Paper.objects.in_force().for_product(product).select_related("file")),
            "marks": certificates.find_papers(product),
            "batch": product.batch,
            "pledged": batches.has_pledge(product),
            "proofs": list(product.proofs.select_related("file")),
            "appeal": appeal if appeal and not appeal.decision else None,
        }


def add_largest_url(photo: Photo) -> tuple[Photo, str]:
    """Return the photo and the URL of its largest size; empty while it is not ready."""
    return photo, photo.url_at(photo.widths()[-1]) if photo.is_ready else ""


def mark_findings(text: str, found: list[Found]) -> SafeString:
    """Render the text with a <mark> around each finding; overlapping ones are marked once."""
    parts, at = [], 0
    for one in sorted(found, key=lambda found: found.start):
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
