"""The pages: what is shown, what a tap does, and that nothing vanishes without a word."""

import io
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from programme.models import Roster, RosterRow
from programme.rosters import imports
from progress.models import Enrolment
from tests.factories import make_cohort, make_person
from tests.pages import list_messages, squeeze
from tests.programme.rosters.files import HEADER, make_csv, make_roster, outcomes, receive, upload

QIAOYUN = ["田巧云", "13800000001", "", ""]


@pytest.fixture
def url(cohort) -> str:
    return f"/classes/{cohort.pk}/rosters/"


def send(client, url: str, rows=(QIAOYUN,), **more):
    return client.post(url, {"key": uuid4(), "file": upload(make_csv([HEADER, *rows]), "名单.csv"), **more})


def test_a_trainer_looks_confirms_and_sees_who_is_in_the_class(as_user, trainer, url, cohort):
    client = as_user(trainer)
    answer = send(client, url, [QIAOYUN, ["向二妹", "8812345", "", ""]])
    roster = Roster.objects.get()
    page = f"{url}{roster.pk}/"
    assert (answer.status_code, answer.url) == (302, page)
    text = squeeze(client.get(page).text)
    for words in (
        "还没加人。看好了，在下面确认。",
        "“8812345”有 7 位，手机号是 11 位。",
        "确认，加这 1 个人",
    ):
        assert words in text, words
    answer = client.post(page, {"confirm": "1"})
    assert (answer.status_code, Enrolment.objects.count()) == (422, 0)
    assert "先问过本人，再勾上这一条。" in answer.text
    answer = client.post(page, {"confirm": "1", "agreed": "on"})
    assert (answer.status_code, Enrolment.objects.get().user.name) == (302, "田巧云")
    text = squeeze(client.get(page).text)
    assert "加好了" in text
    assert "确认，加这" not in text
    assert list_messages(client.post(page, {"confirm": "1", "agreed": "on"})) == [
        "这份名单已经办过了，看下面。"
    ]


@pytest.mark.long
def test_rows_that_cannot_be_added_are_downloaded_corrected_and_sent_again(as_user, trainer, url, cohort):
    client = as_user(trainer)
    send(client, url, [QIAOYUN, ["向二妹", "1388812345", "石榴冲", "晚上来"], ["7号", "13800000003", "", ""]])
    page = f"{url}{Roster.objects.get().pk}/"
    assert "传改好的名单" not in client.get(page).text
    client.post(page, {"confirm": "1", "agreed": "on"})
    text = squeeze(client.get(page).text)
    assert "2 行加不了" in text
    assert f'href="{url}">' in text[text.index("下载这几行") :]
    table = load_workbook(io.BytesIO(client.get(f"{page}failed/").content)).active
    header, *rows = [[cell.value for cell in row] for row in table.iter_rows()]
    assert header == ["姓名", "手机号", "村", "备注", "哪里不对"]
    assert rows == [
        ["向二妹", "1388812345", "石榴冲", "晚上来", "“1388812345”有 10 位，手机号是 11 位。对一下，补齐。"],
        ["7号", "138 0000 0003", None, None, "“7号”不像姓名。姓名至少两个字，只写字，不写数字和符号。"],
    ]
    table["B2"], table["A3"] = "13888123450", "龙七妹"
    corrected = io.BytesIO()
    table.parent.save(corrected)
    client.post(url, {"key": uuid4(), "file": upload(corrected.getvalue())})
    again = Roster.objects.exclude(file_name="名单.csv").get()
    assert outcomes(again) == [(2, "new", "", "向二妹"), (3, "new", "", "龙七妹")]
    assert client.get(f"{url}{again.pk}/failed/").status_code == 404


def test_what_cannot_be_read_says_why_at_the_file(as_user, trainer, url):
    client = as_user(trainer)
    answer = client.post(url, {"file": upload(make_csv([["a", "b"]]), "名单.csv")})
    assert answer.status_code == 422
    assert "没找到表头。" in answer.text
    answer = client.post(url, {})
    assert "选一个文件" in answer.text


def test_a_decision_is_stored_from_any_page_and_the_filter_shows_one_outcome(
    as_user, trainer, url, cohort, village
):
    make_person("田巧云", ("trainee", village), phone="+8613800009992")
    roster = make_roster(cohort, trainer)
    client, page = as_user(trainer), f"{url}{roster.pk}/"
    text = squeeze(client.get(f"{page}?show=clash").text)
    assert "这个号码的账号叫“田巧云”。是同一个人吗？" in text
    assert "曾春生" not in text
    assert list_messages(
        client.post(page, {"decide": "1", "row-3": "link", "row-2": "link", "row-x": "link"})
    ) == ["记下了 1 行。"]
    assert list(RosterRow.objects.values_list("number", "choice")) == [(2, ""), (3, "link"), (4, "")]
    client.post(page, {"confirm": "1", "agreed": "on", "row-3": "skip"})
    assert list(Enrolment.objects.values_list("user__name", flat=True)) == ["曾春生"]


