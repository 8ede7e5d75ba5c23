from programme.attendance.roll import get_initial, load_roll, spell
from progress.enrolment.services import enrol
from tests.factories import make_person
from tests.programme.attendance.rows import mark


def test_the_roll_is_by_pinyin_with_surnames_as_they_are_read(
    session, trainer, course, cohort, learner, other
):
    for name in ("阿依古丽·买买提", "单小红", "覃大山", "Tom Smith", "沈妹"):
        enrol(make_person(name), course, cohort)
    mark(session, trainer, other, "late")
    roll = load_roll(session)
    assert [(row.number, row.letter, row.name, row.mark) for row in roll.rows] == [
        (1, "A", "阿依古丽·买买提", "open"),
        (2, "Q", "覃大山", "open"),
        (3, "S", "单小红", "open"),
        (4, "", "沈妹", "open"),
        (5, "T", "Tom Smith", "open"),
        (6, "", "田巧云", "open"),
        (7, "Z", "曾春生", "late"),
    ]
    assert roll.counts == {"present": 0, "late": 1, "absent": 0, "excused": 0, "open": 6}


def test_a_name_without_a_letter_has_a_place():
    assert (get_initial("·"), get_initial(""), spell("")) == ("#", "#", [])
