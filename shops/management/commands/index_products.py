from django.core.management.base import BaseCommand

from shops.models import Product
from shops.products import search


class Command(BaseCommand):
    help = "Makes every product findable by its names of now, anew: after rows came in by another way than the pages."

    def handle(self, *args, **options) -> None:
        search.index_many(Product.objects.all())
        self.stdout.write(f"{Product.objects.count():,} products")
