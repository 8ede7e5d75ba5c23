"""Functions that create rows for tests; each takes what matters and fills in the rest."""

import datetime
import itertools
from functools import cache
from io import BytesIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from PIL import Image

from accounts.models import Consent, Membership, Place, User
from courses.models import Case, Cohort, Course, Lesson, LessonPlan, Module, State
from courses.rendering import render_markdown
from media.models import Document, Photo
from shops.models import (
    Batch,
    Category,
    FreightRate,
    Paper,
    Pledge,
    PriceChange,
    Product,
    ProductPhoto,
    Shop,
    StockMove,
    Village,
)
from ui.responses import page_cache

numbers = itertools.count(1)
PASSWORD = "nonghuo-test"
TEXT = "## 小标题\n\n正文。"
WRITTEN = {"body": TEXT, "state": State.PUBLISHED}
render_text = cache(lambda text: render_markdown(text, {}))


def make_county(county: str, township: str, villages: list[str]) -> Place:
    """Return the county. Nearly every test begins with one: its rows are written together."""
    kinds, named = Place.Kind, {"name": "湖南省", "kind": Place.Kind.PROVINCE, "parent": None}
    province = Place.objects.filter(**named).first()
    above, new = (province, []) if province else (Place(**named), [None])
    top, town = Place(name=county, kind=kinds.COUNTY), Place(name=township, kind=kinds.TOWNSHIP)
    below = [Place(name=name, kind=kinds.VILLAGE) for name in villages]
    places = Place.objects.bulk_create([*([above] if new else []), top, town, *below])
    for place, parent in zip(places, [*new, above, top, *[town] * len(below)], strict=True):
        place.parent, place.path = parent, (parent.path if parent else "") + place.step
    with connection.cursor() as cursor:  # bulk_update takes ten times as long
        update = "UPDATE accounts_place SET parent_id = %s, path = %s WHERE id = %s"
        cursor.executemany(update, [(place.parent_id, place.path, place.pk) for place in places])
    Village.objects.bulk_create([Village(place=place, slug=f"village-{place.pk}") for place in below])
    page_cache.invalidate(Village.stamp_name)
    return top


def make_person(name: str, *roles: tuple[str, Place], phone: str | None = None, **fields) -> User:
    phone = phone or f"+86139{next(numbers):08d}"
    person = User(phone=phone, name=name, **fields)
    person.password = f"md5$x${name}"  # hashing is tested by the sign-in tests
    person.save()
    for role, place in roles:
        Membership.objects.create(user=person, place=place, role=role, status=Membership.Status.GRANTED)
    return person


def make_course(place: Place, lessons: int = 2, modules: int = 1, **fields) -> Course:
    n = next(numbers)
    course = Course.objects.create(
        **{
            "title": f"课程{n}",
            "slug": f"course-{n}",
            "place": place,
            "summary": "简介",
            "state": State.PUBLISHED,
        }
        | fields
    )
    rows = [
        Module(course=course, position=number, number=number, title=f"单元{number}")
        for number in range(1, modules + 1)
    ]
    Module.objects.bulk_create(rows)
    written = WRITTEN | {"html": render_text(TEXT), "was_out": True}
    Lesson.objects.bulk_create(
        Lesson(module=row, position=number, title=f"第{row.number}-{number}课", **written)
        for row in rows
        for number in range(1, lessons + 1)
    )
    return course


def make_lesson(module: Module, **fields) -> Lesson:
    return Lesson.objects.create(**{"module": module, "title": "一课"} | WRITTEN | fields)


def make_plan(lesson: Lesson, **fields) -> LessonPlan:
    """Create a plan that fits the lesson's minutes, the rest of which are practice."""
    parts = [
        {
            "stage": stage,
            "minutes": minutes,
            "do": f"{stage}：摆两箱果。\n\n- 摇一摇\n- 称一称",
            "say": f"{stage}，看我的手。",
        }
        for stage, minutes in (("intro", 1), ("show", 1), ("practise", lesson.minutes - 3), ("review", 1))
    ]
    faults = [{"see": f"看见{n}", "do": f"就这么办{n}"} for n in (1, 2, 3)]
    texts = {
        "goal": "每人装好一箱",
        "kit": "秤 4 台\n纸箱 8 个",
        "safety": "小刀朝外划",
        "simple": "拿果子数",
    }
    check = {"check_ask": "箱子摇得响，先查哪儿？", "check_answer": "查空隙；说胶带没缠够的，是没懂"}
    return LessonPlan.objects.create(
        **{"lesson": lesson, "parts": parts, "faults": faults} | texts | check | fields
    )


def make_case(course: Course, *modules: Module, **fields) -> Case:
    """Create a case that was made up, of these modules."""
    case = Case.objects.create(
        **{
            "course": course,
            "code": "short-weight",
            "kind": "aftersale",
            "title": "短了五两",
            "is_made_up": True,
        }
        | {"body": "## 出了什么事\n\n秤漂了。", "ask": ["退不退？", "怎么讲？", "秤验过没有？"]}
        | fields
    )
    case.modules.set(modules)
    return case


def make_cohort(course: Course, place: Place, trainer: User | None = None, **fields) -> Cohort:
    today = timezone.localdate()
    cohort = Cohort.objects.create(
        **{
            "course": course,
            "place": place,
            "name": f"班{next(numbers)}",
            "starts_on": today - datetime.timedelta(days=7),
            "ends_on": today + datetime.timedelta(days=60),
        }
        | fields
    )
    if trainer:
        cohort.trainers.add(trainer)
    return cohort


