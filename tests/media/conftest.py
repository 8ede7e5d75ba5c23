import shutil
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def empty_storage() -> None:
    """No file of an earlier test lies in the intake, among the pictures or the private files."""
    for root in (settings.INTAKE_ROOT, Path(settings.MEDIA_ROOT), settings.PRIVATE_ROOT):
        shutil.rmtree(root, ignore_errors=True)
