"""Insert rows by the hundred thousand for measurements: in bulk, and the same rows for the same numbers."""

import datetime
import random
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Membership, Place, User
from courses.models import Cohort, Course, Lesson, Module, State
from demo.seed.places import DemoPlaces
from media.models import Photo
from progress.models import Enrolment, LessonDone
from shops.models import Category, Product, Shop, Village
from shops.products import search

CHUNK = 5000
PRODUCTS_A_SHOP = 25
SHOPS_A_VILLAGE = 20
FIRST = (
    "高山",
    "坡地",
    "老树",
    "早熟",
    "晚熟",
    "本地",
    "红心",
    "河边",
    "自留地",
    "当季",
    "树上熟",
    "小个",
    "大个",
    "脆甜",
)
# Three in ten are 柚子, so that a search for a common word can be measured.
KINDS = ("柚子", "柚子", "柚子", "冰糖橙", "脐橙", "椪柑", "蜜橘", "红薯", "板栗", "猕猴桃")


def insert_chunks(rows: Iterator[models.Model], total: int, say) -> None:
    """Insert the rows as they come; `say` is called with the progress."""
    batch: list[models.Model] = []
    done = 0
    for row in rows:
        batch.append(row)
        if len(batch) == CHUNK:
            type(row).objects.bulk_create(batch)
            done += len(batch)
            batch.clear()
            if done % (CHUNK * 20) == 0:
                say(f"  {type(row)._meta.model_name} {done:,} of {total:,}")
    if batch:
        type(batch[0]).objects.bulk_create(batch)


