import csv
import io

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.phones import local
from progress import register
from progress.doing import mark_done
from progress.enrolling import enrol, leave
from progress.models import LessonDone
from tests.factories import make_person


def export(client, cohort):
    return client.post(f"/classes/{cohort.pk}/export/")


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
        ["姓名", "手机号", "村", "学完几课", "一共几课", *[lesson.title for lesson in lessons]],
        ["田巧云", local(learner.phone), "石榴冲村", "1", "6", "", day, "", "", "", ""],
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


def test_long_classes_are_read_in_chunks(cohort, course, lessons, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(register, "CHUNK", 4)
    people = [make_person(f"学员{n}") for n in range(10)]
    for user in people:
        enrol(user, course, cohort)
    with django_assert_num_queries(10):  # three a chunk, and one that finds nothing
        names = [row[0] for row in register.rows(cohort, lessons)]
    assert names == [user.name for user in people]
