"""Adding a class from a list, on a phone and a desktop in both languages: look, decide, confirm."""

import pytest

from tests.browser.conftest import expect
from tests.factories import make_cohort, make_course, make_person
from tests.programme.rosters.files import HEADER, make_xlsx

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]

ROWS = [
    ["青溪镇秋季电商直播培训班报名表"],
    HEADER,
    ["阿依古丽·买买提吐尔逊", 13800009991, "青溪镇石榴冲村3组", "会开车"],
    ["田小云", "13800009992", "石榴冲", ""],
    ["向二妹", "0745-8812345", "火星村", ""],
    ["曾春生", "13800009993", "火星村", ""],
]


@pytest.mark.long
def test_a_list_is_looked_at_decided_and_confirmed_and_its_pages_fit_a_phone(
    page, county, village, trainer, sign_in, look, live_server, no_second_factor
):
    cohort = make_cohort(
        make_course(county, title="直播课", slug="live"), village.parent, trainer, name="秋季班"
    )
    make_person("田巧云", ("trainee", village), phone="+8613800009992")
    sign_in(trainer)
    page.goto(f"{live_server.url}/classes/{cohort.pk}/")
    page.get_by_role("link", name="照名单加人").click()
    sheet = {"name": "秋季班报名.xlsx", "mimeType": "", "buffer": make_xlsx(ROWS, merged=["A1:D1"])}
    page.get_by_label("名单文件").set_input_files(sheet)
    page.get_by_role("button", name="先看一眼，还不加人").click()
    page.get_by_text("是同一个人，加进班，名字不改").click()
    page.get_by_role("button", name="先存下这一页定的").click()
    expect(page.get_by_role("button", name="确认，加这 3 个人")).to_be_visible()
    roster = cohort.rosters.get()
    shown = f"/classes/{cohort.pk}/rosters/{roster.pk}/"
    look(f"/classes/{cohort.pk}/rosters/", ("先看一眼", "Look first"), ("传过的名单", "Lists sent before"))
    look(shown, ("是座机。", "is a landline."), ("是同一个人吗？", "Is it the same person?"))
    page.get_by_label("Everybody on the list knows").check()
    page.get_by_role("button", name="Confirm: add 3 people").click()
    expect(page.get_by_role("link", name="See who is in the class")).to_be_visible()
    assert sorted(cohort.enrolments.values_list("user__name", flat=True)) == [
        "曾春生",
        "田巧云",
        "阿依古丽·买买提吐尔逊",
    ]