def make_photo(owner: User | None = None, status: str = Photo.Status.READY, **fields) -> Photo:
    """Return a photo; a ready one has its three files on the disk."""
    photo = Photo.objects.create(**{"owner": owner, "status": status, "width": 1200, "height": 900} | fields)
    if status == Photo.Status.READY:
        for width in settings.PHOTO_WIDTHS:
            photo.storage.save(photo.name_at(width), ContentFile(encode_photo(width)))
    return photo


@cache
def encode_photo(width: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, width * 3 // 4), "#f6a02a").save(file, "WEBP", quality=20)
    return file.getvalue()


def make_category(name: str = "橙子", **fields) -> Category:
    found, _new = Category.objects.get_or_create(
        name=name, defaults={"slug": f"kind-{next(numbers)}"} | fields
    )
    return found


def make_seller(person: User, place: Place) -> None:
    """Grant the role of a seller, and clear the roles cached on the person."""
    facts = {"status": Membership.Status.GRANTED}
    Membership.objects.get_or_create(user=person, place=place, role=Membership.Role.SELLER, defaults=facts)
    person.__dict__.pop("granted", None)


def add_helpers(shop: Shop, *people: User) -> None:
    """Add helpers, who must themselves be sellers of the shop's village."""
    for person in people:
        make_seller(person, shop.place)
    shop.helpers.add(*people)


def make_shop(owner: User, place: Place, **fields) -> Shop:
    """Return a shop whose owner is a seller of the village, with the identity of a grower. With a contact, the owner has
    agreed that it is public.
    """
    n = next(numbers)
    if fields.get("contact"):
        Consent.objects.get_or_create(user=owner, kind=Consent.Kind.PUBLIC_CONTACT, version="1")
    make_seller(owner, place)
    card = {"seller": "person", "legal_name": owner.name, "sources": "own", "exemption": "own"}
    return Shop.objects.create(
        **{"owner": owner, "place": place, "name": f"{owner.name}的果园{n}", "slug": f"shop-{n}"}
        | card
        | fields
    )


def make_rate(shop: Shop, province: str = "430000", **fields) -> FreightRate:
    """Return a rate: the first kilogram for ¥6.00, each further one for ¥1.50."""
    given = {"first_grams": 1000, "first_fen": 600, "step_grams": 1000, "step_fen": 150} | fields
    return FreightRate.objects.create(shop=shop, province=province, **given)


def make_product(shop: Shop, stock: int = 10, **fields) -> Product:
    """Return a published product in season, with the rows of the price log and the stock moves on which it depends."""
    today = timezone.localdate()
    product = Product.objects.create(
        **{
            "shop": shop,
            "category": make_category(),
            "name": "冰糖橙",
            "unit": Product.Unit.BOX,
            "net_grams": 2500,
            "price_fen": 2990,
            "stock": stock,
            "harvest_from": today - datetime.timedelta(days=10),
            "harvest_until": today + datetime.timedelta(days=16),
            "grower": Product.Grower.OWN,
            "status": Product.Status.PUBLISHED,
            "listed_at": timezone.now(),
            "created_by": shop.owner,
        }
        | fields
    )
    PriceChange.objects.create(
        product=product, price_fen=product.price_fen, net_grams=product.net_grams, unit=product.unit
    )
    if stock:
        StockMove.objects.create(product=product, delta=stock, reason=StockMove.Reason.FIRST)
    return product


def make_waiting_product(shop: Shop, **fields) -> Product:
    """Return a complete submitted product: its shop has a public contact, an address and a freight rate, and it has a photo."""
    Shop.objects.filter(pk=shop.pk).update(contact=shop.owner.phone, address=shop.place.full_name())
    shop.refresh_from_db()
    Consent.objects.get_or_create(user=shop.owner, kind=Consent.Kind.PUBLIC_CONTACT, version="1")
    product = make_product(
        shop,
        **{
            "status": Product.Status.SUBMITTED,
            "listed_at": None,
            "submitted_at": timezone.now(),
            "freight_included": True,
        }
        | fields,
    )
    ProductPhoto.objects.create(product=product, photo=make_photo(shop.owner))
    return product


def make_batch(shop: Shop, **fields) -> Batch:
    """Return a batch picked two days ago, of 500 斤."""
    facts = {
        "category": make_category(),
        "name": "冰糖橙",
        "origin": "柚山县青溪镇石榴冲村",
        "plot": "屋后老井边",
        "grower_name": shop.owner.name,
        "harvested_on": timezone.localdate() - datetime.timedelta(days=2),
        "grams": 250_000,
    }
    return Batch.objects.create(shop=shop, made_by=shop.owner, **facts | fields)


def make_pledge(batch: Batch, **fields) -> Pledge:
    """Return a pledge as `batches.issue_pledge` writes it, without its checks."""
    facts = {
        "number": f"HG-{next(numbers)}",
        "name": batch.name,
        "grams": batch.grams,
        "origin": batch.origin,
        "promiser": batch.grower_name,
        "contact": "139 0000 0003",
        "basis": Pledge.Basis.CONTROL,
        "promise": "我承诺。",
        "issued_on": timezone.localdate(),
        "issued_by": batch.made_by,
    }
    return Pledge.objects.create(batch=batch, **facts | fields)


def make_paper(shop: Shop, **fields) -> Paper:
    """Return an accepted certificate in force, held by the seller; its document has no file."""
    fields.setdefault("file", Document.objects.create(owner=shop.owner, sha256="0", width=30, height=40))
    facts = {
        "kind": Paper.Kind.GREEN,
        "number": "LB-18-1",
        "holder": shop.legal_name,
        "status": Paper.Status.ACCEPTED,
        "expires_on": timezone.localdate() + datetime.timedelta(days=200),
        "made_by": shop.owner,
    }
    return Paper.objects.create(shop=shop, **facts | fields)
