"""One tap takes words out and leaves a sentence; it never puts in what nobody said, and never takes a price along."""

import pytest

from wording.checking import check
from wording.deleting import span_to_delete
from wording.loading import load


def tapped(text: str) -> str:
    """The text after one tap on each finding that offers one."""
    for _tap in range(8):
        found = [one for one in check(text) if one.deletes or one.rewrite]
        for one in found:
            cut = span_to_delete(text, one.start, one.end) if one.deletes else (one.start, one.end)
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
        for rule in load().rules
        for entry in rule.entries
        if entry.rewrite and entry.rewrite["zh"]
    }
    assert put == {"很{what}", "{what}", "很好", "好的", "好"}
