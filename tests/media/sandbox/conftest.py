"""Tests of the child that opens strangers' files, run in this process."""

import pytest
from PIL import Image


@pytest.fixture(autouse=True)
def pillow_of_other_tests(monkeypatch):
    """The child limits Pillow for good, because it ends after one file; this process opens those of other tests, too."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
