"""A file that was uploaded for a preview and never confirmed is deleted: it may name buyers."""

import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from media import received_files


def age(name: str, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(storages["intake"].path(name), (then, then))


@pytest.mark.parametrize("folder", received_files.FOLDERS)
def test_what_was_left_undecided_goes_after_a_day(trainee, trainer, folder):
    old, young = (
        received_files.store_pending(ContentFile(b"names"), who, folder) for who in (trainee, trainer)
    )
    age(old, 24.1)
    age(young, 23.9)
    assert received_files.drop_expired() == 1
    assert [storages["intake"].exists(name) for name in (old, young)] == [False, True]


def test_a_folder_that_nobody_clears_is_not_written_to(trainee):
    with pytest.raises(ValueError, match="elsewhere"):
        received_files.store_pending(ContentFile(b"names"), trainee, "elsewhere")
