"""Difficult recaps (复盘): a live that nobody has ended, and exports with impossible figures."""

import datetime
import io
import json
import uuid
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from live.models import FigureImport
from live.recap import timeline
from tests.factories import make_product, make_shop
from tests.live.kit import add_sale, make_ended, make_item, make_live


@pytest.fixture
def forgotten(seller, village):
    """Over since an hour, by its time alone; no round of the worker has ended it yet."""
    return make_live(
        make_shop(seller, village), started_at=timezone.now() - datetime.timedelta(hours=13), title="忘了下播"
    )


def test_one_that_nobody_has_ended_has_its_recap(as_user, seller, forgotten):
    response = as_user(seller).get(f"/live/{forgotten.pk}/recap/")
    assert response.status_code == 200
    assert response.context["settles_at"] == forgotten.started_at + datetime.timedelta(days=7, hours=12)


def test_its_sales_stand_in_the_minute_in_which_they_were_made(forgotten):
    add_sale(make_item(forgotten, make_product(forgotten.shop)), 3, minute=300)
    assert [(bar.minute, bar.units) for bar in timeline.build_timeline(forgotten).bars if bar.units] == [
        (300, 3)
    ]


@pytest.mark.long
def test_its_evidence_is_kept_for_three_years_from_when_it_was_over(as_user, seller, forgotten):
    started = timezone.now() - datetime.timedelta(days=40)
    type(forgotten).objects.filter(pk=forgotten.pk).update(started_at=started)
    response = as_user(seller).get(f"/live/{forgotten.pk}/evidence.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    over = timezone.localdate(started + datetime.timedelta(hours=12))
    assert manifest["keep_until"] == over.replace(year=over.year + 3).isoformat()


def test_figures_that_no_live_ever_had_are_told_and_left_out(as_user, seller, village):
    live = make_ended(make_shop(seller, village))
    text = f"观看人次,人均观看时长,成交金额\n3456,{'9' * 40}秒,{'9' * 13}\n"
    client = as_user(seller)
    file = SimpleUploadedFile("概览.csv", text.encode())
    looked = client.post(f"/live/{live.pk}/recap/import/", {"file": file})
    unread, wild = looked.context["problems"]
    assert unread == f"第 2 行“人均观看时长”读不懂：{'9' * 30}"
    assert wild.endswith("大得不像真的，没有记：看看那一列选对了没有")
    form = looked.context["form"]
    chosen = {field.html_name: field.value() for field in form} | {"token": looked.context["token"]}
    assert client.post(f"/live/{live.pk}/recap/import/", chosen | {"do": "take"}).status_code == 302
    assert list(live.figures.values_list("name", "value")) == [("visits", 3456)]
    assert FigureImport.objects.count() == 1


def test_an_order_in_numbers_too_long_to_read_changes_nothing(as_user, seller, village):
    live = make_live(make_shop(seller, village))
    item = make_item(live, make_product(live.shop), key=uuid.uuid4())
    client = as_user(seller)
    for order in ("9" * 5000, f"{item.pk} {'9' * 5000}"):
        assert client.post(f"/live/{live.pk}/order/", {"order": order}).status_code == 409
