"""Seed the demo county; numbers add rows in bulk for measurements."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Place, User
from courses.import_export.document import UnreadableFile
from courses.import_export.programme import import_programme
from courses.models import Course
from demo.seed import bulk
from demo.seed.media_files import VILLAGES, create_photos
from demo.seed.people import PHONES, SITE_BEGAN, seed_people, seed_requests
from demo.seed.places import DemoPlaces, seed_places
from demo.seed.sales.claims import seed_claims
from demo.seed.sales.ledger import seed_deliveries, seed_ledger
from demo.seed.sales.lives import seed_lives
from demo.seed.sales.orders import seed_orders
from demo.seed.sales.prices import seed_offers, seed_prices
from demo.seed.sales.shops import list_pictures, seed_shops
from demo.seed.sales.traceability import receive_certificates, seed_traceability
from demo.seed.timeline import Timeline, clock_at
from demo.seed.training.exams import seed_exams
from demo.seed.training.ladder import seed_ladder
from demo.seed.training.outcomes import seed_outcomes
from demo.seed.training.progress import seed_class, seed_first_class
from demo.seed.training.rehearsals import seed_rehearsals
from demo.seed.training.tasks import seed_tasks
from media.videos import conversion
from programme.certificates.requirements import create_first_rules
from ui.responses import page_cache


def has_shops() -> bool:
    """Return whether the demo's seller has a shop: all that happened in the county is written in one transaction."""
    return User.objects.filter(phone=PHONES[2], shops_owned__isnull=False).exists()


def is_interrupted() -> bool:
    """Return whether the demo's people are there, and nothing that happened to them."""
    return User.objects.filter(phone=PHONES[2]).exists() and not has_shops()


class Command(BaseCommand):
    help = "Seeds the demo county: villages, people, courses and shops."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once",
            action="store_true",
            help="do nothing if anybody is there already; finish what was interrupted",
        )
        parser.add_argument(
            "--programme", action="store_true", help="only the written course, for the site's own county"
        )
        parser.add_argument("--products", type=int, default=0, help="as many more products, in bulk")
        parser.add_argument("--trainees", type=int, default=0, help="as many more trainees, in bulk")
        parser.add_argument("--progress", type=int, default=0, help="as many lessons done, in bulk")

    def handle(self, *args, **options) -> None:
        if options["once"] and User.objects.exists() and not is_interrupted():
            return
        if not settings.DEMO and not options["programme"]:
            raise CommandError(
                "The demo's people have a password that everybody knows: only with DEMO=1, never on a real site. "
                "--programme seeds the courses alone."
            )
        if options["programme"]:
            try:
                create_first_rules(import_programme(self.find_county()))
            except UnreadableFile as error:  # the county's own module of the law
                raise CommandError("\n".join(error.reasons)) from None
        else:
            places = seed_places()
            self.dot()
            course = import_programme(places.county)
            create_first_rules(course)
            self.dot()
            self.seed_village_life(places, course)
            self.scale(places, options)
        page_cache.invalidate("shops")
        page_cache.invalidate("courses")

    def find_county(self) -> Place:
        """Return the county whose course it becomes: on a demo the made-up one, else the only one that the site has."""
        if settings.DEMO:
            return seed_places().county
        counties = list(Place.objects.filter(kind=Place.Kind.COUNTY)[:2])
        if len(counties) != 1:
            found = "no county" if not counties else "more than one county"
            raise CommandError(
                f"This site has {found}: manage.py start_county brings the course into the one you name."
            )
        return counties[0]

    def seed_village_life(self, places: DemoPlaces, course: Course) -> None:
        """Seed all that happened in the demo county, once."""
        if has_shops():
            return
        timeline = Timeline()
        with clock_at(timeline.at(SITE_BEGAN, "09:00")):
            cast = seed_people(places)
        jobs = [("produce", *picture) for picture in list_pictures()]
        photos = create_photos([*jobs, *(("village", seed) for seed in range(VILLAGES))], cast["seller"])
        self.dot()
        pictures = {job[1:]: photo for job, photo in photos.items() if job[0] == "produce"}
        with transaction.atomic():
            shops = seed_shops(timeline, places, pictures, cast["organiser"])
            for seed, row in enumerate([*[place.village for place in places.villages.values()], *shops]):
                row.cover = photos["village", seed]
                row.save()
            timeline.add(timeline.at(90, "21:00"), seed_prices, shops)
            seed_offers(timeline, shops[0])
            papers = receive_certificates()
            timeline.add(
                timeline.at(1, "11:30"),
                seed_traceability,
                shops,
                cast["organiser"],
                papers,
                list(pictures.values()),
            )
            company = next(shop for shop in shops if shop.slug == "ganzi-coop")
            timeline.add(timeline.at(1, "18:20"), seed_deliveries, company)
            seed_claims(timeline, shops, cast["organiser"])
            seed_orders(timeline, shops)
            seed_ledger(timeline, shops[0])
            seed_lives(timeline, shops, cast["trainer"])
            people = seed_class(timeline, places, course, cast)
            seed_first_class(timeline, places, course, [shop.owner for shop in shops], cast["trainer"])
            seed_requests(timeline, places, cast["organiser"])
            seed_ladder(timeline, course, shops, cast["trainer"])
            seed_outcomes(timeline, shops, cast["organiser"])
            self.dot()
            with conversion.make_work_folder() as folder:
                seed_rehearsals(timeline, course, cast, people, Path(folder))
                sellers = [shop.owner for shop in shops]
                seed_tasks(timeline, course, cast, [*people, *sellers], Path(folder))
                seed_exams(timeline, course, cast, people)
                timeline.run()
        self.dot()

    def scale(self, places: DemoPlaces, options: dict) -> None:
        course = (
            bulk.find_practice_course(places.county) if options["trainees"] or options["progress"] else None
        )
        for name, grow in (
            ("products", lambda n: bulk.grow_shops(places, n, self.say)),
            ("trainees", lambda n: bulk.grow_trainees(places, n, course, self.say)),
            ("progress", lambda n: bulk.grow_progress(n, options["trainees"] or 1000, course, self.say)),
        ):
            if options[name]:
                start = time.monotonic()
                self.say(f"{options[name]:,} {name}…")
                grow(options[name])
                self.say(f"  {time.monotonic() - start:.0f} s")

    def dot(self) -> None:
        """Show whoever waits that work goes on."""
        self.stdout.write(".", ending="")
        self.stdout.flush()

    def say(self, line: str) -> None:
        self.stdout.write(line)
