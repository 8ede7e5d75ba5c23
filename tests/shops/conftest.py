import pytest

from tests.factories import make_person, make_shop


@pytest.fixture
def far_shop(other_village):
    return make_shop(make_person("罗金花"), other_village, name="云头茶园")
