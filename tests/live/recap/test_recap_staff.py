"""Staff who read another person's recap show the second factor first, and download only what they may."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.urls import reverse

from live.models import FigureImport, RecapComment
from tests.factories import make_shop
from tests.live.kit import make_ended


@pytest.fixture
def live(seller, village):
    return make_ended(make_shop(seller, village))


@pytest.fixture
def file(live, seller) -> str:
    """The address of a platform's table with its buyers."""
    storages["private"].delete("exports/orders")
    storages["private"].save("exports/orders", ContentFile("收货人,手机\n陈小禾,13700009999\n".encode()))
    row = FigureImport.objects.create(
        livestream=live, shape="orders", name="订单.csv", stored="exports/orders", sha256="0", by=seller
    )
    return reverse("live:export_file", args=[live.pk, row.pk])


def test_a_platforms_table_is_for_who_ran_it_and_the_organiser(
    as_user, seller, organiser, trainer, stranger, file
):
    people = (seller, organiser, trainer, stranger)
    assert [as_user(person).get(file).status_code for person in people] == [200, 200, 404, 404]


@pytest.mark.long
def test_the_page_offers_a_table_only_to_whom_it_opens(as_user, seller, organiser, trainer, live, file):
    page = reverse("live:recap", args=[live.pk])
    offered = [file in as_user(person).get(page).content.decode() for person in (seller, organiser, trainer)]
    assert offered == [True, True, False]


@pytest.mark.long
def test_staff_show_the_second_factor_before_figures_and_tables(
    as_user, seller, organiser, trainer, live, file, settings
):
    settings.DEMO = False
    page = reverse("live:recap", args=[live.pk])
    assert [as_user(organiser).get(url).status_code for url in (page, file)] == [302, 302]
    assert as_user(trainer).get(page).status_code == 302
    assert [as_user(seller).get(url).status_code for url in (page, file)] == [200, 200]


def test_staff_show_the_second_factor_before_they_comment(as_user, trainer, live, settings):
    url = reverse("live:recap_comment", args=[live.pk])
    said = {"key": str(uuid.uuid4()), "text": "秤放近一点"}
    settings.DEMO = False
    assert as_user(trainer).post(url, said).status_code == 302
    assert not RecapComment.objects.exists()
    settings.DEMO = True
    as_user(trainer).post(url, said)
    assert RecapComment.objects.get().text == "秤放近一点"
