"""One tap leaves a sentence: it deletes, states a fact of the listing or leaves a gap, and never deletes a true price."""

import json
import re
import tomllib
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import pytest

from wording import rewrites
from wording.checker import Finding, check
from wording.disguises.homophones import replace_homophones
from wording.disguises.normalisation import normalise
from wording.disguises.pinyin import replace_pinyin
from wording.facts import Facts
from wording.remains import leaves_whole_sentences
from wording.rewrites import GAP_RULE, Change
from wording.rulebook.loader import HERE, load_rules

HELD = Facts(unit="box", net_grams=2500, brix="11.7", brix_on="2026-11-20", interval_kept=True)


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


def make_look(kind: str = "listing", facts: Facts | None = None):
    return cache(lambda text: [At(finding) for finding in check(text, kind, facts)])


look = make_look()


def offered(text: str, facts: Facts | None = None) -> list[list[str]]:
    """The whole text after each change that is offered, by finding."""
    seen = make_look(facts=facts)
    return [
        [change.apply(text) for change in rewrites.propose_changes(text, one, seen)] for one in seen(text)
    ]


def tap_all(text: str, facts: Facts | None = None) -> str:
    """The text after one tap on each finding that offers one, until none does; gaps stay as they are."""
    seen = make_look(facts=facts)
    for _tap in range(12):
        found = [one for one in seen(text) if one.finding.rule != GAP_RULE]
        changes = [rewrites.propose_changes(text, one, seen) for one in found]
        first = next((change for many in changes for change in many[:1]), None)
        if first is None:
            return text
        text = first.apply(text)
    raise AssertionError(f"{text!r} is never done")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("自家鸭蛋，补血养颜", "自家鸭蛋"),
        ("大米养胃", "大米"),
        ("红薯通便", "红薯"),
        ("生姜驱寒暖胃", "生姜"),
        ("增强免疫力的鸭蛋", "鸭蛋"),
        ("野生冬笋", "冬笋"),
        ("原生态散养土鸡蛋", "散养土鸡蛋"),
        ("不用洗就能吃的金桔", "金桔"),
        ("原价59.9，今天29.9", "今天29.9"),
        ("一箱原价59.9，今天29.9", "一箱今天29.9"),
        ("原价59.9元现在只要29.9元一箱", "现在只要29.9元一箱"),
        ("现价29.9，原价59.9", "现价29.9"),
        ("6̶8̶元,今天38元", "今天38元"),
        ("外面十几块一斤，我这里五块", "我这里五块"),
        ("平时卖39块9，今天直播间29块9", "今天直播间29块9"),
        ("顶级脐橙，原价59.9，今天29.9", "脐橙，今天29.9"),
        ("最甜的冰糖橙", "很甜的冰糖橙"),
        ("石榴冲最甜冰糖橙", "石榴冲甜冰糖橙"),
        ("最甜，最甜", "很甜"),
        ("最甜的冰糖橙，顶级品质", "很甜的冰糖橙"),
        ("送人首选，品质最佳的石门柑橘", "石门柑橘"),
        ("国家级品质的高山茶，今早采的", "高山茶，今早采的"),
        ("省检测中心推荐的放心橙，五斤装", "放心橙，五斤装"),
        ("皮薄多汁，还能降血压。", "皮薄多汁。"),
        ("皮薄多汁，还能降血压，核少。", "皮薄多汁，核少。"),
        ("皮薄多汁，还能降血压，吃了降火，核少", "皮薄多汁，核少"),
        ("还能降血压，皮薄", "皮薄"),
        ("汁多。吃了降火。核少。", "汁多。核少。"),
        ("降火、润肺、止咳的枇杷", "枇杷"),
        ("补血养颜的红枣，能治胃病", "红枣"),
        ("纯天然有机土蜂蜜，养生止咳，今天58元一瓶", "土蜂蜜，今天58元一瓶"),
        ("售出概不退换，5斤29.9元", "5斤29.9元"),
        ("橙子糖度＿＿度（＿月＿日实测），皮薄", "橙子糖度＿＿度（＿月＿日实测），皮薄"),
        ("自家的橙子，寄到哪儿都不坏一个，现摘现发。", "自家的橙子，现摘现发。"),
    ],
)
def test_taps_on_all_findings_leave_a_sentence_of_the_sellers_own_words(text, left):
    assert tap_all(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("最甜的冰糖橙", "糖度 11.7（11月20日实测）的冰糖橙"),
        ("全网最甜的橙子，皮薄", "糖度 11.7（11月20日实测）的橙子，皮薄"),
        ("我家橙子最甜了", "我家橙子糖度 11.7（11月20日实测）"),
        ("石榴冲最甜冰糖橙", "石榴冲甜冰糖橙"),
        ("糖度11.7度，皮薄", "糖度 11.7（11月20日实测），皮薄"),
        ("糖度14度，皮薄", "糖度14度，皮薄"),
        ("零农残，皮薄", "按安全间隔期用药，皮薄"),
        ("零农残放心吃", "按安全间隔期用药，放心吃"),
        ("五斤左右，今早摘的", "净重 5 斤，今早摘的"),
        ("一箱5斤左右20个", "一箱净重 5 斤，20个"),
    ],
)
def test_taps_state_what_the_listing_and_its_batch_hold(text, left):
    assert tap_all(text, HELD) == left


