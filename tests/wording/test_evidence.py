"""The weights of passages: what they drop, what they find, and what they leave alone."""

from dataclasses import replace

from wording.checker import check
from wording.evidence import (
    ANY,
    digest,
    find_clause,
    is_doubtful,
    list_features,
    split_passages,
    weigh,
    weigh_passages,
)
from wording.exemptions import Surroundings
from wording.facts import Facts
from wording.matcher import get_matcher
from wording.rulebook.loader import load_rules
from wording.tables.reader import read_evidence, read_feature

CLAIM = "白茶存三年,喝了清理肠道垃圾,身体轻松"
REFUSAL = "加微信的事就算了,平台上有客服,我自己回"


def found(text: str, kind: str = "script", facts: Facts | None = None) -> list[tuple[str, str]]:
    return [(one.rule, one.words) for one in check(text, kind, facts)]


def test_every_rule_on_ways_of_speaking_has_weights():
    rules = {rule.id for rule in load_rules().rules}
    bases, _known, features = read_evidence()
    assert {*bases} == rules - {"B1", "C1", "F1"} | {ANY}
    assert {name for feature in features for name in read_feature(feature)} <= {*bases, "size"}


def test_a_claim_outweighs_a_refusal():
    assert weigh(list_features(CLAIM))["A4"] > 0.5 > weigh(list_features(REFUSAL))["A4"]
    assert weigh(list_features(CLAIM))[ANY] > 0 > -2 > weigh(list_features(REFUSAL))[ANY]


def test_figures_weigh_nothing():
    assert weigh(list_features("一箱5斤2元")).lanes == weigh(list_features("一箱3斤8元")).lanes


def test_what_would_block_is_dropped_where_it_is_said_unlike_an_offence_and_a_warning_stays():
    hit = next(hit for hit in get_matcher().hits(REFUSAL, "script") if hit.entry.words)
    around = Surroundings(REFUSAL, "script", load_rules().contexts)
    assert (hit.rule.id, around.exempts(hit), around.ruled_out(hit)) == ("E7", False, False)
    assert (hit.entry.severity["script"], found(REFUSAL)) == ("warn", [("E7", "加微信的事就算了")])
    passages = weigh_passages(REFUSAL)
    assert is_doubtful(hit, REFUSAL, passages)
    changed = replace(hit.entry, words=(*hit.entry.words, "新写的"))
    assert digest(changed) != digest(hit.entry)
    assert not is_doubtful(hit._replace(entry=changed), REFUSAL, passages)
    assert not is_doubtful(hit._replace(entry=replace(hit.entry, source="law")), REFUSAL, passages)


def test_a_passage_is_found_that_no_word_and_no_pattern_names():
    assert [*get_matcher().hits(CLAIM, "listing")] == []
    [finding] = check(CLAIM, "listing")
    assert (finding.rule, finding.severity, finding.words, finding.rewrite) == (
        "A4",
        "block",
        "喝了清理肠道垃圾",
        None,
    )
    assert found(CLAIM, facts=Facts(proven=("A4",))) == []


def test_an_unfinished_text_is_not_weighed():
    assert found(CLAIM + "，糖度＿＿度") == [("F1", "＿＿")]


ENGLISH = (
    "We grow oranges on a hill above the river.",
    "Thin peel, few seeds, easy to open.",
    "Shipped within 48 hours of picking.",
    "Picked by hand and packed the same day, 5 jin a box.",
    "My mother sorts every box; what is bruised stays at home.",
    "Tell me the village in 留言 and I look up the freight.",
    "Non-GMO oranges, sweet",
    "I’ve noted it, I’ll look it up after the session.",
    "The lowest here in the last 7 days was 27.90.",
    "It’s link number 1 below: tap it and fill in your address.",
)


def test_ordinary_english_is_not_weighed_as_if_it_were_chinese():
    assert [
        (text, found(text, kind)) for text in ENGLISH for kind in ("listing", "script") if found(text, kind)
    ] == []


def test_latin_letters_do_not_hide_a_chinese_claim():
    assert found("OK, 白茶存三年，喝了清理肠道垃圾，身体轻松") == [("A4", "喝了清理肠道垃圾")]


def test_the_clause_that_weighs_most_is_marked():
    [passage] = weigh_passages(CLAIM)
    assert CLAIM[slice(*find_clause(CLAIM, passage, "A4"))] == "喝了清理肠道垃圾"


def test_a_long_text_is_split_at_its_sentences():
    text = "霜降以后摘的。好。都是坡上那三亩。" * 4
    assert [text[start:end] for start, end, _ in split_passages(text)] == [
        "霜降以后摘的。好。都是坡上那三亩。"
    ] * 4
    assert [end - start for start, end, _ in split_passages("石榴冲甜冰糖橙\n湖南省麻阳县")] == [8, 6]
    assert list(split_passages("")) == []
    assert [end - start for start, end, _ in split_passages("啊" * 300)] == [110, 110, 80]
