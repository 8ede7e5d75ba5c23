"""A drill with its rubric, a plan of it, and the pages of the learner who practises."""

import re

import pytest

from tests.rehearsals.worlds import make_drill, make_plan, make_rubric


@pytest.fixture
def drill(course):
    make_rubric(course)
    return make_drill(course, position=1)


@pytest.fixture
def plan(learner, drill):
    return make_plan(learner, drill)


@pytest.fixture
def mine(as_user, learner):
    return as_user(learner)


def words(response) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", " ", response.content.decode()))
