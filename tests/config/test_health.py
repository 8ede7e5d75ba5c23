import time

import pytest
from django.core.cache import cache

from config.views import BEAT

pytestmark = pytest.mark.django_db


def test_healthz_answers_without_queries(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_is_ready_while_the_worker_beats(client):
    cache.set(BEAT, time.time())
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        200,
        {"database": True, "storage": True, "worker": True},
    )


def test_readyz_says_that_the_worker_is_silent(client):
    cache.set(BEAT, time.time() - 91)
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (
        503,
        {"database": True, "storage": True, "worker": False},
    )
