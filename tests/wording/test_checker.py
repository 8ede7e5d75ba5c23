"""Spans, rewrites, languages, kinds and facts of single findings; odd and long texts; the core works without Django."""

import subprocess
import sys
import time
from dataclasses import asdict

import pytest
from django.conf import settings

from wording.checker import check
from wording.disguises.normalisation import normalise
from wording.facts import Facts


def spans(text: str, kind: str = "listing") -> list[tuple[str, str]]:
    return [(found.rule, text[found.start : found.end]) for found in check(text, kind)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我家的橙子最甜了", "最甜"),
        ("我家的橙子最 甜 了", "最 甜"),
        ("我家的橙子最*甜了", "最*甜"),
        ("我家的橙子最🍊甜了", "最🍊甜"),
        ("🍊🍊橙子最\u200b甜了", "最\u200b甜"),
        ("我家的橙子最，甜，真的", "最，甜"),
        ("我家的橙子最「甜」", "最「甜"),
        ("蕞甜的橙子", "蕞甜"),
        ("罪甜的橙子", "罪甜"),
        ("zuì tián 的橙子", "zuì tián"),
        ("zuitian的橙子", "zuitian"),
        ("ZUI甜的橙子", "ZUI甜"),
        ("這是頂級臍橙", "頂級"),
        ("ＮＯ．１脐橙", "ＮＯ．１"),
        ("全国第①", "全国第①"),
        ("💯新鲜", "💯新鲜"),
        ("顶·级脐橙", "顶·级"),
    ],
)
def test_span_is_the_text_as_typed(text, words):
    assert spans(text) == [("A1", words)]


def test_finding_is_told_whole():
    [found] = check("我家的橙子最甜了")
    assert asdict(found) == {
        "rule": "A1",
        "severity": "block",
        "start": 5,
        "end": 7,
        "law": "广告法",
        "article": "§9(3)",
        "reason": "这是绝对化用语，没有证明不能说。说量过的数、自家的事。",
        "rewrite": "很甜",
        "proof": ("source", "date", "report_no", "file"),
        "words": "最甜",
        "offers": (
            {"how": "words", "put": "很甜", "more": 0, "is_attribute": True},
            {"how": "gap", "put": "糖度＿＿度（＿月＿日实测）", "more": 1, "is_attribute": True},
        ),
    }


def test_finding_in_english():
    [found] = check("我家的橙子最甜了", lang="en")
    assert (found.law, found.rewrite) == ("Advertising Law", "很甜")
    assert (
        found.reason
        == "An absolute claim that nobody can prove. Say what was measured, or what is true of your own goods."
    )


def test_rewrite_none_deletes_or_asks_a_person():
    assert [found.rewrite for found in check("顶级脐橙")] == [""]
    assert [found.rewrite for found in check("运费另议")] == [None]


def test_findings_are_sorted_and_do_not_overlap():
    found = check("滞销的纯天然有机橙子，全网最低价，治咳嗽")
    assert [one.rule for one in found] == ["B4", "B2", "B3", "A1", "A3"]
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))


def test_kind_decides_the_severity():
    text = "专家推荐的直播课"
    assert [(one.rule, one.severity) for one in check(text, "course_page")] == [("E8", "block")]
    assert [(one.rule, one.severity) for one in check(text, "script")] == [("A5", "warn")]


def test_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind must be one of listing, script, course_page"):
        check("好", "poem")


