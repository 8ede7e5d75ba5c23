"""One tap deletes words and leaves a sentence; it never adds a statement, and never deletes a price."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from wording import rewrites
from wording.checker import Finding, check
from wording.loader import load_rules
from wording.rewrites import find_span_to_delete


def tapped(text: str) -> str:
    """The text after one tap on each finding that offers one."""
    for _tap in range(8):
        found = [one for one in check(text) if one.deletes or one.rewrite]
        for one in found:
            cut = find_span_to_delete(text, one.start, one.end) if one.deletes else (one.start, one.end)
            if cut:
                text = text[: cut[0]] + (one.rewrite or "") + text[cut[1] :]
                break
        else:
            return text
    return text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("皮薄多汁，还能降血压。", "皮薄多汁。"),
        ("皮薄多汁，还能降血压，核少。", "皮薄多汁，核少。"),
        ("还能降血压，皮薄", "皮薄"),
        ("汁多。吃了降火。核少。", "汁多。核少。"),
        ("自家鸭蛋，补血养颜", "自家鸭蛋"),
        ("大米养胃", "大米"),
        ("红薯通便", "红薯"),
        ("生姜驱寒暖胃", "生姜"),
        ("野生冬笋", "冬笋"),
        ("原生态散养土鸡蛋", "散养土鸡蛋"),
        ("不用洗就能吃的金桔", "金桔"),
        ("降火、润肺、止咳的枇杷", "枇杷"),
        ("售出概不退换，5斤29.9元", "5斤29.9元"),
        ("顶级脐橙", "脐橙"),
    ],
)
def test_a_tap_takes_the_words_out_and_leaves_a_sentence(text, left):
    assert tapped(text) == left


@pytest.mark.parametrize("text", ["增强免疫力", "原价59.9，今天29.9", "对糖尿病好", "加我微信转账便宜"])
def test_where_nothing_would_be_left_or_a_price_would_go_a_person_is_asked(text):
    assert tapped(text) == text
    assert [one.rewrite for one in check(text)] == [None] * len(check(text))


def test_no_rewrite_of_any_rule_says_more_than_what_stands_there():
    """Only words of degree are put in, in place of stronger ones."""
    put = {
        entry.rewrite["zh"]
        for rule in load_rules().rules
        for entry in rule.entries
        if entry.rewrite and entry.rewrite["zh"]
    }
    assert put == {"很{what}", "{what}", "很好", "好的", "好"}


@dataclass(frozen=True)
class At:
    finding: Finding

    @property
    def start(self) -> int:
        return self.finding.start

    @property
    def end(self) -> int:
        return self.finding.end

    @property
    def blocks(self) -> bool:
        return self.finding.severity == "block"


@cache
def look(text: str) -> list[At]:
    return [At(finding) for finding in check(text)]


def offered(text: str) -> list[str]:
    """The whole text after each tap that is offered."""
    changes = [rewrites.propose_change(text, one, look) for one in look(text)]
    return [change.apply(text) for change in changes if change]


def examples() -> list[str]:
    """What the rules' own files give as hits, and the lines of the tests."""
    lines = Path(__file__).with_name("examples.tsv").read_text().splitlines()
    typed = [line.split("\t")[2].replace("\\n", "\n") for line in lines if line and line[0] != "#"]
    found = [
        hit for rule in load_rules().rules for entry in rule.entries for hit in getattr(entry, "hits", ())
    ]
    words = [
        word for rule in load_rules().rules for entry in rule.entries for word in getattr(entry, "words", ())
    ]
    return list(dict.fromkeys([*found, *words, *typed]))


def test_nothing_offered_shows_a_forbidden_word():
    """Each example alone and next to its neighbour: the text shown after the tap has no blocking finding."""
    alone = examples()
    assert len(alone) > 1000
    beside = [f"{one}，{other}" for one, other in zip(alone[::3], alone[1::3], strict=False)]
    wrong, taps = [], 0
    for text in [*alone, *beside]:
        for one in look(text):
            if not (change := rewrites.propose_change(text, one, look)):
                continue
            taps += 1
            whole = change.apply(text)
            first, last = rewrites.find_bounds(whole, change.start, change.start + len(change.put))
            left = [
                at.finding.words for at in look(whole) if at.blocks and at.start < last and at.end > first
            ]
            if left:
                wrong.append((text, whole, left))
    assert wrong == []
    assert taps > 500


def test_a_tap_that_takes_words_out_puts_none_in():
    """The remaining words were there before, in this order; words of degree, which some rules insert, are tested in
    test_deleting.
    """
    taken_out = [text for text in examples() if not any(one.finding.rewrite for one in look(text))]
    taps = [(text, whole) for text in taken_out for whole in offered(text)]
    assert len(taps) > 300
    for text, whole in taps:
        rest = iter(text)
        assert [char for char in whole if char not in rest] == [], text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("皮薄多汁，还能降血压，吃了降火，核少", "皮薄多汁，核少"),
        ("最甜的冰糖橙，顶级品质", "很甜的冰糖橙，品质"),
        ("补血养颜的红枣，能治胃病", "红枣"),
    ],
)
def test_forbidden_words_side_by_side_go_with_one_tap(text, left):
    assert offered(text)[0] == left


def test_beside_what_only_a_person_can_say_better_nothing_is_offered():
    text = "顶级脐橙，原价59.9，今天29.9"
    assert [one.finding.words for one in look(text) if one.blocks][0] == "顶级"
    assert rewrites.propose_change(text, look(text)[0], look) is None
