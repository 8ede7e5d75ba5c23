"""Every rule file finds its words, its examples hold, and a damaged file gives a clear error."""

import logging
import os
import shutil
import tomllib
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.logs import DailyFile
from wording import checker, consistency
from wording.checker import check, get_rules_date
from wording.facts import Facts
from wording.rulebook import loader
from wording.rulebook.fields import KINDS
from wording.rulebook.loader import HERE, SHARED_FILES, find_faults, load_rules, read_book
from wording.rulebook.rules import RuleFileError

# Further words a text must contain, for rules that require a subject.
ABOUT = {"E8": "。培训班", "E9": "。卖树苗"}


def rules_in(text: str, rule, entry) -> set[str]:
    kind = next(kind for kind in KINDS if entry.severity[kind] != "off")
    return {found.rule for found in check(text + ABOUT.get(rule.id, ""), kind)}


RULES = sorted(path.stem for path in (HERE / "rules").glob("*.toml"))


def get_rule(rule_id: str):
    [rule] = [one for one in load_rules().rules if one.id == rule_id]
    return rule


@pytest.mark.parametrize("rule_id", RULES)
def test_rule_hits_each_of_its_words_and_examples(rule_id):
    rule = get_rule(rule_id)
    missed = [
        text
        for entry in rule.entries
        for text in (*entry.words, *entry.hits)
        if rule.id not in rules_in(f"这是{text}" if text in entry.words else text, rule, entry)
    ]
    assert missed == []


@pytest.mark.parametrize("rule_id", RULES)
def test_rule_passes_its_innocent_examples(rule_id):
    rule = get_rule(rule_id)
    alarms = [text for entry in rule.entries for text in entry.passes if rules_in(text, rule, entry)]
    assert alarms == []


