"""The written course and the checker agree: what a lesson allows passes, what it forbids is found or known to need a person.

`only_a_person.tsv` lists what no rule can see in the words alone, each line with its reason; a line that is found, or that no
lesson and no pack has any more, must leave it.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from wording.checker import Finding, check
from wording.facts import Facts

PROGRAMME = Path(__file__).resolve().parents[2] / "courses" / "programme" / "zh-hans"
ENGLISH = PROGRAMME.with_name("en")
LIST = Path(__file__).with_name("only_a_person.tsv")
MOST_LISTED = 30
LINE = re.compile(r"^- \*\*这样[说写印回讲](不行|可以)\*\*：(.*)$", re.M)
ANY_LINE = re.compile(r"^- \*\*这样[^*\n]{1,2}(?:不行|可以)\*\*：.*$", re.M)  # what one does or thinks, too
ENGLISH_LINE = re.compile(
    r"^- \*\*(Not|Don’t|Say|Write|Answer|Print|Open|Think|Post|Tell|Run|Do)\b[^*\n]*\*\*(?: \([^)]*\))?: (.*)$",
    re.M,
)
QUOTED = re.compile("“([^”]*)”")
# What the seller's own rows say where a line is wrong only beside them.
OF_THE_GOODS = {
    "正宗赣南脐橙，足足 5 斤！": Facts(origin="湖南省怀化市麻阳县青石村", unit="box", net_grams=2300),
    "合 4 块 9 毛 8 一斤": Facts(unit="box", net_grams=2500, price_fen=2990),
    "足足 3 斤一袋": Facts(unit="bag", net_grams=1350),
    "都是我家的！": Facts(self_grown=False),
    "库里还有八百斤": Facts(unit="jin", stock=80),
    "Genuine Gannan navel oranges": Facts(origin="湖南省怀化市麻阳县青石村", unit="box", net_grams=2300),
    "that makes 4.98 a jin": Facts(unit="box", net_grams=2500, price_fen=2990),
    "a full 3 jin a bag": Facts(unit="bag", net_grams=1350),
    "eight hundred jin in store": Facts(unit="jin", stock=80),
}
# Here the right answers are what must not stand: void terms, lines that contradict the question's own numbers.
ASKS_FOR_WRONG = (
    "8-void-terms",
    "5-spot-kiwi-sugar",
    "6-spot-cost-talk",
    "7-spot-hook-rice",
    "7-spot-rice-page",
)


def read_lines(kind: str) -> list[str]:
    """Return what the lessons and cases say is wrong (不行) or right (可以): the spoken words alone."""
    found = []
    for page in sorted(PROGRAMME.rglob("*.md")):
        for told, line in LINE.findall(page.read_text(encoding="utf-8")):
            if told == kind:
                found.append(join_quoted(line))
    return found


def join_quoted(line: str, between: str = "") -> str:
    """Return the spoken words of a line; the whole line if it has none."""
    return between.join(QUOTED.findall(line)) or line


def read_questions(programme: Path = PROGRAMME) -> Iterator[dict]:
    for file in [*sorted(programme.rglob("quiz.toml")), programme / "pretest.toml"]:
        yield from tomllib.loads(file.read_text(encoding="utf-8")).get("question", [])


def read_answers(programme: Path = PROGRAMME, is_right: bool = True) -> list[str]:
    """Return those that are words to viewers, in quotation marks from the first to the last character."""
    texts = [
        choice.get("text", "")
        for question in read_questions(programme)
        for choice in question.get("choices", [])
        if choice.get("right", False) is ((question["code"] not in ASKS_FOR_WRONG) is is_right)
    ]
    return [text[1:-1] for text in texts if re.fullmatch("“[^”]*”", text)]


def read_listed() -> dict[str, str]:
    """Return the reasons by their texts."""
    rows = LIST.read_text(encoding="utf-8").splitlines()
    return dict(row.split("\t") for row in rows if not row.startswith("#"))


def read_pack_lines() -> set[str]:
    """Return what the packs of goods forbid; tests/courses/crops/test_packs.py holds which of it is found."""
    paths = [*PROGRAMME.glob("crops/*.toml"), *ENGLISH.glob("crops/*.toml")]
    packs = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]
    return {one["no"] for pack in packs for one in pack["forbidden"]}


def find(text: str) -> list[Finding]:
    facts = next((facts for words, facts in OF_THE_GOODS.items() if words in text), None)
    return check(text, "script", facts)


def read_faults() -> list[tuple[str, bool]]:
    """Return everything that the course calls wrong, with whether a rule finds it."""
    faults = [(text, bool(find(text))) for text in read_lines("不行")]
    for question in read_questions():
        if question["kind"] == "spot":
            found = find(question["script"])
            for wrong in question["wrong"]:
                start = question["script"].index(wrong["text"])
                end = start + len(wrong["text"])
                faults.append((wrong["text"], any(one.start < end and one.end > start for one in found)))
    return faults


def test_what_the_course_allows_passes():
    lawful = [*read_lines("可以"), *read_answers()]
    assert len(lawful) > 45
    blocked = [
        (text, one.rule, one.words) for text in lawful for one in find(text) if one.severity == "block"
    ]
    assert blocked == []


@pytest.mark.parametrize("programme", [PROGRAMME, ENGLISH], ids=["zh-hans", "en"])
def test_what_is_left_of_a_spot_question_passes(programme):
    """Only the faults are found in its script: a trainee must not learn that a lawful sentence is none."""
    wrong = []
    for question in read_questions(programme):
        if question["kind"] != "spot":
            continue
        faults = [(question["script"].index(one["text"]), len(one["text"])) for one in question["wrong"]]
        for one in find(question["script"]):
            if one.severity == "block" and not any(
                one.start < at + size and one.end > at for at, size in faults
            ):
                wrong.append((question["code"], one.rule, one.words))
    assert wrong == []


def test_what_the_course_forbids_is_found_or_listed():
    faults, listed = dict(read_faults()), read_listed()
    assert len(faults) > 100
    assert [text for text, is_found in faults.items() if not is_found and text not in listed] == []
    faults |= {english: is_found for _chinese, english, is_found in read_english_faults()}
    of_packs = read_pack_lines()
    assert [text for text in listed if faults.get(text, text not in of_packs)] == []
    assert len(listed) <= MOST_LISTED
    assert all(len(reason) > 15 for reason in listed.values())


def pair_lines() -> Iterator[tuple[bool, str, str]]:
    """Yield whether a line is wrong, its Chinese and its English: the n-th of a page is the n-th of the other."""
    for page in sorted(PROGRAMME.rglob("*.md")):
        chinese = ANY_LINE.findall(page.read_text(encoding="utf-8"))
        if not chinese:
            continue
        other = ENGLISH / page.relative_to(PROGRAMME)
        english = ENGLISH_LINE.findall(other.read_text(encoding="utf-8"))
        assert ["不行**" in line for line in chinese] == [
            kind in ("Not", "Don’t") for kind, _line in english
        ], page
        for line, (_kind, written) in zip(chinese, english, strict=True):
            for kind, said in LINE.findall(line):
                yield kind == "不行", join_quoted(said), join_quoted(written, " ")


@cache
def read_english_faults() -> list[tuple[str, str, bool]]:
    """Return what the English course calls wrong: its Chinese, its English, and whether a rule finds the English."""
    faults = [
        (chinese, english, bool(find(english))) for is_wrong, chinese, english in pair_lines() if is_wrong
    ]
    known = {question["code"]: question for question in read_questions()}
    for question in read_questions(ENGLISH):
        if question["kind"] == "spot":
            script, found = question["script"], find(question["script"])
            for chinese, wrong in zip(known[question["code"]]["wrong"], question["wrong"], strict=True):
                start = script.index(wrong["text"])
                end = start + len(wrong["text"])
                is_found = any(one.start < end and one.end > start for one in found)
                faults.append((chinese["text"], wrong["text"], is_found))
    return faults


def test_what_the_english_course_forbids_is_found_or_needs_a_person_in_chinese_too():
    faults, listed = read_english_faults(), read_listed()
    print(
        f"English: {sum(is_found for *_, is_found in faults)} of {len(faults)} faults of lessons and spot questions found"
    )
    assert len(faults) > 200
    assert [
        english
        for chinese, english, is_found in faults
        if not is_found and chinese not in listed and english not in listed
    ] == []


def test_what_the_english_course_allows_passes():
    lawful = [*(english for is_wrong, _, english in pair_lines() if not is_wrong), *read_answers(ENGLISH)]
    assert len(lawful) > 150
    blocked = [
        (text, one.rule, one.words) for text in lawful for one in find(text) if one.severity == "block"
    ]
    assert blocked == []


def test_english_wrong_answers_are_found_nearly_as_often_as_the_chinese():
    """Many wrong answers are only useless or rude; of the others most claim something that a rule names."""
    found = {
        programme.name: sum(bool(find(text)) for text in read_answers(programme, is_right=False))
        for programme in (PROGRAMME, ENGLISH)
    }
    print(f"wrong answers found: {found}")
    assert found["en"] >= 0.8 * found["zh-hans"]


def read_sheet_texts(programme: Path) -> Iterator[str]:
    """Yield every text that a sheet to print has, examples among them."""
    texts = tomllib.loads((programme / "sheets.toml").read_text(encoding="utf-8"))
    waiting: list[object] = [texts]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


@pytest.mark.parametrize("programme", [PROGRAMME, ENGLISH], ids=["zh-hans", "en"])
def test_what_stands_on_the_sheets_passes(programme):
    texts = list(read_sheet_texts(programme))
    assert len(texts) > 400
    blocked = [(text, one.rule, one.words) for text in texts for one in find(text) if one.severity == "block"]
    assert blocked == []
