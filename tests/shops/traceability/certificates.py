"""A certificate that a shop has handed in, with its file."""

import datetime

from django.utils import timezone

from shops.models import Paper, Shop
from tests.shops.orders.seller_side import make_document

Status, Kind = Paper.Status, Paper.Kind


def make_paper(shop: Shop, **fields) -> Paper:
    fields.setdefault("file", make_document(shop.owner))
    facts = {"kind": Kind.GREEN, "number": "LB-18-1", "holder": shop.legal_name, "status": Status.ACCEPTED}
    day = timezone.localdate() + datetime.timedelta(days=200)
    return Paper.objects.create(shop=shop, **{"expires_on": day} | facts | fields)
