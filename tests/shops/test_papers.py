"""Certificates: handed in, checked, worth something until their day, seen by those they concern."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Notice
from media import documents
from media.models import Document
from shops import marks, papers, rules
from shops.models import Batch, Paper, Shop
from tests.factories import make_batch, make_product, make_shop
from tests.media import makers
from tests.media import papers as pdfs
from tests.media.makers import upload

Status, Kind = Paper.Status, Paper.Kind
pytestmark = pytest.mark.usefixtures("empty_storage")


@pytest.fixture
def empty_storage():
    """Files of one test do not disturb another's: names are unguessable."""


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组")


def make_paper(shop: Shop, **fields) -> Paper:
    fields.setdefault("file", documents.receive(upload(makers.jpeg()), shop.owner))
    facts = {"kind": Kind.GREEN, "number": "LB-18-1", "holder": shop.legal_name, "status": Status.ACCEPTED}
    day = timezone.localdate() + datetime.timedelta(days=200)
    return Paper.objects.create(shop=shop, **{"expires_on": day} | facts | fields)


def typed(**fields) -> dict:
    day = timezone.localdate() + datetime.timedelta(days=300)
    whole = {
        "kind": "green",
        "number": "LB-18-26041808421A",
        "holder": "周梅英",
        "expires_on": day.isoformat(),
    }
    return whole | {"issued_on": "", "issuer": "", "file_new": upload(makers.jpeg(), "证.jpg")} | fields


def new_url(shop: Shop) -> str:
    return f"{reverse('shops:new_paper')}?shop={shop.pk}"


def test_paper_is_handed_in_and_waits(shop, as_user, seller):
    as_user(seller).post(new_url(shop), typed())
    paper = Paper.objects.get()
    assert (paper.status, paper.holder, paper.made_by) == ("waiting", "周梅英", seller)
    assert paper.file.content_type == "image/webp"
    assert not Paper.objects.in_force().exists()
    assert AuditEntry.objects.get(verb="paper_handed_in").place == shop.place


def test_paper_sent_twice_is_one(shop, as_user, seller):
    for _tap in range(2):
        as_user(seller).post(new_url(shop), typed())
    assert (Paper.objects.count(), Document.objects.count()) == (1, 1)


def test_file_is_kept_when_something_else_is_wrong(shop, as_user, seller):
    form = as_user(seller).post(new_url(shop), typed(number="")).context["form"]
    assert set(form.errors) == {"number"}
    [kept] = form.fields["file"].widget.shown
    as_user(seller).post(new_url(shop), typed(file=kept.signed, file_new=""))
    assert Paper.objects.get().file == kept.document


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
            "“证.pdf”里头有会自己运行的东西，没收下。把那一页拍下来再传",
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


# --- the organiser's yes and no -----------------------------------------------------------------------------


def test_organiser_accepts_what_is_the_sellers_own(shop, organiser):
    paper = make_paper(shop, status=Status.WAITING)
    papers.accept(paper, organiser)
    paper.refresh_from_db()
    assert (paper.status, paper.decided_by) == ("accepted", organiser)
    assert list(Paper.objects.in_force()) == [paper]
    assert AuditEntry.objects.get(verb="paper_accepted").actor == organiser


def test_another_holders_certificate_counts_only_with_a_written_reason(shop, organiser):
    paper = make_paper(shop, status=Status.WAITING, holder="柚山县柑橘协会", kind=Kind.GI)
    with pytest.raises(papers.NotPossible) as problem:
        papers.accept(paper, organiser)
    assert problem.value.sentence == "持证人是“柚山县柑橘协会”，卖家是“周梅英”。有授权才能收下，写明凭什么"
    assert not Paper.objects.in_force().exists()
    papers.accept(paper, organiser, "看过授权书 2026-17 号")
    paper.refresh_from_db()
    assert (paper.status, paper.accepted_reason) == ("accepted", "看过授权书 2026-17 号")


