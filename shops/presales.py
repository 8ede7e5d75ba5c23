"""What is sold before it is picked."""

from __future__ import annotations

import datetime

from django.utils import timezone

from shops.models import Presale, Product


def current(product: Product, day: datetime.date | None = None) -> Presale | None:
    """The one that takes orders today."""
    open_ones = product.presales.filter(ended_at__isnull=True, closes_on__gte=day or timezone.localdate())
    return open_ones.first()
