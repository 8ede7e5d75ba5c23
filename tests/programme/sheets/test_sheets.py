"""The sheets: what is printed from whose rows, who gets it, and that every sheet is A4 in large type."""

import datetime

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from live.models import RundownItem
from live.planning import rundown
from programme.sheets import prints
from programme.sheets.texts import load_texts
from tests.factories import make_course, make_lesson, make_person
from tests.lives import make_item, make_live, make_ready_shop, make_script
from tests.pdfs import read_codes
from tests.programme.sheets.worlds import draw_page, list_faults, make_world, read_pages
from tests.races import at_once
from ui.formats import day


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def world(seller, trainer, trainee, village):
    return make_world(seller, trainer, trainee, village)


def url_of(code: str, query: str = "") -> str:
    return reverse("programme:course_sheet_pdf", args=[code]) + query


def fields_of(code: str, person) -> dict[str, str]:
    return prints.fill(load_texts().sheets[code], person, person).fields


def test_both_languages_have_the_same_sheets_parts_and_keys():
    def outline(language: str) -> list:
        with translation.override(language):
            texts = load_texts()
        keys = [
            (
                sheet.code,
                sheet.group,
                sheet.lessons,
                sheet.filled_from,
                sheet.landscape,
                [
                    (
                        part["kind"],
                        part.get("key"),
                        [row.get("key") for row in part.get("rows", []) if isinstance(row, dict)],
                    )
                    for part in sheet.parts
                ],
            )
            for sheet in texts.sheets.values()
        ]
        return [keys, sorted(texts.words), [code for code, _title in texts.groups]]

    assert outline("zh-hans") == outline("en")
    assert len(load_texts().sheets) == 19


