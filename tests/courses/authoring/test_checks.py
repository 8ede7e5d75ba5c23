import io

import pytest
from django.core.management import CommandError, call_command

from courses.authoring import checks
from courses.import_export.programme import list_languages
from courses.models import Bank, Course, Lesson, LessonPicture, Objective, Question, Quiz, State
from media.models import Video
from tests.courses.import_export.packages import plant_written
from tests.factories import make_course, make_lesson, make_photo

SINGLE = {"choices": [{"id": "a", "text": "对", "right": True}, {"id": "b", "text": "错"}]}


@pytest.fixture
def course(county) -> Course:
    return make_course(county, lessons=0, title="柑橘课", state=State.DRAFT)


@pytest.fixture
def lesson(course) -> Lesson:
    return make_lesson(course.modules.get(), title="拿稳", do_now="拍一条")


@pytest.fixture
def quiz(course, lesson) -> Quiz:
    bank = Bank.objects.create(course=course, code="b", title="题库")
    quiz = Quiz.objects.create(course=course, bank=bank, code="q", title="小测", state=State.PUBLISHED)
    ask(bank, "一")
    return quiz


def ask(bank: Bank, text: str, **more) -> Question:
    fields = {"kind": "single", "content": SINGLE, "explain": "因为", "code": f"c{bank.questions.count()}"}
    return Question.objects.create(bank=bank, text=text, **fields | more)


def rewrite(lesson: Lesson, **fields) -> None:
    for name, value in fields.items():
        setattr(lesson, name, value)
    lesson.save()


def list_problems(course: Course) -> list[tuple]:
    return [(one.blocks, one.goes_out, one.where, one.message) for one in checks.check_course(course)]


def test_a_course_that_is_whole_has_nothing_amiss(course, quiz):
    assert list_problems(course) == []


def test_a_course_with_nothing_out_cannot_go(course):
    assert list_problems(course) == [(True, True, "柑橘课", "还没有一课是发布的，先发布几课")]


@pytest.mark.parametrize(
    "link",
    ["/nowhere/", "next.md", "/courses/none/", "/learn/none/", "/learn/lessons/999999/", "/media/x.jpg"],
)
def test_a_link_to_no_page_of_this_site_is_dead(link, course, lesson):
    rewrite(lesson, body=f"[去]({link})")
    assert list_problems(course) == [(True, True, "拿稳", f"链接打不开：{link}")]


@pytest.mark.parametrize(
    "link", ["/", "/courses/", "/products/?q=1", "#a", "https://example.org/x", "tel:12315", "mailto:a@b.cn"]
)
def test_a_link_that_leads_somewhere_is_fine(link, course, lesson):
    rewrite(lesson, body=f"[去]({link})")
    assert list_problems(course) == []


def test_links_to_lessons_and_courses_are_looked_up(course, lesson):
    draft = make_lesson(lesson.module, title="草", state=State.DRAFT, do_now="做")
    own = [
        f"[a](/learn/lessons/{lesson.pk}/)",
        f"[b](/courses/{course.slug}/)",
        f"[c](/learn/lessons/{draft.pk}/)",
    ]
    rewrite(lesson, body="\n".join(own))
    assert list_problems(course) == [(False, True, "拿稳", f"链接到的课还没发布：/learn/lessons/{draft.pk}/")]


def test_pictures_must_be_there_be_shown_and_be_told(course, lesson):
    for name, alt in (("a", "图"), ("b", ""), ("c", "图")):
        LessonPicture.objects.create(lesson=lesson, photo=make_photo(), name=name, alt=alt)
    rewrite(lesson, body="![](picture:a)\n\n![](picture:b)\n\n![](picture:gone)")
    assert list_problems(course) == [
        (True, True, "拿稳", "正文里的图 picture:gone 找不到，插图里没有这个图名"),
        (False, True, "拿稳", "插图 b 没写图上有什么"),
        (False, True, "拿稳", "插图 c 没放进正文"),
    ]


def test_a_heavy_video_without_captions_is_told(course, lesson):
    video = Video.objects.create(status="ready", renditions={"240": {"bytes": 12_000_000}})
    rewrite(lesson, video=video, do_now=" ")
    assert list_problems(course) == [
        (False, True, "拿稳", "视频没有字幕：听不见的人、开不了声音的人看不懂"),
        (False, True, "拿稳", "“动手做”空着：学完这一课做什么？"),
        (False, True, "拿稳", "这一课要 12.0 MB 流量，超过 10 MB 了：视频剪短一点，照片少几张"),
    ]
    Video.objects.update(status="failed")
    rewrite(lesson, captions="WEBVTT", do_now="做")
    assert list_problems(course)[0] == (True, True, "拿稳", "视频没做成，重新传一个")


def test_quiz_and_questions_are_looked_through(course, quiz):
    ask(quiz.bank, "二", explain="")
    ask(quiz.bank, "三", content={"choices": []})
    ask(quiz.bank, "四", is_retired=True, explain="")
    Quiz.objects.update(draw=4)
    found = list_problems(course)
    assert found[0] == (True, True, "小测", "每次抽 4 题，题库里只有 3 题")
    assert (False, True, "二", "这道题没写讲解，答错了不知道错在哪儿") in found
    assert (True, True, "三", "至少要有两个选项") in found
    assert [one for one in found if one[2] == "四"] == []


