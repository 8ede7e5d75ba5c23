"""`manage.py draw_demo`: makes the demo's picture and film files anew, after config/demo/pictures or its films have changed."""

from django.core.management.base import BaseCommand, CommandParser

from config.demo import drawing
from config.demo.photos import FILES


class Command(BaseCommand):
    help = "Draws the demo's pictures and films into config/demo/files. Takes some minutes; the files are committed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--films", action="store_true", help="the films only")

    def handle(self, *args, **options) -> None:
        FILES.mkdir(exist_ok=True)
        if not options["films"]:
            drawing.draw_pictures(self.stdout.write)
        drawing.draw_films(self.stdout.write)
        total = sum(path.stat().st_size for path in FILES.iterdir())
        self.stdout.write(f"{total / 1e6:.1f} MB in {FILES}")
