"""`manage.py check_site`: whom folders, sockets and logs belong to, and who may write them."""

import json
import os
import stat
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from config.health import site_check, socket_check
from config.health.site_check import Asked
from tests.config.health.sites import run_folder

NOBODY = 65534


def run_as_the_sites_user(function: Callable[[], object]):
    """Return what the function returns in a process of a user who is not root, to whom no mode means anything."""
    if os.geteuid() != 0:
        return function()
    reads, writes = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other threads run, and the child uses nothing of theirs
        child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os.write(writes, json.dumps(function()).encode())
        os._exit(0)
    os.close(writes)
    os.waitpid(child, 0)
    with open(reads) as file:
        return json.load(file)


def give_to_the_sites_user(folder: Path) -> None:
    if os.geteuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)


def list_unwritable() -> list[str]:
    found = [*site_check.check_folders(Asked()), *site_check.check_log(Asked())]
    return [fault.what for fault in found]


PLACES = ("posters", "videos-in-work", "spool", "private", "media", "incoming", "intake", "log")


def test_folders_of_the_sites_user_are_good(data):
    give_to_the_sites_user(data)
    assert run_as_the_sites_user(list_unwritable) == []
    assert list(site_check.check_owners(Asked())) == []


@pytest.mark.parametrize("place", PLACES)
def test_folder_that_cannot_be_written_is_named(data, place):
    give_to_the_sites_user(data)
    (data / place).chmod(0o500)
    assert run_as_the_sites_user(list_unwritable) == [f"{data}/{place} cannot be written (Permission denied)"]


@pytest.mark.parametrize("place", PLACES)
def test_folder_of_another_user_is_named(data, place):
    """Root ran a command, and the site cannot write there since."""
    give_to_the_sites_user(data)
    if os.geteuid() == 0:
        os.chown(data / place, 0, 0)
        found = list(site_check.check_owners(Asked()))
        owner = socket_check.name_user(NOBODY)
        assert [fault.what for fault in found] == [f"{data}/{place} belongs to root, and the site to {owner}"]
        assert found[0].mend == f"chown -R {owner}:{socket_check.name_group(NOBODY)} {data}/{place}"
    else:  # whatever this user owns is another's in a site of root
        found = [fault.what for fault in site_check.list_foreign_files(os.stat("/"))]
        me = socket_check.name_user(os.geteuid())
        assert f"{data}/{place} belongs to {me}, and the site to root" in found


def test_app_of_another_user_than_the_data_is_named(site):
    path = run_folder(site) / "app.sock"
    if os.geteuid() == 0:
        os.chown(path, NOBODY, -1)
    else:
        site.set(VAR_DIR=Path("/"))
    users = [socket_check.name_user(one.stat().st_uid) for one in (path, site.settings.VAR_DIR)]
    [fault] = socket_check.list_faults_of_socket(path, "newfarmwork-app")
    assert fault.what == f"{path} belongs to {users[0]}, and the data folder to {users[1]}"
    assert f"chown -R {users[0]} {site.settings.VAR_DIR}" in fault.mend


def test_log_of_today_that_another_user_began_is_named(data):
    give_to_the_sites_user(data)
    file = site_check.probes.logs.find_file(data / "log")
    file.touch()
    file.chmod(0o400)
    assert run_as_the_sites_user(list_unwritable) == [f"a file of today in {data}/log cannot be written"]


def test_root_goes_on_as_the_sites_user(data):
    """What root creates, the site could not write."""
    if os.geteuid() != 0:
        site_check.become_owner(data)
        assert data.stat().st_uid == os.geteuid()
        return
    give_to_the_sites_user(data)
    reads, writes = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        site_check.become_owner(data)
        (data / "made").touch()
        os.write(writes, b"done")
        os._exit(0)
    os.close(writes)
    os.waitpid(child, 0)
    os.close(reads)
    made = (data / "made").stat()
    assert (made.st_uid, made.st_gid, stat.S_IMODE(made.st_mode) & 0o007) == (NOBODY, NOBODY, 0)
