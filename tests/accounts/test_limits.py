"""A class of sixty behind one Wi-Fi can sign in at once, and guessing is stopped, phone by phone."""

import os
import threading
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts import limits
from accounts.models import Limit
from tests.accounts.conftest import errors_of, is_signed_in, sign_in, with_password
from tests.factories import PASSWORD, make_person

TOO_OFTEN = {"password": ["试得太多了，过 5 分钟再试。忘了密码就点下面的“忘了密码”。"]}

TOO_OFTEN_ELSEWHERE = {
    "password": ["这个号码被试错太多次了。用你以前登录过的那部手机登录，或者过一个小时再试。"]
}
KEYS = int(os.environ.get("LIMIT_KEYS", "400"))


@pytest.fixture
def fast_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# --- the table


def tried(action: str, key: str, address: str = "203.0.113.7") -> bool:
    """One try on a page of allauth's, of ours or of both."""
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    return limits.allows(request, action, key)


@pytest.mark.long
@pytest.mark.both_databases
def test_a_lock_outlasts_any_number_of_other_keys(db):
    """A cache throws away what it has no room for: the lock of a number would end by others' wrong passwords."""
    victim = min((f"+86138{n:08d}" for n in range(50)), key=lambda one: sha256(one.encode()).hexdigest())
    assert [tried("login_failed", victim) for _n in range(6)] == [True] * 5 + [False]
    for n in range(KEYS):
        tried("login_failed", f"+86139{n:08d}", f"198.51.{n // 100 % 250}.{n // 25_000}")
    assert [tried("login_failed", victim) for _n in range(2)] == [False, False]


def test_every_try_on_a_page_of_allauth_is_in_the_table(client, db, fast_hashes):
    cache.clear()
    sign_in(client, with_password(make_person("田巧云")), "wrong")
    assert Limit.objects.count() == 5  # of the page, the address, the number there, the number, the trail
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shared_cache")
        assert cursor.fetchone() == (0,)


def test_an_action_without_rates_is_refused_and_not_allowed_for_ever(db):
    with pytest.raises(
        ImproperlyConfigured, match="Nothing limits “paycod” yet: name its rates in RATE_LIMITS"
    ):
        limits.allows(RequestFactory().post("/"), "paycod", "1")


def test_a_row_names_nobody(db):
    tried("login_failed", "+8613800000001")
    row = Limit.objects.order_by("count").first()
    assert len(row.digest) == 32
    assert sha256(b"+8613800000001").hexdigest()[:32] != row.digest


@pytest.mark.both_databases
def test_a_window_ends_by_time_alone(db, monkeypatch):
    now = timezone.now()
    until = now + timedelta(minutes=5)
    assert [limits.consume("a", 2, until) for _n in range(3)] == [True, True, False]
    monkeypatch.setattr(timezone, "now", lambda: until)
    assert limits.count_used("a") == 0
    assert [limits.consume("a", 2, until + timedelta(minutes=5)) for _n in range(3)] == [True, True, False]


@pytest.mark.both_databases
def test_several_at_once_go_in_whole_or_not(db):
    until = timezone.now() + timedelta(minutes=5)
    assert [limits.consume("a", 10, until, count) for count in (11, 6, 5, 4, 1)] == [
        False,
        True,
        False,
        True,
        False,
    ]
    assert limits.count_used("a") == 10


@pytest.mark.both_databases
def test_a_try_that_was_right_is_given_back(db):
    until = timezone.now() + timedelta(minutes=5)
    limits.consume("a", 1, until)
    limits.give_back("a")
    limits.give_back("a")
    assert [limits.consume("a", 1, until) for _n in range(2)] == [True, False]


@pytest.mark.both_databases
def test_the_worker_deletes_what_is_over_and_nothing_else(db, monkeypatch):
    monkeypatch.setattr(limits, "SWEPT_AT_ONCE", 3)
    now = timezone.now()
    for n in range(10):
        limits.consume(f"over {n}", 1, now - timedelta(seconds=1))
    limits.consume("live", 1, now + timedelta(minutes=5))
    assert limits.sweep() == 10
    assert (Limit.objects.count(), limits.count_used("live")) == (1, 1)


