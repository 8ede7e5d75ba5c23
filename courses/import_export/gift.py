"""Read questions in GIFT, the text format that Moodle exports: single and multiple choice, true or false, numbers.

Matching, short answers and essays have no kind here and are refused with a sentence, question by question. Category lines
are ignored: the trainer chooses the bank. Docs: docs/course-format.md.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import nh3
from django.utils.translation import gettext as _

from courses.import_export.document import UnreadableFile
from courses.import_export.question_import import CODE, MOST, ParsedQuestion, add_letters, check_parsed
from ui.text import UTF_16_MARKS, decode_text, tidy

MOST_BYTES = 2_000_000
# An escaped character is replaced by a private one until the text around it is parsed.
SIGNS = "~=#{}:\\"
# More than any question may have; the rules give the exact limit.
MOST_CHOICES = 20
MOST_PLACES = -20
HELD = {sign: chr(0xE100 + place) for place, sign in enumerate(SIGNS)}
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
BLANK = re.compile(r"\n[^\S\n]*\n")
TITLE = re.compile(r"::(.*?)::", re.DOTALL)
STYLE = re.compile(r"\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
ANSWER = re.compile(r"([=~])")
WEIGHT = re.compile(r"%(-?[0-9]+(?:\.[0-9]+)?)%")
TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}
PICTURE = re.compile(r"<img\b|@@PLUGINFILE@@", re.IGNORECASE)


def read(content: bytes) -> list[ParsedQuestion]:
    """Return every question of the file, also those with errors. Raises UnreadableFile if it is no text or has no question."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_("文件太大了，最多 2 MB"))
    found = list(split_blocks(decode(content)))
    if not found:
        raise UnreadableFile(_("文件里一道题也没有：GIFT 的题目后面有大括号，里面是答案"))
    if len(found) > MOST:
        raise UnreadableFile(
            _("文件里有 %(n)d 道题，一次最多 %(most)d 道，分几次导入") % {"n": len(found), "most": MOST}
        )
    return [read_one(line, block) for line, block in found]


def decode(content: bytes) -> str:
    """Return the file's text. Raise UnreadableFile for what is no text."""
    if b"\0" in content and not content.startswith(UTF_16_MARKS):
        raise UnreadableFile(_("这不是文字文件。GIFT 是 .txt，表格要存成 .xlsx"))
    try:
        return decode_text(content)[0]
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("文件里的字读不出来，另存为 UTF-8 再传")) from error


def split_blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line number, text) of each question: an empty line ends one. Comments and categories are left out."""
    lines: list[str] = []
    first = 0
    for number, line in enumerate([*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""], 1):
        bare = line.strip()
        if bare.startswith("//") or bare.upper().startswith("$CATEGORY:"):
            continue
        if bare:
            first = first if lines else number
            lines.append(line)
        elif lines:
            yield first, "\n".join(lines)
            lines = []


def read_one(line: int, block: str) -> ParsedQuestion:
    asked = ParsedQuestion(_("第 %(n)d 行") % {"n": line})
    text = ESCAPED.sub(lambda m: "\n" if m[1] == "n" else HELD.get(m[1], m[0]), block).strip()
    title = TITLE.match(text)
    if title:
        name = to_plain_text(title[1])
        asked.fields |= {"code": name} if CODE.fullmatch(name) else {}
        text = text[title.end() :].strip()
    head, brace, rest = text.partition("{")
    inside, closing, tail = rest.partition("}")
    asked.fields["text"] = build_question_text(head, tail)
    if not brace:
        asked.problems.append(_("没有答案：题目后面要有大括号，里面写答案"))
    elif not closing:
        asked.problems.append(_("大括号没有合上，少了一个 }"))
    elif "{" in tail or "{" in inside:
        asked.problems.append(_("一道题只能有一对大括号；文字里的大括号前面加 \\"))
    elif PICTURE.search(text):
        asked.problems.append(_("题里有图片，GIFT 带不进来。在后台出题，图另外传"))
    else:
        read_answers(asked, inside)
    return check_parsed(asked) if not asked.problems else asked


def build_question_text(head: str, tail: str) -> str:
    """Return the question's text; text after the answers makes it a sentence with a gap."""
    before, after = to_plain_text(head), to_plain_text(tail)
    return f"{before} ____ {after}".strip() if after else before


def to_plain_text(text: str) -> str:
    """Return plain text: without HTML tags, with escaped characters restored."""
    style = STYLE.match(text.strip())
    text = text.strip()[style.end() :] if style else text
    if style and style[1].lower() == "html":
        text = html.unescape(
            nh3.clean(re.sub(r"<br\s*/?>|</p>", "\n", text, flags=re.IGNORECASE), tags=set())
        )
    for sign, held in HELD.items():
        text = text.replace(held, sign)
    return tidy(text, lines=True)


