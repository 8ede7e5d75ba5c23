"""The one tap offers nothing that is forbidden itself, adds nothing, and takes out what stands beside it too."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from wording import mending
from wording.checking import Finding, check
from wording.loading import load


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


def look(text: str) -> list[At]:
    return [At(finding) for finding in check(text)]


def offered(text: str) -> list[str]:
    """The whole text after each tap that is offered."""
    changes = [mending.mend(text, one, look) for one in look(text)]
    return [change.applied(text) for change in changes if change]


def examples() -> list[str]:
    """What the rules' own files give as hits, and the lines of the tests."""
    lines = Path(__file__).with_name("examples.tsv").read_text().splitlines()
    typed = [line.split("\t")[2].replace("\\n", "\n") for line in lines if line and line[0] != "#"]
    found = [hit for rule in load().rules for entry in rule.entries for hit in getattr(entry, "hits", ())]
    words = [word for rule in load().rules for entry in rule.entries for word in getattr(entry, "words", ())]
    return list(dict.fromkeys([*found, *words, *typed]))


def test_nothing_offered_shows_a_forbidden_word():
    """Each example alone and beside its neighbour: what is shown after the tap is free of what blocks."""
    alone = examples()
    assert len(alone) > 1000
    beside = [f"{one}，{other}" for one, other in zip(alone[::3], alone[1::3], strict=False)]
    wrong, taps = [], 0
    for text in [*alone, *beside]:
        for one in look(text):
            if not (change := mending.mend(text, one, look)):
                continue
            taps += 1
            whole = change.applied(text)
            first, last = mending.bounds(whole, change.start, change.start + len(change.put))
            left = [
                at.finding.words for at in look(whole) if at.blocks and at.start < last and at.end > first
            ]
            if left:
                wrong.append((text, whole, left))
    assert wrong == []
    assert taps > 500


def test_a_tap_that_takes_words_out_puts_none_in():
    """What is left stood there before, in this order; words of degree, which some rules put in, are held in test_deleting."""
    taken_out = [text for text in examples() if not any(one.finding.rewrite for one in look(text))]
    assert sum(len(offered(text)) for text in taken_out) > 300
    for text in taken_out:
        for whole in offered(text):
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
    assert mending.mend(text, look(text)[0], look) is None
