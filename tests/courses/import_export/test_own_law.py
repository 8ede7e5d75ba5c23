"""A county in another country: its own module of the law in the place of China's, in the programme and in a zip."""

import io
import shutil
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.utils import translation

from config.county.setup import start_county
from config.health.site_check import Asked, check_law
from courses.import_export import own_law
from courses.import_export.document import UnreadableFile, check_document
from courses.import_export.importer import Media, import_archive, import_document
from courses.import_export.programme import ROOT, import_programme, load_programme
from courses.import_export.written_modules import read_module, read_quiz, read_toml
from courses.models import Course, Lesson, Quiz
from programme.certificates.requirements import create_first_rules, load_standings
from progress.enrolment.services import enrol
from tests.config.county.test_setup import make_plan
from tests.courses.import_export.packages import make_video, packed
from tests.factories import make_photo

EXAMPLE = Path(project.BASE_DIR) / "docs/county/own-law-example"
OURS = ["True words, with the proof beside", "Who sells, and how it goes back"]


@pytest.fixture
def own(settings, tmp_path) -> Path:
    """The folder of the county's module, which a test may spoil."""
    settings.LAW, settings.LAW_DIR = "own", tmp_path
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    return tmp_path / "en" / "08-law"


def make_document() -> dict:
    """Return a course of two modules, of which the second is the law of China, with a test and two cases about it."""
    objectives: list[dict] = []
    folder = ROOT / "en"
    modules = [read_module(n, folder / name, objectives) for n, name in enumerate(("07-script", "08-law"))]
    bank, quiz = read_quiz(read_toml(folder / "08-law/quiz.toml"), 8, 1)
    modules[0]["needs_quiz"] = ["module-8"]
    modules[0]["lessons"] = [
        modules[0]["lessons"][0] | {"pictures": [], "body": "x", "video": "", "captions": ""}
    ]
    modules[1]["needs_quiz"] = []
    asked = [
        {**bank["questions"][0], "code": "b-1"},
        {**bank["questions"][0], "code": "b-2", "objective": "7.1"},
    ]
    before = {"code": "before-after", "title": "Before", "questions": asked}
    pre = quiz | {
        "code": "before",
        "kind": "pre",
        "bank": "before-after",
        "module": None,
        "clears": "",
        "draw": 0,
    }
    pre |= {"objective_minimum": 0, "talk_after": None}
    case = {
        "title": "c",
        "kind": "fine",
        "source": "s",
        "made_up": False,
        "ask": ["a", "b", "c"],
        "body": "x",
    }
    head = {"slug": "live", "title": "Live", "language": "en", "summary": "", "audience": "", "cover": ""}
    return {
        "format": "newfarmwork-course",
        "version": 1,
        "course": head | {"state": "published"},
        "objectives": objectives,
        "modules": modules,
        "banks": [bank, before],
        "quizzes": [quiz, pre],
        "rubrics": [],
        "cases": [case | {"code": "law", "modules": [0, 1]}, case | {"code": "script", "modules": [0]}],
        "media": {},
    }


def plant(document: dict, place) -> Course:
    media = Media(cache(lambda name: make_photo()), cache(lambda name: make_video()))
    return import_document(document, place, media)


def test_law_of_china_is_taught_unless_the_county_says_otherwise():
    document = make_document()
    assert project.LAW == "cn"
    assert own_law.replace_law(document) is document


def test_own_module_takes_the_place_and_what_rests_on_chinas_law_is_left_out(own):
    document = make_document()
    found = own_law.replace_law(document)
    check_document(found)
    assert found["modules"][0] == document["modules"][0]
    assert [lesson["title"] for lesson in found["modules"][1]["lessons"]] == OURS
    assert all("plan" not in lesson for lesson in found["modules"][1]["lessons"])
    assert found["modules"][1]["assignments"] == []
    assert [(one["code"], one["module"]) for one in found["objectives"] if one["module"] == 1] == [
        ("8.1", 1),
        ("8.2", 1),
    ]
    banks = {bank["code"]: [row["code"] for row in bank["questions"]] for bank in found["banks"]}
    assert banks == {
        "before-after": ["b-2"],
        "module-8": ["8-own-proof", "8-own-cure", "8-own-price", "8-own-seller"],
    }
    exam = next(quiz for quiz in found["quizzes"] if quiz["code"] == "module-8")
    assert (exam["title"], exam["module"], exam["clears"], exam["draw"]) == (
        "Examination before going live",
        1,
        "first_live",
        4,
    )
    assert [case["code"] for case in found["cases"]] == ["script"]
    # A course that is not the written one has its own law already.
    other = document | {"modules": [document["modules"][0]]}
    assert own_law.replace_law(other) is other


