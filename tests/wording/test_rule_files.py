"""Every rule file finds its words, its examples hold, and a damaged file gives a clear error."""

import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest

from wording.checker import check, get_rules_date
from wording.loader import HERE, KINDS, load_rules, read_book
from wording.rulebook import RuleFileError

# Further words a text must contain, for rules that require a subject.
ABOUT = {"E8": "。培训班", "E9": "。卖树苗"}


def rules_in(text: str, rule, entry) -> set[str]:
    kind = next(kind for kind in KINDS if entry.severity[kind] != "off")
    return {found.rule for found in check(text + ABOUT.get(rule.id, ""), kind)}


@pytest.mark.parametrize("rule", load_rules().rules, ids=lambda rule: rule.id)
def test_rule_hits_each_of_its_words_and_examples(rule):
    missed = [
        text
        for entry in rule.entries
        for text in (*entry.words, *entry.hits)
        if rule.id not in rules_in(f"这是{text}" if text in entry.words else text, rule, entry)
    ]
    assert missed == []


@pytest.mark.parametrize("rule", load_rules().rules, ids=lambda rule: rule.id)
def test_rule_passes_its_innocent_examples(rule):
    alarms = [text for entry in rule.entries for text in entry.passes if rules_in(text, rule, entry)]
    assert alarms == []


def test_every_rule_file_is_read():
    files = sorted(path.stem for path in (HERE / "rules").glob("*.toml"))
    assert [rule.id for rule in load_rules().rules] == files
    # Further rules may be added; one that is removed on purpose is removed here too.
    assert set(files) >= {
        "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "B1", "B2", "B3", "B4", "B5",
        "C2", "C3", "C4", "C6", "D2", "D3", "D6", "E5", "E6", "E7", "E8", "E9",
    }  # fmt: skip


def test_rules_date_is_the_newest_of_the_files():
    dates = [tomllib.loads(path.read_text())["as_of"] for path in (HERE / "rules").glob("*.toml")]
    assert get_rules_date() == max(dates)
    assert date(2026, 11, 24) <= min(dates) <= max(dates) <= date.today()


GOOD = """
id = "Z1"
title = {zh = "试", en = "try"}
law = "AD"
article = "§9"
as_of = 2026-11-24
severity = "block"
reason = {zh = "不行", en = "no"}
[[term]]
source = "law"
words = ["不行的词"]
"""


@pytest.fixture
def folder(tmp_path):
    for name in ("laws.toml", "contexts.toml", "goods.toml"):
        shutil.copy(HERE / name, tmp_path)
    (tmp_path / "rules").mkdir()
    return tmp_path


def test_good_file_is_read(folder):
    (folder / "rules/Z1.toml").write_text(GOOD)
    [rule] = read_book(folder).rules
    assert (rule.id, rule.law["en"], rule.entries[0].words) == ("Z1", "Advertising Law", ("不行的词",))


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('law = "AD"', 'law = "XX"', "Z1.toml: law 'XX' is not in laws.toml"),
        ('article = "§9"\n', "", "Z1.toml: article is missing"),
        ("2026-11-24", '"yesterday"', "Z1.toml: as_of must be a date like 2026-11-24"),
        ('"block"', '"hard"', "severity must be one of block, warn, info, off"),
        ('en = "no"', 'fr = "non"', "Z1.toml, term 1: reason must be written in zh and en"),
        ('source = "law"', 'source = "me"', 'Z1.toml, term 1: source must be "law" or "example"'),
        ('["不行的词"]', "[]", "Z1.toml, term 1: words must be a list of words"),
        ('["不行的词"]', '["词"]', "Z1.toml, term 1: '词' is a single character; write a pattern"),
        ('words = ["不行的词"]', 'words = ["不行"]\nexempt = ["who"]', "exemption 'who' is not in contexts.toml"),
        ('words = ["不行的词"]', 'words = ["不行"]\nproof = ["oath"]', "proof 'oath' is not one of source"),
        ('words = ["不行的词"]', 'words = ["不行"]\nfriend = 1', "Z1.toml, term 1: 'friend' is not known here"),
        ('words = ["不行的词"]', 'words = ["不行"]\nnear = "("', "Z1.toml, term 1: near is no regular expression"),
        ('words = ["不行的词"]', 'words = ["不行"]\nnear = "<who>"', "near speaks of a list 'who' that the file does not have"),
        ('words = ["不行的词"]', 'words = ["不行"]\nhomophones = "often"', 'homophones must be true, false or "only"'),
        ("[[term]]", "[[term]", "Z1.toml: "),
    ],
)  # fmt: skip
def test_broken_file_says_what_is_wrong(folder, was, now, said):
    assert was in GOOD
    (folder / "rules/Z1.toml").write_text(GOOD.replace(was, now))
    with pytest.raises(RuleFileError) as caught:
        read_book(folder)
    assert said in str(caught.value)


PATTERN = '[[pattern]]\nsource = "example"\nneeds = ["不行"]\nfind = "不行+"\nhits = ["不行"]\n'


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('needs = ["不行"]\n', "", "Z1.toml, pattern 1: needs must name words"),
        ('find = "不行+"', 'find = "(不行)*"', "Z1.toml, pattern 1: find matches the empty text"),
        ('hits = ["不行"]\n', "", "Z1.toml, pattern 1: hits must give an example"),
    ],
)
def test_broken_pattern_says_what_is_wrong(folder, was, now, said):
    (folder / "rules/Z1.toml").write_text(GOOD + PATTERN.replace(was, now))
    with pytest.raises(RuleFileError, match=said):
        read_book(folder)


def test_pattern_may_be_written_as_a_list_of_alternatives(folder):
    listed = PATTERN.replace('find = "不行+"', 'find = ["不行+", "<who>不行"]').replace("[[pattern]]", "", 1)
    (folder / "rules/Z1.toml").write_text(GOOD + '[lists]\nwho = ["谁"]\n[[pattern]]' + listed)
    [rule] = read_book(folder).rules
    assert rule.entries[-1].find.pattern == "不行+|(?:谁)不行"


def test_one_rule_in_two_files_is_refused(folder):
    for name in ("Z1", "Z2"):
        (folder / f"rules/{name}.toml").write_text(GOOD)
    with pytest.raises(RuleFileError, match="rule Z1 is in two files"):
        read_book(folder)


def test_folder_without_rules_is_refused(folder):
    with pytest.raises(RuleFileError, match="no rule files"):
        read_book(folder)


def test_folder_without_the_register_is_refused(tmp_path: Path):
    with pytest.raises(RuleFileError, match="laws.toml: cannot be read"):
        read_book(tmp_path)
