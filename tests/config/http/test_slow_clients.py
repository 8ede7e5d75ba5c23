"""Slow connections to the whole site with its front server, on the suite's own database: `make prove` sends more."""

import pytest

from bench.harness.servers import app_behind_front
from bench.harness.sessions import create_session
from bench.proofs.slow_clients import awake, press
from media.models import Photo
from tests.served import environment, let_go

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.mark.long
def test_pages_answer_and_honest_photos_arrive_while_many_lines_are_slow(seller, stranger):
    sessions = [create_session(seller), create_session(stranger)]
    with let_go() as named, app_behind_front(environment(named) | {"DEBUG": "1"}) as port:
        awake(port)
        results = press(port, sessions, bad=40, good=16, size=300_000, speed=150_000, patience=10)
    assert (results.failures, results.honest) == (0, [200] * 16)
    assert max(results.times) < 5  # s, on a busy machine; a blocked site takes all of `patience`
    assert Photo.objects.count() == 16
    # Large bodies without an account are refused at once; forms wait in the front server.
    assert sorted(results.hostile) == [0] * 20 + [413] * 20
