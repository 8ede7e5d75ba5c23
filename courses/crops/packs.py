"""The packs of the written programme: read once, listed by language, and found by the name of goods."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from courses.crops.pack import GOODS, Pack, read_pack
from ui.text import find_word

ROOT = Path(__file__).parent.parent / "programme"
FIRST_LANGUAGE = "zh-hans"


@cache
def load_packs(language: str = FIRST_LANGUAGE) -> dict[str, Pack]:
    """Return the packs written in this language by their codes, by kind of goods and then by title. Raises UnreadablePack."""
    found = [read_pack(path) for path in (ROOT / language / "crops").glob("*.toml")]
    order = list(GOODS)
    return {pack.code: pack for pack in sorted(found, key=lambda pack: (order.index(pack.goods), pack.code))}


def list_packs(language: str) -> list[Pack]:
    """Return every pack, in this language where it is written in it, else in Chinese."""
    here = load_packs(language)
    return [here.get(code, pack) for code, pack in load_packs().items()]


def find_pack(code: str, language: str) -> Pack | None:
    """Return a pack in this language, else in Chinese; None if there is none of this code."""
    return load_packs(language).get(code) or load_packs().get(code)


def list_languages(code: str) -> list[str]:
    """Return the languages in which the pack is written."""
    return [language for language, _name in settings.LANGUAGES if code in load_packs(language)]


def find_pack_of(name: str, kind: str = "", language: str = FIRST_LANGUAGE) -> Pack | None:
    """Return the pack of goods with this name, in this language where it is written in it.

    The longest word of a pack that stands in the name decides, of equally long ones the last, because a Chinese noun comes
    last: 柚子茶 is no 柚子. A name without any is known by its kind (a category's slug), if that kind holds nothing else.
    """
    name, best, code = name.casefold(), (0, -1), ""
    packs = {**load_packs(), **load_packs(language)}
    written = [*load_packs().values(), *load_packs(language).values()]
    for pack in written:
        for word in pack.words:
            at = find_word(word, name)
            if at >= 0 and (len(word), at) > best:
                best, code = (len(word), at), pack.code
    if not code:
        code = next((pack.code for pack in packs.values() if kind and kind in pack.kinds), "")
    others = [word for pack in written if pack.code == code for word in pack.unless]
    is_other = any(find_word(word, name) >= 0 for word in others)  # 剁辣椒 is no fresh pepper
    return None if is_other else packs.get(code)
