import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from ui.fields import CleanCharField, CountField, DayField, JinField, KgField, NameField, YuanField

HOW = "用数字写，比如 29.90"
NO_COMMA = "数字里不用逗号，写成 29.90 这样"


def refusal(field, typed: str) -> str:
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    return " ".join(caught.value.messages)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("29.90", 2990),
        ("29.9", 2990),
        ("29", 2900),
        (" 29.9 元 ", 2990),
        ("29.9元", 2990),
        ("29.9块", 2990),
        ("￥29.9", 2990),
        ("¥ 29.90", 2990),
        ("２９．９", 2990),
        ("29。9", 2990),
        (".5", 50),
        ("5.", 500),
        ("29.900", 2990),
        ("0.01", 1),
        ("007", 700),
        ("10000000", 1_000_000_000),
    ],
)
def test_yuan_reads_what_people_type(typed, fen):
    assert YuanField().clean(typed) == fen


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("-1", "不能是负数"),
        ("−0.5", "不能是负数"),
        ("0", "要大于 0"),
        ("0.00", "要大于 0"),
        ("12,5", NO_COMMA),
        ("1，234.50", NO_COMMA),
        ("十二", HOW),
        ("1e9", HOW),
        ("29块9", HOW),
        ("5²", HOW),
        ("②", HOW),
        ("٣", HOW),
        ("1.2.3", HOW),
        (".", HOW),
        ("+5", HOW),
        ("NaN", HOW),
        ("<script>alert(1)</script>", HOW),
        ("9" * 5000, HOW),
        ("29.905", "小数点后最多 2 位，比如 29.90"),
        ("10000000.01", "最多 10,000,000，看看是不是多打了 0"),
        ("1000000000", "最多 10,000,000，看看是不是多打了 0"),
        ("", "This field is required."),
        ("元", "This field is required."),
    ],
)
def test_yuan_says_how_to_write_it(typed, message):
    with override("en" if "required" in message else "zh-hans"):
        assert refusal(YuanField(), typed) == message


def test_yuan_may_be_nothing_where_the_form_allows_it():
    assert YuanField(least=0).clean("0") == 0
    assert YuanField(required=False).clean("") is None


def test_yuan_shows_a_stored_price_and_keeps_what_was_typed():
    field = YuanField()
    assert field.prepare_value(123450) == "1234.50"
    assert field.prepare_value("12,5") == "12,5"
    assert field.prepare_value(None) is None
    assert field.has_changed(2990, "29.9元") is False
    assert field.has_changed(2990, "29.8") is True


@pytest.mark.parametrize(
    ("field", "typed", "grams"),
    [
        (JinField(), "5", 2500),
        (JinField(), "5斤", 2500),
        (JinField(), "2.5", 1250),
        (JinField(), "２.５公斤", 2500),
        (JinField(), "2.5 KG", 2500),
        (JinField(), "500g", 500),
        (JinField(), "6两", 300),
        (KgField(), "2.5", 2500),
        (KgField(), "2.5公斤", 2500),
        (KgField(), "5斤", 2500),
        (KgField(), "0.001", 1),
    ],
)
def test_weight_becomes_grams(field, typed, grams):
    assert field.clean(typed) == grams


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        (JinField(), "十二", "用数字写，比如 2.5"),
        (JinField(), "半斤", "用数字写，比如 2.5"),
        (JinField(), "0", "要大于 0"),
        (JinField(), "-5斤", "不能是负数"),
        (JinField(), "1,5", "数字里不用逗号，写成 2.5 这样"),
        (JinField(), "0.33两", "小数点后最多 2 位，比如 2.5"),
        (JinField(), "20001", "最多 20,000，看看是不是多打了 0"),
        (JinField(least=500), "0.5", "最少 1"),
        (KgField(), "0.0001", "小数点后最多 3 位，比如 2.5"),
    ],
)
def test_weight_says_what_is_wrong(field, typed, message):
    assert refusal(field, typed) == message


def test_weight_shows_its_own_unit():
    assert JinField().prepare_value(1250) == "2.5"
    assert KgField().prepare_value(1250) == "1.25"
    assert JinField(most=10**9).prepare_value(1_000_000) == "2000"
    assert str(JinField().unit) == "斤"
    assert str(KgField().unit) == "公斤"


@pytest.mark.parametrize(
    ("typed", "count"), [("0", 0), ("40", 40), ("４０", 40), ("40箱", 40), ("40.0", 40), ("1000000", 10**6)]
)
def test_count_reads_whole_numbers(typed, count):
    assert CountField(unit="箱").clean(typed) == count


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("40.5", "要整数，比如 40"),
        ("-1", "不能是负数"),
        ("1,000", "数字里不用逗号，写成 40 这样"),
        ("四十", "用数字写，比如 40"),
        ("1000001", "最多 1,000,000，看看是不是多打了 0"),
        ("99999999999999999999", "最多 1,000,000，看看是不是多打了 0"),
    ],
)
def test_count_says_what_is_wrong(typed, message):
    assert refusal(CountField(), typed) == message


@pytest.mark.parametrize("typed", ["2026-11-24", "2026/11/24", "2026年11月24日", "２０２６-11-24"])
def test_day_reads_several_spellings(typed):
    assert DayField().clean(typed).isoformat() == "2026-11-24"


def test_day_says_how_to_write_it():
    assert refusal(DayField(), "下个月初") == "写成 2026-11-24 这样"
    assert refusal(DayField(), "2026-02-30") == "写成 2026-11-24 这样"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  冰糖橙\u3000 5斤装\n", "冰糖橙 5斤装"),
        ("冰\u202e糖\u2066橙\u200b\ufeff", "冰糖橙"),
        ("a\x00b\x07c\ud800", "abc"),
        ("e\u0301", "é"),
        ("\u3164\u2800\u200d", ""),
        ("👨\u200d🌾来了", "👨\u200d🌾来了"),
        ("好\u200d吃", "好吃"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_text_loses_what_nobody_can_see(typed, kept):
    assert CleanCharField(required=False).clean(typed) == kept


def test_text_of_invisible_characters_counts_as_empty():
    with override("en"):
        assert refusal(CleanCharField(), "\u200b\u3164") == "This field is required."


def test_text_with_lines_keeps_them():
    typed = "第一行 \r\n第二行\r\r\n\n\n第三行\u2028完"
    assert CleanCharField(lines=True).clean(typed) == "第一行\n第二行\n\n第三行\n完"


def test_text_too_long_says_by_how_much_and_is_not_cut_in_the_browser():
    field = CleanCharField(max_length=5)
    assert refusal(field, "一二三四五六七") == "最多 5 个字，多了 2 个"
    assert field.clean("一二三四五") == "一二三四五"
    assert "maxlength" not in field.widget.attrs


def test_text_too_short_says_so():
    assert refusal(CleanCharField(min_length=4), "甜") == "至少写 4 个字"
    assert CleanCharField(min_length=4, required=False).clean("") == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("㛃䶮", "㛃䶮"),
        ("O'Brien", "O'Brien"),
        ("No.1 果园", "No.1 果园"),
    ],
)
def test_name_keeps_the_letters_people_have(typed, kept):
    assert NameField().clean(typed) == kept


def test_name_refuses_emoji_and_200_characters():
    assert refusal(NameField(), "橙🍊") == "这里不能用表情符号"
    assert refusal(NameField(), "橙" * 200) == "最多 40 个字，多了 160 个"