def read_answers(asked: ParsedQuestion, inside: str) -> None:
    answers, general, explain = inside.partition("####")
    if general and to_plain_text(explain):
        asked.fields["explain"] = to_plain_text(explain)
    answers = answers.strip()
    first = answers.partition("#")[0].strip().upper()
    if not answers:
        asked.problems.append(_("问答题这里没有，改成单选、多选、对错或填数"))
    elif answers.startswith("#"):
        read_number(asked, answers[1:].strip())
    elif first in TRUTH:
        read_truth(asked, TRUTH[first], answers)
    else:
        read_choices(asked, answers)


def read_truth(asked: ParsedQuestion, answer: bool, answers: str) -> None:
    """Read a true-or-false question; the two feedbacks that may follow become the same explanation."""
    asked.fields |= {"kind": "true_false", "content": {"answer": answer}}
    explanations = list(dict.fromkeys(filter(None, map(to_plain_text, answers.split("#")[1:]))))
    if explanations:
        asked.fields.setdefault("explain", "\n".join(explanations))


def read_number(asked: ParsedQuestion, answers: str) -> None:
    parts = [part for part in re.split(r"=", answers) if part.strip()]
    whole = [part for part in parts if is_full_weight(part)]
    if len(whole) != 1:
        asked.problems.append(_("填数只能有一个对的数，比如 {#5.98:0.01}"))
        return
    if len(parts) > 1:
        asked.notes.append(_("只给一部分分数的数，这里算错"))
    value, _hash, why = WEIGHT.sub("", whole[0]).partition("#")
    number = parse_tolerance(to_plain_text(value))
    if number is None:
        asked.problems.append(
            _("“%(text)s”不是数。写成 {#5.98:0.01}，或者 {#5.97..5.99}") % {"text": to_plain_text(value)[:20]}
        )
        return
    asked.fields |= {"kind": "number", "content": number | {"unit": ""}}
    if to_plain_text(why):
        asked.fields.setdefault("explain", to_plain_text(why))


def is_full_weight(part: str) -> bool:
    weight = WEIGHT.match(part.strip())
    return weight is None or Decimal(weight[1]) == 100


def parse_tolerance(text: str) -> dict | None:
    """Parse a number with its tolerance: "5:0.5" and "4.5..5.5" → {"answer": "5", "tolerance": "0.5"}."""
    try:
        if ".." in text:
            least, most = (parse_decimal(side) for side in text.split("..", 1))
            answer, tolerance = (least + most) / 2, abs(most - least) / 2
        else:
            value, _colon, wide = text.partition(":")
            answer, tolerance = parse_decimal(value), parse_decimal(wide.strip() or "0")
    except InvalidOperation:
        return None
    return {"answer": f"{answer:f}", "tolerance": f"{tolerance:f}"}


def parse_decimal(text: str) -> Decimal:
    """Parse a decimal. Raises InvalidOperation also for numbers of many digits: 1E-30000000 would be thirty megabytes of
    zeros.
    """
    found = Decimal(text.strip())
    exponent = found.as_tuple().exponent  # a letter where it is no finite number
    if not isinstance(exponent, int) or found.adjusted() >= 15 or exponent < MOST_PLACES:
        raise InvalidOperation
    return found


def read_choices(asked: ParsedQuestion, answers: str) -> None:
    parts = ANSWER.split(answers, maxsplit=MOST_CHOICES)
    if parts[0].strip():
        asked.problems.append(
            _("答案前面要有 = （对的）或者 ~ （错的）：%(text)s") % {"text": to_plain_text(parts[0])[:20]}
        )
        return
    choices = [parse_choice(mark, text) for mark, text in zip(parts[1::2], parts[2::2], strict=True)]
    if "~" not in parts[1::2]:
        is_matching = any("->" in text for text in parts[2::2])
        refused = (
            _("连线题（->）这里没有，改成单选或排顺序")
            if is_matching
            else _("简答题这里没有：再写几个 ~ 开头的错答案，就成了单选")
        )
        asked.problems.append(refused)
        return
    several = not any(mark == "=" for mark in parts[1::2]) and sum(one["weight"] > 0 for one in choices) > 1
    kind = "multiple" if several else "single"
    if not several and any(0 < one["weight"] < 100 for one in choices):
        asked.notes.append(_("只给一部分分数的选项，这里算错"))
    for one in choices:
        weight = one.pop("weight")
        one["right"] = weight > 0 if several else weight == 100
    asked.fields |= {"kind": kind, "content": {"choices": add_letters(choices)}}


def parse_choice(mark: str, text: str) -> dict:
    weight = WEIGHT.match(text.strip())
    share = Decimal(weight[1]) if weight else Decimal(100 if mark == "=" else 0)
    answer, _hash, why = (text.strip()[weight.end() :] if weight else text).partition("#")
    return {"text": to_plain_text(answer), "why": to_plain_text(why), "weight": share}
