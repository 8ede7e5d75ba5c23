"""Draw a poster of each layout from a photo that is hard to compress; measure its CPU time and size."""

from __future__ import annotations

import dataclasses
import io
import statistics
import time

ROUNDS = 9
MOST_MS = 500


def compare() -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    from bench.scenarios.media.photos import phone_photo
    from shops.models import Product
    from shops.printables import posters
    from shops.printables.content import describe_product, find_products

    file = io.BytesIO()
    phone_photo(1200, 1200).save(file, "WEBP", quality=75)
    name = default_storage.save("photos/bench-poster.webp", ContentFile(file.getvalue()))
    try:
        product = find_products().filter(pk__in=Product.objects.exclude(batch=None).values("pk")[:50]).first()
        facts = describe_product(product, f"https://farm.example/products/{product.pk}/?from=poster")
        facts = dataclasses.replace(facts, photo=name)
        print(f"\nPoster 750 × 1200, photo of 1200 px; at most {MOST_MS} ms")
        for layout in posters.LAYOUTS:
            times, size = [], 0
            for _round in range(ROUNDS):
                start = time.process_time()
                size = len(posters.draw_poster(facts, layout))
                times.append((time.process_time() - start) * 1000)
            print(
                f"{layout:22}{statistics.median(times):>8.0f} ms CPU{times[0]:>8.0f} first{size / 1024:>8.0f} KiB"
            )
    finally:
        default_storage.delete(name)


if __name__ == "__main__":
    import django

    django.setup()
    compare()
