"""Outside DEMO the admin requires a second factor; allauth asks for its code at sign-in."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts import second_factor
from accounts.models import SetupCode
from tests.accounts.conftest import errors_of, is_signed_in, sign_in, with_password
from tests.authenticator import code_for, set_up_recovery_codes, set_up_second_factor
from tests.factories import PASSWORD, make_person

ACTIVATE, REAUTHENTICATE = "/accounts/2fa/totp/activate/", "/accounts/reauthenticate/"
SECOND = "/accounts/2fa/authenticate/"
CODES = "/accounts/2fa/recovery-codes/"


@pytest.fixture
def staff(client, organiser):
    with_password(organiser)
    sign_in(client, organiser)
    return organiser


@pytest.fixture
def secured(client, organiser):
    """An organiser with a second factor, not signed in; `secured.secret` makes its codes."""
    with_password(organiser)
    organiser.secret = set_up_second_factor(organiser)
    organiser.recovery = set_up_recovery_codes(organiser)
    return organiser


def activate(client) -> str:
    """From the closed door of the admin to an activated second factor; returns the secret."""
    client.post(REAUTHENTICATE, {"password": PASSWORD, "next": ACTIVATE})
    form = client.get(ACTIVATE).context["form"]
    secret, person = form.secret, form.user
    response = client.post(
        ACTIVATE, {"code": code_for(secret), "setup_code": second_factor.give_setup_code(person, None)}
    )
    assert response["Location"] == CODES
    return secret


def test_without_it_the_admin_leads_to_its_set_up(client, staff):
    response = client.get("/admin/")
    assert response["Location"] == "/admin/login/?next=/admin/"
    assert client.get(response["Location"])["Location"] == ACTIVATE
    assert client.get(ACTIVATE)["Location"] == f"{REAUTHENTICATE}?next=%2Faccounts%2F2fa%2Ftotp%2Factivate%2F"


@pytest.mark.long
def test_after_set_up_the_admin_opens(client, staff):
    activate(client)
    assert client.get("/admin/").status_code == 200


def test_the_set_up_shows_a_picture_that_the_page_may_show(client, staff):
    client.post(REAUTHENTICATE, {"password": PASSWORD, "next": ACTIVATE})
    response = client.get(ACTIVATE)
    page = response.content.decode()
    assert '<img src="data:image/svg+xml;base64,' in page
    assert "img-src 'self' data:" in response["Content-Security-Policy"]
    assert response.context["form"].secret in page
    assert "style=" not in page


def test_the_picture_names_the_house_and_the_person(client, staff):
    client.post(REAUTHENTICATE, {"password": PASSWORD, "next": ACTIVATE})
    url = client.get(ACTIVATE).context["totp_url"]
    assert url.startswith("otpauth://totp/%E5%90%91%E6%BB%A1%E5%A7%91")
    assert "issuer=%E6%96%B0%E5%86%9C%E6%B4%BB" in url


@pytest.mark.long
def test_a_wrong_code_does_not_set_it_up(client, staff):
    client.post(REAUTHENTICATE, {"password": PASSWORD, "next": ACTIVATE})
    client.get(ACTIVATE)
    response = client.post(
        ACTIVATE, {"code": "abc", "setup_code": second_factor.give_setup_code(staff, None)}
    )
    assert errors_of(response) == {"code": ["验证码不对，再看一眼。每 30 秒换一次。"]}
    assert not Authenticator.objects.exists()


def test_in_the_demo_the_admin_opens_without_it(client, staff, settings):
    settings.DEMO = True
    assert client.get("/admin/").status_code == 200


def test_nobody_else_gets_near_the_admin(client, trainee):
    client.force_login(trainee)
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/"


@pytest.mark.long
def test_sign_in_asks_for_the_code(client, secured):
    assert sign_in(client, secured, next="/admin/")["Location"] == SECOND
    assert not is_signed_in(client, secured)
    assert client.get("/admin/").status_code == 302
    assert "<h1>打开验证器，填 6 位数</h1>" in client.get(SECOND).content.decode()
    assert client.post(SECOND, {"code": code_for(secured.secret)})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_code_typed_with_a_space_or_wide_digits_is_right(client, secured):
    sign_in(client, secured)
    code = code_for(secured.secret)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code[:3])
    client.post(SECOND, {"code": f"{wide} {code[3:]}"})
    assert is_signed_in(client, secured)


def test_a_clock_half_a_minute_off_is_forgiven(client, secured):
    sign_in(client, secured)
    client.post(SECOND, {"code": code_for(secured.secret, steps=-1)})
    assert is_signed_in(client, secured)


def test_a_code_opens_once(client, secured):
    code = code_for(secured.secret)
    for visitor in (client, Client()):
        sign_in(visitor, secured)
        visitor.post(SECOND, {"code": code})
    assert is_signed_in(client, secured)
    assert not is_signed_in(visitor, secured)


def test_a_wrong_code_is_told_and_counted(client, secured):
    sign_in(client, secured)
    for _time in range(5):
        response = client.post(SECOND, {"code": "12"})
        assert errors_of(response) == {"code": ["验证码不对，再看一眼。每 30 秒换一次。"]}
    response = client.post(SECOND, {"code": code_for(secured.secret)})
    assert errors_of(response) == {"code": ["试得太多了，过十分钟再试。"]}
    assert not is_signed_in(client, secured)


def test_the_sixth_wrong_code_in_five_minutes_is_refused(client, secured):
    sign_in(client, secured)
    answers = [client.post(SECOND, {"code": "000000"}) for _n in range(5)]
    assert [errors_of(answer)["code"] for answer in answers] == [
        ["验证码不对，再看一眼。每 30 秒换一次。"]
    ] * 5
    answer = client.post(SECOND, {"code": code_for(secured.secret)})
    assert errors_of(answer)["code"] == ["试得太多了，过十分钟再试。"]


@pytest.mark.long
def test_a_right_code_forgets_the_wrong_ones(client, secured):
    for _time in range(2):
        sign_in(client, secured)
        for _n in range(4):
            client.post(SECOND, {"code": "000000"})
        client.post(SECOND, {"code": secured.recovery.pop()})
        assert is_signed_in(client, secured)
        client.post("/accounts/logout/")


def test_a_recovery_code_opens_once(client, secured):
    word = secured.recovery[0]
    sign_in(client, secured)
    client.post(SECOND, {"code": word})
    assert is_signed_in(client, secured)
    second = Client()
    sign_in(second, secured)
    assert errors_of(second.post(SECOND, {"code": word})) == {
        "code": ["验证码不对，再看一眼。每 30 秒换一次。"]
    }
    assert not is_signed_in(second, secured)


@pytest.mark.long
def test_recovery_codes_are_shown_after_set_up(client, staff):
    activate(client)
    codes = client.get(CODES).context["unused_codes"]
    page = client.get(CODES).content.decode()
    assert len(codes) == 10
    assert all(f"<b>{code}</b>" in page for code in codes)
    file = client.get(f"{CODES}download/").content.decode()
    assert file.splitlines()[0] == "新农活恢复码，每个只能用一次"
    assert [line for line in file.splitlines()[1:] if line] == codes


@pytest.mark.long
def test_a_new_set_of_recovery_codes_ends_the_old(client, staff):
    activate(client)
    old = client.get(CODES).context["unused_codes"]
    client.post(f"{CODES}generate/")
    assert not set(old) & set(client.get(CODES).context["unused_codes"])


@pytest.mark.long
def test_switching_it_off_closes_the_admin(client, staff):
    activate(client)
    assert "<h1>关掉两步登录？</h1>" in client.get("/accounts/2fa/totp/deactivate/").content.decode()
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert not Authenticator.objects.exists()


@pytest.fixture
def old_session(client, staff):
    """A session on another device that began, by password, before the second factor was set up."""
    old = Client()
    sign_in(old, staff)
    staff.secret = activate(client)
    return old


@pytest.mark.long
def test_a_session_from_before_the_set_up_shows_it_first(old_session, staff):
    assert old_session.get("/admin/").status_code == 302
    url = old_session.get("/admin/login/?next=/admin/")["Location"]
    assert url == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"
    assert old_session.post(url, {"code": code_for(staff.secret, steps=1)})["Location"] == "/admin/"
    assert old_session.get("/admin/").status_code == 200


@pytest.mark.long
@pytest.mark.parametrize(
    "page", [CODES, f"{CODES}generate/", f"{CODES}download/", "/accounts/2fa/totp/deactivate/"]
)
def test_a_password_alone_neither_reads_nor_ends_it(page, old_session, staff):
    old_session.post(REAUTHENTICATE, {"password": PASSWORD, "next": page})
    for answer in (old_session.get(page), old_session.post(page)):
        assert answer["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert Authenticator.objects.filter(user=staff, type="totp").exists()


@pytest.mark.long
def test_what_a_lost_phone_has_shown_counts_no_more(client, staff):
    activate(client)
    other = Client()
    other.cookies = client.cookies.copy()
    Authenticator.objects.all().delete()  # taken away by who runs the site
    fresh = Client()
    sign_in(fresh, staff)
    activate(fresh)
    assert fresh.get("/admin/").status_code == 200
    assert other.get("/admin/").status_code == 302


def test_a_code_by_text_does_not_replace_the_second_factor(client, secured, gateway):
    with_password(secured, phone_verified=True, last_login="2026-11-23T08:00:00+08:00")
    client.post("/accounts/login/code/", {"phone": str(secured.phone)})
    response = client.post("/accounts/login/code/confirm/", {"code": gateway()[0]["params"]["code"]})
    assert response["Location"] == SECOND
    assert not is_signed_in(client, secured)


def test_a_trainee_may_have_it_too(client, trainee):
    with_password(trainee)
    sign_in(client, trainee)
    activate(client)
    assert "已经开通" in client.get("/accounts/2fa/").content.decode()


# --- enrolled with the role


@pytest.mark.long
def test_a_password_alone_sets_up_nothing(client, staff):
    """A thief of the password who comes first still needs a code that only the person was given."""
    client.post(REAUTHENTICATE, {"password": PASSWORD, "next": ACTIVATE})
    secret = client.get(ACTIVATE).context["form"].secret
    for typed in ("", "ABCD-EFGH"):
        second_factor.give_setup_code(staff, None)
        answer = client.post(ACTIVATE, {"code": code_for(secret), "setup_code": typed})
        assert "setup_code" in errors_of(answer)
    assert not Authenticator.objects.exists()


def test_the_code_opens_once_for_one_person_and_for_a_week(staff, trainer):
    code = second_factor.give_setup_code(staff, None)
    assert (
        second_factor.is_setup_code_right(staff, code),
        second_factor.is_setup_code_right(trainer, code),
    ) == (
        True,
        False,
    )
    assert second_factor.is_setup_code_right(staff, code.replace("-", " ").lower())
    assert code.replace("-", "") not in str(SetupCode.objects.values().get())
    SetupCode.objects.update(made_at=timezone.now() - timedelta(days=7, minutes=1))
    assert not second_factor.is_setup_code_right(staff, code)
    first, second = second_factor.give_setup_code(staff, None), second_factor.give_setup_code(staff, None)
    assert (
        second_factor.is_setup_code_right(staff, first),
        second_factor.is_setup_code_right(staff, second),
    ) == (False, True)


def test_the_code_is_used_up(client, staff):
    activate(client)
    assert not SetupCode.objects.exists()


@pytest.mark.long
def test_guessing_the_code_ends_soon(client, staff):
    client.post(REAUTHENTICATE, {"password": PASSWORD, "next": ACTIVATE})
    code = second_factor.give_setup_code(staff, None)
    for _time in range(5):
        client.post(ACTIVATE, {"code": "12", "setup_code": "WRONG234"})
    answer = client.post(ACTIVATE, {"code": "12", "setup_code": code})
    assert errors_of(answer)["setup_code"] == ["太快了，过一会儿再试。"]


def test_who_grants_a_staff_role_reads_the_code_once(client, county, trainee):
    boss = make_person("站长", is_superuser=True)
    client.force_login(boss)
    add = "/admin/accounts/membership/add/"
    with_shown_factor(client, boss)
    answer = client.post(add, {"user": trainee.pk, "role": "trainer", "place": county.pk}, follow=True)
    [told] = [str(one) for one in answer.context["messages"] if "开通码" in str(one)]
    code = re.search("[A-Z2-9]{4}-[A-Z2-9]{4}", told).group()
    assert second_factor.is_setup_code_right(trainee, code)
    assert code not in client.get("/admin/accounts/membership/").content.decode()


def test_who_runs_the_site_gets_the_first_code_from_the_command_line(organiser, capsys):
    call_command("setup_code", str(organiser.phone))
    assert second_factor.is_setup_code_right(organiser, capsys.readouterr().out.strip())


# --- how long staff stay at work


def with_shown_factor(client, person, ago: float = 0) -> None:
    """The second factor of this person was shown in this session so many seconds ago."""
    if not Authenticator.objects.filter(user=person).exists():
        set_up_second_factor(person)
    row = Authenticator.objects.filter(user=person).first()
    session = client.session
    record = {"method": "mfa", "at": time.time() - ago, "id": row.pk, "type": "totp"}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def test_staff_are_signed_out_after_twelve_hours(client, secured, trainee):
    sign_in(client, secured)
    client.post(SECOND, {"code": code_for(secured.secret)})
    assert client.session.get_expiry_age() <= 12 * 3600
    plain = Client()
    sign_in(plain, with_password(trainee))
    assert plain.session.get_expiry_age() > 89 * 86400


def test_without_a_second_factor_too(client, staff):
    assert client.session.get_expiry_age() <= 12 * 3600


def test_what_was_shown_yesterday_is_shown_again(client, organiser):
    client.force_login(organiser)
    with_shown_factor(client, organiser, ago=60)
    assert client.get("/admin/").status_code == 200
    with_shown_factor(client, organiser, ago=12 * 3600 + 60)
    assert client.get("/admin/").status_code == 302
    assert client.get("/me/people/")["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fme%2Fpeople%2F"


def test_an_hour_of_nothing_asks_again_and_work_goes_on(client, organiser):
    """Each staff page restarts the hour; the mark is worth nothing in another session."""
    client.force_login(organiser)
    with_shown_factor(client, organiser, ago=3500)
    assert client.get("/admin/").status_code == 200
    with_shown_factor(client, organiser, ago=3 * 3600)
    assert client.get("/me/people/").status_code == 200  # seen a moment ago
    mark = client.cookies["staff_seen"].value
    del client.cookies["staff_seen"]
    assert client.get("/me/people/").status_code == 302
    other = Client()
    other.force_login(organiser)
    with_shown_factor(other, organiser, ago=3 * 3600)
    other.cookies["staff_seen"] = mark
    assert other.get("/me/people/").status_code == 302


# --- at rest


@pytest.mark.long
def test_nothing_in_the_database_makes_a_code(client, staff):
    secret = activate(client)
    codes = client.get(CODES).context["unused_codes"]
    rows = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in rows
    assert Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes() == codes
    assert all(str(row["data"]).count("v1:") == 1 for row in Authenticator.objects.values("data"))


def test_under_another_key_no_code_is_right(client, secured, settings):
    code = code_for(secured.secret)
    settings.SECRET_KEY = "another-key-of-another-machine-0123456789-abcdefgh"
    assert not Authenticator.objects.get(type="totp").wrap().validate_code(code)


def test_an_old_key_still_reads_while_it_stands_in_the_fallbacks(secured, settings):
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-another-machine-0123456789-abcdefgh"
    settings.SECRET_KEY_FALLBACKS = [before]
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_for(secured.secret))
