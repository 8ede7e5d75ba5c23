"""Processes killed by SIGKILL during writes: nothing acknowledged is lost, and the site continues."""

import pytest

from bench.harness import traffic
from bench.proofs import kills
from tests import served

# Those that take longest to begin, the worker and the app with its parent, are killed in `make prove`.
VICTIMS = ("server", "spool", "front")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_no_acknowledged_write_is_lost_when_a_process_is_killed(tmp_path):
    env = served.environment() | {"VAR_DIR": str(tmp_path), "DEMO": "0"}
    site = traffic.prepare(events=2000)
    outcome = kills.run_and_kill(env, site, kills.check, VICTIMS, every=1.5, pause=0.1)
    assert outcome.is_good, outcome
    # Some before each of three kills and after the last; how many, depends on what else the computer does.
    assert outcome.orders >= 8, outcome
    assert outcome.events >= 8, outcome
