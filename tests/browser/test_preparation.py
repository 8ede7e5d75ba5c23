"""What a trainer reads before a class, and the cases, are readable to everybody on a phone, in both languages."""

import pytest

from courses.models import Assignment
from courses.preparation.files import PAGES
from tests.factories import make_case, make_course, make_plan

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def course(county, tmp_path, settings, no_second_factor):
    """Return a course with two lessons that the timetables place, a task, and a plan with a thing that no list has."""
    settings.PREPARATION_DIR = tmp_path
    course = make_course(county, lessons=2, slug="live", title="乡村直播卖货")
    module = course.modules.get()
    for lesson, code in zip(module.lessons.all(), ("01-steady-hands", "02-upright-or-level"), strict=True):
        module.lessons.filter(pk=lesson.pk).update(code=code, minutes=50)
        make_plan(lesson, kit="秤 4 台\n独轮车一辆")
    Assignment.objects.create(module=module, title="五条视频", text="拍", minutes=60)
    return course


@pytest.mark.long
def test_pages_for_trainers_and_cases_have_no_fault_for_readers_of_either_language(
    page, live_server, course, trainer, sign_in, languages, axe
):
    case = make_case(course, course.modules.get(), body="## 出了什么事\n\n> **记住**：称一称。\n\n- 一\n- 二")
    sign_in(trainer)
    page.set_viewport_size(PHONE)
    root = f"{live_server.url}/courses/live"
    urls = [f"{root}/preparation/", *(f"{root}/preparation/{name}/" for name in PAGES), f"{root}/cases/"]
    for language in languages(both=True):
        for url in (*urls, live_server.url + case.get_absolute_url()):
            page.goto(url)
            assert page.locator("html").get_attribute("lang") == ("zh-Hans", "en")[language]
            axe()
