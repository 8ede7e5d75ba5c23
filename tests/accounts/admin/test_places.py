import re

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Consent, Place, User
from accounts.people import memberships
from shops.sellers import services
from tests.factories import make_person, make_shop


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def superuser(db) -> User:
    return make_person("站长", is_superuser=True)


def change_url(place: Place) -> str:
    return reverse("admin:accounts_place_change", args=[place.pk])


def test_an_organiser_adds_a_village_below(organiser, village, client):
    client.force_login(organiser)
    facts = {"parent": village.parent_id, "kind": "village", "name": "新屋村", "name_en": ""}
    assert client.post(reverse("admin:accounts_place_add"), facts).status_code == 302
    place = Place.objects.get(name="新屋村")
    assert place.path == village.parent.path + place.step
    assert AuditEntry.objects.get(verb="place_added").place == place


def test_a_place_is_renamed_but_not_moved_by_its_organiser(organiser, village, county, client):
    client.force_login(organiser)
    facts = {"name": "石榴冲新村", "name_en": "", "parent": county.pk, "kind": "township"}
    assert client.post(change_url(village), facts).status_code == 302
    parent = village.parent_id
    village.refresh_from_db()
    assert (village.name, village.parent_id, village.kind) == ("石榴冲新村", parent, "village")


def test_a_place_goes_below_a_larger_one(superuser, village, client):
    client.force_login(superuser)
    url = reverse("admin:accounts_place_add")
    facts = {"parent": village.pk, "kind": "township", "name": "新镇", "name_en": ""}
    assert client.post(url, facts).context["adminform"].form.errors == {
        "kind": ["石榴冲村 下面放不了这一级。"]
    }


def test_a_place_is_not_put_below_itself(superuser, village, client):
    town = village.parent
    client.force_login(superuser)
    facts = {"parent": village.pk, "kind": "township", "name": town.name, "name_en": ""}
    assert "parent" in client.post(change_url(town), facts).context["adminform"].form.errors


def test_two_villages_of_a_township_do_not_share_a_name(organiser, village, client):
    client.force_login(organiser)
    facts = {"parent": village.parent_id, "kind": "village", "name": "柑子坪村", "name_en": ""}
    assert client.post(reverse("admin:accounts_place_add"), facts).status_code == 200
    assert Place.objects.filter(name="柑子坪村").count() == 1


def test_an_empty_place_is_deleted_by_the_sites_owner_only(superuser, organiser, village, client):
    empty = Place.objects.create(name="空村", kind="village", parent=village.parent)
    url = reverse("admin:accounts_place_delete", args=[empty.pk])
    client.force_login(organiser)
    assert client.post(url, {"post": "yes"}).status_code == 403
    client.force_login(superuser)
    assert client.post(url, {"post": "yes"}).status_code == 302
    assert not Place.objects.filter(pk=empty.pk).exists()
    assert client.get(reverse("admin:accounts_place_delete", args=[village.parent_id])).status_code == 403


def test_the_trail_reads_in_words(organiser, trainee, village, client):
    AuditEntry.write(organiser, "membership_declined", trainee, village, role="seller", reason="重名了")
    client.force_login(organiser)
    html = client.get(reverse("admin:accounts_auditentry_changelist")).content.decode()
    assert "驳回身份申请" in html
    assert "身份：卖家 · 原因：重名了" in html
    assert f'<a href="/admin/accounts/user/{trainee.pk}/change/">人 {trainee.pk}</a>' in html


def test_the_trail_names_helpers_and_what_opened_a_class(organiser, trainee, seller, village, client):
    shop = make_shop(seller, village)
    services.add_helper(shop, trainee, seller)
    memberships.grant_role_by_code(make_person("扫码的"), village)
    AuditEntry.write(organiser, "place_changed", village, village, name="<b>村")
    client.force_login(organiser)
    html = client.get(reverse("admin:accounts_auditentry_changelist")).content.decode()
    html = re.sub(r'<td[^>]* class="field-details">', '<td class="field-details">', html)
    link = f'<a href="/admin/accounts/user/{trainee.pk}/change/">人 {trainee.pk}</a>'
    assert f'<td class="field-details">帮手：{link}</td>' in html
    assert '<td class="field-details">身份：学员 · 依据：进班码</td>' in html
    assert '<td class="field-details">名字：&lt;b&gt;村</td>' in html


def test_the_trail_is_filtered_by_what_was_done(organiser, village, client):
    for verb in ("place_added", "place_changed"):
        AuditEntry.write(organiser, verb, village, village)
    client.force_login(organiser)
    shown = (
        client.get(reverse("admin:accounts_auditentry_changelist") + "?verb=place_added")
        .context["cl"]
        .queryset
    )
    assert [entry.verb for entry in shown] == ["place_added"]


def test_consents_of_ones_own_people_are_shown(organiser, trainee, stranger, client):
    for person in (trainee, stranger):
        Consent.objects.create(user=person, kind=Consent.Kind.PRIVACY, version="1")
    client.force_login(organiser)
    shown = client.get(reverse("admin:accounts_consent_changelist")).context["cl"].queryset
    assert [consent.user for consent in shown] == [trainee]
