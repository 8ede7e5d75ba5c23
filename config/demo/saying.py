"""Words in the demo that an organiser has to look at: a figure with its proof, one without, an appeal, a complaint."""

import datetime

from django.utils import timezone

from shops import appeals, complaints, saying
from shops.models import Complaint, Product, Proof, Shop

Status = Product.Status
FIGURE = "前天用手持糖度计测，糖度13.2度。"
CLAIM = "坡地老树，纯天然。"
BOAST = "全县第一甜，吃过都晓得。"


def plant_sayings(shops: list[Shop]) -> None:
    waiting = list(Product.objects.filter(shop__in=shops, status=Status.SUBMITTED).order_by("id")[:2])
    for product, text, asks in zip(waiting, (FIGURE, CLAIM), (False, True), strict=False):
        add(product, text)
        for one in saying.look_at(product).unproven:
            rule, words = one.claim
            given = {"asks": asks, "made_by": product.shop.owner}
            if not asks:
                given |= {
                    "source": "自家手持糖度计",
                    "dated": timezone.localdate() - datetime.timedelta(days=2),
                }
            Proof.objects.get_or_create(product=product, rule=rule, words=words, defaults=given)
    if draft := Product.objects.filter(shop__in=shops, status=Status.RETURNED).order_by("id").first():
        add(draft, BOAST)
        if saying.look_at(draft).blocking and not appeals.last(draft):
            why = "去年镇上评比拿的第一，奖状还挂在堂屋，要不要拍上来？"
            appeals.appeal(draft, why, draft.shop.owner)
    if not Complaint.objects.exists():
        complain(shops[0])


def add(product: Product, text: str) -> None:
    if text not in product.description:
        product.description = f"{product.description}\n{text}".strip()
        product.save(update_fields=["description"])


def complain(shop: Shop) -> None:
    text = "11月18日收到两箱橙子，一箱底下烂了七八个，发了照片，说等等看，三天没回话。想退烂的那几斤的钱。"
    made = complaints.make(text, "刘女士", "+8613900000098", shop, shop.place)
    due = timezone.now() - datetime.timedelta(hours=5)
    Complaint.objects.filter(pk=made.pk).update(at=due - datetime.timedelta(days=complaints.DAYS), due_at=due)
