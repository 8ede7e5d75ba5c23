"""The slides of a lesson: made from its own words, nothing added, nothing left out, everything large enough to read on a wall."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from courses.models import Lesson, LessonPicture, LessonPlan, Question
from courses.slides.lesson import (
    MOST_LONG,
    MOST_POINTS,
    MOST_ROWS,
    MOST_SLIDE,
    MOST_TEXT,
    Following,
    cut,
    make_slides,
    split_sentences,
)
from courses.slides.questions import LETTERS, choose_questions, find_taught, fits_wall, list_choices
from courses.slides.slide import Slide, measure

PROGRAMME = Path("courses/programme")
BODY = """
先看一眼，这两句哪句能说。

## 夸自家的词

- **这样说不行**：“全网最甜！顶级脐橙！”
- **这样说可以**：“11月20日我测了 10 个果，低的 10.8，高的 12.6。”

《广告法》第九条不许用“最佳”。意思一样的词也不许，这一句很长很长很长，写给看课文的人，投到墙上谁也念不完，念完也忘了前头讲的是什么。
离灯 30 厘米。它烫。

![左边竖着，右边横着](picture:level)

## 分三步

照着做：

1. 称
2. 记
3. 拍
4. 念

> **算一算**：6 ÷ 50 = **12%**
>
> 4 ÷ 6，约 67%

> 法律核对到 2026年6月26日，读的是非官方文本。哪一句拿不准，先不说，去问县里的法制员。