def test_a_test_of_two_forms_draws_from_one(course, quiz):
    Question.objects.update(form="A")
    for n in range(2):
        ask(quiz.bank, f"乙{n}", form="B")
    Quiz.objects.update(kind="pre", draw=2)
    assert list_problems(course) == [(True, True, "小测", "每次抽 2 题，A 卷只有 1 题")]


def test_a_minimum_that_the_bank_cannot_give_is_told(course, quiz, lesson):
    Quiz.objects.update(module=lesson.module, draw=5, objective_minimum=2)
    assert list_problems(course)[0] == (True, True, "小测", "每次抽 5 题，题库里只有 1 题")
    assert list_problems(course)[1] == (True, True, "小测", "题都还没选学习目标，没法保证每个目标至少 2 题")
    aims = [
        Objective.objects.create(course=course, module=lesson.module, code=code, text=code)
        for code in ("1.1", "1.2", "1.3")
    ]
    for n in range(5):
        ask(quiz.bank, f"题{n}", objective=aims[n % 2])
    assert [one[3] for one in list_problems(course) if one[2] == "小测"] == [
        "每个学习目标至少 2 题，1.3 只有 0 题",
        "3 个学习目标，每个至少 2 题，要 6 题，每次只抽 5 题",
    ]
    aims[2].delete()
    assert list_problems(course) == []
    Quiz.objects.update(objective_minimum=4, draw=0)
    assert [one[3] for one in list_problems(course)] == [
        "每个学习目标至少 4 题，1.1 只有 3 题",
        "每个学习目标至少 4 题，1.2 只有 2 题",
    ]
    Quiz.objects.update(master_right=3, master_of=4)
    assert list_problems(course) == []


def test_objectives_that_nobody_asks_are_told(course, quiz):
    asked = Objective.objects.create(course=course, code="1.1", text="拿稳")
    Objective.objects.create(course=course, code="1.2", text="横竖")
    Question.objects.update(objective=asked)
    assert list_problems(course) == [(False, True, "1.2 横竖", "没有一道题考这个学习目标")]


def test_what_stands_in_drafts_does_not_keep_a_course_back(course, quiz):
    make_lesson(course.modules.get(), title="草", state=State.DRAFT, body="![](picture:x)", do_now="做")
    report = checks.check_course(course)
    assert (report.errors, report.warnings, [one.where for one in report.in_drafts]) == ([], [], ["草"])


def test_each_finding_leads_to_where_it_is_mended(course, lesson, as_user, trainer, settings):
    settings.DEMO = True
    rewrite(lesson, body="![](picture:x)", do_now="")
    urls = [one.url for one in checks.check_course(course)]
    change = f"/admin/courses/lesson/{lesson.pk}/change/"
    assert urls == [f"{change}#id_body", f"{change}#id_do_now"]
    page = as_user(trainer).get(change).content.decode()
    assert 'id="id_body"' in page
    assert 'id="id_do_now"' in page
    assert 'id="pictures-group"' in page


@pytest.mark.long
def test_the_same_queries_for_one_lesson_and_for_a_whole_programme(
    course, quiz, county, django_assert_num_queries
):
    rewrite(Lesson.objects.get(), body="[去](/learn/lessons/1/)[课](/courses/x/)")
    LessonPicture.objects.create(lesson=Lesson.objects.get(), photo=make_photo(), name="a", alt="图")
    with django_assert_num_queries(8):
        checks.check_course(course)
    written = plant_written(county)[list_languages().index("zh-hans")]
    with django_assert_num_queries(6):
        report = checks.check_course(written)
    assert report.errors == []


def test_command_tells_and_fails_where_something_blocks(course, lesson):
    out = io.StringIO()
    call_command("check_course", course.slug, stdout=out)
    assert out.getvalue() == f"{course.slug}: can go out, 0 to look at\n"
    rewrite(lesson, body="![](picture:x)")
    with pytest.raises(CommandError, match="1 to mend"):
        call_command("check_course", course.slug, stdout=out)
    with pytest.raises(CommandError, match="no course none"):
        call_command("check_course", "none")


def test_words_that_promise_an_outcome_block_a_course_and_only_ask_in_a_lesson(course, quiz, lesson):
    rewrite(lesson, body="学完保证月入过万。")
    assert {(blocks, goes_out, where) for blocks, goes_out, where, _said in list_problems(course)} == {
        (False, True, "拿稳")
    }
    rewrite(lesson, body="拍一条。")
    course.summary = "学完保证月入过万。"
    [(blocks, goes_out, where, said), *_more] = list_problems(course)
    assert (blocks, goes_out, where) == (True, True, "柑橘课")
    assert said.startswith("“")


def test_teaching_what_not_to_say_blocks_nothing(course, quiz, lesson):
    rewrite(lesson, body="直播里不能说“最甜”，也不能说“包治百病”。")
    assert list_problems(course) == []