@pytest.mark.parametrize(
    ("text", "facts", "left"),
    [
        ("零农残，皮薄", replace(HELD, interval_kept=False), "皮薄"),
        ("零农残，皮薄", replace(HELD, interval_kept=None), "皮薄"),
        ("最甜的冰糖橙", replace(HELD, brix=None), "很甜的冰糖橙"),
        ("最甜的冰糖橙", replace(HELD, brix_on=None), "很甜的冰糖橙"),
        ("五斤左右", replace(HELD, unit="jin"), "净重＿＿斤"),
    ],
)
def test_no_fact_is_stated_that_nobody_gave(text, facts, left):
    assert tap_all(text, facts) == left


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("最甜的冰糖橙", ["很甜的冰糖橙", "糖度＿＿度（＿月＿日实测）的冰糖橙"]),
        ("糖度14度，皮薄", ["糖度14度（＿月＿日用＿＿测的），皮薄"]),
        ("偏远地区运费另议", ["偏远地区运费＿＿元"]),
        ("新米预售，秋收后发", ["新米预售（共＿＿箱，＿月＿日前发货），秋收后发"]),
        ("特级果，皮薄", ["特级果（标准 GB/T ＿＿），皮薄"]),
        ("五斤左右", ["净重＿＿斤"]),
        ("买二送一，皮薄", ["买二送一（品种＿＿，每份＿＿克，＿月＿日前下单，＿＿发），皮薄"]),
        ("发货快，运费买家出", []),
        ("最甜的茶叶", ["很甜的茶叶"]),  # nobody measures the sugar of tea
    ],
)
def test_a_sentence_with_gaps_is_offered_where_a_fact_is_missing(text, sentences):
    assert offered(text)[0] == sentences


@pytest.mark.parametrize(
    "text",
    [
        "增强免疫力",
        "对糖尿病好",
        "加我微信转账便宜",
        "清仓价12.8元一袋，大蒜5斤",  # the price may be the true one
        "原价59.9",
        "别家的都是催熟的，你看那个颜色就晓得",
        "写得好听的，私我领红包",
        "皮薄汁多核少" * 60 + "还能降血压好剥" + "皮薄汁多核少" * 60,  # no mark says where the clause ends
    ],
)
def test_where_nothing_would_be_left_or_a_price_would_go_a_person_is_asked(text):
    assert tap_all(text) == text
    assert [one.rewrite for one in check(text)] == [None] * len(check(text))


