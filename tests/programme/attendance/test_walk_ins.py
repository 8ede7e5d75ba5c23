from uuid import uuid4

import pytest

from accounts.models import AuditEntry
from programme.attendance.marks import NotTaken
from programme.attendance.walk_ins import list_candidates, merge_walk_in, record_walk_in, split_walk_in
from programme.models import Mark, WalkIn
from progress.enrolment.services import enrol
from tests.factories import make_person
from tests.programme.attendance.rows import mark, state


def write(session, trainer, name="向二妹", phone="", **facts) -> WalkIn:
    return record_walk_in(session, trainer, key=facts.pop("key", uuid4()), name=name, phone=phone, **facts)


def test_a_walk_in_written_down_twice_is_one_and_the_later_words_count(session, trainer):
    key = uuid4()
    first = write(session, trainer, key=key)
    assert write(session, trainer, key=key) == first
    changed = write(session, trainer, "向二梅", "+8613912345678", key=key)
    assert (changed.pk, changed.name, str(changed.phone)) == (first.pk, "向二梅", "+8613912345678")
    # A second phone writes the same number down.
    assert write(session, trainer, "二梅", "+8613912345678") == first
    write(session, trainer, "向二梅", "+8613912345678", key=key, attended=False)
    assert list(WalkIn.objects.values_list("name", "attended")) == [("向二梅", False)]


def test_the_number_of_a_person_of_the_class_is_that_person(session, trainer, learner):
    row = write(session, trainer, "巧云", str(learner.phone))
    assert (row.merged_into, row.merged_by) == (learner, trainer)
    assert AuditEntry.objects.get().subject == f"user {learner.pk}"
    assert state(session) == {"田巧云": "present"}


def test_merging_credits_the_person_and_is_taken_back_without_loss(session, trainer, course, cohort):
    row = write(session, trainer, "向二妹", "+8613912345678")
    person = make_person("向二妹", phone="+8613912345678")
    enrol(person, course, cohort)
    mark(session, trainer, person, Mark.ABSENT)
    assert merge_walk_in(trainer, row, person)
    assert not merge_walk_in(trainer, row, person)
    assert state(session) == {"向二妹": "present"}
    assert split_walk_in(trainer, row)
    assert not split_walk_in(trainer, row)
    assert state(session) == {"向二妹": "absent"}
    row.refresh_from_db()
    assert (row.merged_into, row.attended) == (None, True)
    entries = AuditEntry.objects.order_by("pk").values_list("verb", "subject", "detail")
    subject, detail = f"user {person.pk}", {"session": "竖屏怎么拍", "walk_in": row.pk}
    assert list(entries) == [("walk_in_merged", subject, detail), ("walk_in_split", subject, detail)]


def test_a_person_written_down_twice_stays_present_until_both_rows_are_split(session, trainer, learner):
    first, second = write(session, trainer, "田姐"), write(session, trainer, "巧云姐")
    for row in (first, second):
        merge_walk_in(trainer, row, learner)
    split_walk_in(trainer, first)
    assert state(session) == {"田巧云": "present"}
    merge_walk_in(trainer, first, learner)
    split_walk_in(trainer, second)
    assert state(session) == {"田巧云": "present"}
    mark(session, trainer, learner, Mark.EXCUSED)
    merge_walk_in(trainer, second, learner)
    split_walk_in(trainer, second)
    assert state(session) == {"田巧云": "excused"}


def test_merging_leaves_a_late_person_late_and_a_later_correction_stays_after_splitting(
    session, trainer, learner, other
):
    late, absent = write(session, trainer, "田姐"), write(session, trainer, "老曾")
    mark(session, trainer, learner, Mark.LATE)
    merge_walk_in(trainer, late, learner)
    merge_walk_in(trainer, absent, other)
    assert state(session) == {"田巧云": "late", "曾春生": "present"}
    mark(session, trainer, other, Mark.EXCUSED)
    for row in (late, absent):
        split_walk_in(trainer, row)
    assert state(session) == {"田巧云": "late", "曾春生": "excused"}


def test_a_merged_walk_in_is_not_changed_and_nobody_outside_the_class_gets_one(
    session, trainer, learner, seller
):
    row = write(session, trainer)
    with pytest.raises(NotTaken, match="not_member"):
        merge_walk_in(trainer, row, seller)
    merge_walk_in(trainer, row, learner)
    with pytest.raises(NotTaken, match="walk_in_merged"):
        write(session, trainer, key=row.key, attended=False)
    assert WalkIn.objects.get().attended


@pytest.mark.long
def test_candidates_begin_with_the_same_number_then_the_same_name(
    session, trainer, learner, other, course, cohort
):
    row = write(session, trainer, "田巧云", "+8613912345678")
    same = make_person("向二妹", phone="+8613912345678")
    enrol(same, course, cohort)
    assert [(one.user, one.why) for one in list_candidates(row)] == [
        (same, "phone"),
        (learner, "name"),
        (other, ""),
    ]
