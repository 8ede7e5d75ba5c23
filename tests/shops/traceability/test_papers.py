"""Certificates as a seller hands them in, and withdraws them before they are accepted."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from media.models import Document
from shops.models import Paper, Shop
from tests.factories import make_shop
from tests.media import papers as pdfs
from tests.media import pictures
from tests.media.pictures import upload
from tests.shops.traceability.certificates import make_paper

Status = Paper.Status
pytestmark = pytest.mark.usefixtures("empty_storage")


@pytest.fixture
def empty_storage():
    """Files of one test do not affect another's: their names are random."""


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组")


def typed(**fields) -> dict:
    day = timezone.localdate() + datetime.timedelta(days=300)
    whole = {
        "kind": "green",
        "number": "LB-18-26041808421A",
        "holder": "周梅英",
        "expires_on": day.isoformat(),
    }
    return whole | {"issued_on": "", "issuer": "", "file_new": upload(pictures.jpeg(), "证.jpg")} | fields


def new_url(shop: Shop) -> str:
    return f"{reverse('shops:new_paper')}?shop={shop.pk}"


def test_paper_is_handed_in_and_waits(shop, as_user, seller):
    as_user(seller).post(new_url(shop), typed())
    paper = Paper.objects.get()
    assert (paper.status, paper.holder, paper.made_by) == ("waiting", "周梅英", seller)
    assert paper.file.content_type == "image/webp"
    assert not Paper.objects.in_force().exists()
    assert AuditEntry.objects.get(verb="paper_handed_in").place == shop.place


@pytest.mark.long
def test_paper_sent_twice_is_one(shop, as_user, seller):
    for _tap in range(2):
        as_user(seller).post(new_url(shop), typed())
    assert (Paper.objects.count(), Document.objects.count()) == (1, 1)


@pytest.mark.long
def test_file_is_kept_when_something_else_is_wrong(shop, as_user, seller):
    form = as_user(seller).post(new_url(shop), typed(number="")).context["form"]
    assert set(form.errors) == {"number"}
    [kept] = form.fields["file"].widget.shown
    as_user(seller).post(new_url(shop), typed(file=kept.signed, file_new=""))
    assert Paper.objects.get().file == kept.document


@pytest.mark.long
@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"expires_on": "2020-01-01"}, "expires_on", "这张证已经过期了，交新的"),
        ({"expires_on": ""}, "expires_on", "这种证有有效期，写到哪天"),
        ({"issued_on": "2099-01-01"}, "issued_on", "还没到这一天"),
        ({"kind": "medal"}, "kind", "没有这一项，重新选一个"),
        ({"file_new": ""}, "file", "先拍一张或选一个文件"),
        (
            {"file_new": upload(pdfs.pdf(pdfs.SCRIPT), "证.pdf")},
            "file",
            "“证.pdf”里头有会自己运行的东西，没传上。把那一页拍下来再传",
        ),
        (
            {"file_new": upload(b"<svg onload='alert(1)'/>", "证.svg")},
            "file",
            "“证.svg”不是照片也不是 PDF，能收 JPEG、PNG、WebP、HEIC 和 PDF",
        ),
    ],
)
def test_bad_paper_is_told_beside_its_field(fields, field, sentence, shop, as_user, seller):
    form = as_user(seller).post(new_url(shop), typed(**fields)).context["form"]
    assert sentence in form.errors[field]
    assert not Paper.objects.exists()


def test_accepted_paper_is_not_dropped_and_a_waiting_one_is(shop, as_user, seller, stranger):
    kept, gone = make_paper(shop), make_paper(shop, status=Status.WAITING)
    assert as_user(stranger).post(reverse("shops:drop_paper", args=[gone.pk])).status_code == 404
    for paper in (kept, gone):
        as_user(seller).post(reverse("shops:drop_paper", args=[paper.pk]))
    assert list(Paper.objects.all()) == [kept]