@pytest.mark.both_databases
def test_a_try_costs_the_same_among_many_keys(db, django_assert_num_queries):
    until = timezone.now() + timedelta(minutes=5)
    limits.consume("a", 9, until)
    made_up = [Limit(digest=f"{n:032x}", count=1, ends_at=until) for n in range(1000)]
    Limit.objects.bulk_create(made_up)
    with django_assert_num_queries(1):
        limits.consume("a", 9, until)
    with django_assert_num_queries(3):
        limits.consume("new", 9, until)


@pytest.mark.long
@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_only_as_many_as_there_are_places_get_one():
    until, start, got = timezone.now() + timedelta(minutes=5), threading.Barrier(8), []

    def run() -> None:
        start.wait(10)
        got.append([limits.consume("a", 10, until) for _n in range(4)])
        connection.close()

    threads = [threading.Thread(target=run) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(sum(one) for one in got) == 10


# --- signing in


@pytest.mark.long
def test_sixty_phones_of_one_address_sign_in_within_a_minute(db, fast_hashes):
    people = [with_password(make_person(f"学员{chr(0x4E00 + n)}")) for n in range(60)]
    clients = [Client(REMOTE_ADDR="203.0.113.7") for _person in people]
    codes = [sign_in(client, person).status_code for client, person in zip(clients, people, strict=True)]
    assert codes == [302] * 60
    assert all(is_signed_in(client, person) for client, person in zip(clients, people, strict=True))


@pytest.mark.long
def test_the_sixth_wrong_password_for_a_phone_is_refused(db, fast_hashes):
    person = with_password(make_person("田巧云"))
    answers = [sign_in(Client(), person, f"wrong-{n}") for n in range(6)]
    assert [errors_of(answer) for answer in answers[:5]] == [{"password": ["手机号或密码不对。"]}] * 5
    assert errors_of(answers[5]) == TOO_OFTEN


@pytest.mark.long
def test_the_right_password_does_not_open_while_guessing_is_stopped(client, db, fast_hashes):
    person = with_password(make_person("田巧云"))
    for n in range(5):
        sign_in(client, person, f"wrong-{n}")
    assert errors_of(sign_in(client, person, PASSWORD)) == TOO_OFTEN
    assert not is_signed_in(client, person)


@pytest.mark.long
def test_guessing_from_many_addresses_is_one_guessing(db, fast_hashes):
    person = with_password(make_person("田巧云"))
    answers = [sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), person, "wrong") for n in range(21)]
    assert [errors_of(answer) for answer in answers[:20]] == [{"password": ["手机号或密码不对。"]}] * 20
    assert errors_of(answers[20]) == TOO_OFTEN_ELSEWHERE


def known(person, address: str = "203.0.113.50") -> Client:
    """The phone on which this person has signed in before, signed out since."""
    phone = Client(REMOTE_ADDR=address)
    sign_in(phone, person)
    phone.post("/accounts/logout/")
    assert not is_signed_in(phone, person)
    return phone


@pytest.mark.parametrize("address", ["203.0.113.50", "203.0.113.1"])
def test_a_stranger_cannot_shut_the_owner_out(db, fast_hashes, address):
    """From many addresses, and from that of the owner: a hall's Wi-Fi, or a mobile network's gateway."""
    person = with_password(make_person("向满姑"))
    phone = known(person, address)
    for n in range(25):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{n % 5}"), person, "wrong")
    assert errors_of(sign_in(Client(REMOTE_ADDR="203.0.113.99"), person)) == TOO_OFTEN_ELSEWHERE
    sign_in(phone, person)
    assert is_signed_in(phone, person)


@pytest.mark.long
def test_on_a_known_phone_guessing_is_stopped_too(db, fast_hashes):
    person = with_password(make_person("向满姑"))
    phone = known(person)
    answers = [sign_in(phone, person, "wrong") for _n in range(6)]
    assert errors_of(answers[5]) == TOO_OFTEN
    assert errors_of(sign_in(phone, person)) == TOO_OFTEN


