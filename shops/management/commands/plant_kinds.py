"""`manage.py plant_kinds`: create the categories that a site begins with; may be run again."""

from django.core.management.base import BaseCommand
from django.db import transaction

from shops.models import Category
from shops.products.categories import plant_kinds


class Command(BaseCommand):
    help = "Plants the tree of kinds of produce, without touching what is there."

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        before = Category.objects.count()
        after = len(plant_kinds())
        self.stdout.write(f"{after - before} new kinds, {after} in all")
