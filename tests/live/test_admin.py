"""The admin's pages of lives: limited to the organiser's places, and read-only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from live.models import GuardianConsent
from media.models import Document
from tests.factories import make_person
from tests.lives import make_clearance, make_item, make_live, make_script, tick_all

LISTS = ["livestream", "scriptversion", "checklisttick", "livesale", "slip", "quotamove", "guardianconsent"]


@pytest.fixture
def said(live, item, seller):
    make_script(item)
    tick_all(live, seller)
    return live


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_to_an_organiser_and_is_empty_to_another_countys(
    name, as_user, said, organiser, stranger
):
    url = reverse(f"admin:live_{name}_changelist")
    assert as_user(organiser).get(url).status_code == 200
    page = as_user(stranger).get(url)
    assert (page.status_code, page.context["cl"].result_count) == (200, 0)


def test_a_plan_is_shown_with_its_items_and_not_changed(as_user, said, organiser, stranger):
    url = reverse("admin:live_livestream_change", args=[said.pk])
    page = as_user(organiser).get(url).content.decode()
    assert "冰糖橙" in page
    assert "¥29.90" in page
    assert 'name="_save"' not in page
    assert as_user(organiser).post(url, {"title": "别的"}).status_code == 403
    assert as_user(stranger).get(url).status_code == 404


def test_a_script_is_read_in_the_admin(as_user, said, item, organiser, stranger):
    url = reverse("admin:live_scriptversion_change", args=[item.scripts.get().pk])
    assert "现在切开给您看。" in as_user(organiser).get(url).content.decode()
    assert as_user(stranger).get(url).status_code == 404


def test_sales_are_the_organisers_alone(as_user, trainer):
    assert as_user(trainer).get(reverse("admin:live_livesale_changelist")).status_code == 403


def test_a_consent_is_seen_by_the_hosts_own_organiser(as_user, seller, organiser, stranger):
    paper = Document.objects.create(owner=seller, sha256="0", width=30, height=40)
    row = GuardianConsent.objects.create(
        user=seller, guardian="周大山", relation="父亲", file=paper, given_on=timezone.localdate()
    )
    url = reverse("admin:live_guardianconsent_change", args=[row.pk])
    assert "周大山" in as_user(organiser).get(url).content.decode()
    assert as_user(stranger).get(url).status_code == 404


def test_a_clearance_is_taken_back_with_a_reason(as_user, seller, organiser, stranger):
    row = make_clearance(seller)
    url = reverse("admin:accounts_clearance_withdraw", args=[row.pk])
    assert as_user(stranger).post(url, {"reason": "x"}).status_code == 404
    assert as_user(organiser).post(url).status_code == 200
    as_user(organiser).post(url, {"reason": "替考"})
    row.refresh_from_db()
    assert (row.withdrawn_at is not None, row.withdrawn_by) == (True, organiser)
    assert AuditEntry.objects.get(verb="clearance_withdrawn").detail == {"reason": "替考"}


def test_the_list_says_which_clearances_are_in_force(as_user, seller, organiser):
    make_clearance(seller)
    make_clearance(seller, withdrawn_at=timezone.now())
    make_clearance(make_person("别人"))
    url = reverse("admin:accounts_clearance_changelist")
    assert as_user(organiser).get(url).context["cl"].result_count == 2
    assert as_user(organiser).get(url, {"state": "now"}).context["cl"].result_count == 1


@pytest.mark.long
def test_the_list_costs_the_same_for_1_and_8(as_user, seller, shop, organiser):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            as_user(organiser).get(reverse("admin:live_scriptversion_changelist"))
        return len(queries)

    make_script(make_item(make_live(seller, shop=shop)))
    cost()  # signs in
    one = cost()
    for _n in range(7):
        make_script(make_item(make_live(seller, shop=shop)))
    assert cost() == one
