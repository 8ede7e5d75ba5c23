"""A certificate as a shop has handed it in, with its file."""

import datetime

from django.utils import timezone

from media.documents.services import store_document
from shops.models import Paper, Shop
from tests.media import pictures
from tests.media.pictures import upload

Status, Kind = Paper.Status, Paper.Kind


def make_paper(shop: Shop, **fields) -> Paper:
    fields.setdefault("file", store_document(upload(pictures.jpeg()), shop.owner))
    facts = {"kind": Kind.GREEN, "number": "LB-18-1", "holder": shop.legal_name, "status": Status.ACCEPTED}
    day = timezone.localdate() + datetime.timedelta(days=200)
    return Paper.objects.create(shop=shop, **{"expires_on": day} | facts | fields)
