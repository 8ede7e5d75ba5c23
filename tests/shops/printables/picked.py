"""A batch picked today, with its sweetness, for posters."""

from django.utils import timezone

from shops.models import Batch
from tests.factories import make_category


def make_batch(shop, **fields) -> Batch:
    today = timezone.localdate()
    given = {
        "category": make_category(),
        "name": "冰糖橙",
        "origin": "柚山县",
        "plot": "屋后老井边那块坡",
        "grower_name": "周梅英",
        "harvested_on": today,
        "grams": 900_000,
        "brix_tenths": 132,
        "brix_on": today,
        "brix_tool": "手持折光仪",
    }
    return Batch.objects.create(**{"shop": shop} | given | fields)
