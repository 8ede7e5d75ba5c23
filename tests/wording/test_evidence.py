"""The weights of passages: what they drop, what they find, and what they leave alone."""

from dataclasses import replace

from wording.checker import check, find_hits
from wording.evidence import (
    ANY,
    SIGN,
    Weighed,
    WeighedText,
    breaks,
    digest,
    find_clause,
    list_features,
    split_passages,
    weigh,
)
from wording.exemptions import Surroundings
from wording.facts import Facts
from wording.matcher import get_matcher
from wording.rulebook.loader import load_rules
from wording.tables.reader import read_evidence, read_feature

CLAIM = "白茶存三年,喝了清理肠道垃圾,身体轻松"
REFUSAL = "加微信的事就算了,平台上有客服,我自己回"


def weigh_text(text: str) -> Weighed:
    return weigh(list_features(text), set())


def read(text: str, kind: str = "script") -> WeighedText:
    hits = find_hits(text, kind)
    return WeighedText(text, kind, met=hits, stands=hits)


def found(text: str, kind: str = "script", facts: Facts | None = None) -> list[tuple[str, str]]:
    return [(one.rule, one.words) for one in check(text, kind, facts)]


def test_every_rule_on_ways_of_speaking_has_weights():
    rules = {rule.id for rule in load_rules().rules}
    bases, _known, features = read_evidence()
    assert {*bases} == rules - {"B1", "C1", "F1"} | {ANY}
    assert {name for feature in features for name in read_feature(feature)} <= {*bases, "size"}


def test_a_claim_outweighs_a_refusal():
    assert weigh_text(CLAIM)["A4"] > 0.5 > weigh_text(REFUSAL)["A4"]
    assert weigh_text(CLAIM)[ANY] > 0 > -2 > weigh_text(REFUSAL)[ANY]


def test_figures_weigh_nothing():
    assert weigh_text("一箱5斤2元").lanes == weigh_text("一箱3斤8元").lanes


def test_a_hit_is_dropped_where_it_is_said_unlike_an_offence():
    hit = next(hit for hit in get_matcher().hits(REFUSAL, "script") if hit.entry.words)
    around = Surroundings(REFUSAL, "script", load_rules().contexts)
    assert (hit.rule.id, around.exempts(hit), around.ruled_out(hit)) == ("E7", False, False)
    assert (hit.entry.severity["script"], found(REFUSAL)) == ("warn", [])
    weighed = read(REFUSAL)
    assert weighed.is_doubtful(hit)
    changed = replace(hit.entry, words=(*hit.entry.words, "新写的"))
    assert digest(changed) != digest(hit.entry)
    assert not weighed.is_doubtful(hit._replace(entry=changed))


def test_what_another_rule_explains_better_is_dropped():
    text = "好评晒图私我返现五元"
    weighed = read(text)
    sums = weighed.passages[0].sums
    assert {one.rule.id for one in weighed.stands} >= {"B5", "E7"}
    assert sums.highest == sums["B5"]
    assert {one.rule.id for one in weighed.stands if not weighed.is_doubtful(one)} == {"B5"}


def test_a_rule_is_found_more_easily_where_no_pattern_of_it_stands():
    sums = read("石榴冲村包治百病果园", "listing").passages[0].sums
    assert breaks(sums, "A3", is_met=False)
    assert not breaks(sums, "A3", is_met=True)


def test_words_of_a_law_in_other_talk_are_dropped_too():
    text = "人人有机会开走小轿车"
    weighed = read(text)
    hit = next(one for one in weighed.stands if text[one.start : one.end] == "有机")
    assert (hit.entry.source, weighed.is_doubtful(hit)) == ("law", True)


def test_small_talk_before_an_offence_does_not_hide_it():
    assert [rule for rule, _words in found("大家晚上好。零农残脐橙，连皮都能泡水", "listing")] == ["B2"]


def test_plain_facts_around_do_not_hide_the_one_clause_that_is_none():
    [(rule, words)] = found("最甜冰糖橙，自家地里种的，早上摘下来，下午就装箱发走。", "listing")
    assert (rule, words[:2]) == ("A1", "最甜")
    [(_rule, words)] = found(
        "青石村纽荷尔脐橙，净重5斤一箱29.90元。汁多，清甜里带一点酸，吃了降火。运费看商品页。", "listing"
    )
    assert words in ("降火", "吃了降火")
    text = "今年收成比去年好，今年的果子大家吃了美容养颜，一箱净重五斤，当天采当天发，不打蜡，坏一个赔一个，运费我出"
    assert ("A4", "美容养颜") in found(text, "listing")


def test_a_long_word_of_a_rule_in_a_name_or_an_address_is_never_dropped():
    text = "石榴冲村包治百病果园"
    hits = {text[one.start : one.end]: one for one in read(text, "listing").stands}
    assert [read(text, "listing").is_doubtful(hits[word]) for word in ("包治百病", "包治")] == [False, True]
    assert found(text, "listing") == [("A3", "包治百病")]


def test_what_is_repeated_is_never_dropped():
    assert len(found("治病，" * 12)) == 12


def test_what_a_pattern_found_is_a_sign_of_the_passage():
    text = "这个大米养胃，老人吃了好"
    weighed = read(text)
    [signs] = weighed.list_signs([(0, len(text), set())])
    assert {f"{SIGN}kind script", f"{SIGN}met A4", f"{SIGN}stands A4"} <= signs
    silent = WeighedText(text, "script", met=[], stands=[])
    assert weighed.passages[0].sums["A4"] > silent.passages[0].sums["A4"]


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
    [passage] = read(CLAIM).passages
    assert CLAIM[slice(*find_clause(CLAIM, passage, "A4"))] == "喝了清理肠道垃圾"


def test_a_long_text_is_split_at_its_sentences():
    text = "霜降以后摘的。好。都是坡上那三亩。" * 4
    assert [text[start:end] for start, end, _ in split_passages(text)] == [
        "霜降以后摘的。好。都是坡上那三亩。"
    ] * 4
    assert [end - start for start, end, _ in split_passages("石榴冲甜冰糖橙\n湖南省麻阳县")] == [8, 6]
    assert list(split_passages("")) == []
    assert [end - start for start, end, _ in split_passages("啊" * 300)] == [110, 110, 80]
