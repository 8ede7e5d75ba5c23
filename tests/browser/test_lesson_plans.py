"""The plan of a lesson and the list of a course's plans, on a phone and a desktop, in both languages."""

import pytest

from courses.models import Assignment
from tests.factories import make_course, make_plan

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.mark.long
def test_a_plan_fits_a_phone_and_its_answer_unfolds(page, county, trainer, no_second_factor, sign_in, look):
    course = make_course(county, lessons=2, slug="live", title="乡村直播卖货")
    module = course.modules.get()
    module.lessons.update(minutes=120)
    Assignment.objects.create(module=module, title="任务", text="做", minutes=90)
    lesson = module.lessons.first()
    make_plan(lesson, kit="秤 4 台\n纸箱 8 个\n胶带 4 卷", safety="小刀朝外划，人站开。" * 6)
    sign_in(trainer)
    look("/courses/live/plans/", ("加起来", "Altogether"))
    look(f"/courses/live/plans/{lesson.pk}/", ("常见的错", "Usual mistakes"))
    page.get_by_label("纸箱 8 个").check()
    answer = page.get_by_text("查空隙；说胶带没缠够的，是没懂")
    assert not answer.is_visible()
    page.get_by_text("箱子摇得响，先查哪儿？").click()
    answer.wait_for()
