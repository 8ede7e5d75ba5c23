"""Recordings of a class that are still on phones, as its trainer sees them."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from media.models import Upload
from progress.permissions import can_lead_class
from rehearsals.models import Take
from rehearsals.recordings.reports import get_upload_reference
from rehearsals.submissions.dashboard import find_missing_takes, find_on_phones, list_on_phones
from tests.factories import make_cohort
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission


@pytest.fixture
def plan(learner, course):
    return make_plan(learner, make_drill(course))


def read(client, cohort, part="") -> str:
    return client.get(reverse("progress:class", args=[cohort.pk]) + part).content.decode()


def test_class_board_leads_to_what_has_not_come(as_user, trainer, learner, cohort, plan):
    make_rehearsal(learner, plan, cohort=cohort)
    coming = make_rehearsal(learner, plan, takes=2, here=False, cohort=cohort, on_phone_bytes=3_400_000)
    make_submission(learner, coming)
    make_rehearsal(learner, plan, here=False, cohort=cohort, dropped_at=timezone.now())
    make_rehearsal(learner, plan, here=False)
    assert [one.rehearsal for one in list_on_phones(cohort)] == [coming.pk]
    client = as_user(trainer)
    board, page = read(client, cohort), read(client, cohort, "phones/")
    assert ("1 次彩排" in board, f'href="/classes/{cohort.pk}/phones/"' in board) == (True, True)
    assert (page.count("<li>"), "3.4 MB" in page, "点了提交" in page) == (1, True, True)
    Upload.objects.update(state="whole", size=1000, offset=1000)
    assert list_on_phones(cohort) == []
    assert "还在手机里，没收到" not in read(client, cohort)
    assert "都收到了" in read(client, cohort, "phones/")


@pytest.mark.both_databases
def test_take_has_come_once_its_upload_is_whole_bound_to_it_or_not(learner, stranger, cohort, plan):
    bound, loose, foreign, unsent = (
        make_rehearsal(learner, plan, here=False, cohort=cohort) for _rehearsal in range(4)
    )
    take = bound.takes.get()
    Take.objects.filter(pk=take.pk).update(
        upload=Upload.objects.get(reference=get_upload_reference(take.key))
    )
    assert {one.rehearsal for one in list_on_phones(cohort)} == {bound.pk, loose.pk, foreign.pk, unsent.pk}
    sent = [get_upload_reference(one.takes.get().key) for one in (bound, loose, foreign)]
    Upload.objects.filter(reference__in=sent).update(state="whole", size=1000, offset=1000)
    # Another's upload of that name is not this person's take.
    Upload.objects.filter(reference=sent[2]).update(owner=stranger)
    assert [one.rehearsal for one in list_on_phones(cohort)] == [unsent.pk, foreign.pk]
    assert find_on_phones(cohort.pk).count() == 2


@pytest.mark.long
@pytest.mark.both_databases
def test_takes_of_a_class_are_found_among_all_uploads_by_index(learner, cohort, plan):
    for _rehearsal in range(3):
        make_rehearsal(learner, plan, here=False, cohort=cohort)
    facts = {"owner": learner, "state": "whole", "size": 1, "offset": 1, "expires_at": timezone.now()}
    Upload.objects.bulk_create(Upload(reference=f"take {n}", **facts) for n in range(3000))
    sql, params = find_missing_takes(cohort).values_list("rehearsal").query.sql_with_params()
    with connection.cursor() as cursor:
        is_sqlite = connection.vendor == "sqlite"
        if not is_sqlite:
            cursor.execute("ANALYZE media_upload")
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if is_sqlite else ''} {sql}", params)
        plan_lines = [str(row[-1]).strip(" ->") for row in cursor.fetchall()]
    [line] = [line for line in plan_lines if "U0" in line.upper()]
    assert line.startswith(
        (
            "SEARCH U0 USING INDEX upload_once_a_reference (owner_id=? AND reference=?)",
            "Index Scan using upload_once_a_reference on media_upload u0",
        )
    )


@pytest.mark.parametrize("count", [1, 24])
def test_list_takes_the_same_queries_for_any_number(
    as_user, trainer, learner, cohort, plan, count, django_assert_num_queries
):
    for _rehearsal in range(count):
        make_rehearsal(learner, plan, here=False, cohort=cohort)
    client = as_user(trainer)
    with django_assert_num_queries(5):  # session, person, roles; class; recordings
        page = read(client, cohort, "phones/")
    assert (page.count("<li>"), "只列最近的 20 次" in page) == ((1, False), (20, True))[count == 24]


def test_another_class_shows_none_of_it(as_user, trainer, learner, cohort, course, village, plan):
    make_rehearsal(learner, plan, here=False, cohort=cohort)
    other = make_cohort(course, village, trainer)
    assert can_lead_class(trainer, other)
    assert list_on_phones(other) == []