@pytest.mark.long
def test_rundown_is_filled_from_the_newest_plan_with_lines_to_write_on(as_user, world):
    answer = as_user(world.shop.owner).get(url_of("rundown"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "%E6%8E%92%E5%93%81%E8%A1%A8.pdf" in answer["Content-Disposition"]
    (text,) = read_pages(answer.content)
    when = day(world.live.starts_at)
    for line in (
        "排品表",
        f"周末专场，{when} 19:00，抖音，60 分钟",
        "1 号 冰糖橙",
        "利润款",
        "29.9 元一箱",
        "20 箱",
        "12 分钟，利润款 12 分钟",
        "净重 100 斤，多放的没算",
        "第 1 页，共 1 页",
    ):
        assert line.replace(" ", "") in text.replace(" ", ""), line
    assert "印的时间：" in text
    assert list_faults(answer.content) == []
    assert read_codes(draw_page(answer.content, 0)) == [f"http://testserver{world.live.get_absolute_url()}"]


def test_what_is_filled_in_comes_from_the_persons_own_rows(world, seller, trainee):
    sprayed = world.batch.harvested_on - datetime.timedelta(days=40)
    over = day(sprayed + datetime.timedelta(days=15))
    assert fields_of("spec", seller) == {
        "what": "冰糖橙，纽荷尔",
        "origin": "柚山县青溪镇石榴冲村，屋后老井边",
        "harvested": day(world.batch.harvested_on),
        "net": "5斤（2.5公斤）",
        "brix": "11.7°Bx",
        "brix_day": f"{day(world.batch.brix_on)}，手持糖度计",
        "pledge": "HG-1",
        "spray": f"矿物油乳油，{day(sprayed)}",
        "interval": f"15 天，{over}满，采的时候过了",
    }
    assert fields_of("card", seller) == {
        "seller": "周梅英",
        "grower": "自家种的",
        "licence": "个人销售自产农副产品，依法不需要办理登记",
        "address": world.shop.place.full_name(),
        "phone": world.shop.contact.as_national,
    }
    assert fields_of("coaching", seller) == {"pupil": "田巧云，石榴冲村"}
    recap = prints.fill(load_texts().sheets["recap"], seller, seller)
    told = {row["name"]: (row["formula"], row["this"]) for row in recap.rows["formulas"]}
    assert told["净成交"] == ("成交金额 − 退款金额", "1,136.20 元")
    assert told["千次成交（GPM）"] == ("成交金额 × 1000 ÷ 进直播间的人次", "956.80 元")
    assert recap.rows["funnel"][0] == {"name": "进直播间的人次", "this": "12.5%", "before": ""}
    assert recap.fields["keep"] == "先报村名。"
    rubric = prints.fill(load_texts().sheets["rubric"], seller, seller, form="short")
    assert [(row["own"], row["trainer"]) for row in rubric.rows["criteria"]][:3] == [
        ("5", "5"),
        ("5", "5"),
        ("4", "4"),
    ]
    assert fields_of("rundown", trainee) == {}


@pytest.mark.long
def test_only_ones_own_is_printed_and_a_row_of_another_is_not_there(as_user, world, trainer, stranger):
    asked = f"?of={world.live.pk}"
    people = (trainer, stranger)
    assert [as_user(one).get(url_of("script", asked)).status_code for one in people] == [404, 404]
    client = as_user(world.shop.owner)
    wrong = ("?of=x", "?of=0", "?of=99999999999999999999", "?of=%00")
    assert [client.get(url_of("spec", query)).status_code for query in wrong] == [404, 404, 404, 404]
    assert client.get(reverse("programme:course_sheet", args=["nothing"])).status_code == 404


@pytest.mark.long
def test_pages_lead_to_what_it_can_be_filled_from_and_to_the_lessons(as_user, seller, world, county):
    course = make_course(county, lessons=1, slug="fruit")
    lesson = make_lesson(course.modules.get(), code="04-storage", title="一页规格单")
    lesson.module.course.enrolments.create(user=seller)
    client = as_user(seller)
    index = client.get("/me/sheets/").text
    assert (url_of("spec") in index, url_of("droptest") + '"' in index) == (True, False)
    assert url_of("droptest", "?blank=1") in index
    page = client.get("/me/sheets/spec/").text
    assert url_of("spec", f"?of={world.batch.pk}") in page
    assert reverse("progress:lesson", args=[lesson.pk]) in page
    assert "/me/sheets/spec/" in client.get(reverse("progress:lesson", args=[lesson.pk])).text
    assert "/me/sheets/" in client.get("/me/").text
    assert (
        url_of("spec", f"?of={world.batch.pk}")
        in client.get(reverse("shops:my_batch", args=[world.batch.pk])).text
    )
    for page in ("recap", "sheet"):
        shown = client.get(reverse(f"live:{page}", args=[world.live.pk])).text
        assert f"?of={world.live.pk}" in shown, page


def test_index_costs_the_same_for_one_row_and_for_many(as_user, world, seller, django_assert_max_num_queries):
    for number in range(6):
        make_item(make_live(seller, shop=world.shop, title=f"第 {number} 场"))
    client = as_user(seller)
    client.get("/me/sheets/")
    with django_assert_max_num_queries(14):
        client.get("/me/sheets/")


@pytest.mark.long
def test_emoji_rare_letters_and_long_words_do_not_break_a_sheet(village):
    person = make_person("𠮷田🍊" + "很长的名字" * 5)
    shop = make_ready_shop(person, village, name="橙园")
    live = make_live(person, shop=shop, title="🍊" * 10)
    make_item(
        live,
        name="橙" * 30,
        talking_points="https://example.com/" + "a" * 300 + "\n\U0001f9e7𪚥" + "话" * 150,
    )
    sheet = load_texts().sheets["rundown"]
    filling = prints.fill(sheet, person, person)
    made = prints.print_sheets(
        "排品表", [prints.describe_sheet(load_texts(), sheet, filling, "https://nong.example", person)]
    )
    assert list_faults(made) == []
    text = "".join(read_pages(made)).replace("\n", "")
    assert "𠮷田很长的名字" in text
    assert "a" * 300 in text
    assert "🍊" not in text


@pytest.mark.long
def test_who_prints_again_and_again_waits(as_user, seller, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"course_sheet_pdf": "1/10m/user"}
    client = as_user(seller)
    assert client.get(url_of("guardian")).status_code == 200
    assert client.get(url_of("guardian"), follow=True).redirect_chain == [("/me/sheets/guardian/", 302)]


@pytest.mark.both_databases
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_plan_edited_while_it_is_read_is_printed_as_it_was(seller, village):
    live = make_live(seller, shop=make_ready_shop(seller, village))
    items = [make_item(live, name=name) for name in ("早橙", "晚橙")]

    def edit() -> None:
        rundown.remove_item(RundownItem.objects.select_related("livestream").get(pk=items[0].pk))
        rundown.change_item(
            RundownItem.objects.select_related("livestream").get(pk=items[1].pk), {"name": "改名"}
        )

    def names() -> list[str]:
        return [item.name for item in live.load_items()]

    with prints.read_at_once():
        before = names()
        assert at_once(edit) == [None]
        assert (before, names()) == (["早橙", "晚橙"], ["早橙", "晚橙"])
    assert names() == ["改名"]
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sheet_full_and_empty_is_a4_large_and_within_the_page(world, seller, language):
    site = "https://nong.example"
    with translation.override(language):
        texts = load_texts()
        copies = []
        for sheet in texts.sheets.values():
            full, empty = prints.fill(sheet, seller, seller), prints.fill_nothing(sheet, seller)
            for filling, person in ((full, seller), (empty, seller), (empty, None)):
                copies.append(prints.describe_sheet(texts, sheet, filling, site, person))
        made = prints.print_sheets("all", copies)
    assert list_faults(made) == []
    pages = read_pages(made)
    assert "〓" not in "".join(pages)
    firsts = [number for number, page in enumerate(pages) if texts.words["code"] in page]
    assert len(firsts) == len(copies) == 57
    ends = [*firsts[1:], len(pages)]
    for copy, first, end in zip(copies, firsts, ends, strict=True):
        assert copy["title"] in pages[first]
        for number in range(first, end):
            told = texts.words["page"].format(page=number - first + 1, pages=end - first)
            assert told in pages[number], copy["code"]
    blanks = [
        end - first for copy, first, end in zip(copies, firsts, ends, strict=True) if copy["code"] == "spec"
    ]
    assert blanks == [1, 1, 1]  # one kind of fruit, one page
    targets = [read_codes(draw_page(made, number)) for number in firsts]
    assert targets == [[copy["address"]] for copy in copies]
    assert sum(f"{site}/me/sheets/" in address for (address,) in targets) == 42


@pytest.mark.long
def test_a_rundown_of_forty_flows_to_further_pages_with_its_heading(seller, village):
    live = make_live(seller, shop=make_ready_shop(seller, village))
    for number in range(40):
        make_script(make_item(live, name=f"第{number + 1}样果子", talking_points="秤、圈、刀"))
    texts = load_texts()
    for code, heading in (("rundown", "桌上要什么，一句提醒"), ("script", "五段话术稿")):
        sheet = texts.sheets[code]
        filling = prints.fill(sheet, seller, seller)
        copy = prints.describe_sheet(texts, sheet, filling, "https://nong.example", seller)
        pages = read_pages(prints.print_sheets(code, [copy]))
        assert len(pages) > 3
        assert all(heading in page for page in pages[: len(pages) - 1]), code
        assert f"第 {len(pages)} 页，共 {len(pages)} 页" in pages[-1]
        text = "".join(pages).replace(" ", "")
        assert all(f"{number + 1}号第{number + 1}样果子" in text for number in range(40))