| 时间 | 说什么 |
|---|---|
| 0:00 | 报名字 |
| 0:30 | 报净重 |
"""
LONG = (
    "意思一样的词也不许，这一句很长很长很长，写给看课文的人，投到墙上谁也念不完，念完也忘了前头讲的是什么。"
)


def make_lesson(**fields) -> Lesson:
    return Lesson(title="最字先划掉", body=BODY, minutes=25, do_now="念一遍。划掉“最”字！拍一张。", **fields)


def make_plan() -> LessonPlan:
    parts = [
        {"stage": "intro", "minutes": 3, "do": "问一句", "say": "先看一眼。"},
        {"stage": "show", "minutes": 7, "do": "念两遍", "say": "听我念。"},
        {"stage": "practise", "minutes": 12, "do": "你走一圈", "say": "两人一组，念一句划一句。"},
        {"stage": "review", "minutes": 3, "do": "问一句", "say": "谁来念？"},
    ]
    answer = "拿得出称重记录就能说；答成“带最字一律不行”的，没懂。"
    return LessonPlan(
        goal="划得出五个词；改得出一句", parts=parts, check_ask="“个头最大”能不能说？", check_answer=answer
    )


def make_question(pk: int, objective: int = 1, **fields) -> Question:
    choices = [{"id": f"c{n}", "text": f"选{n}", "right": n == 0} for n in range(4)]
    facts = {"kind": "single", "text": f"题{pk}？", "content": {"choices": choices}}
    return Question(**{"pk": pk, "objective_id": objective} | facts | fields)


def test_what_an_english_plan_says_of_who_has_not_understood_is_for_the_trainer_alone():
    plan = make_plan()
    plan.check_answer = "13; 12 are only 4.8 jin. Whoever answers “12, near enough” hasn’t understood."
    check = next(slide for slide in make_slides(make_lesson(), plan) if slide.kind == "check")
    assert (check.answer, check.notes) == ("13; 12 are only 4.8 jin.", plan.check_answer)


def test_a_lesson_becomes_exactly_these_slides():
    picture = LessonPicture(name="level")
    following = Following("下一课", ("秤一台", "纸箱 8 个"))
    slides = make_slides(make_lesson(), make_plan(), {"level": picture}, [make_question(7)], following)
    shown = [(slide.kind, slide.heading, slide.lead, slide.points) for slide in slides]
    title = "最字先划掉"
    assert shown == [
        ("title", title, "", ()),
        ("goal", title, "", ("划得出五个词", "改得出一句")),
        ("points", title, "", ("先看一眼，这两句哪句能说。",)),
        ("pair", "夸自家的词", "", ()),
        ("points", "夸自家的词", "", ("《广告法》第九条不许用“最佳”。",)),
        ("points", "夸自家的词", "", (LONG,)),
        ("points", "夸自家的词", "", ("离灯 30 厘米。它烫。",)),
        ("picture", "夸自家的词", "", ()),
        ("points", "分三步", "照着做：", ("称", "记", "拍")),
        ("points", "分三步", "照着做：", ("念",)),
        ("note", "分三步", "算一算", ("6 ÷ 50 = 12%", "4 ÷ 6，约 67%")),
        (
            "points",
            "分三步",
            "",
            ("法律核对到 2026年6月26日，读的是非官方文本。哪一句拿不准，先不说，去问县里的法制员。",),
        ),
        ("table", "分三步", "", ()),
        ("practice", title, "", ("两人一组，念一句划一句。",)),
        ("quiz", "题7？", "", ()),
        ("check", "“个头最大”能不能说？", "", ()),
        ("task", title, "", ("念一遍。", "划掉“最”字！", "拍一张。")),
        ("kit", "下一课", "", ("秤一台", "纸箱 8 个")),
    ]
    pair, figure, first, rest, table, check = (slides[n] for n in (3, 7, 8, 9, 12, 15))
    assert (pair.bad.label, pair.bad.text) == ("这样说不行", "“全网最甜！顶级脐橙！”")
    assert (pair.good.label, pair.good.text) == (
        "这样说可以",
        "“11月20日我测了 10 个果，低的 10.8，高的 12.6。”",
    )
    assert (figure.picture, figure.caption) == (picture, "左边竖着，右边横着")
    assert (first.first, rest.first) == (1, 4)
    assert (table.head, table.rows) == (("时间", "说什么"), (("0:00", "报名字"), ("0:30", "报净重")))
    assert check.answer == "拿得出称重记录就能说"  # who has not understood is for the trainer to know
    assert check.notes.endswith("没懂。")
    assert [slide.has_second for slide in slides] == [
        slide.kind in ("pair", "check", "quiz", "practice") for slide in slides
    ]
    assert (slides[13].minutes, slides[13].notes) == (12, "你走一圈")


def test_the_trainer_s_phone_has_the_plan_s_words_and_the_whole_section():
    slides = make_slides(make_lesson(), make_plan(), questions=[make_question(7)])
    asked = [slide.say for slide in slides if slide.kind in ("quiz", "check")]
    assert asked == ["题7？", "“个头最大”能不能说？"]  # the plan's line of this stage answers what was asked
    assert [slide.say for slide in slides[:4]] == ["先看一眼。", "先看一眼。", "听我念。", "听我念。"]
    assert slides[-1].say == "谁来念？"
    assert "念完也忘了前头讲的是什么" in slides[3].notes


def test_without_a_plan_pictures_or_questions_the_text_and_the_task_are_shown():
    kinds = [slide.kind for slide in make_slides(make_lesson())]
    assert kinds[0] == "title"
    assert kinds[-1] == "task"
    assert not {"goal", "picture", "practice", "quiz", "check", "kit"} & set(kinds)


@pytest.mark.parametrize(
    "body", ["", "> ", "|a|\n|-|", "## ", "- ", "![x](picture:none)", "1. \n\n> **记住**：", "**"]
)
def test_hardly_any_text_makes_slides_all_the_same(body):
    slides = make_slides(Lesson(title="空", body=body, minutes=5))
    assert slides[0].kind == "title"
    assert all(slide.scale in ("xl", "l", "m", "s") for slide in slides)


def test_sentences_end_where_nothing_is_quoted():
    assert split_sentences("他说“行！好。”我不信。真的？对") == ["他说“行！好。”", "我不信。", "真的？", "对"]
    assert split_sentences("“下单就送！”\n（没有这回事。）") == ["“下单就送！”", "（没有这回事。）"]
    assert split_sentences("It is 5.98 a jin. Weigh it.") == ["It is 5.98 a jin.", "Weigh it."]
    assert split_sentences("") == []


def test_a_question_for_the_wall_is_short_and_has_one_right_letter_of_four():
    assert fits_wall(make_question(1))
    assert fits_wall(make_question(2, kind="true_false", content={"answer": False}))
    long = [{"id": "a", "text": "长" * 41, "right": True}, {"id": "b", "text": "短"}]
    for wrong in (
        {"text": "长" * 61},
        {"content": {"choices": long}},
        {"content": {"choices": [{"id": "a", "text": "一", "right": True}]}},
        {"content": {}},
        {"kind": "true_false", "content": {}},
        {"kind": "multiple"},
    ):
        assert not fits_wall(make_question(3, **wrong)), wrong
    rows = list_choices(make_question(6))  # turned by two
    assert [(row.letter, row.text, row.is_right) for row in rows] == [
        ("A", "选2", False),
        ("B", "选3", False),
        ("C", "选0", True),
        ("D", "选1", False),
    ]


def test_objectives_of_a_module_are_taught_by_its_lessons_in_turn():
    assert [find_taught([1, 2, 3], nth, 3) for nth in range(3)] == [[1], [2, 1], [3, 2, 1]]
    assert [find_taught([1, 2, 3, 4], nth, 3) for nth in range(3)] == [[1], [2, 1], [4, 3, 2, 1]]
    assert [len(find_taught([1, 2, 3, 4, 5], nth, 7)) for nth in range(7)] == [0, 1, 2, 2, 3, 4, 5]
    assert find_taught([], 0, 3) == []


def test_a_room_is_asked_only_what_it_has_been_taught():
    rows = [make_question(n, objective=n % 3) for n in range(12)]
    asked = [[row.pk for row in choose_questions(rows, taught)] for taught in ([0], [1, 0], [2, 1, 0])]
    assert asked == [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]]
    more = [*rows, *(make_question(n, objective=0) for n in (12, 13))]
    assert [row.pk for row in choose_questions([*more[3:9], *more[12:]], [1, 0])] == [4, 7, 3, 6]
    assert [row.pk for row in choose_questions([*rows[:3], *more[12:]], [1, 0])] == [1, 0, 12, 13]
    assert choose_questions(rows, []) == choose_questions([], [3]) == []


# --- the programme ---


class AnyPicture(dict):
    """A picture by every name."""

    def __bool__(self) -> bool:
        return True

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> LessonPicture:
        return LessonPicture(name=name)


def read_lesson(path: Path) -> tuple[Lesson, LessonPlan | None]:
    _empty, head, body = path.read_text().split("+++", 2)
    facts = tomllib.loads(head)
    lesson = Lesson(title=facts["title"], body=body, do_now=facts["do_now"], minutes=facts["minutes"])
    written = path.with_suffix(".plan.toml")
    if not written.exists():
        return lesson, None
    plan = tomllib.loads(written.read_text())
    ask, answer = plan["check"]["ask"], plan["check"]["answer"]
    return lesson, LessonPlan(goal=plan["goal"], parts=plan["part"], check_ask=ask, check_answer=answer)


LESSONS = sorted(PROGRAMME.glob("*/[0-9]*/*.md"))


def test_a_lesson_of_the_programme_fits_on_slides():
    lesson, plan = read_lesson(PROGRAMME / "zh-hans/08-law/01-words.md")
    slides = make_slides(lesson, plan, AnyPicture())
    assert [*find_problems(lesson, slides)] == []
    assert [slide.kind for slide in slides].count("pair") == 5


@pytest.mark.parametrize("name", ["zh-hans/02-light-sound/01-window-light", "en/11-packing/02-drop-test"])
def test_no_sentence_of_a_lesson_is_missing_on_its_slides(name):
    lesson, _plan = read_lesson(PROGRAMME / f"{name}.md")
    assert [*find_missing(lesson, make_slides(lesson, None, AnyPicture()))] == []
    lesson.body += "\n\n布离灯 31 厘米以上。别碰。"
    assert [*find_missing(lesson, make_slides(read_lesson(PROGRAMME / f"{name}.md")[0]))][-2:] == [
        "布离灯 31 厘米以上。",
        "别碰。",
    ]


def test_what_leads_to_no_list_and_an_item_that_is_too_long_are_shown():
    long = (
        "先把这个很长的步骤从头到尾说一遍，" * 4
        + "说完。再量 76 厘米，"
        + "量" * 45
        + "。"
        + "别" * 40
        + "。"
    )
    lesson = Lesson(title="空", body=f"看这里：\n\n> 一\n\n1. {long}\n2. 二\n\n最后：", minutes=5)
    shown = [(slide.lead, slide.first, slide.points) for slide in make_slides(lesson)[1:]]
    first, second = long.index("再量"), long.index("别")
    assert shown == [
        ("", None, ("看这里：", "一")),
        ("", 1, (long[:first],)),
        ("", None, (long[first:],)),
        ("", 2, ("二",)),
        ("", None, ("最后：",)),
    ]
    assert second > first
    assert cut("，".join(["字" * 60] * 3)) == ["字" * 60 + "，"] * 2 + ["字" * 60]


@pytest.mark.long
def test_every_lesson_of_the_programme_fits_on_slides():
    assert len(LESSONS) >= 83
    wrong = []
    for path in LESSONS:
        lesson, plan = read_lesson(path)
        slides = make_slides(lesson, plan, AnyPicture())
        wrong += [f"{path}: {problem}" for problem in find_problems(lesson, slides)]
        wrong += [f"{path}: missing: {sentence}" for sentence in find_missing(lesson, slides)]
        answers = [slide.answer for slide in slides if slide.kind == "check"]
        if any(not answer or re.search("没懂|Whoever|understood", answer) for answer in answers):
            wrong.append(f"{path}: shows who has not understood, {answers}")
    assert wrong == [], "\n".join(wrong)


MARKS = re.compile(r"\s|[：:*`]")


def find_missing(lesson: Lesson, slides: list[Slide]) -> Iterator[str]:
    """Yield each sentence of the lesson's text, with its numbers, units and warnings, that no slide shows."""
    parts = [slide.heading for slide in slides]
    for slide in (slide for slide in slides if slide.stage == "show"):
        sayings = [text for one in (slide.bad, slide.good) if one for text in (one.label, one.text)]
        parts += [slide.lead, *slide.points, slide.caption, *sayings, *chain(slide.head, *slide.rows)]
    shown = MARKS.sub("", "".join(parts))
    for line in re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", lesson.body).splitlines():
        text = re.sub(r"^(?:> ?)?\s*(?:- |\d+\. |#+ )?", "", line)
        for cell in text.strip("|").split("|") if text.strip("|:- ") else ():
            yield from (one for one in split_sentences(cell) if MARKS.sub("", one) not in shown)


