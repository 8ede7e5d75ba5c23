"""The six steps on a phone and a desktop, in both languages."""

import pytest

from programme.ladder import steps
from tests.programme.evidence import (
    enrol,
    finish_lessons,
    make_programme,
    open_shop,
    pass_rehearsal,
    receive_order,
)

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.fixture
def seller_with_steps(seller, trainer, village, no_second_factor):
    """A seller who has done one lesson, passed a rehearsal and had an order received."""
    cohort = make_programme(village, trainer)
    enrol(seller, cohort)
    finish_lessons(seller, cohort.course, "2026-09-02 20:00")
    pass_rehearsal(seller, cohort, trainer, "2026-09-20 21:00")
    receive_order(open_shop(seller, village)[1], "2026-10-03 10:00")
    steps.count_everybody()
    return seller


def test_ones_own_steps_fit_a_phone(page, seller_with_steps, sign_in, look):
    sign_in(seller_with_steps)
    look("/me/ladder/", ("我的阶梯", "My steps"), ("一个月净收入到标准", "net income reached the target"))
    look("/me/", ("看依据", "See the evidence"))


def test_everybodys_steps_fit_a_phone(page, seller_with_steps, trainer, sign_in, look):
    sign_in(trainer)
    look(
        "/classes/ladder/",
        ("大家走到哪一级", "Who has reached which step"),
        (seller_with_steps.name, seller_with_steps.name),
    )
    look(f"/classes/ladder/{seller_with_steps.pk}/", ("依据", "Evidence"))