def test_what_was_decided_after_the_session_had_ended_is_there_after_signing_in(client, trainer, url, cohort):
    roster = make_roster(cohort, trainer)
    page = f"{url}{roster.pk}/"
    client.post(page, {"decide": "1", "row-3": "link"})
    client.force_login(trainer)
    assert 'name="row-3" value="link" checked' in squeeze(client.get(page).text)


def test_a_file_sent_after_the_session_had_ended_does_not_vanish_silently(client, trainer, url, settings):
    answer = send(client, url)
    assert answer.url.startswith("/accounts/login/?next=")
    assert list_messages(answer) == ["登录断了，名单没有传上来。登录以后再选一次文件。"]
    settings.DEMO, client = False, Client()
    client.force_login(trainer)
    answer = send(client, url)
    assert (answer.status_code, Roster.objects.count()) == (302, 0)
    assert list_messages(answer) == ["登录断了，名单没有传上来。登录以后再选一次文件。"]


def test_a_large_file_is_read_by_the_worker_and_the_page_asks_how_far_it_is(
    as_user, trainer, url, monkeypatch
):
    monkeypatch.setattr(imports, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(imports, "AT_ONCE_ROWS", 0)
    client = as_user(trainer)
    send(client, url)
    roster = Roster.objects.get()
    page, asks = f"{url}{roster.pk}/", f"{url}{roster.pk}/progress/"
    assert f'hx-get="{asks}"' in squeeze(client.get(page).text)
    imports.read_roster(roster.pk)
    client.post(page, {"confirm": "1", "agreed": "on"})
    Roster.objects.update(total=200, handled=50)
    text = squeeze(client.get(asks, HTTP_HX_REQUEST="true").text)
    assert "正在加人，200 行加了 50 行。" in text
    assert '<progress max="100" value="25"' in text
    imports.write_roster(roster.pk)
    assert client.get(asks, HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"
    assert client.get(asks).status_code == 200


def test_another_class_s_roster_and_a_strangers_are_not_there(
    as_user, trainer, stranger, trainee, url, cohort, course, village
):
    roster = make_roster(cohort, trainer)
    other = make_cohort(course, village, trainer)
    for person, page in (
        (trainer, f"/classes/{other.pk}/rosters/{roster.pk}/"),
        (trainer, f"{url}987654/"),
        (stranger, url),
        (stranger, f"{url}{roster.pk}/"),
        (stranger, f"{url}{roster.pk}/progress/"),
        (trainee, url),
    ):
        client = as_user(person)
        assert client.get(page).status_code == 404, page
    assert as_user(stranger).post(f"{url}{roster.pk}/", {"confirm": "1", "agreed": "on"}).status_code == 404
    assert send(client, url).status_code == 404
    assert Enrolment.objects.count() == 0


def test_the_template_is_a_table_whose_columns_are_text(as_user, trainer, url):
    answer = as_user(trainer).get(f"{url}template/")
    page = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in page[1]] == ["姓名", "手机号", "村", "备注"]
    assert [page.column_dimensions[letter].number_format for letter in "ABCD"] == ["@"] * 4


def test_a_roster_that_is_not_wanted_goes_with_its_people(as_user, trainer, url, cohort):
    roster = make_roster(cohort, trainer)
    answer = as_user(trainer).post(f"{url}{roster.pk}/", {"drop": "1"})
    assert list_messages(answer) == ["这份名单不要了，里面的姓名和手机号都删了。"]
    assert RosterRow.objects.count() == 0


@pytest.mark.long
def test_lists_cost_the_same_for_one_and_for_many(as_user, trainer, url, cohort):
    client = as_user(trainer)

    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    roster = receive(trainer, cohort, [QIAOYUN])
    page = f"{url}{roster.pk}/"
    few = count(url), count(page)
    for _time in range(3):
        receive(trainer, cohort, [QIAOYUN])
    RosterRow.objects.bulk_create(
        RosterRow(roster=roster, number=n, name="曾春生", outcome="new", village="柑子坪村")
        for n in range(10, 40)
    )
    assert (count(url), count(page)) == few
