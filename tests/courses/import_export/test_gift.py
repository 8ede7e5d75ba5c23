import re
import time

import pytest

from courses.import_export import gift
from courses.import_export.document import UnreadableFile


def read(text: str) -> list:
    return gift.read(text.encode())


def one(text: str):
    [found] = read(text)
    return found


def choices(asked) -> list[tuple]:
    return [(row["text"], row["right"], row["why"]) for row in asked.fields["content"]["choices"]]


def test_single_choice_with_title_feedback_and_explanation():
    found = one(
        "::1-frame:: 怎么看手稳不稳？{\n=看门框#门框不会动\n~看果子#颜色是光的事\n~看人\n####门框跳，手就在跳。\n}"
    )
    assert (found.where, found.problems, found.notes) == ("第 1 行", [], [])
    assert found.fields["code"] == "1-frame"
    assert (found.fields["kind"], found.fields["text"]) == ("single", "怎么看手稳不稳？")
    assert found.fields["explain"] == "门框跳，手就在跳。"
    assert choices(found) == [
        ("看门框", True, "门框不会动"),
        ("看果子", False, "颜色是光的事"),
        ("看人", False, ""),
    ]
    assert [row["id"] for row in found.fields["content"]["choices"]] == ["a", "b", "c"]


def test_multiple_choice_goes_by_weights():
    found = one("要备哪些？{~%50%电 ~%50%网#要试 ~%-100%新衣服}")
    assert (found.fields["kind"], found.problems) == ("multiple", [])
    assert choices(found) == [("电", True, ""), ("网", True, "要试"), ("新衣服", False, "")]


def test_one_whole_weight_is_a_single_choice():
    assert one("问？{~%100%对 ~错}").fields["kind"] == "single"


def test_part_of_the_points_is_wrong_here_and_said():
    found = one("问？{=对 ~%50%一半 ~错}")
    assert choices(found) == [("对", True, ""), ("一半", False, ""), ("错", False, "")]
    assert found.notes == ["只给一部分分数的选项，这里算错"]


@pytest.mark.parametrize(
    ("answers", "answer", "explain"),
    [
        ("T", True, None),
        ("FALSE", False, None),
        ("F#太阳从东边出", False, "太阳从东边出"),
        ("true#错了#对了", True, "错了\n对了"),
    ],
)
def test_true_or_false(answers, answer, explain):
    found = one(f"太阳从西边出来。{{{answers}}}")
    assert (found.fields["kind"], found.fields["content"], found.fields.get("explain")) == (
        "true_false", {"answer": answer}, explain
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "answer", "tolerance"),
    [
        ("#3", "3", "0"),
        ("#5.98:0.01", "5.98", "0.01"),
        ("#1.5..2.5", "2.0", "0.5"),
        ("#=20:1#对", "20", "1"),
        ("#-4", "-4", "0"),
    ],
)
def test_number_with_its_tolerance(answers, answer, tolerance):
    found = one(f"几斤？{{{answers}}}")
    assert found.fields["content"] == {"answer": answer, "tolerance": tolerance, "unit": ""}
    assert found.problems == []


@pytest.mark.parametrize(
    "answers", ["#1E-30000000", "#0E-30000000:0", "#3:1E-9999999", "#9E999999..9E999999", "#1E15"]
)
def test_number_that_nobody_could_write_out_is_none(answers):
    found = one(f"几斤？{{{answers}}}")
    assert "content" not in found.fields
    assert found.problems[0].endswith("不是数。写成 {#5.98:0.01}，或者 {#5.97..5.99}")


def test_number_with_an_exponent_is_written_out():
    assert one("几斤？{#1.5E3:5E-1}").fields["content"] == {"answer": "1500", "tolerance": "0.5", "unit": ""}


def test_number_with_partial_points_is_noted():
    assert one("几斤？{#=3:0 =%50%3:2}").notes == ["只给一部分分数的数，这里算错"]


def test_words_after_the_answers_leave_a_gap():
    assert one("一斤是 {=500 ~1000} 克。").fields["text"] == "一斤是 ____ 克。"


def test_escaped_signs_are_signs():
    found = one(r"2 \= 1 \+ 1，写作 \{a\:b\} 吗？\n对 {=1\~2 \# \\ ~否}")
    assert found.fields["text"] == "2 = 1 \\+ 1，写作 {a:b} 吗？\n对"
    assert choices(found)[0][0] == "1~2 # \\"


def test_html_is_read_as_plain_text():
    found = one("[html]<p>哪个<b>对</b>&lt;？</p><script>x</script>{=甲 ~乙}")
    assert found.fields["text"] == "哪个对<？"


