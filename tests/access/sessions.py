"""A training session that has begun, with a walk-in, and a roster that waits to be confirmed."""

import uuid

from django.db.models import Model

from accounts.models import User
from courses.models import Cohort
from programme.attendance.walk_ins import record_walk_in
from tests.programme.attendance.rows import make_session
from tests.programme.rosters.files import make_roster


def rows_of_session(cohort: Cohort, trainer: User) -> list[Model]:
    session = make_session(cohort, trainer)
    roster = make_roster(cohort, trainer)
    return [session, roster, record_walk_in(session, trainer, key=uuid.uuid4(), name="向二妹")]
