"""Decode text from files, clean typed text of invisible characters, and tell which language it is in."""

import codecs
import re
import unicodedata
from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# Letters without a visible form: Hangul fillers, the empty Braille cell, the grapheme joiner.
BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
EMOJI = "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\ufe0f\u20e3\u3030\u303d\u3297\u3299"
PICTURE = re.compile(f"[{EMOJI}]")
# A zero-width joiner joins 👨‍🌾; anywhere else it hides something.
LONE_JOINER = re.compile(f"(?<![{EMOJI}])\u200d|\u200d(?![{EMOJI}])")
HAN_RANGE = "\u3400-\u9fff\U00020000-\U0003ffff"
HAN = re.compile(f"[{HAN_RANGE}]")
DOTS = re.compile(f"(?<=[{HAN_RANGE}])[•‧∙⋅・･．.](?=[{HAN_RANGE}])")

MOST_MARKS = 30
# Where too many marks may stand: Latin letters and Chinese have none among them.
LONG_ROW = re.compile(f"[^\\0-\u02ff\u3100-\u9fff]{{{MOST_MARKS + 1},}}")
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_page_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def join_escaped(pieces: Iterable[str]) -> SafeString:
    """Join pieces of HTML in which the caller has escaped every text: rows of long lists, drawn without a template's loop."""
    return mark_safe("".join(pieces))


def decode_text(content: bytes) -> tuple[str, str]:
    """Return a file's text and the name of its encoding.

    UTF-16 has a byte order mark; without one it is UTF-8, else GB 18030, which includes GBK: Excel and Notepad write it in
    China. Raise UnicodeDecodeError if it is none of these.
    """
    if content.startswith(UTF_16_MARKS):
        return content.decode("utf-16"), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        return content.decode("gb18030"), "gb18030"


def is_seen(char: str) -> bool:
    if char in "\n\u200d":
        return True
    return char not in BLANK and unicodedata.category(char) not in ("Cc", "Cf", "Cs")


def limit_marks(text: str) -> str:
    """Keep 30 combining marks in a row, more than any language writes (Stream-Safe Text Format, UAX #15 §13).

    To normalise a longer row takes time by its square: seconds for the 100 kB of one form.
    """
    return LONG_ROW.sub(lambda row: cut_marks(row[0]), text)


def cut_marks(text: str) -> str:
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) or unicodedata.category(char) == "Mn" else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def tidy(text: str, lines: bool = False) -> str:
    """Return the text in NFC with single spaces, without control, direction-changing and zero-width characters.

    With `lines`, line breaks stay, at most one empty line in a row.
    """
    text = unicodedata.normalize("NFC", limit_marks(text))
    text = re.sub(r"\r\n?|[\u2028\u2029\v\f\x85]", "\n", text)
    text = text.replace("\t", " ")
    text = LONE_JOINER.sub("", "".join(filter(is_seen, text)))
    if not lines:
        return re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def has_picture(text: str) -> bool:
    return bool(PICTURE.search(text))


def unify_dots(name: str) -> str:
    """Write 阿依古丽・买买提 and 阿依古丽.买买提 as 阿依古丽·买买提, with the dot of identity cards."""
    return DOTS.sub("·", name)


def find_word(word: str, text: str) -> int:
    """Return the last place of a word in a text in small letters, or -1.

    An English word stands alone, if not for an ending of the plural: no tea in steak.
    """
    word = word.casefold()
    if not word.isascii() or word not in text:
        return text.rfind(word)
    found = re.finditer(rf"(?<![a-z]){re.escape(word)}(?:e?s)?(?![a-z])", text)
    return max((match.start() for match in found), default=-1)
