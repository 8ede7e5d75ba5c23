"""Decide whether what a change leaves of a text are whole sentences, and whether it leaves its neighbours alone."""

from __future__ import annotations

import re

SENTENCE = re.compile(r"[^。！？!?…\n]+")
WORD = re.compile(r"\w")
HAN = re.compile("[\u3400-\u9fff]")
FEWEST = 4  # characters of a sentence that ends with a mark; without one it may be a name
# The last clause of a sentence that has to go on: 不管寄到哪儿, 专家研究发现, 我保证, 女人过了三十.
UNFINISHED = re.compile(
    r"[，、,；;：:]\s*$|(?:研究|统计|对照|(?<!没)发现|保证|担保|怕你们不信|讲前头|这个?东西|早晚|只能\w|是带|一走|过了[一二三四五六七八九十\d]+岁?|"
    r"(?<!\w)[你您](?:点开看|翻一翻|看\w{0,5})|(?<!\w)来)\s*$|"
    r"(?:^|[，,：:])\s*(?:不管|无论|只要|如果|要是|假如|一旦|自从|虽然|因为|由于|既然|除了|别看|莫看|不但|不仅|而且|但是|不过|并且|所以|"
    r"养我们|栽上|种上|跟我|老辈子[讲说])[^，,：:]{0,12}$|"
    r"\b(?:and|or|but|because|with|for|of|the|an?|is|are|if|when)\s*$",
    re.IGNORECASE,
)
# The beginning of a sentence whose first clause is gone: 无疑, 大伙儿自己寻思寻思, 你们放一百个心.
DANGLING = re.compile(r"\s*(?:[，、,；;：:]|无疑|大伙儿?自己|你们?放\w*心|把\w冲|咱也|前一个月|煲汤用)")


def leaves_whole_sentences(text: str, start: int, end: int, put: str) -> bool:
    """Return whether text[start:end] may be replaced by `put`: every sentence but that of the words is still there, and
    theirs is gone or still one.
    """
    whole = text[:start] + put + text[end:]
    first, last = find_sentence(text, start, start)
    gone = not WORD.search(text[first:start] + put + text[end : max(end, last)])
    if count_sentences(text) - count_sentences(whole) > gone:
        return False
    if gone or WORD.search(put):
        return True
    first, last = find_sentence(whole, start, start)
    left, before, after = whole[first:last], whole[first:start], whole[start:last]
    if not WORD.search(left):
        return True
    if whole[last : last + 1].strip() and HAN.search(left) and len(HAN.findall(left)) < FEWEST:
        return False
    if not WORD.search(after) and UNFINISHED.search(before):
        return False
    return bool(WORD.search(before)) or not DANGLING.match(after)


def find_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the sentence of a place, without its end mark."""
    first = max((text.rfind(mark, 0, start) + 1 for mark in "。！？!?…\n"), default=0)
    places = (text.find(mark, end) for mark in "。！？!?…\n")
    return first, min((place for place in places if place >= 0), default=len(text))


def count_sentences(text: str) -> int:
    return sum(1 for found in SENTENCE.finditer(text) if WORD.search(found[0]))
