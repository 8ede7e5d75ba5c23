"""Articles of law, as they are shown under a field, and the table of all rules in docs/wording.md."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings

from wording.rulebook.fields import KINDS, SEVERITIES
from wording.rulebook.loader import load_rules
from wording.rulebook.rules import Rule, spell_article, spell_number

DOCUMENT = Path(settings.BASE_DIR, "docs/wording.md")
HEAD = "| Rule | What it is about | Law and article | Listing | Script | Course page |\n|---|---|---|---|---|---|\n"
TABLE = re.compile(re.escape(HEAD) + r"((?:\|.*\|\n)*)")


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
    assert spell_article(written) == said
    assert spell_article(written, "en") == written


@pytest.mark.parametrize(
    ("n", "said"),
    [(5, "五"), (10, "十"), (20, "二十"), (105, "一百零五"), (111, "一百一十一"), (120, "一百二十")],
)
def test_number_is_counted_as_laws_count(n, said):
    assert spell_number(n) == said


def test_no_rule_leaves_a_sign_in_chinese():
    assert [rule.id for rule in load_rules().rules if "§" in spell_article(rule.article)] == []


def test_a_reason_cites_no_article_of_its_own_that_the_line_below_it_cites():
    """Beside 依据 a reason names other laws only, as such: otherwise two lines of one slip disagree."""
    for rule in load_rules().rules:
        own = set(re.findall("第.+?条", spell_article(rule.article)))
        for entry in rule.entries:
            said = re.findall("（([^）]*第[^）]*条[^）]*)）", entry.reason["zh"])
            assert all(words.startswith("还有") for words in said), (rule.id, said)
            assert not own & {one for words in said for one in re.findall("第.+?条", words)}, rule.id
            assert "§" not in entry.reason["en"] or "(also " in entry.reason["en"], rule.id


def describe_severity(rule: Rule, kind: str) -> str:
    """Name the severities that the rule's words and patterns have in a kind of text, the strictest first."""
    found = {one.severity[kind] for one in rule.entries} or {rule.severity[kind]}
    return ", ".join(one for one in SEVERITIES if one in found - {"off"}) or "–"


def test_table_of_all_rules_is_that_of_the_rule_files():
    """WRITE_RULE_TABLE=1 writes it into docs/wording.md."""
    rows = "".join(
        f"| {rule.id} | {rule.title['en']} ({rule.title['zh']}) | {rule.law['en']} {rule.article} |"
        f" {' | '.join(describe_severity(rule, kind) for kind in KINDS)} |\n"
        for rule in load_rules().rules
    )
    text = DOCUMENT.read_text()
    if os.environ.get("WRITE_RULE_TABLE"):
        DOCUMENT.write_text(TABLE.sub(lambda _found: HEAD + rows, text))
    assert TABLE.findall(text) == [rows], (
        "WRITE_RULE_TABLE=1 writes the table of the rules into docs/wording.md."
    )