def test_a_rewrite_is_in_the_language_of_the_text():
    assert [one.rewrite for one in check("我家橙子最甜", lang="en")] == ["很甜"]
    assert offered("The best 红心柚，湖南发货") == [["红心柚，湖南发货"]]


def test_no_rewrite_of_any_rule_says_more_than_what_stands_there():
    """Only words of degree are put in, in place of stronger ones."""
    put = {
        entry.rewrite["zh"]
        for rule in load_rules().rules
        for entry in rule.entries
        if entry.rewrite and entry.rewrite["zh"]
    }
    assert put == {"很{what}", "{what}", "很好", "好的", "好"}


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


@dataclass(frozen=True)
class Tap:
    """One change offered for a text, with the facts that were known of it."""

    text: str
    change: Change
    facts: Facts | None
    left: tuple[str, ...]  # the words of forbidden findings where the change was made
    found: tuple[tuple[int, int], ...]  # the places of all findings

    @property
    def whole(self) -> str:
        return self.change.apply(self.text)


def list_taps(text: str, kind: str = "listing", facts: Facts | None = None) -> list[Tap]:
    seen, taps = make_look(kind, facts), []
    for one in seen(text):
        for change in rewrites.propose_changes(text, one, seen):
            whole = change.apply(text)
            first, last = rewrites.find_bounds(whole, change.start, change.start + len(change.put))
            left = tuple(
                at.finding.words
                for at in seen(whole)
                if at.blocks
                and at.start < last
                and at.end > first
                and not (at.finding.rule == GAP_RULE and "＿" in change.put)
            )
            taps.append(Tap(text, change, facts, left, tuple((at.start, at.end) for at in seen(text))))
    return taps


@cache
def corpus_taps() -> list[Tap]:
    """Every change that is offered in the corpus; of every other line the batch's facts are known too."""
    taps = []
    for path in sorted(Path(__file__).with_name("corpus").glob("*.jsonl")):
        for number, line in enumerate(map(json.loads, path.read_text().splitlines())):
            facts = Facts.of(line["facts"]) if line.get("facts") else None
            if number % 2:
                facts = replace(facts or Facts(), brix="11.7", brix_on="2026-11-20", interval_kept=True)
            taps += list_taps(line["text"], line["kind"], facts)
    return taps


@cache
def example_taps() -> list[Tap]:
    """Each example alone and next to its neighbour."""
    alone = examples()
    beside = [f"{one}，{other}" for one, other in zip(alone[::9], alone[1::9], strict=False)]
    return [tap for text in [*alone, *beside] for tap in list_taps(text)]


def test_nothing_offered_leaves_a_forbidden_word_where_it_changes_the_text():
    assert len(corpus_taps()) > 200
    assert len(example_taps()) > 500
    wrong = [(tap.text, tap.whole, tap.left) for tap in [*corpus_taps(), *example_taps()] if tap.left]
    assert wrong == []


PUNCTUATION = "，。、；：！？,.;:!? （）()"


def list_pieces(facts: Facts | None) -> list[str]:
    """What may be put in: words of degree, the fixed parts of the statements, and the facts given; the longest first."""
    statements = tomllib.loads((HERE / "statements.toml").read_text())
    written = [table[how]["zh"] for table in statements.values() for how in ("fact", "gap") if how in table]
    pieces = {piece for one in written for piece in re.split(r"\{\w+\}", one) if piece}
    if facts is not None:
        pieces |= {"11.7", "11月20日"} if facts.brix else set()
        pieces |= {f"{facts.net_grams / 500:g} 斤"} if facts.net_grams else set()
    return sorted({*pieces, "很", "好", "好的", "good"}, key=len, reverse=True)