@pytest.mark.long
def test_a_phone_is_known_for_who_signed_in_on_it(db, fast_hashes):
    """The cookie of one's own account does not help to guess another password, and an invented cookie helps nobody."""
    person, thief = with_password(make_person("向满姑")), with_password(make_person("外人"))
    phone = known(thief)
    forged = Client(REMOTE_ADDR="203.0.113.60")
    forged.cookies["known_phone"] = phone.cookies["known_phone"].value[:-2] + "xx"
    for client, n in [(phone, 0), (forged, 1)] * 3:
        sign_in(client, person, f"wrong-{n}")
    for n in range(14):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), person, "wrong")
    assert errors_of(sign_in(phone, person, "wrong")) == TOO_OFTEN_ELSEWHERE


@pytest.mark.long
def test_a_family_shares_a_phone(db, fast_hashes):
    people = [with_password(make_person(name)) for name in ("公公", "婆婆", "儿子")]
    phone = Client()
    for person in people:
        sign_in(phone, person)
        phone.post("/accounts/logout/")
    for person in people:
        for n in range(20):
            sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), person, "wrong")
        sign_in(phone, person)
        assert is_signed_in(phone, person)
        phone.post("/accounts/logout/")


def test_the_cookie_says_nothing_to_its_reader(db, fast_hashes):
    person = with_password(make_person("向满姑"))
    cookie = known(person).cookies["known_phone"]
    assert str(person.phone)[-8:] not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 60 * 60)


@pytest.mark.long
def test_guessing_one_phone_leaves_the_others_free(client, db, fast_hashes):
    guessed, other = with_password(make_person("被猜的")), with_password(make_person("别人家"))
    for n in range(6):
        sign_in(client, guessed, f"wrong-{n}")
    sign_in(client, other)
    assert is_signed_in(client, other)


@pytest.mark.long
def test_right_passwords_do_not_use_up_the_tries(db, fast_hashes):
    person = with_password(make_person("田巧云"))
    for _time in range(8):
        client = Client()
        sign_in(client, person)
        assert is_signed_in(client, person)


def test_an_address_that_guesses_many_phones_meets_the_429_page(db, fast_hashes, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"login": "3/m/ip"}
    person = make_person("田巧云")
    codes = [sign_in(Client(REMOTE_ADDR="203.0.113.9"), person, "wrong").status_code for _n in range(4)]
    assert codes == [200, 200, 200, 429]
    answer = sign_in(Client(REMOTE_ADDR="203.0.113.9"), person, "wrong")
    assert "<h1>试得太勤了</h1>" in answer.content.decode()


# --- pages of allauth


@pytest.mark.parametrize(
    ("action", "page"),
    [
        ("login", "login/"),
        ("signup", "signup/"),
        ("change_password", "password/change/"),
        ("change_password", "password/set/"),
        ("reauthenticate", "reauthenticate/"),
        ("reauthenticate", "2fa/reauthenticate/"),
        ("change_phone", "phone/change/"),
    ],
)
def test_a_page_of_allauth_is_limited(as_user, trainee, gateway, settings, action, page):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {action: "0/m/ip"}
    assert as_user(trainee).post(f"/accounts/{page}").status_code == 429


def test_codes_that_prove_a_number_are_limited(client, trainee, gateway, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"verify_phone": "0/m/key"}
    assert sign_in(client, with_password(trainee, phone_verified=False)).status_code == 429
    assert gateway() == []


@pytest.mark.parametrize("rate", ["5/m", "5/m/address", "five/m/ip", ""])
def test_a_rate_that_says_nothing_is_refused(settings, rate):
    settings.RATE_LIMITS = {"login": rate}
    with pytest.raises(ImproperlyConfigured, match="write tries/time/ip, user or key, as 5/10m/key"):
        limits.allows(RequestFactory().post("/"), "login")


@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
    ],
)
def test_a_household_of_ipv6_is_one_address(sent, counted):
    assert limits.get_ip(RequestFactory().post("/", REMOTE_ADDR=sent)) == counted
