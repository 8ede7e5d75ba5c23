"""Every link to a correction from a plan, its checklist and its start leads to the right page, and that page leads back."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from accounts import consents
from accounts.models import AuditEntry
from live.models import RundownItem
from shops.audit import Verb
from shops.models import Shop
from tests.factories import add_helpers, make_product
from tests.lives import make_item, make_live, make_ready_live, make_script


@pytest.fixture
def real(seller, shop, product):
    return make_ready_live(seller, shop, product)


def phone(live):
    consents.withdraw(live.host, "public_contact")


def card(live):
    Shop.objects.filter(pk=live.shop_id).update(legal_name="")


def address(live):
    Shop.objects.filter(pk=live.shop_id).update(address="")


def closed(live):
    Shop.objects.filter(pk=live.shop_id).update(is_open=False)


def withdrawn(live):
    item = live.items.get()
    item.product.status = "withdrawn"
    item.product.save()


def typed(live):
    make_script(make_item(live, name="路边的", minutes=1))


def quota(live):
    live.items.update(quota=99)


def empty(live):
    live.items.get().scripts.all().delete()
    RundownItem.objects.filter(livestream=live).delete()


def unwritten(live):
    live.items.get().scripts.all().delete()


def blocked(live):
    make_script(live.items.get(), what="全县最甜。")


def variety(live):
    make_script(live.items.get(), what="这是{品种}。")


def picked(live):
    make_script(live.items.get(), what="{采摘日}摘的。")


def freight(live):
    product = live.items.get().product
    product.freight_included = False
    product.save()
    live.shop.freight.all().delete()
    make_script(live.items.get(), what="{运费}。")


def presale(live):
    make_script(live.items.get(), what="{发货}。")


def quota_said(live):
    make_script(live.items.get(), what="只有{名额}。")


def nonsense(live):
    make_script(live.items.get(), what="{颜色}的。")


def age(live):
    live.host.birth_month = None
    live.host.save()


def young(live):
    live.host.birth_month = timezone.localdate().replace(day=1)
    live.host.save()


def training(live):
    live.host.clearances.update(withdrawn_at=timezone.now())


def ticks(live):
    live.ticks.all().delete()


def minutes(live):
    live.items.update(minutes=30)


# Problem → the page on which it is solved, without the ids.
MENDED = [
    (phone, "/me/shop/N/#id_contact_ok"),
    (card, "/me/shop/N/"),
    (address, "/me/shop/N/#id_address"),
    (closed, "/me/shop/N/#id_is_open"),
    (withdrawn, "/me/shop/products/N/"),
    (typed, "/live/N/items/N/"),
    (quota, "/live/N/items/N/"),
    (empty, "/live/N/add/"),
    (unwritten, "/live/N/items/N/script/"),
    (blocked, "/live/N/items/N/script/"),
    (variety, "/me/shop/products/N/edit/"),
    (picked, "/me/shop/batches/new/?shop=N&product=N"),
    (freight, "/me/shop/freight/?shop=N"),
    (presale, "/me/shop/products/N/presale/"),
    (quota_said, "/live/N/items/N/"),
    (nonsense, "/live/N/items/N/script/"),
    (age, "/live/N/host/"),
    (young, "/live/N/edit/"),
    (training, "/courses/"),
    (ticks, "/live/N/checklist/"),
]
LINK = re.compile(r'href="([^"]*[?&;]next=[^"]*)"')


def links(page: str) -> list[str]:
    return [unescape(found) for found in LINK.findall(page) if "/accounts/" not in found]


def target(link: str) -> tuple[str, str]:
    """(the page without its ids and its next, that next)."""
    parts = urlsplit(link)
    asked = parse_qs(parts.query)
    [back] = asked.pop("next")
    query = "&".join(f"{name}={value[0]}" for name, value in asked.items())
    page = parts.path + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return re.sub(r"\d+", "N", page), back


@pytest.mark.parametrize(("wrong", "mended"), MENDED, ids=[wrong.__name__ for wrong, _page in MENDED])
@pytest.mark.parametrize("where", ["", "checklist/", "start/"])
def test_a_lack_leads_to_where_it_is_mended_and_back(as_user, seller, real, wrong, mended, where):
    wrong(real)
    url = f"/live/{real.pk}/{where}"
    if wrong is empty and not where:
        url = f"/live/{real.pk}/start/"  # the plan itself shows its empty rundown
    if wrong is ticks and where == "checklist/":
        return  # it is this very page
    found = links(as_user(seller).get(url).content.decode())
    assert [target(link) for link in found] == [(mended, url)]
    answer = as_user(seller).get(found[0])
    assert answer.status_code == 200
    if mended != "/courses/":  # a course leads nowhere: it is a day's work
        assert f'href="{url}" aria-label="返回"' in answer.content.decode()


def test_time_that_does_not_fit_leads_to_the_plan_s_own_form(as_user, seller, real):
    minutes(real)
    [link] = links(as_user(seller).get(f"/live/{real.pk}/").content.decode())
    assert target(link) == ("/live/N/edit/", f"/live/{real.pk}/")


@pytest.mark.long
def test_an_empty_phone_is_one_row_however_many_scripts_say_it(as_user, seller, shop, real):
    for name in ("沃柑", "柠檬"):
        make_script(make_item(real, make_product(shop, name=name), minutes=1), promise="有事打{电话}。")
    phone(real)
    for where in ("", "checklist/", "start/"):
        page = as_user(seller).get(f"/live/{real.pk}/{where}").content.decode()
        assert page.count("小店还没有公开的联系电话：去勾上“买家可以打这个电话”") == 1
        assert [target(link)[0] for link in links(page)] == ["/me/shop/N/#id_contact_ok"]


def test_a_rehearsal_asks_for_the_shop_s_phone_once_too(as_user, seller, shop, live):
    for name in ("沃柑", "柠檬"):
        make_script(make_item(live, make_product(shop, name=name)), promise="有事打{电话}。")
    phone(live)
    page = as_user(seller).get(f"/live/{live.pk}/").content.decode()
    assert page.count("脚本里要说“电话”，小店里还没写") == 1


def test_a_closed_shop_is_one_row_and_its_goods_are_not_blamed(as_user, seller, shop, real):
    make_script(make_item(real, make_product(shop, name="沃柑")))
    closed(real)
    page = as_user(seller).get(f"/live/{real.pk}/").content.decode()
    assert "小店关着，开了才能播" in page
    assert "没在卖" not in page


def test_a_shop_that_an_organiser_closed_is_not_its_owner_s_to_open(as_user, seller, organiser, real):
    closed(real)
    AuditEntry.write(organiser, Verb.SHOP_CLOSED, real.shop, real.shop.place)
    page = as_user(seller).get(f"/live/{real.pk}/").content.decode()
    assert "小店被管理员关了，要再开找管理员" in page
    assert links(page) == []


@pytest.mark.long
def test_what_only_the_owner_may_do_is_said_to_a_helper(as_user, shop, real, trainee):
    add_helpers(shop, trainee)
    phone(real)
    for where in ("", "checklist/", "start/"):
        page = as_user(trainee).get(f"/live/{real.pk}/{where}").content.decode()
        assert "要店主来改" in page
        assert links(page) == []


def saved(as_user, person, url: str, changes: dict):
    """The form of that page, sent with these changes."""
    form = as_user(person).get(url).context["form"]
    told = {bound.html_name: bound.value() for bound in form}
    told = {name: value for name, value in (told | changes).items() if value not in (None, False, "", [])}
    return as_user(person).post(url, told)


@pytest.mark.long
def test_the_tick_is_saved_and_the_live_is_back(as_user, seller, shop, real):
    phone(real)
    url = f"/me/shop/{shop.pk}/?next=/live/{real.pk}/checklist/"
    answer = saved(as_user, seller, url, {"contact_ok": "on"})
    assert answer.url == f"/live/{real.pk}/checklist/"
    assert "小店还没有公开" not in as_user(seller).get(answer.url).content.decode()


@pytest.mark.long
@pytest.mark.parametrize("foreign", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_a_foreign_way_back_is_refused_by_every_form(as_user, seller, shop, real, foreign):
    item = real.items.get()
    script = f"/live/{real.pk}/items/{item.pk}/script/?next={foreign}"
    assert as_user(seller).post(script, {"what": "早上摘的。"}).url == f"/live/{real.pk}/"
    shop_url = f"/me/shop/{shop.pk}/?next={foreign}"
    assert saved(as_user, seller, shop_url, {"contact_ok": "on"}).url == f"/me/shop/?shop={shop.pk}"
    for page in (
        f"/live/{real.pk}/edit/",
        f"/live/{real.pk}/add/",
        f"/live/{real.pk}/host/",
        f"/live/{real.pk}/checklist/",
    ):
        html = as_user(seller).get(f"{page}?next={foreign}").content.decode()
        assert re.findall(r'(?:href|action)="[^"]*evil[^"]*"', html) == []


@pytest.mark.long
def test_a_script_with_a_blocked_word_keeps_its_way_back(as_user, seller, real):
    url = f"/live/{real.pk}/items/{real.items.get().pk}/script/?next=/live/{real.pk}/checklist/"
    assert as_user(seller).post(url, {"what": "全县最甜。"}).url == url
    assert as_user(seller).post(url, {"what": "早上摘的。"}).url == f"/live/{real.pk}/checklist/"


def test_the_month_of_birth_is_said_and_the_live_is_back(as_user, seller, real):
    age(real)
    url = f"/live/{real.pk}/host/?next=/live/{real.pk}/start/"
    assert as_user(seller).post(url, {"birth_month": "198506"}).url == f"/live/{real.pk}/start/"


@pytest.mark.long
def test_a_rehearsal_s_script_is_opened_from_the_studio_and_leads_back(as_user, seller, shop, product):
    plan = make_live(seller, shop=shop)
    item = make_item(plan, product)
    make_script(item)
    studio = f"/practise/lives/{plan.pk}/"
    [link] = links(as_user(seller).get(studio).content.decode())
    assert target(link) == ("/live/N/items/N/script/", studio)
    assert as_user(seller).post(link, {"what": "早上摘的。"}).url == studio
