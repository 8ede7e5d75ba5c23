"""How a name can be typed by who looks for it: as it stands, in pinyin, in initials; and cut into index terms."""

import re
import unicodedata
from functools import lru_cache

RUN = re.compile(r"[^\W_]+")
HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# 桔 is how many write 橘 (but 桔梗 is a herb); whoever looks for 橘子 means every 橘, a 蜜橘 too.
JU = re.compile("桔(?!梗)")
JUZI = ("橘子", "juzi")
MAX_WORDS = 6
LONGEST_WORD = 40


def plain(text: str) -> str:
    """Full-width letters made narrow, everything lower case, single blanks, 桔 as 橘; nothing that cannot be printed."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return JU.sub("橘", " ".join("".join(c if c.isprintable() else " " for c in text).split()))


def words(typed: str) -> tuple[str, ...]:
    """What was typed into the search box, cut at blanks; more than anybody types is left out."""
    found = plain(typed[:400]).split()
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in found))[:MAX_WORDS]


@lru_cache(maxsize=20_000)
def spellings(name: str) -> tuple[str, ...]:
    """红心蜜柚 → 红心蜜柚, hongxinmiyou, hxmy. Cached: villages, kinds and most names come again and again."""
    text = plain(name)
    if not HAN.search(text):
        return (text,) if text else ()
    # The dictionary takes 60 MB: only a process that writes listings pays for it.
    from pypinyin import lazy_pinyin

    parts = ["".join(RUN.findall(part)) for part in lazy_pinyin(text, errors=list)]
    joined = "".join(parts)
    initials = "".join(part[0] for part in parts if part)
    typed_without_v = joined.replace("lv", "lu").replace(
        "nv", "nu"
    )  # 绿茶: lvcha on most phones, lucha by ear
    also = JUZI if "橘" in text else ()
    return tuple(dict.fromkeys(spelt for spelt in (text, joined, typed_without_v, initials, *also) if spelt))


@lru_cache(maxsize=60_000)
def terms(segment: str) -> str:
    """The index terms of one segment, joined by blanks: every pair of neighbours, and every lone 字."""
    found = {}
    for run in RUN.findall(segment):
        found |= dict.fromkeys(c for c in run if not c.isascii())
        found |= dict.fromkeys(map("".join, zip(run, run[1:], strict=False)))
    return " ".join(found)


def asked_terms(word: str) -> list[str]:
    """The terms a row must have to contain this word; empty when the index cannot tell (a single letter)."""
    found = {}
    for run in RUN.findall(word):
        if len(run) > 1:
            found |= dict.fromkeys(map("".join, zip(run, run[1:], strict=False)))
        elif not run.isascii():
            found[run] = None
    return list(found)
