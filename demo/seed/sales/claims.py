"""Seed what an organiser has to decide: a figure with evidence, one without, an appeal and two complaints."""

import datetime

from django.utils import timezone

from accounts.models import User
from demo.seed.timeline import Timeline
from shops.complaints import services
from shops.models import Complaint, Product, Proof, Shop
from shops.texts import evidence, text_check

Status = Product.Status
FIGURE = "前天用手持糖度计测，糖度13.2度。"
CLAIM = "坡地老树，纯天然。"
BOAST = "全县第一甜，吃过都晓得。"


def seed_claims(timeline: Timeline, shops: list[Shop], organiser: User) -> None:
    def waiting(number: int) -> Product:
        return Product.objects.filter(shop__in=shops, status=Status.SUBMITTED).order_by("id")[number]

    timeline.add(timeline.at(1, "20:50"), lambda: prove(waiting(0), FIGURE, asks=False))
    timeline.add(timeline.at(1, "21:20"), lambda: prove(waiting(1), CLAIM, asks=True))
    timeline.add(timeline.at(2, "12:10"), boast, shops)
    eight, twenty = timeline.day(services.DAYS + 3), timeline.day(20)
    late = f"{eight.month}月{eight.day}日收到两箱橙子，一箱底下烂了七八个，发了照片，说等等看，三天没回话。想退烂的那几斤的钱。"
    early = f"{twenty.month}月{twenty.day}日买的橙子说是 5 斤，回家称只有 4 斤 7 两。"
    timeline.add(timeline.ago(days=services.DAYS, hours=5), complain, shops[0], late, "刘女士", "13900000098")
    timeline.add(timeline.at(18, "15:30"), complain, shops[2], early, "毛先生", "13900000097")
    timeline.add(timeline.at(16, "10:05"), answer, "13900000097", organiser)


def prove(product: Product, text: str, asks: bool) -> None:
    """Add a sentence to the listing with its seller's evidence; `asks`: without evidence, but with a question."""
    add(product, text)
    for one in text_check.check_product(product).unproven:
        rule, words = one.claim
        given = {"asks": asks, "made_by": product.shop.owner}
        if not asks:
            two_days_ago = timezone.localdate() - datetime.timedelta(days=2)
            given |= {"source": "自家手持糖度计", "dated": two_days_ago}
        Proof.objects.create(product=product, rule=rule, words=words, **given)


def boast(shops: list[Shop]) -> None:
    draft = Product.objects.filter(shop__in=shops, status=Status.RETURNED).order_by("id")[0]
    add(draft, BOAST)
    why = "去年镇上评比拿的第一，奖状还挂在堂屋，要不要拍上来？"
    evidence.appeal_finding(draft, why, draft.shop.owner)


def add(product: Product, text: str) -> None:
    product.description = f"{product.description}\n{text}".strip()
    product.save(update_fields=["description"])


def complain(shop: Shop, text: str, name: str, phone: str) -> None:
    services.create_complaint(text, name, f"+86{phone}", shop, shop.place)


def answer(phone: str, organiser: User) -> None:
    words = "卖家的秤拿到村部校过，偏了二两，当天换了秤。差的三两按价退给您，卖家已经打过电话道歉。"
    services.answer_complaint(Complaint.objects.get(phone=f"+86{phone}"), words, organiser)
