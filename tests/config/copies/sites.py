"""The suite's own site: its files, the contents of its copy, and how it is emptied."""

import gzip
import shutil
from pathlib import Path

from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connections

from config.copies.restore import check_copy, read_members
from media.storages import list_site_storages

SECRET = b"a passphrase of a village"


def clear_folders() -> None:
    for kind in list_site_storages():
        shutil.rmtree(storages[kind].path(""), ignore_errors=True)


def empty_site() -> None:
    call_command("flush", interactive=False, verbosity=0)
    with connections["default"].cursor() as cursor:
        cursor.execute("DELETE FROM shops_search")
    clear_folders()


def tables(path: Path) -> dict[str, dict]:
    """Return the manifest's tables without the version stamps, which a restore increases."""
    found = check_copy(path, SECRET).manifest["tables"]
    return {label: table for label, table in found.items() if label != "ui.Stamp"}


def contents(path: Path) -> dict[str, bytes]:
    with read_members(path, SECRET) as each:
        return {name: content.read() for name, content in each}


def all_files() -> dict[str, bytes]:
    found = {}
    for kind in list_site_storages():
        root = Path(storages[kind].path(""))
        found |= {
            f"{kind}/{path.relative_to(root)}": path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }
    return found


def all_modes() -> dict[str, int]:
    found = {}
    for kind in list_site_storages():
        root = Path(storages[kind].path(""))
        found |= {f"{kind}/{path.relative_to(root)}": path.stat().st_mode & 0o777 for path in root.rglob("*")}
    return {name: mode for name, mode in found.items() if ".copying" not in name}


def gunzipped(inside: dict[str, bytes], label: str) -> str:
    return "".join(
        gzip.decompress(body).decode() for name, body in inside.items() if name.startswith(f"tables/{label}/")
    )
