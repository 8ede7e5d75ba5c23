"""Private documents that no row came to use: a form that was left, a draft that was thrown away."""

from __future__ import annotations

import logging

from django.core.files.storage import storages
from django.db.models import Exists, OuterRef, Q
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone

from media.documents import AT_ONCE, UNUSED
from media.models import Document
from media.uses import uses

log = logging.getLogger(__name__)


def drop_unused() -> int:
    """At most AT_ONCE; the row first, in one statement that looks once more, then its file."""
    used = [
        Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})) for field in uses(Document)
    ]
    old = Q(created_at__lt=timezone.now() - UNUSED)
    unused = (
        Document.objects.filter(old, ~Q(*used, _connector=Q.OR)) if used else Document.objects.filter(old)
    )
    count = 0
    for document in unused.order_by("id")[:AT_ONCE]:
        name = document.name
        try:
            gone = unused.filter(pk=document.pk).delete()[0]
        except (ProtectedError, RestrictedError):  # taken into use this very moment
            log.warning("a document came into use while it was cleared away")
            continue
        if gone:
            storages["private"].delete(name)
            count += 1
    return count
