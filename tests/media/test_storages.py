"""What every storage does with a file that goes while a copy is made, and with one that takes another's place."""

import logging
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from media.storages import HELD, MARK, hold, is_held, list_names, make_folder, release, write_file

pytestmark = pytest.mark.usefixtures("empty_storage")
NAME = "photos/orange"


@pytest.fixture
def storage():
    """The intake, while a copy is made; it holds one file."""
    storage = storages["intake"]
    write_file(storage, NAME, ContentFile(b"first"))
    hold(storage)
    yield storage
    release(storage)
    assert not is_held(storage)
    assert not Path(storage.path(HELD)).exists()


def list_held(storage) -> dict[str, bytes]:
    found = {}
    for name in list_names(storage, HELD):
        if name != MARK:
            with storage.open(name) as file:
                found[name.removeprefix(f"{HELD}/")] = file.read()
    return found


def test_first_file_of_a_name_that_goes_belongs_to_the_copy(storage):
    storage.delete(NAME)
    assert list_held(storage) == {NAME: b"first"}
    write_file(storage, NAME, ContentFile(b"second"))
    storage.delete(NAME)
    storage.delete(NAME)  # which is not there
    assert list_held(storage) == {NAME: b"first"}


def test_disk_without_hard_links_holds_a_copy_of_the_file(storage, monkeypatch):
    def refuse(_here, _there):
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    storage.delete(NAME)
    assert list_held(storage) == {NAME: b"first"}
    assert not storage.exists(NAME)


def test_of_two_that_delete_one_file_the_first_has_held_it(storage, monkeypatch):
    link = os.link

    def link_twice(here, there):
        link(here, there)
        link(here, there)

    monkeypatch.setattr(os, "link", link_twice)
    storage.delete(NAME)
    assert list_held(storage) == {NAME: b"first"}


def test_file_goes_even_if_it_cannot_be_held(storage, monkeypatch, caplog):
    def fail(_name):
        raise OSError("the disk is away")

    monkeypatch.setattr(storage, "hold", fail)
    with caplog.at_level(logging.ERROR):
        storage.delete(NAME)
    assert not storage.exists(NAME)
    assert list_held(storage) == {}
    assert "a file was deleted without being held for the copy" in caplog.text


def test_of_two_that_write_one_name_at_once_none_leaves_a_second_file(storage, monkeypatch):
    save = type(storage).save

    def save_after_another(self, name, content, **more):
        monkeypatch.undo()
        save(self, name, ContentFile(b"of another worker"))
        return save(self, name, content, **more)

    monkeypatch.setattr(type(storage), "save", save_after_another)
    storage.replace(NAME, ContentFile(b"mine"))
    assert storage.listdir("photos")[1] == ["orange"]
    with storage.open(NAME) as file:
        assert file.read() == b"of another worker"


def test_folder_has_the_mode_of_its_storage_or_the_usual_one(tmp_path):
    before = os.umask(0o022)
    try:
        make_folder(tmp_path / "a/b", 0o750)
        make_folder(tmp_path / "c/d", None)
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in ("a", "a/b", "c", "c/d")}
    assert modes == {"a": 0o750, "a/b": 0o750, "c": 0o755, "c/d": 0o755}
