"""The pages of a recap (复盘): permissions, figures entered and imported, notes and comments."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import Cohort
from live.models import ColumnChoice, Figure, FigureImport, Recap
from progress.models import Enrolment
from tests.factories import make_cohort, make_course, make_product, make_shop
from tests.live.kit import add_sale, make_ended, make_item, make_live
from tests.live.recap.platform_exports import files
from tests.pages import list_messages

Name = Figure.Name


@pytest.fixture
def live(seller, village):
    return make_ended(make_shop(seller, village))


def url(live, end: str = "") -> str:
    return f"/live/{live.pk}/recap/{end}"


def upload(text: bytes, name: str = "概览.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text)


def test_it_works(as_user, seller, live):
    add_sale(make_item(live, make_product(live.shop)), 3, minute=2)
    response = as_user(seller).get(url(live))
    assert (response.status_code, response.context["net"].value) == (200, 8970)


def test_one_that_is_not_over_has_no_recap(as_user, seller, live):
    assert as_user(seller).get(url(make_live(live.shop))).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("organiser", 200), ("trainer", 200), ("trainee", 404), ("stranger", 404)]
)
def test_others_see_it_only_as_their_place_or_class_lets_them(as_user, request, live, who, status):
    assert as_user(request.getfixturevalue(who)).get(url(live)).status_code == status


@pytest.mark.parametrize("page", ["figures/", "import/"])
@pytest.mark.parametrize("who", ["organiser", "trainer", "stranger"])
def test_only_who_ran_it_writes_its_figures(as_user, request, live, page, who):
    client = as_user(request.getfixturevalue(who))
    assert [client.get(url(live, page)).status_code, client.post(url(live, page)).status_code] == [404, 404]


def test_figures_are_typed_as_people_write_them(as_user, seller, live):
    typed = {"visits": "3456", "watch_seconds": "1分12秒", "sales_fen": "￥4365.40", "buyers": ""}
    assert as_user(seller).post(url(live, "figures/"), typed).status_code == 302
    assert dict(live.figures.values_list("name", "value")) == {
        Name.VISITS: 3456,
        Name.WATCH_SECONDS: 72,
        Name.SALES_FEN: 436_540,
    }


@pytest.mark.parametrize(
    ("platform", "why"),
    [("5000", "看看是漏记了，还是平台把没付款的也算了。"), ("10", "看看是多记了，还是平台还没算全。")],
)
def test_a_platform_that_counts_otherwise_is_told_which_way(as_user, seller, live, platform, why):
    add_sale(make_item(live, make_product(live.shop)), 2, price_fen=1990)
    as_user(seller).post(url(live, "figures/"), {"sales_fen": platform})
    page = as_user(seller).get(url(live)).content.decode()
    assert f"平台说卖了 {int(platform):,}.00 元，我们一笔笔记的是 39.80 元。{why}" in page


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"visits": "很多"}, "visits", "用数字写，比如 40"),
        ({"visits": "-3"}, "visits", "不能是负数"),
        ({"watch_seconds": "好久"}, "watch_seconds", "用数字写，比如 3分12秒"),
        ({"orders": "5", "paid_orders": "6"}, "paid_orders", "付款的比下单的还多，看看是不是填反了"),
        ({"sales_fen": "5", "refund_fen": "6"}, "refund_fen", "退的比卖的还多，看看是不是填反了"),
    ],
)
def test_figures_that_cannot_be_are_told_beside_them(as_user, seller, live, typed, field, sentence):
    response = as_user(seller).post(url(live, "figures/"), typed)
    assert (response.status_code, response.context["form"].errors[field]) == (422, [sentence])
    assert not live.figures.exists()


@pytest.mark.long
def test_an_export_is_looked_at_then_taken_in_once(as_user, seller, live):
    client = as_user(seller)
    seen = client.post(url(live, "import/"), {"file": upload(files.SUMMARY.encode("gbk"))})
    assert (seen.status_code, live.figures.count()) == (200, 0)
    assert dict(seen.context["outcome"].totals)[Name.VISITS] == 3456
    columns = {name: field.initial for name, field in seen.context["form"].fields.items()}
    said = client.post(
        url(live, "import/"), columns | {"token": seen.context["token"], "do": "take"}, follow=True
    )
    assert list_messages(said) == ["导入好了，8 个数。"]
    row = FigureImport.objects.get(livestream=live)
    assert (row.name, row.encoding, row.shape, row.rows) == ("概览.csv", "gb18030", "summary", 1)
    assert said.context["net"].value == 424_580
    again = client.post(
        url(live, "import/"), {"file": upload(files.SUMMARY.encode("gbk"), "又一次.csv")}, follow=True
    )
    assert list_messages(again) == ["这份表已经导入过了，数没有变。"]
    assert (FigureImport.objects.count(), live.figures.count()) == (1, 8)


def test_the_file_itself_can_be_fetched_by_who_may_see_it(as_user, seller, stranger, live):
    client = as_user(seller)
    seen = client.post(url(live, "import/"), {"file": upload(files.SUMMARY.encode("gbk"))})
    client.post(url(live, "import/"), {"token": seen.context["token"], "do": "take", "c2": "visits"})
    row = FigureImport.objects.get(livestream=live)
    answer = client.get(url(live, f"files/{row.pk}/"))
    assert b"".join(answer.streaming_content) == files.SUMMARY.encode("gbk")
    assert answer["Content-Disposition"].startswith("attachment")
    assert as_user(stranger).get(url(live, f"files/{row.pk}/")).status_code == 404


def test_columns_said_once_are_known_the_next_time(as_user, seller, live):
    client = as_user(seller)
    text = "来了多少,成交金额\n70,10\n".encode()
    seen = client.post(url(live, "import/"), {"file": upload(text)})
    said = {"token": seen.context["token"], "do": "take", "c0": "visits", "c1": "sales_fen"}
    client.post(url(live, "import/"), said)
    assert ColumnChoice.objects.get().columns == {"来了多少": "visits", "成交金额": "sales_fen"}
    other = make_ended(live.shop)
    seen = client.post(url(other, "import/"), {"file": upload("来了多少,成交金额\n90,20\n".encode())})
    assert dict(seen.context["outcome"].totals) == {Name.VISITS: 90, Name.SALES_FEN: 2000}


def test_one_meaning_for_two_columns_is_told(as_user, seller, live):
    client = as_user(seller)
    seen = client.post(url(live, "import/"), {"file": upload("来了多少,成交金额\n70,10\n".encode())})
    said = {"token": seen.context["token"], "do": "take", "c0": "sales_fen", "c1": "sales_fen"}
    response = client.post(url(live, "import/"), said)
    assert response.context["form"].errors["c1"] == ["“来了多少”那一列已经选了这个"]
    assert not live.figures.exists()


def test_a_token_of_another_live_takes_nothing_in(as_user, seller, live):
    client = as_user(seller)
    seen = client.post(url(live, "import/"), {"file": upload(files.SUMMARY.encode())})
    other = make_ended(live.shop)
    said = client.post(url(other, "import/"), {"token": seen.context["token"], "do": "take"}, follow=True)
    assert list_messages(said) == ["这个文件放得太久，或者已经导入过了。重新选一次。"]
    assert not Figure.objects.exists()


def test_words_are_one_row_however_often_they_are_written(as_user, seller, live):
    client = as_user(seller)
    for keep in ("秤面朝镜头", "秤面朝镜头停三秒"):
        client.post(url(live, "words/"), {"keep": keep, "change_one": "早点报价", "change_two": ""})
    assert list(Recap.objects.values_list("keep", "change_one")) == [("秤面朝镜头停三秒", "早点报价")]


def test_words_that_are_missing_come_back_with_what_was_typed(as_user, seller, live):
    response = as_user(seller).post(url(live, "words/"), {"keep": "", "change_one": "早点报价"})
    form = response.context["notes_form"]
    assert (response.status_code, form.errors["keep"], form["change_one"].value()) == (
        422,
        ["这一项要填"],
        "早点报价",
    )


def teach(trainer, host, place) -> Cohort:
    cohort = make_cohort(make_course(place), place, trainer)
    Enrolment.objects.create(user=host, course=cohort.course, cohort=cohort)
    return cohort


@pytest.mark.long
def test_a_trainer_of_the_hosts_class_comments_and_takes_it_back(as_user, trainer, seller, live, county):
    teach(trainer, seller, county)
    client, key = as_user(trainer), str(uuid.uuid4())
    for _tap in range(2):
        client.post(url(live, "comment/"), {"key": key, "text": "价报得早，这点保持。"})
    [remark] = live.comments.all()
    assert (remark.text, remark.author) == ("价报得早，这点保持。", trainer)
    assert as_user(seller).post(url(live, f"comment/{remark.pk}/remove/")).status_code == 404
    as_user(trainer).post(url(live, f"comment/{remark.pk}/remove/"))
    remark.refresh_from_db()
    assert remark.removed_at


@pytest.mark.parametrize("who", ["seller", "organiser", "stranger"])
def test_who_is_no_trainer_of_theirs_does_not_comment(as_user, request, live, who):
    said = {"key": str(uuid.uuid4()), "text": "好"}
    assert as_user(request.getfixturevalue(who)).post(url(live, "comment/"), said).status_code == 404


@pytest.mark.long
def test_evidence_is_a_zip_for_who_ran_it_and_its_organiser(
    as_user, seller, organiser, trainer, live, settings
):
    settings.DEMO = True  # outside it the organiser shows the second factor first
    for who, status in ((seller, 200), (organiser, 200), (trainer, 404)):
        answer = as_user(who).get(f"/live/{live.pk}/evidence.zip")
        assert answer.status_code == status
    settings.DEMO = False
    assert as_user(organiser).get(f"/live/{live.pk}/evidence.zip").status_code == 302


@pytest.mark.long
def test_a_recap_costs_the_same_for_one_sale_and_for_many(
    as_user, seller, live, django_assert_max_num_queries
):
    client, item = as_user(seller), make_item(live, make_product(live.shop))
    add_sale(item)
    with django_assert_max_num_queries(40) as first:
        client.get(url(live))
    for n in range(24):
        add_sale(item, minute=n)
    with django_assert_max_num_queries(len(first)):
        client.get(url(live))


def test_figures_typed_as_the_session_ended_are_there_again(client, live, seller):
    client.post(url(live, "figures/"), {"orders": "57", "sales_fen": "1234.50"})
    client.force_login(seller)
    form = client.get(url(live, "figures/")).context["form"]
    assert (form["orders"].value(), form["sales_fen"].value()) == ("57", "1234.50")