def find_problems(lesson, slides):
    if len(slides) < 8:
        yield f"only {len(slides)} slides"
    pictures = re.findall(r"\]\(picture:([\w-]+)\)", lesson.body)
    if [slide.picture.name for slide in slides if slide.picture] != pictures:
        yield "a picture is missing"
    pairs = len(re.findall(r"(?m)^- \*\*(?:\S*不行|Not this)\*\*", lesson.body))
    if sum(slide.kind == "pair" for slide in slides) != pairs:
        yield "a pair is missing"
    if {slide.heading for slide in slides} < set(re.findall(r"(?m)^## (.+)$", lesson.body)):
        yield "a heading is missing"
    words = re.sub(r"[\s*`#>|-]|\[|\]\([^)]*\)", "", lesson.body + lesson.title + lesson.do_now)
    for n, slide in enumerate(slides, 1):
        widths = [measure(point) for point in slide.points]
        if len(widths) > MOST_POINTS or (len(widths) > 1 and sum(widths) > MOST_SLIDE):
            yield f"slide {n} is full"
        if max(widths, default=0) > (MOST_TEXT if len(widths) > 1 else MOST_LONG):
            yield f"slide {n} has a long sentence: {slide.points}"
        if len(slide.rows) > MOST_ROWS or slide.size > 210:
            yield f"slide {n} has too much: {slide.size}"
        shown = slide.points if slide.stage == "show" else ()
        for text in (*shown, *(saying.text for saying in (slide.bad, slide.good) if saying)):
            if re.sub(r"[\s*`#>|-]", "", text) not in words:
                yield f"slide {n} says what the lesson does not: {text}"


@pytest.mark.long
def test_every_module_of_the_programme_has_questions_for_the_wall():
    modules = sorted(PROGRAMME.glob("*/*/quiz.toml"))
    counts = {}
    for path in modules:
        asked = tomllib.loads(path.read_text())["question"]
        rows = []
        for n, row in enumerate(asked):
            choices = [{"id": str(place)} | choice for place, choice in enumerate(row.get("choices", []))]
            content = {"choices": choices} if choices else {"answer": row.get("answer")}
            rows.append(Question(pk=n, kind=row["kind"], text=row["text"], content=content))
        counts[str(path.relative_to(PROGRAMME))] = sum(map(fits_wall, rows))
    assert min(counts.values()) >= 4, counts
    assert LETTERS == "ABCD"
