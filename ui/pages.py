"""Addresses of pages that an app above shows, for links in the apps below it.

The lower app has a name of its own for the page ("courses.lesson"); the setting PAGES says which URL it is.
"""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def get_url_name(page: str) -> str:
    """Return the name of the page's URL: "progress:lesson". Raise KeyError for a page that PAGES does not name."""
    return settings.PAGES[page]


def build_page_url(page: str, *args: object) -> str:
    return reverse(get_url_name(page), args=args)
