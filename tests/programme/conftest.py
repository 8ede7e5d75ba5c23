import pytest


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True
