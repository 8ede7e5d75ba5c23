"""Keys of the site: one for each purpose, readable after SECRET_KEY was changed, useless for another row."""

import base64

import pytest

from programme import site_keys


@pytest.fixture(autouse=True)
def secret(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "one secret", []
    return settings


def test_a_key_follows_from_the_secret_and_its_purpose_alone():
    assert (
        site_keys.derive_key("ledger").hex()
        == "77966f6682606f5cc3f2d8238f168d74a59f2e7543dbeff26bdc33e203b562cb"
    )
    assert site_keys.derive_key("ledger") != site_keys.derive_key("id numbers")
    assert site_keys.derive_key("ledger", "another") != site_keys.derive_key("ledger")


def test_what_is_encrypted_is_read_only_for_its_own_row(secret):
    key, sealed = site_keys.encrypt("id numbers", "431226199001011230", "user 1")
    assert "4312" not in base64.b64decode(sealed).decode(errors="replace")
    assert site_keys.encrypt("id numbers", "431226199001011230", "user 1")[1] != sealed
    assert site_keys.decrypt("id numbers", key, sealed, "user 1") == "431226199001011230"
    assert site_keys.decrypt("id numbers", key, sealed, "user 2") is None
    assert site_keys.decrypt("ledger", key, sealed, "user 1") is None
    assert site_keys.decrypt("id numbers", key, "不是", "user 1") is None


def test_an_earlier_secret_still_reads_until_it_is_removed(secret):
    key, sealed = site_keys.encrypt("id numbers", "431226199001011230", "user 1")
    secret.SECRET_KEY, secret.SECRET_KEY_FALLBACKS = "two", ["one secret"]
    assert site_keys.decrypt("id numbers", key, sealed, "user 1") == "431226199001011230"
    assert site_keys.encrypt("id numbers", "x", "user 1")[0] != key
    secret.SECRET_KEY_FALLBACKS = []
    assert site_keys.decrypt("id numbers", key, sealed, "user 1") is None