def test_every_rule_file_is_read():
    assert [rule.id for rule in load_rules().rules] == RULES
    # Further rules may be added; one that is removed on purpose is removed here too.
    assert set(RULES) >= {
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
    for name in SHARED_FILES:
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
        ('en = "no"', 'fr = "non"', "Z1.toml: reason must be written in zh and en"),
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
        (
            'find = "不行+"',
            'find = "不行("',
            r"Z1.toml, pattern 1: find is no regular expression .*\(line 12\)",
        ),
        (
            'needs = ["不行"]',
            'needs = ["不行", "[不]行"]',
            r"pattern 1: needs are words as they are, .*'\[不\]行' \(line 12\)",
        ),
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
    find = rule.entries[-1].find
    assert find is not None
    assert find.pattern == "不行+|(?:谁)不行"


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


@pytest.mark.parametrize(
    ("name", "was", "now", "said"),
    [
        ("rules/Z1.toml", 'article = "§9"', "", "Z1.toml: article is missing"),
        ("rules/Z1.toml", '"block"', '"hard"', "or say one for each kind (line 7)"),
        ("rules/Z1.toml", 'source = "law"', 'source = "me"', 'Z1.toml, term 1: source must be "law" or "example" (line 9)'),
        ("rules/Z1.toml", "[[term]]", "[[term]", "Z1.toml: Expected ']]' at the end of an array declaration (at line 9,"),
        ("statements.toml", 'needs = ["net"]', 'needs = ["gold"]', "weight: 'gold' is no fact of a listing (line"),
        ("statements.toml", "净重＿＿斤", "净重斤", "statements.toml, weight: gap must contain ＿ (line"),
        ("kinds.toml", 'en = "tea"', 'fr = "thé"', "kinds.toml, 茶叶: en and a list of words must be given (line"),
        ("contexts.toml", "quoted = true", "quoted = true\nwho = 1", "contexts.toml, quoted: 'who' is not known here (line"),
        ("laws.toml", "[AD]", "[AD", "laws.toml: "),
        ("goods.toml", "[units]", "[unit]", "goods.toml: the table [units] is missing"),
        ("goods.toml", "(?P<place><place_name>", "(?P<place>(<place_name>", "goods.toml, origin: find is no regular expression"),
        ("goods.toml", "not_before = '(?:", "not_before = '((?:", "goods.toml, weight: not_before is no regular expression"),
        ("goods.toml", 'needs = ["斤"', 'needs = ["斤|两"', "goods.toml, weight: needs are words as they are"),
    ],
)  # fmt: skip
def test_fault_names_file_and_line(folder, name, was, now, said):
    (folder / "rules/Z1.toml").write_text(GOOD)
    path = folder / name
    assert was in path.read_text()
    path.write_text(path.read_text().replace(was, now, 1))
    [fault] = find_faults(folder)
    assert said in fault
    out = StringIO()
    with pytest.raises(CommandError, match="1 fault in the rule files"):
        call_command("check_rules", str(folder), stdout=out)
    assert said in out.getvalue()


def test_every_damaged_file_is_named_at_once(folder):
    for name in ("Z1", "Z2", "Z3"):
        damage = {"Z1": ('"block"', '"hard"'), "Z2": ("§9", "§9")}.get(name, ("[[term]]", "[[term]"))
        (folder / f"rules/{name}.toml").write_text(GOOD.replace("Z1", name).replace(*damage))
    assert [fault[:8] for fault in find_faults(folder)] == ["Z1.toml:", "Z3.toml:"]


def test_an_example_that_its_own_pattern_misses_is_named(folder):
    (folder / "rules/Z1.toml").write_text(GOOD + PATTERN.replace('hits = ["不行"]', 'hits = ["行得通"]'))
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("check_rules", str(folder), stdout=out)
    assert out.getvalue() == "Z1.toml: the pattern with the example '行得通' does not find it\n"


@pytest.fixture
def site(folder, tmp_path_factory, monkeypatch):
    """A site with these rule files; yields what reads them as a new process does."""
    (folder / "rules/Z1.toml").write_text(GOOD)
    monkeypatch.setattr(loader, "HERE", folder)
    monkeypatch.setattr(loader.Kept, "folder", tmp_path_factory.mktemp("var") / "rules")
    return load_rules.__wrapped__


def test_a_site_goes_on_with_the_rules_that_it_had(site, folder, caplog):
    assert site().rules[0].entries[0].words == ("不行的词",)
    (folder / "rules/Z1.toml").write_text(GOOD.replace('"block"', '"hard"'))
    assert site().rules[0].entries[0].words == ("不行的词",)
    assert (
        "A rule file is damaged; the site goes on with the rules that it had: Z1.toml: severity"
        in caplog.text
    )
    (folder / "rules/Z1.toml").write_text(GOOD.replace("不行的词", "新的词"))
    assert site().rules[0].entries[0].words == ("新的词",)
    (folder / "rules/Z1.toml").write_text("[[")
    assert site().rules[0].entries[0].words == ("新的词",)


def test_a_value_of_the_wrong_kind_is_a_fault_too(site, folder, caplog):
    """A number in the place of a list raised TypeError, and each page that checks a text answered 500."""
    site()
    (folder / "rules/Z1.toml").write_text(GOOD.replace("[[term]]", "exempt = 3\n[[term]]"))
    assert site().rules[0].entries[0].words == ("不行的词",)
    assert "Z1.toml: a value is of the wrong kind ('int' object is not iterable)" in caplog.text


@pytest.mark.parametrize(
    "name", ["statements.toml", "contexts.toml", "laws.toml", "goods.toml", "kinds.toml"]
)
def test_a_shared_file_with_a_value_of_the_wrong_kind_leaves_the_rules_that_the_site_had(
    site, folder, name, caplog
):
    site()
    path = folder / name
    path.write_text(f"strange = 3\n{path.read_text()}")
    assert site().rules[0].entries[0].words == ("不行的词",)


def test_a_site_that_has_no_copy_goes_on_with_its_other_rules(site, folder, caplog):
    (folder / "rules/Z1.toml").write_text("[[")
    (folder / "rules/Z2.toml").write_text(GOOD.replace("Z1", "Z2"))
    assert [rule.id for rule in site().rules] == ["Z2"]
    assert "A rule file is damaged" in caplog.text


def test_a_file_whose_name_is_no_utf8_is_one_damaged_file_among_others(
    site, folder, caplog, tmp_path, capsys
):
    """Its name could not be hashed, and the line about it could not be written: --- Logging error ---."""
    (folder / "rules" / os.fsdecode(b"\xff.toml")).write_text("[[")
    daily = DailyFile(tmp_path / "log")
    logging.getLogger("wording").addHandler(daily)
    try:
        assert [rule.id for rule in site().rules] == ["Z1"]
    finally:
        logging.getLogger("wording").removeHandler(daily)
    (written,) = (tmp_path / "log").iterdir()
    assert "the site goes on with the rules that it had: \\udcff.toml: " in written.read_text()
    assert "Logging error" not in capsys.readouterr().err


def test_a_rule_whose_id_is_no_text_is_a_fault(site, folder, caplog):
    (folder / "rules/Z2.toml").write_text(GOOD.replace('"Z1"', "5"))
    assert [rule.id for rule in site().rules] == ["Z1"]
    assert "Z2.toml: id must be text between quotation marks (line 2)" in caplog.text


def test_a_removed_rule_is_removed_from_the_copy_too(site, folder):
    (folder / "rules/Z2.toml").write_text(GOOD.replace("Z1", "Z2"))
    site()
    (folder / "rules/Z2.toml").unlink()
    site()
    kept = loader.Kept.folder
    assert kept is not None
    assert [path.name for path in (kept / "rules").iterdir()] == ["Z1.toml"]


def test_a_damaged_rule_file_stops_a_deployment(site, folder):
    call_command("check", deploy=True, fail_level="ERROR", tags=["wording"])
    (folder / "rules/Z1.toml").write_text(GOOD.replace('"block"', '"hard"'))
    with pytest.raises(CommandError, match=r"wording.E001\) Z1.toml: severity must be one of .* \(line 7\)"):
        call_command("check", deploy=True, fail_level="ERROR", tags=["wording"])


def list_regexes(book):
    return [
        one
        for rule in book.rules
        for entry in rule.entries
        for one in (entry.find, *entry.checks.values())
        if one
    ]


def test_regular_expressions_are_compiled_only_where_no_process_has_done_so(site, folder):
    """To compile all of them takes a second, in every process of the site."""
    (folder / "rules/Z1.toml").write_text(GOOD + PATTERN)
    compiled = [["compiled" in vars(one) for one in list_regexes(site())] for _process in range(2)]
    assert compiled == [[True], [False]]
    (folder / "rules/Z1.toml").write_text(GOOD + PATTERN.replace("不行+", "不行+的?"))
    assert ["compiled" in vars(one) for one in list_regexes(site())] == [True]


def test_files_that_can_only_be_read_are_known_by_their_copy(site, folder):
    (folder / "rules/Z1.toml").write_text(GOOD + PATTERN)
    (folder / "__pycache__").write_text("a file in the place of the folder, so that nothing can be written")
    assert ["compiled" in vars(one) for _process in range(2) for one in list_regexes(site())] == [True, False]


def test_a_broken_regular_expression_leaves_the_rules_that_the_site_had(site, folder, caplog):
    site()
    (folder / "rules/Z1.toml").write_text(GOOD + PATTERN.replace("不行+", "不行+("))
    assert [entry.words for entry in site().rules[0].entries] == [("不行的词",)]
    assert "Z1.toml, pattern 1: find is no regular expression" in caplog.text


@pytest.mark.parametrize(
    ("rule_id", "text", "facts"),
    [("B1", "一箱净重8斤", Facts(unit="box", net_grams=2500)), ("F1", "糖度＿＿度", None)],
)
def test_a_text_is_checked_without_a_rule_whose_file_is_damaged(monkeypatch, rule_id, text, facts):
    assert [found.rule for found in check(text, facts=facts)] == [rule_id]
    book = replace(load_rules(), rules=tuple(rule for rule in load_rules().rules if rule.id != rule_id))
    for module in (checker, consistency):
        monkeypatch.setattr(module, "load_rules", lambda: book)
    consistency.find_rule.cache_clear()
    assert check(text, facts=facts) == []
    consistency.find_rule.cache_clear()