def find_added(tap: Tap) -> list[str]:
    """The runs of characters put in that stand neither in the words replaced nor in what may be put in."""
    hit, put = tap.text[tap.change.start : tap.change.end], tap.change.put
    plain = hit + replace_homophones(replace_pinyin(normalise(hit))).plain  # as typed, and as it is read
    runs = [
        put[start:end]
        for how, _i, _j, start, end in SequenceMatcher(None, plain, put, autojunk=False).get_opcodes()
        if how in ("insert", "replace")
    ]
    return [run for run in runs if not is_made_of(run, list_pieces(tap.facts))]


def is_made_of(run: str, pieces: list[str]) -> bool:
    """Return whether the run is a part of a piece, or pieces and punctuation one after the other."""
    if any(run.strip(PUNCTUATION) in piece for piece in pieces):
        return True
    for piece in pieces:
        run = run.replace(piece, "")
    rest = run.strip(PUNCTUATION)
    return any(rest in piece for piece in pieces)


def test_nothing_is_put_in_but_facts_given_gaps_and_words_of_degree():
    wrong = [(tap.text, tap.whole, added) for tap in corpus_taps() if (added := find_added(tap))]
    assert wrong == []
    assert sum("＿" in tap.change.put for tap in corpus_taps()) > 10
    assert sum("11月20日" in tap.change.put for tap in corpus_taps()) > 0


NUMBERS = re.compile(r"\d+(?:\.\d+)?")
# What a text says of today's price, with it.
TODAY = re.compile(
    r"(?:现在|今天|今晚|现价|直播间|只要|只卖|我这里)[^，。,;；！!？?\n\d]{0,6}[¥￥]?(\d+(?:\.\d+)?)(?=[元块，。,！!\s一]|$)"
)


def test_every_number_outside_the_words_found_stays_and_so_does_todays_price():
    lost = []
    for tap in corpus_taps():
        outside = [
            found[0]
            for found in NUMBERS.finditer(tap.text)
            if not any(start <= found.start() < end for start, end in tap.found)
        ]
        kept = NUMBERS.findall(tap.whole)
        prices = [
            found[1] for found in TODAY.finditer(tap.text) if "C2" in {one.rule for one in check(tap.text)}
        ]
        lost += [(tap.text, tap.whole, number) for number in (*outside, *prices) if number not in kept]
    assert lost == []


def test_deleting_puts_no_word_in():
    """The remaining words were there before, in this order."""
    taps = [tap for tap in example_taps() if not tap.change.put]
    assert len(taps) > 300
    for tap in taps:
        rest = iter(tap.text)
        assert [char for char in tap.whole if char not in rest] == [], tap.text


def test_beside_what_only_a_person_can_say_better_nothing_is_offered():
    text = "顶级脐橙，清仓价12.8元一袋"
    assert [one.finding.words for one in look(text) if one.blocks][0] == "顶级"
    assert rewrites.propose_change(text, look(text)[0], look) is None


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("糖度＿＿度（＿月＿日实测），皮薄", ["＿＿度（＿月＿"]),
        ("净重＿＿斤。一箱____元", ["＿＿", "____"]),
        ("微信号 a_b，皮薄", []),
    ],
)
def test_a_gap_left_in_a_text_blocks_it_until_it_is_filled(text, gaps):
    for kind in ("listing", "script"):
        found = [one for one in check(text, kind) if one.rule == "F1"]
        assert ([one.words for one in found], {one.severity for one in found}) == (
            gaps,
            {"block"} if gaps else set(),
        )
    assert [one for one in check(text, "course_page") if one.rule == "F1"] == []


def test_a_clause_with_a_gap_is_deleted_whole_by_a_tap():
    assert offered("橙子糖度＿＿度（＿月＿日实测），皮薄") == [["皮薄"]]
    assert offered("一箱29.9元糖度＿＿度，皮薄") == [[]]


