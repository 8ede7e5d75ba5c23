"""`manage.py seed_demo`: the demo county; numbers scale it up by bulk inserts for measuring."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from config.demo import bulk
from config.demo.facts import plant_facts, wanted_certificates
from config.demo.learning import plant_courses, plant_progress
from config.demo.lives import plant_lives
from config.demo.orders import plant_orders
from config.demo.people import plant_class, plant_people, plant_waiting
from config.demo.photos import drawn
from config.demo.places import Land, plant_places
from config.demo.prices import plant_prices
from config.demo.rehearsals import plant_rehearsals
from config.demo.saying import plant_sayings
from config.demo.selling import plant_selling
from config.demo.shops import plant_shops, wanted_pictures
from config.demo.videos import filmed, scenes_of
from courses.exchange.document import named_media
from courses.exchange.written import languages, load
from courses.models import Course
from media.models import Photo, Video
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
            cast = plant_people(land)
            self.plant_village_life(land, cast, course)
            self.scale(land, cast["seller"], options)
        stamps.bump("shops")
        stamps.bump("courses")

    def plant_courses(self, land: Land) -> Course:
        found = Course.objects.filter(slug="live-selling").first()
        if found:
            return found
        used = [one for language in languages() for one in named_media(load(language))]
        names = sorted({name for name, kind in used if kind == "photo"})
        films = sorted({name for name, kind in used if kind == "video"})
        scenes = sorted({*names, *(scene for film in films for scene in scenes_of(film))})
        photos = drawn([("scene", name) for name in scenes], tell=self.dot)
        by_scene = {name: photos["scene", name] for name in scenes}
        videos = {film: self.dotted(filmed(film, by_scene)) for film in films}
        with transaction.atomic():
            return plant_courses(land.county, by_scene.__getitem__, videos.__getitem__)

    def plant_village_life(self, land: Land, cast: dict[str, User], course: Course) -> None:
        cohort, people = plant_class(land, course, cast)
        plant_progress(cohort, people)
        plant_waiting(land)
        if Photo.objects.filter(owner=cast["seller"]).exists():
            return
        jobs = [("produce", *picture) for picture in wanted_pictures()]
        jobs += [("village", seed) for seed in range(15)]
        photos = drawn(jobs, cast["seller"], self.dot)
        pictures = {job[1:]: photo for job, photo in photos.items() if job[0] == "produce"}
        certificates = wanted_certificates()
        with transaction.atomic():
            shops = plant_shops(land, pictures, cast["organiser"])
            plant_facts(shops, cast["organiser"], certificates, list(pictures.values()))
            plant_prices(shops)
            plant_sayings(shops)
            for seed, row in enumerate([*[place.village for place in land.villages.values()], *shops]):
                row.cover = photos["village", seed]
                row.save()
            plant_orders(shops)
        plant_selling(shops)
        plant_lives(shops, cast["trainer"])
        plant_rehearsals(cast["trainee"], people[1], people[2], cast["trainer"])

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
        """Drawing takes a minute or two on a small computer: whoever waits sees that it goes on."""
        self.stdout.write(".", ending="")
        self.stdout.flush()

    def dotted(self, made: Video) -> Video:
        self.dot()
        return made

    def say(self, line: str) -> None:
        self.stdout.write(line)