# What is written wrongly in which file, and what is said of it.
SLIPS = {
    "toml": ("module.toml", "hours = 1", "hours = ", "4: Invalid value (at line 4, column 9)"),
    "shape": ("module.toml", "hours = 1", 'hours = "one"', "4: modules/0/hours：要是整数"),
    "objective": ("module.toml", 'code = "8.2", ', 'code = "8.2", size = 3, ', "10: objectives/1：多了不认识的 size"),
    "number": ("module.toml", "number = 8", "number = 9", "1: 法律单元要写 number = 8"),
    "gone": ("module.toml", '"02-who', '"03-who', "7: 没有 03-who-sells.md 这个文件"),
    "head": ("01-true-words.md", "+++\ntitle", "title", "1: 开头要有两行 +++，中间写 title、minutes"),
    "minutes": ("02-who-sells.md", "minutes = 30", "minutes = 0", "4: modules/0/lessons/1/minutes：太小，最小 1"),
    "picture": ("01-true-words.md", "## What may be said", "![](picture:u)", "8: 项目里没有 u 这张图或这条视频，自己的在后台加"),
    "clears": ("quiz.toml", 'clears = "first_live"', "", '1: 法律考试要写 clears = "first_live"，不然没人能开播'),
    "draw": ("quiz.toml", "draw = 4", "draw = 40", "1: quizzes/module-8：每次抽 40 题，题库里只有 4 题"),
    "answer": ("quiz.toml", "lowest had 10.8.”\", right = true", "lowest had 10.8.”\"", "8: 还没有标出哪个是对的"),
    "none": ("quiz.toml", '= "8.1"', '= "8.9"', "1: quizzes/module-8：每个学习目标至少 2 题，8.1 只有 0 题"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_slip_is_named_with_its_file_and_line(own, slip):
    name, old, new, says = SLIPS[slip]
    text = (own / name).read_text()
    assert old in text
    (own / name).write_text(text.replace(old, new))
    with pytest.raises(UnreadableFile) as refused:
        own_law.read_own_law("en")
    assert refused.value.reasons[0] == f"{own / name}:{says}"


def test_county_without_a_module_is_told_the_file_before_anything_is_written(db, own, settings):
    shutil.rmtree(own)
    with pytest.raises(UnreadableFile) as refused:
        start_county(make_plan())
    expected = own.parents[1] / "zh-hans/08-law/module.toml"
    assert refused.value.reasons == [
        f"LAW=own, but there is no {expected}: write your own module of the law first"
    ]
    assert not Course.objects.exists()
    settings.PREPARATION_DIR = own.parent
    assert [(fault.what, fault.mend) for fault in check_law(Asked())] == [
        (refused.value.reasons[0], "see docs/county/own-law.md"),
        (
            f"there is no duties.md in {own.parent}/<language>: nobody reads what your law asks",
            "see docs/county/own-law.md",
        ),
    ]


@pytest.mark.long
def test_certificate_asks_for_the_countys_own_examination_and_clears_by_it(
    county, trainee, own, settings, tmp_path
):
    settings.PREPARATION_DIR = tmp_path
    (tmp_path / "en/duties.md").write_text('+++\ntitle = "Duties"\n+++\nKeep a list.\n')
    course = plant(own_law.replace_law(make_document()), county)
    assert list(Quiz.objects.filter(clears="first_live").values_list("title", flat=True)) == [
        "Examination before going live"
    ]
    create_first_rules(course)
    enrol(trainee, course)
    rule = course.certificate_rules.get()
    rule.needs_lessons, rule.rehearsals = False, 0
    with translation.override("zh-hans"):
        [standing] = load_standings(course, {trainee.pk: "田巧云"}, rule).values()
    assert [gap.words for gap in standing.gaps] == ["还有一个测验没过：Examination before going live"]
    assert list(check_law(Asked())) == []
    # A lesson on the law of China that is out all the same is named.
    old = Lesson.objects.filter(module__number=8).first()
    title = sorted(own_law.list_titles_of_china())[0]
    Lesson.objects.filter(pk=old.pk).update(title=title)
    [fault] = check_law(Asked())
    assert fault.what == f"LAW=own, and live teaches the law of China: “{title}” is out"
    assert fault.mend == f"take the lesson back in the admin (/admin/courses/lesson/{old.pk}/change/)"


@pytest.mark.long
def test_zip_of_the_course_brings_the_countys_own_module(county, trainer, own, settings):
    settings.LAW = "cn"
    package = packed(plant(make_document(), county))
    Course.objects.all().delete()
    settings.LAW = "own"
    text = (own / "01-true-words.md").read_text()
    (own / "01-true-words.md").write_text(
        text.replace("## What may not", "![scale](picture:weigh-net)\n\n## What may not")
    )
    course = import_archive(io.BytesIO(package), county, trainer)
    lessons = Lesson.objects.filter(module__course=course, module__number=8).in_order()
    assert list(lessons.values_list("title", flat=True)) == OURS
    assert lessons[0].pictures.get().photo.src in lessons[0].shown_html
    shutil.rmtree(own)
    with pytest.raises(UnreadableFile) as refused:
        import_archive(io.BytesIO(package), county, trainer)
    assert refused.value.reasons == [f"LAW=own，可是没有 {own / 'module.toml'}：自己的法律课要先写好"]


@pytest.mark.long
def test_written_programme_is_installed_in_the_languages_of_the_countys_module(county, own, monkeypatch):
    course = import_programme(county)
    assert (course.language, course.twin) == ("en", None)
    assert list(Course.objects.values_list("slug", flat=True)) == [load_programme("en")["course"]["slug"]]
    titles = Lesson.objects.filter(module__course=course).values_list("title", flat=True)
    assert not set(titles) & own_law.list_titles_of_china()
    assert set(OURS) <= set(titles)


def test_command_names_the_file_and_writes_nothing(db, own, tmp_path):
    (own / "quiz.toml").unlink()
    plan = tmp_path / "county.toml"
    plan.write_text(
        'county = "430523"\n[administrator]\nname = "向建国"\nphone = "13800001000"\n'
        '[organiser]\nname = "周梅英"\nphone = "13900001000"\n[[townships]]\nname = "谷洲镇"\nvillages = ["石榴冲村"]\n'
    )
    with pytest.raises(CommandError) as refused:
        call_command("start_county", plan)
    assert str(refused.value) == (
        f"LAW=own, but there is no {own / 'quiz.toml'}: write your own module of the law first\nNothing was written."
    )
