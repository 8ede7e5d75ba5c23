import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from media.videos import encoding
from media.videos.conversion import WORK_FOLDER


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


@pytest.fixture
def real_presets() -> None:
    """Ask for films that are encoded as carefully as the product does; it takes twice as long."""


@pytest.fixture(autouse=True)
def _quick_presets(request, monkeypatch) -> None:
    if "real_presets" not in request.fixturenames:
        quick = tuple(replace(rendition, preset="ultrafast") for rendition in encoding.RENDITIONS)
        monkeypatch.setattr(encoding, "RENDITIONS", quick)