def test_contradiction_says_both_values():
    facts = Facts(unit="box", net_grams=2500, price_fen=2990)
    [found] = check("每箱净重4斤", "listing", facts, "en")
    assert (found.rule, found.words) == ("B1", "每箱净重4斤")
    assert found.reason == "The listing says 2.5 kg (5 斤); this says 每箱净重4斤."


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\0", "\ud800最甜", "\U0010ffff", "最" * 3, "(((", "\u202e最甜", "a" * 300]
)
def test_any_text_is_read(text):
    assert all(text[one.start : one.end] == one.words for one in check(text))


def test_positions_follow_characters_that_grow():
    folded = normalise("㎏㎏最甜")
    assert (folded.plain, folded.at) == ("kgkg最甜", [0, 0, 1, 1, 2, 3])


def test_sound_alone_is_no_alarm_in_normal_words():
    assert spans("嘴甜的老板娘，园地一片绿，最近罪过，醉了") == []


@pytest.mark.parametrize(
    "values", [{"stock": "many"}, {"stock": True}, {"certificates": "organic"}, {"self_grown": 1}, []]
)
def test_facts_of_the_wrong_type_are_refused(values):
    with pytest.raises(ValueError, match="must be"):
        Facts.of(values)


def test_facts_read_json_and_ignore_what_they_do_not_know():
    facts = Facts.of({"stock": 3, "certificates": ["gi"], "colour": "red", "variety": None})
    assert facts == Facts(stock=3, certificates=("gi",))
    assert facts.to_json() == {"stock": 3, "certificates": ["gi"]}


@pytest.mark.parametrize(
    "piece", ["最", "最第一不能没有", "一箱5斤29.9元", "zuitian ", "最，", "送", "“", "7"]
)
def test_long_text_takes_time_in_proportion(piece):
    """Loosely: a machine that is busy with something else must not fail this."""

    def spent(size: int) -> float:
        text = (piece * size)[:size] + "元一斤，几天赚回来"
        start = time.process_time()
        check(text, "script", Facts(unit="box", net_grams=2500, price_fen=2990, stock=4))
        return time.process_time() - start

    spent(100)
    least = [min(spent(size) for _try in range(3)) for size in (8_000, 40_000)]
    assert least[1] < 12 * max(least[0], 0.02)


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("九点chou奖，来的报名", "A9", "chou奖"),
        ("本店概bu负责", "D6", "概bu负责"),
        ("开播前s单", "B5", "s单"),
        ("独1无2的果", "A1", "独1无2"),
        ("1O斤一箱的运fei另议", "C4", "运fei另议"),
        ("亲，yunfei另议的哈", "C4", "yunfei另议"),
        ("我们xian zhang推荐的果", "A2", "xian zhang推荐"),
        ("y费到付", "C4", "y费到付"),
        ("这个（顶）（级）脐橙", "A1", "顶）（级"),
        ("第“一”名的口感，全国第“一”", "A1", "全国第“一"),
        ("最(tian)的柚子", "A1", "最(tian"),
        ("降🔥茶一罐", "A3", "降🔥"),
        ("运肺另议", "C4", "运肺另议"),
        ("6̶8̶元，今天38元", "C2", "6̶8̶元"),
        ("顶丨级丨脐丨橙", "A1", "顶丨级"),
        ("ТОР1的柚子", "A1", "ТОР1"),
    ],
)
def test_letters_and_digits_for_characters_are_found_where_they_stand(text, rule, words):
    found = next(found for found in check(text, "script") if found.rule == rule)
    assert found.words == words == text[found.start : found.end]


@pytest.mark.parametrize(
    "text",
    [
        "D级果便宜两块",
        "🔥🔥今天发货🔥🔥",
        "永州血鸭怎么做",
        "出园价每天早上定",
        "my name is Zhou, 我叫周梅英",
        "加点水（温的）泡一泡",
    ],
)
def test_what_only_looks_like_a_disguise_is_not_found(text):
    assert check(text, "script") == []


@pytest.mark.parametrize("text", ["真空包装", "散养生长慢的鸡", "我叫杨唯一", "付款用数字人民币"])
def test_terms_within_other_words_are_not_found(text):
    assert check(text, "script") == []


def test_findings_of_different_rules_may_overlap():
    assert spans("小朋友都说我家橙子最甜") == [("A7", "小朋友都说我家橙子最甜"), ("A1", "最甜")]


def test_warning_within_a_block_of_another_rule_is_not_told():
    assert [one.rule for one in check("隔壁老王家的果酸得很")] == ["A6"]


def test_a_number_is_found_whole():
    text = "今天29.9，加我微信13812345678，明天发。"
    assert [one.words for one in check(text) if one.rule == "E7"] == ["加我微信13812345678"]


def test_core_imports_no_django():
    script = (
        "import sys; from wording.checker import check; check('最甜'); import wording.facts\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
