import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.urls import reverse

from accounts.backoffice.scoped import ScopedAdmin


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def test_staff_without_a_second_factor_set_it_up_first(organiser, client, settings):
    settings.DEMO = False
    client.force_login(organiser)
    for url in ("/admin/", "/admin/shops/product/"):
        led = [there.split("?")[0] for there, _status in client.get(url, follow=True).redirect_chain]
        assert led[:2] == [reverse("admin:login"), reverse("mfa_activate_totp")]


def test_staff_with_a_second_factor_show_it_first(organiser, client, settings):
    settings.DEMO = False
    Authenticator.objects.create(user=organiser, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(organiser)
    led = [there for there, _status in client.get("/admin/shops/product/", follow=True).redirect_chain]
    assert led[1] == f"{reverse('mfa_reauthenticate')}?next=%2Fadmin%2Fshops%2Fproduct%2F"


def test_who_is_no_staff_goes_home(trainee, client, demo):
    client.force_login(trainee)
    assert client.get(reverse("admin:login")).url == "/"


def test_a_visitor_signs_in_and_comes_back(client, db):
    url = client.get(reverse("admin:login") + "?next=/admin/shops/product/").url
    assert url == f"{reverse('account_login')}?next=%2Fadmin%2Fshops%2Fproduct%2F"


def test_a_place_lost_is_an_admin_lost(organiser, client, demo):
    client.force_login(organiser)
    assert client.get("/admin/").status_code == 200
    organiser.memberships.update(status="ended")
    assert client.get("/admin/").status_code == 302


def test_signing_out_takes_a_post(organiser, client, demo):
    client.force_login(organiser)
    client.get(reverse("admin:logout"))
    assert client.get("/admin/").status_code == 200
    assert client.post(reverse("admin:logout")).url == "/"
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
def test_passwords_are_changed_where_everybody_does(name, organiser, client, demo):
    client.force_login(organiser)
    assert client.get(reverse(f"admin:{name}")).url == reverse("account_change_password")


def test_an_apps_own_page_is_the_first_page(organiser, client, demo):
    client.force_login(organiser)
    assert client.get(reverse("admin:app_list", args=["shops"])).url == "/admin/"


def test_only_scoped_pages_are_in_the_admin():
    """What libraries register themselves (second factors, groups, tasks) would show secrets or other counties."""
    assert all(isinstance(page, ScopedAdmin) for page in admin.site._registry.values())
    assert not any(admin.site.is_registered(model) for model in (Authenticator,))


@pytest.mark.long
def test_the_admin_carries_nothing_inline(organiser, village, client, demo):
    """A strict CSP applies to every page: no inline script or style, no event handler on an element."""
    client.force_login(organiser)
    pages = ["/admin/", reverse("admin:shops_product_changelist"), reverse("admin:courses_cohort_add")]
    pages += [reverse("admin:courses_lesson_add"), reverse("admin:accounts_user_change", args=[organiser.pk])]
    for url in pages:
        answer = client.get(url)
        html = answer.content.decode()
        assert "<style" not in html
        assert " style=" not in html
        assert "onclick=" not in html
        assert "<script>" not in html
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
