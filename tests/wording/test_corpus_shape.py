"""The labelled corpus itself: every line is well formed, and every rule has enough lines of each kind."""

import json
import re
from collections import Counter
from pathlib import Path
from zlib import crc32

CORPUS = Path(__file__).parent / "corpus"
LEARNING = Path(__file__).parent / "learning"  # lines that only the weights are learned from
VALIDATION = Path(__file__).parent / "validation"  # lines of another author, by which thresholds are chosen
LATER = re.compile(r"u(1[3-9]|[2-6]\d)-")
BLOCKING = ("A1", "A2", "A3", "A4", "A6", "A7", "B1", "B3", "B5", "C2", "C3", "C4", "D6", "E8", "E9")
ADDED = ("N1", "N2", "N3", "N4", "N5")
WARNING = ("A5", "A8", "A9", "B2", "B4", "C6", "D2", "D3", "E5", "E6", "E7")
RULES = {*BLOCKING, *WARNING, *ADDED}
KINDS = {"listing", "script", "course_page"}
LABELS = {"plain", "evasive", "lawful", "ordinary"}
KEYS = {"id", "kind", "text", "facts", "label", "for", "expect", "spans", "goods", "where", "may", "lang"}
OPTIONAL = {"facts", "spans", "goods", "where", "may", "lang"}
GOODS = {"fruit", "eggs", "tea", "rice", "vegetables", "nuts", "honey", "meat"}
NEEDED = {
    BLOCKING: {"plain": 6, "evasive": 4, "lawful": 5},
    WARNING: {"plain": 4, "evasive": 2, "lawful": 3},
    ADDED: {"plain": 12, "evasive": 7, "lawful": 10},
}
FACTS = {
    "name": str,
    "variety": str,
    "origin": str,
    "unit": str,
    "net_g": int,  # grams in one unit
    "price_fen": int,  # fen for one unit
    "stock": int,  # units
    "self_grown": bool,
    "certificates": list,
    "proven": list,
    "freight_known": bool,
    "gift_known": bool,
    "presale_by": str,
    "quota": int,
    "was_fen": int,
}


def lines(*folders: Path) -> list[dict]:
    return [
        json.loads(line)
        for folder in folders or (CORPUS,)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def test_lines_have_the_agreed_keys_and_values():
    for line in lines(CORPUS, LEARNING, VALIDATION):
        assert KEYS - OPTIONAL <= line.keys() <= KEYS, line["id"]
        assert line["kind"] in KINDS, line["id"]
        assert line["label"] in LABELS, line["id"]
        assert line["text"] == line["text"].strip() != "", line["id"]
        assert line.get("goods") in GOODS | {None}, line["id"]
        assert line.get("where", "comment") == "comment", line["id"]
        assert line.get("lang", "en") == "en", line["id"]


def test_ids_and_texts_are_unique():
    for key in ("id", "text"):
        # one text may stand twice only if its facts make the difference
        seen = Counter(
            (line[key], str(line.get("facts")) if key == "text" else "")
            for line in lines(CORPUS, LEARNING, VALIDATION)
        )
        assert [what for what, times in seen.items() if times > 1] == []


def test_rules_named_are_known_and_sorted():
    for line in lines(CORPUS, LEARNING, VALIDATION):
        assert set(line["expect"]) <= RULES, line["id"]
        assert line["expect"] == sorted(set(line["expect"])), line["id"]
        assert line["for"] in RULES | {None}, line["id"]


def test_labels_agree_with_what_is_expected():
    for line in lines(CORPUS, LEARNING, VALIDATION):
        if line["label"] in ("plain", "evasive"):
            assert line["for"] in line["expect"], line["id"]
        else:
            assert line["expect"] == [], line["id"]
        if (
            line["for"] is None
        ):  # the later authors of lines to learn from did not say which rule a lawful one is near
            assert line["label"] == "ordinary" or LATER.match(line["id"]), line["id"]
        else:
            assert line["label"] != "ordinary", line["id"]


def test_what_may_be_found_is_doubtful_beside_an_offence_only():
    doubtful = [line for line in lines() if "may" in line]
    for line in doubtful:
        assert line["expect"] != [], line["id"]
        assert set(line["may"]) <= RULES - set(line["expect"]), line["id"]
    assert len(doubtful) <= 0.05 * len(lines())


def test_every_kind_of_goods_has_offences_and_lawful_lines_in_both_halves():
    by_goods = [line for line in lines() if "goods" in line]
    have = Counter((line["goods"], crc32(line["id"].encode()) % 2, line["expect"] == []) for line in by_goods)
    assert [
        key
        for goods in GOODS
        for half in (0, 1)
        for lawful in (True, False)
        if have[key := (goods, half, lawful)] < 15
    ] == []
    assert sum(line["expect"] == [] for line in by_goods) >= 0.45 * len(by_goods)


def test_spans_stand_in_the_text_and_cover_every_expected_rule():
    for line in lines(CORPUS, LEARNING, VALIDATION):
        spans = line.get("spans", [])
        assert all(words and words in line["text"] for _, words in spans), line["id"]
        assert {rule for rule, _ in spans} == set(line["expect"]), line["id"]


def test_facts_have_the_checkers_names_and_types():
    for line in lines():
        for name, value in line.get("facts", {}).items():
            assert type(value) is FACTS[name], (line["id"], name)
        facts = line.get("facts", {})
        assert facts.get("unit", "jin") in {"jin", "kg", "box", "bag", "piece"}, line["id"]
        assert set(facts.get("certificates", [])) <= {"organic", "green", "gi", "selenium"}, line["id"]
        assert set(facts.get("proven", [])) <= RULES, line["id"]


def test_english_lines_are_of_all_goods_half_of_them_lawful():
    english = [line for line in lines() if line.get("lang") == "en"]
    assert {line["goods"] for line in english} == GOODS | {None}
    assert len(english) >= 500
    assert 0.45 <= sum(line["expect"] == [] for line in english) / len(english) <= 0.55
    assert [
        line["id"] for line in english if any("\u4e00" <= char <= "\u9fff" for char in line["text"])
    ] == []


def test_contradiction_is_only_expected_where_facts_are_given():
    assert [line["id"] for line in lines() if "B1" in line["expect"] and not line.get("facts")] == []


def test_every_rule_has_enough_lines_of_each_label():
    have = Counter((line["for"], line["label"]) for line in lines())
    short = [
        (rule, label, have[rule, label], least)
        for rules, needed in NEEDED.items()
        for rule in rules
        for label, least in needed.items()
        if have[rule, label] < least
    ]
    assert short == []


def test_corpus_is_large_with_ordinary_and_long_lines():
    found = lines()
    ordinary = [line for line in found if line["label"] == "ordinary"]
    long_mixed = [line for line in found if len(line["text"]) > 200 and line["expect"]]
    assert len(found) >= 1700
    assert len(ordinary) >= 80
    assert sum(100 <= len(line["text"]) <= 300 for line in ordinary) >= 10
    assert len(long_mixed) >= 20
    assert {line["kind"] for line in ordinary} == KINDS
