"""What a live still lacks, as far as the air needs it."""

from __future__ import annotations

from live.models import Livestream


def lacks(live: Livestream) -> list:
    return []
