"""A class of sixty behind one Wi-Fi signs in at once; who guesses is stopped, phone by phone."""

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client

from tests.accounts.conftest import errors_of, is_signed_in, sign_in, with_password
from tests.factories import PASSWORD, make_person

TOO_OFTEN = {"password": ["试得太多了，过 5 分钟再试。忘了密码就点下面的“忘了密码”。"]}


@pytest.fixture
def fast_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def test_limits_are_kept_where_every_process_finds_them():
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    assert caches["default"]._table == "shared_cache"


def test_sixty_phones_of_one_address_sign_in_within_a_minute(db, fast_hashes):
    people = [with_password(make_person(f"学员{chr(0x4E00 + n)}")) for n in range(60)]
    clients = [Client(REMOTE_ADDR="203.0.113.7") for _person in people]
    codes = [sign_in(client, person).status_code for client, person in zip(clients, people, strict=True)]
    assert codes == [302] * 60
    assert all(is_signed_in(client, person) for client, person in zip(clients, people, strict=True))


def test_the_sixth_wrong_password_for_a_phone_is_refused(db, fast_hashes):
    person = with_password(make_person("田巧云"))
    answers = [sign_in(Client(), person, f"wrong-{n}") for n in range(6)]
    assert [errors_of(answer) for answer in answers[:5]] == [{"password": ["手机号或密码不对。"]}] * 5
    assert errors_of(answers[5]) == TOO_OFTEN


def test_the_right_password_does_not_open_while_guessing_is_stopped(client, db, fast_hashes):
    person = with_password(make_person("田巧云"))
    for n in range(5):
        sign_in(client, person, f"wrong-{n}")
    assert errors_of(sign_in(client, person, PASSWORD)) == TOO_OFTEN
    assert not is_signed_in(client, person)


def test_guessing_from_many_addresses_is_one_guessing(db, fast_hashes):
    person = with_password(make_person("田巧云"))
    answers = [sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), person, "wrong") for n in range(6)]
    assert errors_of(answers[5]) == TOO_OFTEN


def test_guessing_one_phone_leaves_the_others_free(client, db, fast_hashes):
    guessed, other = with_password(make_person("被猜的")), with_password(make_person("别人家"))
    for n in range(6):
        sign_in(client, guessed, f"wrong-{n}")
    sign_in(client, other)
    assert is_signed_in(client, other)


def test_right_passwords_do_not_use_up_the_tries(db, fast_hashes):
    person = with_password(make_person("田巧云"))
    for _time in range(8):
        client = Client()
        sign_in(client, person)
        assert is_signed_in(client, person)


def test_an_address_that_guesses_many_phones_meets_the_429_page(db, fast_hashes, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "3/m/ip"}
    person = make_person("田巧云")
    codes = [sign_in(Client(REMOTE_ADDR="203.0.113.9"), person, "wrong").status_code for _n in range(4)]
    assert codes == [200, 200, 200, 429]
    answer = sign_in(Client(REMOTE_ADDR="203.0.113.9"), person, "wrong")
    assert "<h1>试得太勤了</h1>" in answer.content.decode()
