"""Render a photo as HTML in Python: a list of 24 cards needs it 24 times, and a template include takes ten times as long."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from media.models import Photo
from ui.svg import load_drawings

SIZES = "100vw"


def render_photo(
    photo: Photo | None,
    alt: str = "",
    sizes: str = SIZES,
    css: str = "pic",
    url_at: Callable[[int], str] | None = None,
) -> SafeString:
    """Return <img srcset> of a ready photo, else a placeholder. No query. `url_at`: its address in a width, if not its own.

    Always lazy: a browser requests a lazy picture only after it has laid out the page, so never before the page's styles.
    """
    if photo is None or not photo.is_ready:
        return render_placeholder(photo, css)
    widths, url_at = photo.widths(), url_at or photo.url_at
    height = max(1, round(photo.height * widths[-1] / photo.width))
    return format_html(
        '<img class="{}" src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" loading="lazy" decoding="async">',
        css,
        url_at(widths[0]),
        ", ".join(f"{url_at(width)} {width}w" for width in widths),
        sizes,
        widths[-1],
        height,
        alt,
    )


def render_placeholder(photo: Photo | None, css: str = "pic") -> SafeString:
    """Return the placeholder of a missing, waiting or failed photo: a text for screen readers, and an icon."""
    state = photo.status if photo else "none"
    words, icon = {
        "none": (_("还没有照片"), "photo"),
        Photo.Status.WAITING: (_("照片正在处理"), "clock"),
        Photo.Status.FAILED: (_("照片坏了"), "stop"),
    }[state]
    return format_html(
        '<svg class="{}" data-photo="{}" role="img" aria-label="{}" width="320" viewBox="0 0 96 96">'
        '<svg x="36" y="36" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.5"'
        ' stroke-linecap="round" stroke-linejoin="round" opacity=".45" viewBox="0 0 24 24">{}</svg></svg>',
        css,
        state,
        words,
        load_drawings()[icon],
    )


# --- in the admin; the sizes are in backoffice.css ---


def render_thumbnail(photo: Photo | None) -> SafeString:
    return render_photo(photo, sizes="80px", css="thumb")


def render_large_photo(photo: Photo | None, alt: str = "") -> SafeString:
    return render_photo(photo, alt, sizes="400px", css="large")
