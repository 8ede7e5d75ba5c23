"""The list and the plan: made by one tap or by the form, changed, removed, repeated; other people's are 404."""

import datetime
import uuid
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from live.models import Livestream
from tests.factories import make_product
from tests.lives import make_item, make_live, make_ready_live, make_script


def form(**fields):
    tomorrow = timezone.localtime() + datetime.timedelta(days=1)
    told = {"kind": "rehearsal", "starts_on": f"{tomorrow:%Y-%m-%d}", "starts_time": "20:00", "planned_minutes": "10",
            "platform": "douyin", "drill": "", "shop": "", "title": "", "platform_url": ""}  # fmt: skip
    return told | fields


def html(answer):
    return answer.content.decode()


def test_the_empty_list_offers_the_first_plan(as_user, seller, shop, drill):
    page = html(as_user(seller).get("/live/"))
    assert "先排一张表，再开口" in page
    assert "3 分钟讲一款" in page
    assert "排一场真直播" in page


def test_one_tap_on_a_drill_is_a_plan(as_user, seller, shop, product, drill):
    key = str(uuid.uuid4())
    for _again in range(2):
        answer = as_user(seller).post("/live/new/", {"do": "drill", "drill": drill.pk, "key": key})
    live = Livestream.objects.get()
    assert (answer.url, live.drill, live.items.get().product) == (f"/live/{live.pk}/", drill, product)


def test_the_form_makes_a_rehearsal_of_a_drill(as_user, seller, shop, product, drill):
    answer = as_user(seller).post("/live/new/", form(drill=drill.pk, shop=shop.pk, key=str(uuid.uuid4())))
    live = Livestream.objects.get()
    start = timezone.localtime(live.starts_at)
    assert (answer.status_code, live.kind, live.planned_minutes, live.title) == (
        302,
        "rehearsal",
        10,
        "三分钟",
    )
    assert (start.hour, start.minute) == (20, 0)


def test_minutes_left_as_they_were_follow_the_drill(as_user, seller, shop, drill):
    as_user(seller).post("/live/new/", form(drill=drill.pk, planned_minutes="60"))
    assert Livestream.objects.get().planned_minutes == 3


def test_the_form_makes_a_real_live_and_goes_on_to_the_goods(as_user, seller, shop, product):
    answer = as_user(seller).post("/live/new/", form(kind="real", title="周五晚上"))
    live = Livestream.objects.get()
    assert (answer.url, live.kind, live.shop, live.host) == (f"/live/{live.pk}/add/", "real", shop, seller)


def test_a_trainee_rehearses_without_a_shop(as_user, trainee, village):
    as_user(trainee).post("/live/new/", form())
    live = Livestream.objects.get()
    assert (live.shop, live.place, live.host) == (None, village, trainee)
    assert as_user(trainee).get(f"/live/{live.pk}/add/").url == f"/live/{live.pk}/add/typed/"


@pytest.mark.long
def test_a_trainee_is_told_that_a_real_live_wants_a_shop(as_user, trainee):
    answer = as_user(trainee).get("/live/new/?kind=real", follow=True)
    assert "真直播要有小店" in html(answer)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"starts_on": "去年"}, "starts_on"),
        ({"starts_on": "2020-01-01"}, "starts_on"),
        ({"starts_on": "2199-01-01"}, "starts_on"),
        ({"starts_time": "25:00"}, "starts_time"),
        ({"planned_minutes": "0"}, "planned_minutes"),
        ({"planned_minutes": "481"}, "planned_minutes"),
        ({"planned_minutes": "十"}, "planned_minutes"),
        ({"platform": "tv"}, "platform"),
        ({"platform_url": "javascript:alert(1)"}, "platform_url"),
        ({"drill": "99999"}, "drill"),
        ({"title": "长" * 41}, "title"),
        ({"key": "x"}, "key"),
    ],
)
def test_what_is_wrong_is_told_beside_its_box_and_nothing_is_lost(
    as_user, seller, shop, drill, fields, field
):
    answer = as_user(seller).post("/live/new/", form(shop=shop.pk) | {"title": "保持"} | fields)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert fields.get("title", "保持") in html(answer)
    assert not Livestream.objects.exists()


@pytest.mark.parametrize("typed", ["20:00", "20点", "20点30", "8点半", "20.15", "２０：００"])
def test_the_hour_is_read_as_people_write_it(as_user, seller, shop, typed):
    assert as_user(seller).post("/live/new/", form(shop=shop.pk, starts_time=typed)).status_code == 302


def test_anothers_shop_is_no_choice(as_user, seller, shop, stranger, other_village):
    from tests.lives import make_ready_shop

    theirs = make_ready_shop(stranger, other_village)
    answer = as_user(seller).post("/live/new/", form(shop=theirs.pk))
    assert answer.context["form"].errors == {"shop": ["没有这一项，重新选一个"]}


