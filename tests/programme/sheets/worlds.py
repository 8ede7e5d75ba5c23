"""A seller with something on every sheet: a batch, a price, freight, a live session with all that happened in it, a pupil."""

import datetime
import json
from types import SimpleNamespace

import pypdfium2
from django.utils import timezone
from PIL import Image

from accounts.models import Place, User
from courses.models import Rubric
from live.models import Figure, Livestream, Recap, Slip
from programme.models import Teaching
from shops.models import Claim, Deal, FreightRate, Shop, Spray
from tests.factories import make_batch, make_course, make_pledge, make_product
from tests.lives import grown_up, make_item, make_live, make_ready_shop, make_script, tick_all
from tests.reviews import both_forms, make_review, make_submission
from tests.shops.orders.order_requests import make_order

POINTS_A_MM = 72 / 25.4
A4 = {(595, 842), (842, 595)}


def make_world(seller: User, trainer: User, trainee: User, village: Place) -> SimpleNamespace:
    today = timezone.localdate()
    shop = make_ready_shop(seller, village, name="梅英果园")
    make_rate_of(shop, "430000", 600, 150)
    facts = {"brix_tenths": 117, "brix_on": today, "brix_tool": "手持糖度计", "variety": "纽荷尔"}
    batch = make_batch(shop, **facts)
    sprayed = batch.harvested_on - datetime.timedelta(days=40)
    Spray.objects.create(
        batch=batch,
        on=sprayed,
        what="矿物油乳油",
        dose="100 毫升兑 15 公斤水",
        against="红蜘蛛",
        interval_days=15,
        made_by=seller,
    )
    make_pledge(batch, number="HG-1")
    product = make_product(shop, stock=40, batch=batch, gross_grams=2850)
    order = make_order((product, 2), province="430000")
    Deal.objects.create(product=product, price_fen=2990, net_grams=2500, unit="box", quantity=2)
    claim = Claim.objects.create(
        order=order, text="坏了三个", refund_fen=748, answer="对不住。", answered_by=seller
    )
    start = timezone.localtime().replace(hour=19, minute=0, second=0, microsecond=0) - datetime.timedelta(
        days=1
    )
    live = make_live(
        grown_up(seller),
        shop=shop,
        kind=Livestream.Kind.REAL,
        title="周末专场",
        starts_at=start,
        planned_minutes=60,
        started_at=start,
        ended_at=start + datetime.timedelta(hours=2),
    )
    item = make_item(live, product, minutes=12, quota=20, talking_points="秤、圈、刀；记得说风疤")
    make_script(item)
    tick_all(live, seller)
    Slip.objects.create(
        livestream=live,
        item=item,
        by=seller,
        said="净重 6 斤",
        right="净重 5 斤",
        happened_at=start + datetime.timedelta(minutes=14),
    )
    seen = {"seen": 10_000, "visits": 1250, "buyers": 38, "sales_fen": 119_600, "refund_fen": 5980}
    for name, value in seen.items():
        Figure.objects.create(livestream=live, name=name, value=value, by=seller)
    Recap.objects.create(
        livestream=live, keep="先报村名。", change_one="先报每斤价。", change_two="多说一遍运费。"
    )
    course = make_course(village, lessons=1)
    Rubric.objects.create(course=course, title="直播彩排评分表", content=both_forms())
    earlier = make_live(seller, village, title="彩排", starts_at=start - datetime.timedelta(days=9))
    submission = make_submission(seller, None, plan=earlier, content=both_forms())
    make_review(trainer, submission)
    Teaching.objects.create(teacher=seller, pupil=trainee, since=today)
    return SimpleNamespace(
        shop=shop,
        batch=batch,
        product=product,
        order=order,
        claim=claim,
        live=live,
        item=item,
        submission=submission,
    )


def make_rate_of(shop: Shop, province: str, first: int, step: int) -> None:
    FreightRate.objects.update_or_create(
        shop=shop, province=province, defaults={"first_grams": 3000, "first_fen": first, "step_fen": step}
    )


# --- reading ---


def read_pages(pdf: bytes) -> list[str]:
    """Return the text of each page, a line for each line on it, without the marks at which long words may break."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return [text.replace("\r\n", "\n").replace("\u200b", "") for text in texts]


def draw_page(pdf: bytes, number: int) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[number].render(scale=1.5).to_pil()


def is_grey(thing) -> bool:
    colours = [pypdfium2.raw.ctypes.c_uint() for _part in range(4)]
    pypdfium2.raw.FPDFPageObj_GetFillColor(thing.raw, *colours)
    red, green, blue, _alpha = (one.value for one in colours)
    return red == green == blue == 95


def list_faults(pdf: bytes, least: float = 12.9) -> list[str]:
    """Return what is wrong with the pages: their size, type smaller than `least` points, anything outside the page.

    Grey type, as of the examples, may have ten points.
    """
    raw, found = pypdfium2.raw, []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            width, height = page.get_size()
            if (round(width), round(height)) not in A4:
                found.append(f"page {number}: {width} × {height}")
            for thing in page.get_objects():
                left, bottom, right, top = thing.get_bounds()
                if left < -0.5 or bottom < -0.5 or right > width + 0.5 or top > height + 0.5:
                    found.append(f"page {number}: {json.dumps([left, bottom, right, top])} is outside")
                if thing.type == raw.FPDF_PAGEOBJ_TEXT:
                    size = pypdfium2.raw.ctypes.c_float()
                    raw.FPDFTextObj_GetFontSize(thing.raw, size)
                    scale = thing.get_matrix().d
                    if size.value * abs(scale) < (10 if is_grey(thing) else least):
                        found.append(f"page {number}: type of {size.value * abs(scale):.1f} points")
    return found
