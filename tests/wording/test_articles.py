"""Articles of law, as the slip under a field says them."""

import pytest

from wording.articles import in_words, number
from wording.loading import load


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("§9(3)", "第九条第三项"),
        ("§9(1)(2)", "第九条第一、二项"),
        ("§71, §73", "第七十一条、第七十三条"),
        ("§16–17", "第十六条至第十七条"),
        ("附件一", "附件一"),
    ],
)
def test_article_is_said_in_words(written, said):
    assert in_words(written) == said
    assert in_words(written, "en") == written


@pytest.mark.parametrize(
    ("n", "said"),
    [(5, "五"), (10, "十"), (20, "二十"), (105, "一百零五"), (111, "一百一十一"), (120, "一百二十")],
)
def test_number_is_counted_as_laws_count(n, said):
    assert number(n) == said


def test_no_rule_leaves_a_sign_in_chinese():
    assert [rule.id for rule in load().rules if "§" in in_words(rule.article)] == []
