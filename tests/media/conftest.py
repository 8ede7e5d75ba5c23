import shutil
from pathlib import Path

import pytest
from django.conf import settings

from media.videos.processing import WORK_FOLDER


@pytest.fixture
def empty_storage() -> None:
    """No file of an earlier test lies in the intake, among the pictures or the private files; nor does what a worker had in
    work when a test killed it."""
    roots = (
        settings.INTAKE_ROOT,
        Path(settings.MEDIA_ROOT),
        settings.PRIVATE_ROOT,
        settings.VAR_DIR / WORK_FOLDER,
    )
    for root in roots:
        shutil.rmtree(root, ignore_errors=True)
