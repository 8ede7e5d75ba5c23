"""What is taken out of a text with words that may not stand in it, so that a sentence remains and nothing is added."""

from __future__ import annotations

import re

COMMAS = "，、,；;：:"
ENDS = "。！？!?…\n"
# A point or comma between two digits is part of the number.
BREAK = re.compile(
    rf"(?<!\d)[{COMMAS}]|[{COMMAS}](?!\d)|[{ENDS}]|\.(?=\s|$)|(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])"
)
NUMBER = re.compile(r"\d+(?:\.\d+)?|[一二两三四五六七八九十百]+(?=[元块斤箱])")
WORD = re.compile(r"\w")
# What cannot end, or begin, what is left of a clause: 还能(降血压), 增强免疫(力), 有(养胃)的作用.
OPEN_LEFT = re.compile(
    r"(?:能够?|会|可以?|还|也|都|更|又|对|有|是|为|让|使|帮助?|助于?|于|吃|喝|泡|来|和|与|及|或|并|且|用|含|具|着?重|增强|提高|"
    r"了|在|就|才|不|没|很|最|真|专|主|防|治)$|\b(?:is|are|and|or|to|with|for|helps?|can|may|be|of|the|an?|your)\s*$",
    re.IGNORECASE,
)
OPEN_RIGHT = re.compile(
    r"^(?:力|性|了|着|过|得|之|又|也|还|和|与|及|或|作用|功效|功能|效果|能力|专用|首选|佳品|圣品|神器)|^\s*(?:and|or|of|for|your)\b",
    re.IGNORECASE,
)


def span_to_delete(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where to cut so that text[start:end] is gone: the words alone where the rest of their clause stands by itself, else
    the whole clause with its comma. None where nothing sensible is left, or where a price or weight would go too."""
    first, last = clause(text, start, end)
    left, right = text[first:start], text[end:last]
    if right.startswith("的") and not WORD.search(left):
        end, right = end + 1, right[1:]
    if (
        not WORD.search(left + right)
        or OPEN_LEFT.search(left)
        or OPEN_RIGHT.search(right)
        or right.startswith("的")
    ):
        cut = with_comma(text, first, last)
    elif left.endswith(" ") and right.startswith(" ") or not left and right.startswith(" "):
        cut = start, end + 1
    else:
        cut = start, end
    gone = text[cut[0] : cut[1]]
    if not WORD.search(text[: cut[0]] + text[cut[1] :]) or len(NUMBER.findall(gone)) > 1:
        return None
    return None if NUMBER.search(text[cut[0] : start] + text[end : cut[1]]) else cut


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """From break to break around the words, which may hold some themselves."""
    first = max((one.end() for one in BREAK.finditer(text, 0, start) if one.end() <= start), default=0)
    last = next((one.start() for one in BREAK.finditer(text, end)), len(text))
    return first, last


def with_comma(text: str, first: int, last: int) -> tuple[int, int]:
    """The clause with the comma that joined it; a sentence of its own with the mark that ends it."""
    before = text[:first].rstrip(" ")
    if before and before[-1] in COMMAS:
        return len(before) - 1, last
    if before != text[:first] and text[first - 1] == " ":
        return len(before), last
    mark = re.compile(rf"[{COMMAS}{ENDS}.]? *").match(text, last)
    return first, mark.end()