def test_comments_and_categories_are_passed_over_and_lines_counted():
    text = "// 说明\n$CATEGORY: $course$/果园\n\n一？{T}\n\n\n// 又\n二\n？{F}\n"
    assert [(found.where, found.text) for found in read(text)] == [("第 4 行", "一？"), ("第 8 行", "二\n？")]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_as_notepad_writes_them(coding):
    [found] = gift.read("太阳从东边出来。{T}\r\n".encode(coding))
    assert found.text == "太阳从东边出来。"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("问？{}", "问答题这里没有，改成单选、多选、对错或填数"),
        ("问？{=甲 -> 一 =乙 -> 二}", "连线题（->）这里没有，改成单选或排顺序"),
        ("问？{=甲 =乙}", "简答题这里没有：再写几个 ~ 开头的错答案，就成了单选"),
        ("一段说明", "没有答案：题目后面要有大括号，里面写答案"),
        ("问？{=甲 ~乙", "大括号没有合上，少了一个 }"),
        ("问？{=甲 ~乙} 又 {=丙 ~丁}", "一道题只能有一对大括号；文字里的大括号前面加 \\"),
        ("问？{甲 ~乙}", "答案前面要有 = （对的）或者 ~ （错的）：甲"),
        ("问？{~甲 ~乙}", "还没有标出哪个是对的"),
        ("问？{=甲 =乙 ~丙}", "只能有一个是对的，现在标了 2 个"),
        ("问？{=甲 ~甲}", "“甲”写了两遍"),
        ("{=甲 ~乙}", "没写题目"),
        ("问？{#三}", "“三”不是数。写成 {#5.98:0.01}，或者 {#5.97..5.99}"),
        ("问？{#NaN}", "“NaN”不是数。写成 {#5.98:0.01}，或者 {#5.97..5.99}"),
        ("问？{#1e999999}", "“1e999999”不是数。写成 {#5.98:0.01}，或者 {#5.97..5.99}"),
        ("问？{#=1 =2}", "填数只能有一个对的数，比如 {#5.98:0.01}"),
        (
            '[html]<img src="@@PLUGINFILE@@/a.png">{=甲 ~乙}',
            "题里有图片，GIFT 带不进来。在后台出题，图另外传",
        ),
        ("长" * 1001 + "{T}", "题目太长了，多了 1 个字"),
        ("问？{=" + "长" * 301 + " ~乙}", "“长长长长长长长长长长长长…”太长了，最多 300 个字"),
    ],
)
def test_what_cannot_be_asked_is_said(text, problem):
    assert one(text).problems == [problem]


def test_one_wrong_question_leaves_the_others():
    assert [bool(found.problems) for found in read("一？{T}\n\n二？{}\n\n三？{F}")] == [False, True, False]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "文件里一道题也没有：GIFT 的题目后面有大括号，里面是答案"),
        (b"\x89PNG\r\n\0\0", "这不是文字文件。GIFT 是 .txt，表格要存成 .xlsx"),
        (b"\xff\xfe\x00", "文件里的字读不出来，另存为 UTF-8 再传"),
        (b"\x81\xff\xff", "文件里的字读不出来，另存为 UTF-8 再传"),
        (b"x" * 2_000_001, "文件太大了，最多 2 MB"),
        ("问{T}\n\n".encode() * 1001, "文件里有 1001 道题，一次最多 1000 道，分几次导入"),
    ],
)
def test_what_is_no_file_of_questions_is_refused(content, reason):
    with pytest.raises(UnreadableFile) as refused:
        gift.read(content)
    assert refused.value.reasons == [reason]


@pytest.mark.long
@pytest.mark.parametrize(
    "sign", ["{", "}", "~", "=", "::", "#", "%", "[", "\\", "~%1", "<b", "&lt;", "[html]", " \n// \n"]
)
def test_a_file_of_signs_is_read_quickly(sign):
    many = sign * (100_000 // len(sign))
    start = time.process_time()
    for text in (many, "问{" + many + "}", "::" + many):
        read(text + "\n\n好{T}")
    assert time.process_time() - start < 3


def test_too_many_choices_are_refused():
    assert one("问{=对" + "".join(f"~{n}" for n in range(30)) + "}").problems[0] == "最多 8 个选项"


@pytest.mark.long
def test_the_examples_of_the_reference_page_are_read_without_a_mistake(settings):
    page = (settings.BASE_DIR / "docs" / "course-format.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    found = read(next(text for language, text in blocks if not language))
    assert [asked.fields["kind"] for asked in found] == [
        "single",
        "multiple",
        "true_false",
        "number",
        "number",
    ]
    assert [asked.problems for asked in found] == [[]] * 5
