import csv
import io
import re

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AuditEntry
from accounts.phones import format_local
from courses.models import Quiz
from progress.classes import register
from progress.enrolment.services import enrol, leave
from progress.lessons.completion import mark_done
from progress.models import Attempt, LessonDone
from tests.factories import make_person
from tests.quizzes import make_bank, make_quiz

HEAD = ["姓名", "手机号", "村", "学完几节课", "一共几节课", "学前测（%）", "学后测（%）", "长进（分）"]


def export(client, cohort, **asked):
    return client.post(f"/classes/{cohort.pk}/export/", asked)


def sheet(response) -> list[list[object]]:
    book = load_workbook(io.BytesIO(response.content))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def hand_in(user, quiz: Quiz, number: int, right: int, total: int = 10, **fields) -> Attempt:
    facts = {"finished_at": timezone.now(), "right": right, "total": total} | fields
    return Attempt.objects.create(user=user, quiz=quiz, number=number, **facts)


@pytest.fixture
def tests_of(course):
    """pre, post, a quiz that is out and a draft."""
    bank = make_bank(course)
    pre = make_quiz(course, bank=bank, kind=Quiz.Kind.PRE, title="学前测")
    post = make_quiz(course, bank=bank, kind=Quiz.Kind.POST, title="学后测")
    module = course.modules.first()
    out = make_quiz(course, bank=bank, module=module, title="第1单元小测")
    make_quiz(course, bank=bank, module=module, title="草稿小测", state="draft")
    return pre, post, out


def test_scores_of_tests_and_quizzes_stand_with_each_person(
    as_user, trainer, cohort, course, learner, tests_of
):
    pre, post, out = tests_of
    hand_in(learner, pre, 1, 4)
    hand_in(learner, pre, 2, 10)
    hand_in(learner, post, 1, 7)
    hand_in(learner, out, 1, 6)
    hand_in(learner, out, 2, 2, total=3)
    hand_in(learner, out, 3, 10, finished_at=None)
    other = make_person("只考了一次")
    enrol(other, course, cohort)
    hand_in(other, post, 1, 10)
    head, first, second = table(export(as_user(trainer), cohort))
    assert head[: len(HEAD) + 1] == [*HEAD, "第1单元小测（%）"]
    assert "草稿小测（%）" not in head
    assert first[len(HEAD) - 3 : len(HEAD) + 1] == ["40", "70", "30", "66"]
    assert second[len(HEAD) - 3 : len(HEAD) + 1] == ["", "100", "", ""]


def test_the_same_table_as_xlsx(as_user, trainer, cohort, course, learner, lessons, tests_of):
    pre, post, out = tests_of
    hand_in(learner, pre, 1, 4)
    hand_in(learner, post, 1, 7)
    mark_done(learner, lessons[0])
    enrol(make_person("=1+1"), course, cohort)
    response = export(as_user(trainer), cohort, **{"as": "xlsx"})
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert re.fullmatch(
        rf'attachment; filename="class-{cohort.pk}-\d{{8}}\.xlsx"', response["Content-Disposition"]
    )
    head, second, first = sheet(response)  # by pinyin
    assert head == [*HEAD, "第1单元小测（%）", *[lesson.title for lesson in lessons]]
    day = f"{timezone.localdate():%Y-%m-%d}"
    gone = [None] * 5
    assert first == ["田巧云", format_local(learner.phone), "石榴冲村", 1, 6, 40, 70, 30, None, day, *gone]
    assert second[0] == "=1+1"
    book = load_workbook(io.BytesIO(response.content))
    assert (book.active["A3"].data_type, book.active["D2"].data_type) == ("s", "n")


def table(response) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_export_is_one_row_a_trainee_with_the_days(as_user, trainer, cohort, learner, lessons):
    mark_done(learner, lessons[1])
    response = export(as_user(trainer), cohort)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith(f'attachment; filename="class-{cohort.pk}-')
    day = f"{timezone.localtime(LessonDone.objects.get().happened_at):%Y-%m-%d}"
    assert table(response) == [
        [*HEAD, *[lesson.title for lesson in lessons]],
        ["田巧云", format_local(learner.phone), "石榴冲村", "1", "6", "", "", "", "", day, "", "", "", ""],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝cmd", "\t=1"])
def test_names_never_run_as_formulas(as_user, trainer, cohort, course, name):
    enrol(make_person(name), course, cohort)
    assert table(export(as_user(trainer), cohort))[1][0] == f"'{name}"


def test_who_took_it_away_is_written_down(as_user, trainer, cohort, learner):
    export(as_user(trainer), cohort)
    entry = AuditEntry.objects.get(verb="list_exported")
    assert (entry.actor, entry.subject, entry.place, entry.detail) == (
        trainer,
        f"cohort {cohort.pk}",
        cohort.place,
        {"name": "秋季班", "count": 1},
    )


def test_looking_does_not_export(as_user, trainer, cohort):
    assert as_user(trainer).get(f"/classes/{cohort.pk}/export/").status_code == 405


def test_who_left_is_not_in_it(as_user, trainer, cohort, learner, course):
    leave(learner, course)
    assert len(table(export(as_user(trainer), cohort))) == 1


@pytest.mark.long
def test_long_classes_are_read_in_chunks(cohort, course, lessons, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(register, "CHUNK", 4)
    people = [make_person(f"学员{n}") for n in range(10)]
    for user in people:
        enrol(user, course, cohort)
    table = register.build_register(cohort)
    with django_assert_num_queries(13):  # four a chunk, and one that finds nothing
        names = [row[0] for row in table.rows()]
    assert names == [user.name for user in people]
