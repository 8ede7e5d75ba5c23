from django.core.management.base import BaseCommand

from shops.catalogue import search
from shops.models import Product


class Command(BaseCommand):
    help = "Makes every product findable by its names of now, anew: after rows came in by another way than the pages."

    def handle(self, *args, **options) -> None:
        search.index_many(Product.objects.all())
        self.stdout.write(f"{Product.objects.count():,} products")