def test_space_in_the_name_makes_nobody_another(shop, organiser):
    paper = make_paper(shop, status=Status.WAITING, holder="周 梅英")
    papers.accept(paper, organiser)
    assert paper.status == "accepted"


def test_paper_that_is_over_is_not_accepted(shop, organiser):
    paper = make_paper(
        shop, status=Status.WAITING, expires_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    with pytest.raises(papers.NotPossible):
        papers.accept(paper, organiser)


def test_refusal_needs_a_reason_and_takes_an_accepted_one_back(shop, organiser):
    paper = make_paper(shop)
    with pytest.raises(papers.NotPossible):
        papers.refuse(paper, " ", organiser)
    papers.refuse(paper, "编号查不到", organiser)
    assert not Paper.objects.in_force().exists()
    with pytest.raises(papers.NotPossible):
        papers.refuse(paper, "再一次", organiser)


def test_change_of_the_legal_name_sends_papers_back_to_be_looked_at(shop, seller):
    from shops import keeping

    mine = make_paper(shop)
    theirs = make_paper(shop, holder="协会", accepted_reason="授权书")
    keeping.change(shop, {"legal_name": "别人"}, seller)
    assert set(Paper.objects.values_list("pk", "status")) == {(mine.pk, "waiting"), (theirs.pk, "accepted")}


def test_admin_asks_for_the_reason_of_another_holder(shop, as_user, organiser, settings):
    settings.DEMO = True
    paper = make_paper(shop, status=Status.WAITING, holder="协会")
    url = reverse("admin:shops_paper_accept", args=[paper.pk])
    page = as_user(organiser).post(url)
    assert page.context_data["title"] == "持证人不是卖家本人，凭什么收下？"
    as_user(organiser).post(url, {"reason": "授权书 17 号"})
    paper.refresh_from_db()
    assert (paper.status, paper.accepted_reason) == ("accepted", "授权书 17 号")


def test_admin_shows_the_file_beside_the_facts(shop, as_user, organiser, settings):
    settings.DEMO = True
    paper = make_paper(shop, status=Status.WAITING)
    html = as_user(organiser).get(reverse("admin:shops_paper_change", args=[paper.pk])).content.decode()
    assert f'<img src="/me/shop/papers/{paper.pk}/file/"' in html


def test_organiser_of_another_county_sees_no_paper(shop, as_user, stranger, settings):
    settings.DEMO = True
    paper = make_paper(shop, status=Status.WAITING)
    client = as_user(stranger)
    assert client.get(reverse("admin:shops_paper_change", args=[paper.pk])).status_code == 404
    assert client.post(reverse("admin:shops_paper_accept", args=[paper.pk])).status_code == 404
    assert client.get(reverse("shops:paper_file", args=[paper.pk])).status_code == 404
    paper.refresh_from_db()
    assert paper.status == "waiting"


def test_file_is_for_its_sellers_and_the_organiser(
    shop, client, as_user, seller, organiser, trainee, trainer, settings
):
    settings.DEMO = True  # the second factor has its own tests
    url = reverse("shops:paper_file", args=[make_paper(shop).pk])
    assert client.get(url).status_code == 302
    shop.helpers.add(trainer)
    people = (seller, organiser, trainer, trainee)
    assert [as_user(person).get(url).status_code for person in people] == [200, 200, 200, 404]
    answer = as_user(seller).get(url)
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_lists_and_rules_agree_on_who_sees_what(
    shop, seller, organiser, trainee, trainer, stranger, other_village
):
    shop.helpers.add(trainer)
    elsewhere = make_shop(stranger, other_village)
    rows = [make_paper(shop), make_paper(elsewhere)]
    lots = [make_batch(shop, is_public=False), make_batch(elsewhere, is_public=False), make_batch(shop)]
    for person in (seller, organiser, trainee, trainer, stranger, AnonymousUser()):
        assert set(Paper.objects.visible_to(person)) == {
            row for row in rows if rules.can_see_paper(person, row)
        }
        assert set(Batch.objects.visible_to(person)) == {
            lot for lot in lots if rules.can_see_batch(person, lot)
        }
    assert set(Batch.objects.of_seller(trainer)) == {
        lot for lot in lots if rules.can_edit_batch(trainer, lot)
    }
    assert rules.can_see_paper(organiser, rows[0])
    assert not rules.can_see_paper(trainee, rows[0])


def test_accepted_paper_is_not_dropped_and_a_waiting_one_is(shop, as_user, seller, stranger):
    kept, gone = make_paper(shop), make_paper(shop, status=Status.WAITING)
    assert as_user(stranger).post(reverse("shops:drop_paper", args=[gone.pk])).status_code == 404
    for paper in (kept, gone):
        as_user(seller).post(reverse("shops:drop_paper", args=[paper.pk]))
    assert list(Paper.objects.all()) == [kept]


# --- until its day ------------------------------------------------------------------------------------------


def test_paper_counts_through_its_last_day_and_not_after(shop):
    day = datetime.date(2026, 11, 24)
    paper = make_paper(shop, expires_on=day)
    assert list(Paper.objects.in_force(day)) == [paper]
    assert not Paper.objects.in_force(day + datetime.timedelta(days=1)).exists()


def test_owner_is_told_once_thirty_days_before(shop, seller):
    day = datetime.date(2026, 11, 24)
    make_paper(shop, expires_on=day + datetime.timedelta(days=30))
    make_paper(shop, expires_on=day + datetime.timedelta(days=31))
    make_paper(shop, expires_on=day + datetime.timedelta(days=5), status=Status.WAITING)
    assert [papers.tell_expiring(day), papers.tell_expiring(day)] == [1, 0]
    note = Notice.objects.get()
    assert (note.phone, note.template, note.params["day"]) == (seller.phone, "paper_expiring", "2026-12-24")


TEXT = "果径 60 毫米，绿色食品认证。施有机肥，皮薄。"


def test_words_of_a_mark_stand_only_while_its_paper_does(shop):
    product = make_product(shop, description=TEXT)
    day = datetime.date(2026, 11, 24)
    assert marks.said(product, day) == "果径 60 毫米。施有机肥，皮薄。"
    make_paper(shop, expires_on=day)
    assert marks.said(product, day) == TEXT
    assert marks.said(product, day + datetime.timedelta(days=1)) == "果径 60 毫米。施有机肥，皮薄。"


def test_paper_for_one_product_says_nothing_of_the_others(shop):
    one, other = make_product(shop, description=TEXT), make_product(shop, description=TEXT)
    make_paper(shop).products.add(one)
    assert [marks.said(product) == TEXT for product in (one, other)] == [True, False]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("有机橙，甜。", "甜。"),
        ("施有机肥，土里有机质多，有机会来摘。", "施有机肥，土里有机质多，有机会来摘。"),
        ("皮薄\n国家地理标志产品\n汁多", "皮薄\n汁多"),
        ("富硒土里长的！皮薄。", "皮薄。"),
        ("Organic oranges, thin skin.", "thin skin."),
        ("有 机", ""),
    ],
)
def test_clauses_of_marks_are_taken_out_whole(text, left):
    assert marks.without(text, marks.SAID) == left


def test_product_page_shows_the_mark_in_force_and_drops_it_the_day_after(shop, client):
    product, paper = make_product(shop, description=TEXT), make_paper(shop)
    html = client.get(product.get_absolute_url()).content.decode()
    assert "绿色食品认证" in html
    assert "LB-18-1" in html
    paper.expires_on = timezone.localdate() - datetime.timedelta(days=1)
    paper.save()
    html = client.get(product.get_absolute_url()).content.decode()
    assert "绿色食品" not in html
    assert "LB-18-1" not in html