@pytest.mark.long
def test_the_plan_shows_the_rundown_and_what_is_missing(as_user, seller, shop, product):
    live = make_ready_live(seller, shop, product)
    item = make_item(live, make_product(shop, name="柚子"), role="crowd", minutes=1)
    make_script(item, what="全网最甜。")
    page = html(as_user(seller).get(f"/live/{live.pk}/"))
    assert "排了 <b>11</b> 分钟" in page
    assert "柚子：“全网最甜”不能说" in page
    assert "1 处不能说" in page
    assert "还差 1 样" in page


@pytest.mark.long
def test_the_plan_counts_each_thing_that_it_lists_as_missing(as_user, seller, shop, product):
    live = make_ready_live(seller, shop, product)
    page = html(as_user(seller).get(f"/live/{live.pk}/"))
    assert "排了" in page
    assert "还差" not in page
    live.ticks.filter(code__in=("clothes", "light")).delete()
    page = html(as_user(seller).get(f"/live/{live.pk}/"))
    assert "还没核对：衣服、光线" in page
    assert (page.count("开播前还差 2 样"), page.count("还差 2 样")) == (1, 2)


@pytest.mark.long
def test_the_plan_costs_the_same_for_1_and_8_items(as_user, seller, shop, product):
    live = make_ready_live(seller, shop, product)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert as_user(seller).get(f"/live/{live.pk}/").status_code == 200
        return len(queries)

    cost()
    one = cost()
    for _n in range(7):
        make_script(make_item(live, make_product(shop)))
    assert cost() == one


@pytest.mark.long
@pytest.mark.parametrize("page", ["", "sheet/"])
def test_who_teaches_looks_and_does_not_change(
    page, as_user, seller, shop, product, trainer, stranger, trainee
):
    live = make_ready_live(seller, shop, product)
    url = f"/live/{live.pk}/{page}"
    assert as_user(trainer).get(url).status_code == 200
    assert "加货" not in html(as_user(trainer).get(url))
    assert as_user(stranger).get(url).status_code == 404
    assert as_user(trainee).get(url).status_code == 404


def test_staff_show_the_second_factor_first(as_user, live, trainer, settings):
    settings.DEMO = False
    assert as_user(trainer).get(f"/live/{live.pk}/").status_code == 302


@pytest.mark.long
@pytest.mark.parametrize(
    "page", ["edit/", "again/", "remove/", "add/", "add/typed/", "order/", "checklist/", "host/"]
)
def test_only_who_runs_it_comes_to_its_other_pages(page, as_user, live, item, trainer, organiser, stranger):
    url = f"/live/{live.pk}/{page}"
    for person in (trainer, organiser, stranger):
        assert as_user(person).get(url).status_code == 404
        assert as_user(person).post(url).status_code == 404
    assert as_user(live.host).get(url).status_code in (200, 302)


def test_a_visitor_signs_in_first(client, live):
    for url in ("/live/", "/live/new/", f"/live/{live.pk}/"):
        assert client.get(url).url == f"/accounts/login/?next={quote(url, safe='')}"


def test_a_plan_is_changed(as_user, live, seller, drill):
    as_user(seller).post(f"/live/{live.pk}/edit/", form(title="", starts_time="08:30", drill=drill.pk))
    live.refresh_from_db()
    assert (live.title, timezone.localtime(live.starts_at).hour, live.drill) == ("三分钟", 8, drill)


def test_the_shop_is_not_changed_under_its_goods(as_user, live, item, seller):
    assert "shop" not in as_user(seller).get(f"/live/{live.pk}/edit/").context["form"].fields


@pytest.mark.long
def test_once_begun_every_page_says_so(as_user, seller, shop, product):
    live = make_live(seller, shop=shop, started_at=timezone.now())
    item = make_item(live, product)
    script = f"items/{item.pk}/script/"
    for page in ("edit/", "remove/", "add/", "add/typed/", f"items/{item.pk}/", script):
        for send in (as_user(seller).get, as_user(seller).post):
            answer = send(f"/live/{live.pk}/{page}")
            assert answer.url == f"/live/{live.pk}/", page
    assert "排品表不能再改" in html(as_user(seller).get(f"/live/{live.pk}/"))
    assert as_user(seller).post(f"/live/{live.pk}/order/", {"order": str(item.pk)}).status_code == 409


def test_a_plan_is_taken_away_after_asking(as_user, live, seller):
    assert "取消“练一场”？" in html(as_user(seller).get(f"/live/{live.pk}/remove/"))
    as_user(seller).post(f"/live/{live.pk}/remove/")
    assert as_user(seller).get(f"/live/{live.pk}/").status_code == 404


def test_the_same_again_is_a_new_plan(as_user, seller, shop, product):
    old = make_live(
        seller, shop=shop, started_at=timezone.now() - datetime.timedelta(hours=3), ended_at=timezone.now()
    )
    make_script(make_item(old, product))
    key = str(uuid.uuid4())
    first = as_user(seller).post(f"/live/{old.pk}/again/", {"key": key})
    assert as_user(seller).post(f"/live/{old.pk}/again/", {"key": key}).url == first.url
    assert Livestream.objects.count() == 2
