"""Read captions as WebVTT line by line, and refuse them with the wrong lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ui.text import decode_text

MOST_BYTES = 200_000
TIME = r"(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)[.](\d{3})"
TIMES = re.compile(rf"^{TIME}[ \t]+-->[ \t]+{TIME}(?:[ \t]+\S.*)?$")
# Other spellings of the arrow.
OTHER_ARROW = re.compile(r"^[\d:.,]+\s*(?:[-–—=]?>|→|[-–—]{1,2}>)\s*[\d:.,]+")
# Up to the next bracket of either kind, so that 200 KB of "<" are scanned once, not once for each.
TAGS = re.compile(r"<[^<>]*>")
# <c>, <i>, <b>, <u>, <v>, <lang>, <ruby>, <rt> are WebVTT's own; HTML tags (<script>, <img>) are not allowed in captions.
MARKUP = re.compile(r"</?(?!(?:c|i|b|u|v|lang|ruby|rt)[\s.>/])[a-z!][^<>]*>", re.IGNORECASE)
HEADER = re.compile(r"^WEBVTT(?:[ \t].*)?$")
NOT_CUES = ("NOTE", "STYLE", "REGION")
REFUSALS = {
    "heavy": _("字幕有 %(size)s KB，最多 200 KB"),
    "coding": _("字幕的编码看不懂，另存为 UTF-8 再传"),
    "head": _("第 1 行要写 WEBVTT"),
    "srt": _("第 %(line)s 行：时间里的逗号要改成点，像 00:01.500"),
    "arrow": _("第 %(line)s 行：两个时间中间的箭头要写成 -->，两道横线"),
    "time": _("第 %(line)s 行：时间写得不对，要像 00:01.500 --> 00:04.000"),
    "order": _("第 %(line)s 行：结束要比开始晚"),
    "overlap": _("第 %(line)s 行：上一句还没完，这一句就开始了"),
    "text": _("第 %(line)s 行：时间下面没有字"),
    "stray": _("第 %(line)s 行：上面没有时间，这句不知道什么时候放"),
    "markup": _("第 %(line)s 行：字幕里不能有网页代码（%(tag)s），删掉再存"),
    "nul": _("第 %(line)s 行：里面有看不见的坏字符，删掉再存"),
    "none": _("里面一句字幕也没有"),
}
Cue = tuple[int, int, str]


def decode(raw: bytes) -> str:
    """Return the text of a file. Raise ValidationError for one that is too large or no text."""
    if len(raw) > MOST_BYTES:
        raise make_refusal("heavy", size=(len(raw) + 999) // 1000)
    try:
        return decode_text(raw)[0]
    except UnicodeDecodeError as error:
        raise make_refusal("coding") from error


def validate(text: str) -> str:
    """Return the text with plain line ends. Raises ValidationError that names every wrong line, ten at most."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip("\n ")
    if not text:
        return ""
    if (size := len(text.encode())) > MOST_BYTES:
        raise make_refusal("heavy", size=(size + 999) // 1000)
    if not HEADER.match(text.partition("\n")[0].rstrip()):
        raise make_refusal("head")
    errors = [make_refusal(code, line=line) for line, code, cue in parse(text) if code]
    errors += find_markup(text)
    # PostgreSQL cannot store NUL.
    errors += [make_refusal("nul", line=n) for n, line in enumerate(text.split("\n"), 1) if "\0" in line]
    if errors:
        raise ValidationError(errors[:10])
    if not any(cue for _line, _code, cue in parse(text)):
        raise make_refusal("none")
    return text + "\n"


def find_markup(text: str) -> list[ValidationError]:
    """Return an error for each line with tags that are not WebVTT's own."""
    lines = enumerate(text.split("\n"), 1)
    found = ((number, MARKUP.search(line)) for number, line in lines)
    return [make_refusal("markup", line=number, tag=tag[0][:20]) for number, tag in found if tag]


def parse_cues(vtt: str) -> list[Cue]:
    """Return (from, to, text) in milliseconds, without tags, in order; wrong cues are left out."""
    return [cue for _line, code, cue in parse(vtt) if cue and not code]


def list_shots(vtt: str) -> list[tuple[int, str, str]]:
    """Return (from in milliseconds, what is filmed, what is said) of the cues before which a NOTE says what is filmed."""
    shots, note = [], ""
    for _number, lines in split_blocks(vtt):
        head, _space, rest = lines[0].partition(" ")
        if head == "NOTE":
            note = " ".join([rest, *lines[1:]]).strip()
        elif note and (cues := parse_cues("\n".join(["WEBVTT", "", *lines]))):
            shots.append((cues[0][0], note, cues[0][2]))
            note = ""
    return shots


def parse(text: str) -> Iterator[tuple[int, str, Cue | None]]:
    """Yield for each cue or wrong block its line number, what is wrong with it or "", and the cue if it is one."""
    last = 0
    for number, lines in split_blocks(text):
        if lines[0].startswith("WEBVTT") and number == 1 or lines[0].split(" ")[0] in NOT_CUES:
            continue
        at = 0 if "-->" in lines[0] else 1
        if len(lines) <= at or "-->" not in lines[at]:
            mistaken = next((n for n, line in enumerate(lines[:2]) if OTHER_ARROW.match(line.strip())), None)
            if mistaken is not None:
                yield number + mistaken, "arrow", None
                continue
            yield number, "stray", None
            continue
        line, times = number + at, TIMES.match(lines[at].strip())
        if not times:
            yield line, "srt" if TIMES.match(lines[at].strip().replace(",", ".")) else "time", None
            continue
        begin, end = to_milliseconds(times.groups()[:4]), to_milliseconds(times.groups()[4:])
        words = TAGS.sub("", "\n".join(lines[at + 1 :])).strip()
        code = "order" if end <= begin else "overlap" if begin < last else "" if words else "text"
        last = max(last, end)
        yield line, code, (begin, end, words)


def split_blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield runs of lines between empty ones, with the number of the first."""
    block: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            if not block:
                start = number
            block.append(line)
        elif block:
            yield start, block
            block = []


def to_milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, thousandths = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def make_refusal(code: str, **params) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code, params=params)
