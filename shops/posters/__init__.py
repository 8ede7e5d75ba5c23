"""Posters: a picture of what is sold, to send on and to hang up. It says what the product's page says, and no more."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Callable

from django.core.cache import caches
from django.utils.translation import gettext_lazy as _

from shops.posters import foot, fresh, large, tagged
from shops.posters.drawing import Sheet
from shops.posters.said import Said
from ui.stamps import release

WIDTH, HEIGHT = 750, 1200
LAYOUTS: dict[str, Callable[[Sheet, Said, int], None]] = {
    "large": large.draw,
    "tagged": tagged.draw,
    "fresh": fresh.draw,
}
NAMES = {"large": _("大照片"), "tagged": _("价签"), "fresh": _("这一批")}
KEPT_SECONDS = 3600
# One at a time in a process: drawing is all processor, and ten who open the same link wait for one picture.
drawing = threading.Lock()


def is_for(said: Said, layout: str) -> bool:
    """The fresh one lives off its batch; without one that buyers may look up there is nothing to say."""
    return layout in LAYOUTS and (layout != "fresh" or bool(said.batch))


def png(said: Said, layout: str) -> bytes:
    """750 × 1200. Kept in files for an hour under all that it says, so that a change is a new picture at once."""
    key = hashlib.sha256(f"{release()}|{layout}|{said!r}".encode()).hexdigest()[:32]
    kept = caches["posters"]
    if (found := kept.get(key)) is None:
        with drawing:
            if (found := kept.get(key)) is None:
                found = drawn(said, layout)
                kept.set(key, found, KEPT_SECONDS)
    return found


def drawn(said: Said, layout: str) -> bytes:
    sheet = Sheet(WIDTH, HEIGHT)
    LAYOUTS[layout](sheet, said, foot.note(sheet, said))
    foot.signature(sheet, said)
    file = io.BytesIO()
    sheet.image.save(file, "PNG", compress_level=4)
    return file.getvalue()
