from tests.programme.attendance.conftest import _no_second_factor, cohort, course, learner, other, session

__all__ = ["_no_second_factor", "cohort", "course", "learner", "other", "session"]
