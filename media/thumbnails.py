"""How photos look in the admin's lists and pages; their sizes are in backoffice.css."""

from __future__ import annotations

from django.utils.safestring import SafeString

from media import html
from media.models import Photo


def thumbnail(photo: Photo | None) -> SafeString:
    return html.img(photo, sizes="80px", css="thumb")


def large(photo: Photo | None, alt: str = "") -> SafeString:
    return html.img(photo, alt, sizes="400px", css="large")
