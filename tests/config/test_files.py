"""Other users of the computer cannot read the site's files."""

import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RegexPattern, URLResolver

from config import files
from config.health import checks

# A site in a new folder: database with its log, key, log file, a first copy, a film, a picture, a photo on its way in.
MAKES = """
import os
os.umask(0o022)
import sqlite3
import django
django.setup()
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from media.storages import hold, release
import logging
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE one (id INTEGER)")
    logging.getLogger("config").warning("hello")
    for name in ("private", "default", "intake"):
        hold(storages[name])
        release(storages[name])
        storages[name].save("folder/file", ContentFile(b"x"))
    for path in (settings.VAR_DIR, *sorted(settings.VAR_DIR.rglob("*"))):
        print(f"{path.stat().st_mode & 0o777:o}", path.relative_to(settings.VAR_DIR))
"""


def made(folder: Path, **env: str) -> dict[str, str]:
    """The modes of what a new site makes, by path."""
    var = folder / "var"
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "MEDIA_ROOT", "LOG_DIR")
    }
    done = subprocess.run(
        [sys.executable, "-c", MAKES],
        cwd=settings.BASE_DIR,
        env=kept | {"DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(var), "SECRET_KEY": ""} | env,
        capture_output=True,
        text=True,
        check=True,
    )
    return {path: mode for mode, path in (line.split(" ", 1) for line in done.stdout.splitlines())}


@pytest.mark.long
def test_what_a_site_makes_is_its_users_alone(tmp_path):
    found = made(tmp_path)
    assert {"newfarmwork.sqlite3", "newfarmwork.sqlite3-wal", "secret_key", "private/folder/file"} < set(
        found
    )
    assert {path: mode for path, mode in found.items() if not mode.endswith("00")} == {}


@pytest.mark.long
def test_group_of_the_front_reads_what_the_front_sends_and_nothing_else(tmp_path):
    found = made(tmp_path, GROUP_READS="1")
    assert {path for path, mode in found.items() if mode.endswith(("40", "50"))} == {
        "media", "media/folder", "media/folder/file", "private", "private/folder", "private/folder/file",
    }  # fmt: skip
    assert {path: mode for path, mode in found.items() if not mode.endswith("0")} == {}


def test_folder_of_an_older_release_is_closed(tmp_path):
    """`make run` of before left all of it open."""
    folder = tmp_path / "var"
    folder.mkdir()
    folder.chmod(0o755)
    for name, mode in (("newfarmwork.sqlite3", 0o644), ("secret_key", 0o600)):
        (folder / name).touch()
        (folder / name).chmod(mode)
    (folder / "private").mkdir()
    (folder / "private").chmod(0o755)
    (folder / "link").symlink_to("/etc/hostname")
    files.close_to_others([folder, folder / "nothing here"])
    found = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in (folder, *folder.iterdir())}
    del found["link"]
    assert found == {"var": 0o700, "newfarmwork.sqlite3": 0o600, "secret_key": 0o600, "private": 0o700}


@pytest.mark.parametrize(("mode", "ids"), [(0o755, ["config.W002"]), (0o710, []), (0o700, [])])
def test_deployment_check_warns_of_an_open_folder(tmp_path, settings, mode, ids):
    settings.VAR_DIR = tmp_path
    tmp_path.chmod(mode)
    assert [message.id for message in checks.check_modes()] == ids


def test_pictures_are_sent_by_the_app_only_where_a_developer_has_no_front_server(settings, tmp_path, rf):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "1.webp").write_bytes(b"picture")
    path = f"{settings.MEDIA_URL}1.webp".removeprefix("/")
    urls = str(settings.BASE_DIR / "config" / "urls.py")
    with pytest.raises(Resolver404):
        URLResolver(RegexPattern(""), runpy.run_path(urls)["urlpatterns"]).resolve(path)
    settings.DEBUG = True
    match = URLResolver(RegexPattern(""), runpy.run_path(urls)["urlpatterns"]).resolve(path)
    assert b"".join(match.func(rf.get("/"), *match.args, **match.kwargs)) == b"picture"
