from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.auth.sessions import SessionStore

pytestmark = pytest.mark.both_databases


@pytest.fixture
def key(db) -> str:
    session = SessionStore()
    session["who"] = "春娇"
    session.save()
    return session.session_key


def test_session_is_read_as_it_was_stored(key, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert SessionStore(key)["who"] == "春娇"


def test_session_of_djangos_own_store_is_the_same(key):
    assert db.SessionStore(key)["who"] == "春娇"
    theirs = db.SessionStore()
    theirs["who"] = "满姑"
    theirs.save()
    assert SessionStore(theirs.session_key)["who"] == "满姑"


def test_session_past_its_time_is_empty_and_loses_its_key(key):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    session = SessionStore(key)
    assert (session.get("who"), session.session_key) == (None, None)


def test_unknown_key_and_changed_words_are_nobodys_session(key):
    assert dict(SessionStore("x" * 32).items()) == {}
    Session.objects.update(session_data="nonsense")
    assert dict(SessionStore(key).items()) == {}
