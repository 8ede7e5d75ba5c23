import io

import pytest

from courses.import_export import gift, xlsx
from courses.import_export.question_import import import_questions, plan_import
from courses.models import Bank, Course, Objective, Question
from tests.courses.import_export.packages import plant_written
from tests.courses.import_export.sheets import SINGLE, workbook
from tests.factories import make_course


@pytest.fixture
def course(county) -> Course:
    course = make_course(county, lessons=0)
    Objective.objects.create(course=course, code="1.1", text="拿稳")
    return course


@pytest.fixture
def bank(course) -> Bank:
    return Bank.objects.create(course=course, code="b", title="题库")


def rows(*given: dict) -> list:
    content = workbook(*[SINGLE | row for row in given])
    return xlsx.read_sheet(io.BytesIO(content), len(content))


def numbers(made) -> tuple[int, ...]:
    return len(made.new), len(made.changed), len(made.same), len(made.wrong)


def test_questions_are_added_and_known_again(course, bank):
    given = [{"编号": "c-1", "学习目标": "1.1", "卷别": "A"}, {"题目": "另一道？"}]
    assert numbers(plan_import(course, bank, rows(*given))) == (2, 0, 0, 0)
    assert numbers(import_questions(course, bank, "", rows(*given))[1]) == (2, 0, 0, 0)
    first, second = bank.questions.order_by("position")
    assert (first.code, first.position, first.form, first.objective.code) == ("c-1", 1, "A", "1.1")
    assert (second.code, second.position, second.kind, second.explain) == ("q-2", 2, "single", "乙对。")
    assert numbers(import_questions(course, bank, "", rows(*given))[1]) == (0, 0, 2, 0)
    assert bank.questions.count() == 2


def test_a_question_is_changed_by_its_code_or_by_its_text(course, bank):
    import_questions(course, bank, "", rows({"编号": "c-1"}, {"题目": "另一道？"}))
    made = import_questions(
        course, bank, "", rows({"编号": "c-1", "题目": "改了？"}, {"题目": "另一道？", "讲解": "新的"})
    )[1]
    assert [names for _asked, _question, names in made.changed] == [["text"], ["explain"]]
    assert list(bank.questions.values_list("text", "explain")) == [("改了？", "乙对。"), ("另一道？", "新的")]


def test_choices_that_stay_keep_their_ids(course, bank):
    import_questions(course, bank, "", rows({"编号": "c-1"}))
    import_questions(
        course, bank, "", rows({"编号": "c-1", "选项A": "新的", "选项B": "甲", "选项C": "乙", "答案": "C"})
    )
    choices = bank.questions.get().content["choices"]
    assert [(row["id"], row["text"], row["right"]) for row in choices] == [
        ("c", "新的", False), ("a", "甲", False), ("b", "乙", True)
    ]  # fmt: skip


def test_what_a_format_cannot_say_stays(course, bank):
    import_questions(course, bank, "", rows({"编号": "c-1", "学习目标": "1.1", "卷别": "A"}))
    made = import_questions(course, bank, "", gift.read("::c-1::哪个对？{~甲 =乙 ~丙}".encode()))[1]
    assert [names for _asked, _question, names in made.changed] == [["content"]]
    question = bank.questions.get()
    assert (question.objective.code, question.form, question.explain) == ("1.1", "A", "乙对。")


def test_what_is_wrong_is_left_out_and_the_rest_comes_in(course, bank):
    given = [{}, {"题目": "二？", "答案": "D"}, {"题目": "三？", "学习目标": "9.9"}, {}]
    made = import_questions(course, bank, "", rows(*given))[1]
    assert numbers(made) == (1, 0, 0, 3)
    assert [(one.where, one.problems) for one in made.wrong] == [
        ("第 3 行", ["答案里的 D 没有这个选项，写字母，比如 B"]),
        ("第 4 行", ["学习目标“9.9”这门课里没有。有的是：1.1"]),
        ("第 5 行", ["跟第 2 行重了，只留一道"]),
    ]


def test_a_bank_is_made_where_none_was_chosen(course, bank):
    made, _plan = import_questions(course, None, "新题库", rows({}))
    assert (made.course, made.title, made.code, made.questions.count()) == (course, "新题库", "bank-1", 1)
    assert import_questions(course, None, "再一个", rows({}))[0].code == "bank-2"


def test_codes_that_are_made_avoid_those_of_the_file(course, bank):
    import_questions(course, bank, "", rows({"题目": "一？"}, {"编号": "q-1"}))
    assert list(bank.questions.values_list("code", "text")) == [("q-2", "一？"), ("q-1", "哪个对？")]


@pytest.mark.long
def test_the_same_queries_for_one_question_and_for_fifty(course, bank, django_assert_num_queries):
    many = [{"题目": f"第 {n} 道？", "学习目标": "1.1"} for n in range(50)]
    import_questions(course, bank, "", rows(*many[:25]))
    for some in (many[:26], many):
        changed = rows(*[row | {"讲解": f"因为{len(some)}"} for row in some])
        with django_assert_num_queries(7):
            import_questions(course, bank, "", changed)


@pytest.mark.long
def test_a_banks_own_sheet_brought_in_again_changes_nothing(county):
    for course in plant_written(county):
        for bank in course.banks.all():
            questions = bank.questions.select_related("objective").order_by("position")
            content = xlsx.write_bank(questions)
            found = xlsx.read_sheet(io.BytesIO(content), len(content))
            kept = questions.exclude(kind=Question.Kind.PICTURE).count()
            assert numbers(plan_import(course, bank, found)) == (0, 0, kept, 0), (course, bank)
