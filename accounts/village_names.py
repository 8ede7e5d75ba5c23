"""Villages found by their name as people type it."""

from __future__ import annotations

from django.db.models import F, Q, Value

from accounts.models import Place
from ui.cleaning import tidy
from ui.inputs import plain

# So many villages are offered in a list; more are a long way for a thumb and a large page.
MOST_LISTED = 60
# Of one name: beyond it, whoever types it adds the township's.
MOST_READ = 500
LONGEST_NAME = 60


def villages_called(typed: str) -> list[Place]:
    """Those whose name is typed, with or without 村 behind it and the places above before it; else those in whose name it
    stands. One more than MOST_LISTED at most; two queries."""
    text = "".join(plain(tidy(typed)).split())[:LONGEST_NAME]
    whole = text if text.endswith("村") else f"{text}村"
    rows = Place.objects.villages().select_related("parent__parent")
    rows = rows.alias(said=Value(text), whole=Value(whole))
    ends = Q(said__endswith=F("name")) | Q(whole__endswith=F("name")) | Q(name_en__iexact=tidy(typed))
    ending = [
        village
        for village in rows.filter(ends)[:MOST_READ]
        if village.full_name().endswith((text, whole)) or village.name_en.lower() == tidy(typed).lower()
    ]
    return ending[: MOST_LISTED + 1] or list(rows.filter(name__contains=text)[: MOST_LISTED + 1])
