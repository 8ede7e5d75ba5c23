"""The organiser accepts or refuses a certificate, and who may see it and its file."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from shops import permissions
from shops.exceptions import ActionNotAllowed
from shops.models import Batch, Paper, Shop
from shops.traceability import certificates
from tests.factories import add_helpers, make_batch, make_shop
from tests.shops.traceability.certificates import make_paper

Status, Kind = Paper.Status, Paper.Kind


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组")


def test_organiser_accepts_what_is_the_sellers_own(shop, organiser):
    paper = make_paper(shop, status=Status.WAITING)
    certificates.accept(paper, organiser)
    paper.refresh_from_db()
    assert (paper.status, paper.decided_by) == ("accepted", organiser)
    assert list(Paper.objects.in_force()) == [paper]
    assert AuditEntry.objects.get(verb="paper_accepted").actor == organiser


def test_another_holders_certificate_counts_only_with_a_written_reason(shop, organiser):
    paper = make_paper(shop, status=Status.WAITING, holder="柚山县柑橘协会", kind=Kind.GI)
    with pytest.raises(ActionNotAllowed) as problem:
        certificates.accept(paper, organiser)
    assert problem.value.sentence == "持证人是“柚山县柑橘协会”，卖家是“周梅英”。有授权才能收下，写明依据"
    assert not Paper.objects.in_force().exists()
    certificates.accept(paper, organiser, "看过授权书 2026-17 号")
    paper.refresh_from_db()
    assert (paper.status, paper.accepted_reason) == ("accepted", "看过授权书 2026-17 号")


def test_space_in_the_name_makes_nobody_another(shop, organiser):
    paper = make_paper(shop, status=Status.WAITING, holder="周 梅英")
    certificates.accept(paper, organiser)
    assert paper.status == "accepted"


def test_paper_that_is_over_is_not_accepted(shop, organiser):
    paper = make_paper(
        shop, status=Status.WAITING, expires_on=timezone.localdate() - datetime.timedelta(days=1)
    )
    with pytest.raises(ActionNotAllowed):
        certificates.accept(paper, organiser)


def test_refusal_needs_a_reason_and_takes_an_accepted_one_back(shop, organiser):
    paper = make_paper(shop)
    with pytest.raises(ActionNotAllowed):
        certificates.refuse(paper, " ", organiser)
    certificates.refuse(paper, "编号查不到", organiser)
    assert not Paper.objects.in_force().exists()
    with pytest.raises(ActionNotAllowed):
        certificates.refuse(paper, "再一次", organiser)


def test_change_of_the_legal_name_sends_papers_back_to_be_looked_at(shop, seller):
    from shops.sellers import services

    mine = make_paper(shop)
    theirs = make_paper(shop, holder="协会", accepted_reason="授权书")
    services.change_shop(shop, {"legal_name": "别人"}, seller)
    assert set(Paper.objects.values_list("pk", "status")) == {(mine.pk, "waiting"), (theirs.pk, "accepted")}


def test_admin_asks_for_the_reason_of_another_holder(shop, as_user, organiser, settings):
    settings.DEMO = True
    paper = make_paper(shop, status=Status.WAITING, holder="协会")
    url = reverse("admin:shops_paper_accept", args=[paper.pk])
    page = as_user(organiser).post(url)
    assert page.context_data["title"] == "持证人不是卖家本人，收下的依据是什么？"
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
    add_helpers(shop, trainer)
    people = (seller, organiser, trainer, trainee)
    assert [as_user(person).get(url).status_code for person in people] == [200, 200, 200, 404]
    answer = as_user(seller).get(url)
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_lists_and_rules_agree_on_who_sees_what(
    shop, seller, organiser, trainee, trainer, stranger, other_village
):
    add_helpers(shop, trainer)
    elsewhere = make_shop(stranger, other_village)
    rows = [make_paper(shop), make_paper(elsewhere)]
    lots = [make_batch(shop, is_public=False), make_batch(elsewhere, is_public=False), make_batch(shop)]
    for person in (seller, organiser, trainee, trainer, stranger, AnonymousUser()):
        assert set(Paper.objects.visible_to(person)) == {
            row for row in rows if permissions.can_see_paper(person, row)
        }
        assert set(Batch.objects.visible_to(person)) == {
            lot for lot in lots if permissions.can_see_batch(person, lot)
        }
    assert set(Batch.objects.of_seller(trainer)) == {
        lot for lot in lots if permissions.can_edit_batch(trainer, lot)
    }
    assert permissions.can_see_paper(organiser, rows[0])
    assert not permissions.can_see_paper(trainee, rows[0])
