import shutil
from pathlib import Path

import pytest
from django.conf import settings

from media.videos.processing import WORK_FOLDER


@pytest.fixture
def empty_storage() -> None:
    """Delete the files of earlier tests from the intake, the pictures, the private files and a killed worker's folder."""
    roots = (
        settings.INTAKE_ROOT,
        Path(settings.MEDIA_ROOT),
        settings.PRIVATE_ROOT,
        settings.VAR_DIR / WORK_FOLDER,
    )
    for root in roots:
        shutil.rmtree(root, ignore_errors=True)