@pytest.mark.parametrize(
    ("facts", "text", "lang", "goods"),
    [
        (None, "白萝卜养生", "zh", "萝卜是普通食品，"),
        (Facts(name="土鸡蛋"), "吃了养生", "zh", "鸡蛋是普通食品，"),
        (Facts(name="春不老", goods="鲜菜山货"), "吃了养生", "zh", "蔬菜是普通食品，"),
        (Facts(name="阳荷", goods="山货"), "吃了养生", "zh", "山货是普通食品，"),
        (None, "吃了养生", "zh", "这是普通食品，"),
        (Facts(name="炒青"), "吃了养生", "en", "As ordinary food, tea may not"),
        (None, "吃了养生", "en", "As ordinary food, this may not"),
    ],
)
def test_a_reason_names_the_goods_at_hand(facts, text, lang, goods):
    [found] = [one for one in check(text, facts=facts, lang=lang) if one.rule == "A4"]
    assert found.reason.startswith(goods)


@pytest.mark.parametrize(
    "typed",
    ["最\u200b甜", "頂\u200b級", "zui tian", "最\u200d\u2060甜"],
    ids=["zero width", "traditional", "pinyin", "joined"],
)
def test_one_disguised_word_in_twenty_thousand_characters_is_found(typed):
    text = "皮薄水多，今早摘的。" * 1000 + f"这是{typed}的橙子。" + "皮薄水多，今早摘的。" * 1000
    [found] = [one for one in check(text) if one.rule == "A1"]
    assert found.words == typed


def test_a_text_of_nothing_but_findings_costs_no_more_than_a_few_checks():
    """5,000 characters of forbidden words took minutes: each of 1,667 findings looked at the whole text again and again."""
    text, texts = "治病，" * 1667, []

    def count(changed: str) -> list[At]:
        texts.append(changed)
        return look(changed)

    limited = rewrites.limit_work(count)
    found = limited(text)
    assert len(found) == 1667
    assert [change for one in found for change in rewrites.propose_changes(text, one, limited)] == []
    assert len(texts) < 5


def test_in_a_long_text_the_first_findings_get_an_offer():
    text = "最甜冰糖橙，自家地里种的，早上摘下来，下午就装箱发走。" * 120
    limited = rewrites.limit_work(look)
    offers = [rewrites.propose_changes(text, one, limited) for one in limited(text)]
    assert offers[0]
    assert not offers[-1]
    assert offers[0] == rewrites.propose_changes(text, look(text)[0], rewrites.limit_work(look))


def test_words_side_by_side_go_together_whatever_their_number():
    text = "这个大米" + "、".join(["养胃"] * 200) + "，好吃又便宜"
    first = next(one for one in look(text) if one.blocks)
    start, end = rewrites.find_run(text, first, look)
    assert text[start:end].count("养胃") == 200


@pytest.mark.parametrize(
    "text",
    [
        "我保证，一个坏的都不会有",
        "专家研究发现，吃这个降血压",
        "不管寄到哪儿，降血压",
        "杨梅这东西，降血压。",
    ],
)
def test_no_half_sentence_is_left_and_no_other_sentence_is_deleted(text):
    for changed in [one for many in offered(text) for one in many]:
        sentences = [one for one in re.split("[。！\n]", text) if one]
        left = [one for one in re.split("[。！\n]", changed) if one]
        assert len(left) == len(sentences), changed
        assert not re.search("(?:保证|发现|不管寄到哪儿|东西)$", left[-1]), changed


@pytest.mark.parametrize(
    ("text", "start", "end", "whole"),
    [
        ("汁多。吃了降火。核少。", 3, 8, True),
        ("汁多。吃了降火。核少。", 3, 11, False),
        ("不管寄到哪儿，都降血压", 6, 11, False),
        ("自家的橙，都降血压", 4, 9, True),
        ("降血压，大伙儿自己寻思。", 0, 4, False),
        ("It is sweet and cures colds", 11, 27, True),
        ("It is sweet and cures colds", 15, 27, False),
    ],
)
def test_what_a_cut_leaves(text, start, end, whole):
    assert leaves_whole_sentences(text, start, end, "") is whole
