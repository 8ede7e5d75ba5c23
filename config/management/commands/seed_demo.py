"""`manage.py seed_demo`: the demo county; numbers scale it up by bulk inserts for measuring."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from config.demo import bulk
from config.demo.books import plant_books, plant_supplies
from config.demo.facts import plant_facts, wanted_certificates
from config.demo.learning import plant_class, plant_courses, plant_first_class
from config.demo.lives import plant_lives
from config.demo.orders import plant_orders
from config.demo.people import PHONES, SITE_BEGAN, plant_people, plant_waiting
from config.demo.photos import VILLAGES, shipped
from config.demo.places import Land, plant_places
from config.demo.prices import plant_offers, plant_prices
from config.demo.rehearsals import plant_rehearsals
from config.demo.saying import plant_sayings
from config.demo.shops import plant_shops, wanted_pictures
from config.demo.timeline import Timeline, clock_at
from config.demo.videos import lesson_film
from courses.exchange.document import named_media
from courses.exchange.written import languages, load
from courses.models import Course
from media import video_making
from ui import stamps


class Command(BaseCommand):
    help = "Plants the demo county: villages, people, courses and shops."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do nothing if anybody is there already")
        parser.add_argument(
            "--programme", action="store_true", help="only the courses (and the county they need)"
        )
        parser.add_argument("--products", type=int, default=0, help="as many more products, in bulk")
        parser.add_argument("--trainees", type=int, default=0, help="as many more trainees, in bulk")
        parser.add_argument("--progress", type=int, default=0, help="as many lessons done, in bulk")

    def handle(self, *args, **options) -> None:
        if options["once"] and User.objects.exists():
            return
        if not settings.DEMO and not options["programme"]:
            raise CommandError(
                "The demo's people have a password that everybody knows: only with DEMO=1, never on a real site. "
                "The courses alone are planted by --programme."
            )
        land = plant_places()
        course = self.plant_courses(land)
        if not options["programme"]:
            seller = self.plant_village_life(land, course)
            self.scale(land, seller, options)
        stamps.bump("shops")
        stamps.bump("courses")

    def plant_courses(self, land: Land) -> Course:
        found = Course.objects.filter(slug="live-selling").first()
        if found:
            return found
        used = [one for language in languages() for one in named_media(load(language))]
        names = sorted({name for name, kind in used if kind == "photo"})
        photos = shipped(("scene", name) for name in names)
        self.dot()
        with transaction.atomic():
            course = plant_courses(land.county, lambda name: photos["scene", name], lesson_film)
        self.dot()
        return course

    def plant_village_life(self, land: Land, course: Course) -> User:
        """All that happened in the demo county, once; returns its seller."""
        if there := User.objects.filter(phone=PHONES[2], shops_owned__isnull=False).first():
            return there
        timeline = Timeline()
        with clock_at(timeline.at(SITE_BEGAN, "09:00")):
            cast = plant_people(land)
        jobs = [("produce", *picture) for picture in wanted_pictures()]
        photos = shipped([*jobs, *(("village", seed) for seed in range(VILLAGES))], cast["seller"])
        self.dot()
        pictures = {job[1:]: photo for job, photo in photos.items() if job[0] == "produce"}
        with transaction.atomic():
            shops = plant_shops(timeline, land, pictures, cast["organiser"])
            for seed, row in enumerate([*[place.village for place in land.villages.values()], *shops]):
                row.cover = photos["village", seed]
                row.save()
            timeline.add(timeline.at(90, "21:00"), plant_prices, shops)
            plant_offers(timeline, shops[0])
            papers = wanted_certificates()
            timeline.add(
                timeline.at(1, "11:30"),
                plant_facts,
                shops,
                cast["organiser"],
                papers,
                list(pictures.values()),
            )
            company = next(shop for shop in shops if shop.slug == "ganzi-coop")
            timeline.add(timeline.at(1, "18:20"), plant_supplies, company)
            plant_sayings(timeline, shops, cast["organiser"])
            plant_orders(timeline, shops)
            plant_books(timeline, shops[0])
            plant_lives(timeline, shops, cast["trainer"])
            people = plant_class(timeline, land, course, cast)
            plant_first_class(timeline, land, course, [shop.owner for shop in shops], cast["trainer"])
            plant_waiting(timeline, land, cast["organiser"])
            self.dot()
            with video_making.workplace() as folder:
                plant_rehearsals(timeline, course, cast, people, Path(folder))
                timeline.run()
        self.dot()
        return cast["seller"]

    def scale(self, land: Land, owner: User, options: dict) -> None:
        course = bulk.practice_course(land.county) if options["trainees"] or options["progress"] else None
        for name, grow in (
            ("products", lambda n: bulk.grow_shops(land, n, owner, self.say)),
            ("trainees", lambda n: bulk.grow_trainees(land, n, course, self.say)),
            ("progress", lambda n: bulk.grow_progress(n, options["trainees"] or 1000, course, self.say)),
        ):
            if options[name]:
                start = time.monotonic()
                self.say(f"{options[name]:,} {name}…")
                grow(options[name])
                self.say(f"  {time.monotonic() - start:.0f} s")

    def dot(self) -> None:
        """Whoever waits sees that it goes on."""
        self.stdout.write(".", ending="")
        self.stdout.flush()

    def say(self, line: str) -> None:
        self.stdout.write(line)
