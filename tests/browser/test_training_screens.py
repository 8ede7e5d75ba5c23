"""Pages of the training on a phone and a desktop, in both languages: certificates, steps, sheets, who is stuck, lesson plans,
and what a trainer reads before a class.
"""

import pytest
from django.urls import reverse

from courses.models import Assignment
from courses.preparation.files import PAGES
from programme.ladder import steps
from programme.models import SheetPrint
from tests.browser.conftest import expect
from tests.factories import make_batch, make_case, make_cohort, make_course, make_person, make_plan
from tests.lives import make_ready_shop
from tests.programme.certificates.worlds import make_certificate, make_class, make_credential_row
from tests.programme.evidence import (
    enrol,
    finish_lessons,
    make_programme,
    open_shop,
    pass_rehearsal,
    receive_order,
)
from tests.programme.support.rows import fail, join
from tests.quizzes import make_quiz

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.mark.long
def test_certificate_and_its_signed_file_fit_a_phone(page, trainee, trainer, village, sign_in, look, axe):
    held = make_certificate(trainee, make_class(trainer, village, trainee))
    make_credential_row(held)
    sign_in(trainee)
    look(held.get_absolute_url(), ("文件里写着你的姓名。", "The file has your name in it."))
    axe()
    look(reverse("programme:credentials"), ("没有网也能查", "Without the internet"))
    axe()


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


@pytest.mark.long
@pytest.mark.usefixtures("no_second_factor")
def test_sheets_fit_a_phone_and_are_one_tap_away(page, live_server, seller, trainer, village, sign_in, look):
    batch = make_batch(make_ready_shop(seller, village))
    cohort = make_class(trainer, village, seller)
    sign_in(seller)
    look(reverse("programme:course_sheet", args=["spec"]), ("照哪一个填", "Filled from"))
    look(
        reverse("programme:course_sheets"),
        ("带我的数", "With my figures"),
        ("排品、写稿", "Rundown and script"),
    )
    page.goto(live_server.url + reverse("programme:course_sheets"))
    with page.expect_download() as taken:
        page.locator(f"a[href='{reverse('programme:course_sheet_pdf', args=['sprays'])}']").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")
    page.goto(live_server.url + reverse("shops:my_batch", args=[batch.pk]))
    assert page.locator(f"a[href$='spec.pdf?of={batch.pk}']").is_visible()
    sign_in(trainer)
    page.goto(live_server.url + reverse("progress:class", args=[cohort.pk]))
    assert page.locator(f"a[href='{reverse('programme:class_sheets', args=[cohort.pk])}']").count() == 1
    look(reverse("programme:class_sheets", args=[cohort.pk]), ("给全班印单子", "Print sheets for the class"))
    row = SheetPrint.objects.create(
        cohort=cohort, made_by=trainer, sheet="spec", site=live_server.url, percent=40
    )
    look(row.get_absolute_url(), ("看做好没有", "See whether it is ready"))


@pytest.mark.long
def test_one_tap_takes_somebody_and_the_pages_fit_a_phone(
    page, county, village, trainer, sign_in, look, live_server, no_second_factor
):
    course = make_course(county, title="直播课", slug="live")
    cohort = make_cohort(course, village, trainer, name="秋季班")
    quiz = make_quiz(course, title="讲货小测")
    # Has passed, and so could help.
    fail(join(make_person("单小红"), cohort, days=1), quiz, passed=True)
    for name in ("阿依古丽·买买提吐尔逊", "曾春生"):
        fail(join(make_person(name), cohort, days=1), quiz, 3)
    sign_in(trainer)
    page.goto(f"{live_server.url}/classes/{cohort.pk}/")
    page.get_by_role("link", name="谁卡住了").click()
    page.get_by_role("button", name="我来管 曾春生").click()
    expect(page.get_by_role("button", name="我来管")).to_have_count(1)
    expect(page.get_by_text(f"在管：{trainer.name}")).to_be_visible()
    board = f"/classes/{cohort.pk}/support/"
    look(board, ("在管：", "Looked after by"), ("打电话", "Call"))
    person = cohort.enrolments.get(user__name="曾春生").user_id
    look(f"{board}{person}/", ("记一下怎么帮的", "Note how you helped"), ("发消息提醒他", "Send a reminder"))
    page.get_by_text("Note how you helped").click()
    expect(page.get_by_label("Talked in person")).to_be_visible()
    # Who of the class helps is asked only where that is what was done.
    peer, pair = page.get_by_label("Which classmate helps"), page.locator('[name="act"][value="pair"]')
    expect(peer).to_be_hidden()
    pair.check()
    expect(peer).to_be_visible()
    page.get_by_label("Called").check()
    expect(peer).to_be_hidden()


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
