from tests.progress.conftest import _no_second_factor, cohort, course, learner, lessons  # noqa: F401 - fixtures