def grow_shops(places: DemoPlaces, products: int, say) -> None:
    """Create villages, shops and products; each product uses the photo of a demo product."""
    facts = {"name": "果园户", "password": "!", "privacy_version": settings.PRIVACY_VERSION}
    owner, _is_new = User.objects.get_or_create(phone="+8618500000000", defaults=facts)
    shop_count = max(1, products // PRODUCTS_A_SHOP)
    villages = grow_villages(places.township, max(1, shop_count // SHOPS_A_VILLAGE))
    granted = {"role": Membership.Role.SELLER, "status": Membership.Status.GRANTED}
    sells = [Membership(user=owner, place=village, **granted) for village in villages]
    Membership.objects.bulk_create(sells, ignore_conflicts=True)
    start = Shop.objects.count()
    insert_chunks(
        (
            Shop(
                place=villages[n % len(villages)],
                owner=owner,
                name=f"{n}号果园",
                slug=f"orchard-{n}",
                seller=Shop.Seller.PERSON,
                legal_name=owner.name,
                sources=Shop.Sources.OWN,
                exemption=Shop.Exemption.OWN_PRODUCE,
                verified_on=timezone.localdate(),
            )
            for n in range(start, start + shop_count)
        ),
        shop_count,
        say,
    )
    shops = list(Shop.objects.filter(slug__startswith="orchard-").order_by("pk")[:shop_count])
    first = Product.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    insert_chunks(make_products(products, shops), products, say)
    search.index_many(Product.objects.filter(pk__gt=first))


def grow_villages(township: Place, count: int) -> list[Place]:
    have = list(Place.objects.filter(parent=township, name__startswith="第").order_by("pk"))
    new = [Place(name=f"第{n}村", kind=Place.Kind.VILLAGE, parent=township) for n in range(len(have), count)]
    Place.objects.bulk_create(new)
    for place in new:
        place.path = township.path + place.step
    Place.objects.bulk_update(new, ["path"], batch_size=500)
    Village.objects.bulk_create(Village(place=place, slug=f"village-{place.pk}") for place in new)
    return (have + new)[:count]


def make_products(count: int, shops: list[Shop]) -> Iterator[Product]:
    dice = random.Random(count)
    categories = list(Category.objects.leaves())
    covers = list(Photo.objects.ready().values_list("pk", flat=True)) or [None]
    today, now = timezone.localdate(), timezone.now()
    for n in range(count):
        shop = shops[n % len(shops)]
        starts = today - datetime.timedelta(days=dice.randrange(180))
        fen, grams = dice.randrange(900, 12000), dice.choice((1000, 1500, 2500, 4000, 5000))
        yield Product(
            shop=shop,
            place_id=shop.place_id,
            category=categories[n % len(categories)],
            name=f"{dice.choice(FIRST)}{dice.choice(KINDS)}",
            net_grams=grams,
            price_fen=fen,
            millifen_per_jin=fen * 500_000 // grams,
            stock=dice.randrange(1, 200),
            harvest_from=starts,
            harvest_until=starts + datetime.timedelta(days=60),
            grower=Product.Grower.OWN,
            cover_id=covers[n % len(covers)],
            status=Product.Status.PUBLISHED,
            created_by_id=shop.owner_id,
            created_at=now - datetime.timedelta(seconds=n * 30),
            listed_at=now - datetime.timedelta(seconds=n * 30),
        )


def grow_trainees(places: DemoPlaces, count: int, course: Course, say) -> None:
    """Create people who cannot sign in, each a trainee of a village, in classes of forty."""
    villages = list(Place.objects.villages().within(places.county))
    start = User.objects.count()
    insert_chunks(
        (
            User(
                phone=f"+86186{n:08d}",
                name=f"学员{n}",
                password="!",
                privacy_version=settings.PRIVACY_VERSION,
            )
            for n in range(start, start + count)
        ),
        count,
        say,
    )
    people = list(
        User.objects.filter(phone__startswith="+86186").order_by("-pk").values_list("pk", flat=True)[:count]
    )
    granted = Membership.Status.GRANTED
    insert_chunks(
        (
            Membership(
                user_id=pk, place=villages[pk % len(villages)], role=Membership.Role.TRAINEE, status=granted
            )
            for pk in people
        ),
        count,
        say,
    )
    today = timezone.localdate()
    ends = today + datetime.timedelta(days=60)
    cohorts = Cohort.objects.bulk_create(
        Cohort(course=course, place=places.township, name=f"第{n}期", starts_on=today, ends_on=ends)
        for n in range(max(1, count // 40))
    )
    insert_chunks(
        (
            Enrolment(user_id=pk, course=course, cohort=cohorts[n // 40 % len(cohorts)])
            for n, pk in enumerate(people)
        ),
        count,
        say,
    )


def grow_progress(count: int, trainees: int, course: Course, say) -> None:
    """Distribute `count` lessons done over the trainees; the course gets as many lessons as that needs."""
    people = list(
        Enrolment.objects.filter(course=course).order_by("-pk").values_list("user_id", flat=True)[:trainees]
    )
    needed = -(-count // max(1, len(people)))
    lessons = lengthen(course, needed)
    now = timezone.now()
    rows = (
        LessonDone(event_id=uuid.uuid4(), user_id=pk, lesson_id=lesson, happened_at=now, received_at=now)
        for pk in people
        for lesson in lessons[:needed]
    )
    insert_chunks(rows, count, say)


def find_practice_course(place: Place) -> Course:
    """Return the course of the bulk trainees, separate from the written course, whose pages are measured."""
    fields = {"title": "加量练习", "place": place, "summary": "照着做一遍。", "state": State.PUBLISHED}
    return Course.objects.get_or_create(slug="practice", defaults=fields)[0]


def lengthen(course: Course, lessons: int) -> list[int]:
    """Return the ids of the lessons of its one module, after adding as many as needed."""
    module, _new = Module.objects.get_or_create(course=course, title="练习")
    have = module.lessons.count()
    fields = {"body": "照着做一遍。", "html": "<p>照着做一遍。</p>", "state": State.PUBLISHED}
    Lesson.objects.bulk_create(
        Lesson(module=module, position=n, title=f"练习{n + 1}", **fields) for n in range(have, lessons)
    )
    return list(module.lessons.order_by("position").values_list("pk", flat=True))
