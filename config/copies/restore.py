"""Restore the site from a copy, on an empty machine, also on the other kind of database.

A copy is read twice: first completely, with every count and checksum, before anything is changed; then rows, in one
transaction, and files. Before the transaction ends, every table is read back and compared. An interrupted restore is
repeated with the same command: the marker RESTORING names its copy.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F

from config.copies import rows
from config.copies.backup import FORMAT, READ, find_existing
from config.copies.seal import BadCopy, Opener
from media import chunks
from media import storages as held
from media.models import Upload
from shops.models import Product
from shops.products import search

RESTORING = "restoring"
DRAFT = ".restoring-"
# Tables filled by setting up a site, not by people's work.
OF_SETTING_UP = {
    "auth.Permission",
    "contenttypes.ContentType",
    "django_tasks_database.DBTaskResult",
    "sessions.Session",
    "shops.Category",
    "ui.Stamp",
}
# More than a stamp can grow between a copy and the loss of a site, so that no cached page of an earlier number is taken for
# a new one.
STAMPS_JUMP = 1 << 32
# SQLite has rows in its log before they are in the database, and indexes; an empty database takes some megabytes.
ROWS_TAKE, EMPTY_TAKES = 4, 50_000_000


class CannotRestore(Exception):
    """Raised when the copy is good, but cannot be restored to this site; the message says why and what to do."""


@dataclass
class Contents:
    """The contents of a copy: `header` is copy.json, `manifest` manifest.json; `bytes` by storage, with the lines of all
    tables under "rows".
    """

    header: dict = field(default_factory=dict)
    manifest: dict = field(default_factory=dict)
    mended: dict[str, int] = field(default_factory=dict)
    bytes: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.manifest["tables"].values())


def restore_copy(path: Path, secret: bytes) -> Contents:
    """Restore a copy. Raises BadCopy and CannotRestore; then the database is as it was before."""
    contents = check_copy(path, secret)
    wanted = list_migrations(contents.header)
    check_secret_key(contents)
    if not is_being_finished(contents):
        check_empty(wanted, contents)
        check_room(contents)
        mark(contents)
        state_apps = prepare_database(wanted)
        check_columns(contents.header, state_apps)
        load(path, secret, contents, state_apps)
    finish(is_older=wanted != set(MigrationExecutor(connection).loader.graph.nodes))
    mark_path().unlink()
    return contents


# --- reading ---


@contextmanager
def read_members(path: Path, secret: bytes) -> Iterator[Iterator[tuple[str, BinaryIO]]]:
    """Yield the members of a copy with their contents, one after the other; at the end all of the file has been read."""
    with open(path, "rb") as raw:
        opened: Any = Opener(raw, secret)

        def each() -> Iterator[tuple[str, BinaryIO]]:
            try:
                with tarfile.open(fileobj=opened, mode="r|", bufsize=READ) as tar:
                    while member := tar.next():
                        tar.members.clear()  # type: ignore[attr-defined]  # not in the stubs
                        content: Any = tar.extractfile(member)
                        yield member.name, content
            except tarfile.TarError as error:
                raise BadCopy(f"The copy is damaged: {error}.") from error
            while opened.read(READ):
                pass

        yield each()


def read_blocks(content: BinaryIO) -> Iterator[bytes]:
    while block := content.read(READ):
        yield block


def check_copy(path: Path, secret: bytes) -> Contents:
    """Read it completely and compare every count and checksum. Raises BadCopy."""
    contents, sums = Contents(), {}
    found: dict[str, dict] = {}
    listed, count, size = hashlib.sha256(), 0, 0
    with read_members(path, secret) as each:
        for name, content in each:
            kind, _slash, rest = name.partition("/")
            if kind == "files":
                digest = hashlib.sha256()
                for block in read_blocks(content):
                    digest.update(block)
                    size += len(block)
                    contents.bytes[rest.partition("/")[0]] += len(block)
                count += 1
                listed.update(f"{digest.hexdigest()}  {rest}\n".encode("utf-8", "surrogateescape"))
            elif kind == "tables":
                label = rest.partition("/")[0]
                table = found.setdefault(label, {"rows": 0, "sha256": hashlib.sha256()})
                for line in read_gzip_lines(content):
                    table["rows"] += 1
                    table["sha256"].update(line)
                    contents.bytes["rows"] += len(line)
            elif name == "manifest.json":
                contents.manifest = json.load(content)
            else:
                body = content.read()
                sums[name] = hashlib.sha256(body).hexdigest()
                if name == "copy.json":
                    contents.header = json.loads(body)
    if not contents.header or not contents.manifest:
        raise BadCopy("The copy is not whole: its list of contents is missing.")
    if contents.header["format"] > FORMAT:
        raise CannotRestore(
            "The copy was made by a newer version of the program: install that version first."
        )
    compare(contents, found, sums, {"count": count, "bytes": size, "sha256": listed.hexdigest()})
    return contents


def read_gzip_lines(content: BinaryIO) -> Iterator[bytes]:
    with gzip.open(content) as lines:
        yield from lines


def compare(contents: Contents, found: dict[str, dict], sums: dict[str, str], files: dict) -> None:
    manifest = contents.manifest
    wrong = [name for name in ("copy", "secret_key") if manifest[name] != sums.get(SUMMED[name])]
    if manifest["files"] != files or files["sha256"] != sums.get("files.txt"):
        wrong.append("files")
    if set(found) - set(manifest["tables"]):
        wrong.append("tables")
    empty = {"rows": 0, "sha256": hashlib.sha256()}
    for label, table in manifest["tables"].items():
        got = found.get(label, empty)
        if (table["rows"], table["sha256"]) != (got["rows"], got["sha256"].hexdigest()):
            wrong.append(label)
    if wrong:
        raise BadCopy(f"The copy is not what its list of contents says: {', '.join(wrong)}.")


SUMMED = {"copy": "copy.json", "secret_key": "secret_key"}


# --- conditions for restoring here ---


def list_migrations(header: dict) -> set[tuple[str, str]]:
    """Return the migrations of the copy's database, by their names in this program. Raises CannotRestore."""
    loader = MigrationExecutor(connection).loader
    had = {tuple(step) for step in header["migrations"]}
    replaced = {key: set(step.replaces) for key, step in loader.disk_migrations.items() if step.replaces}
    known = set(loader.disk_migrations).union(*replaced.values())
    if strange := sorted(had - known):
        names = ", ".join(".".join(step) for step in strange[:5])
        raise CannotRestore(
            f"The copy was made by a version of the program that is not this one or an earlier one (it has {names}):"
            " install that version first."
        )
    had |= {key for key, steps in replaced.items() if steps <= had}
    wanted = had & set(loader.graph.nodes)
    if half := {
        key for key in wanted for parent in loader.graph.node_map[key].parents if parent.key not in wanted
    }:
        name = ".".join(sorted(half)[0])
        raise CannotRestore(
            f"The copy is of a version too old for this one to read (before {name}): restore it with the version"
            " that made it, migrate there, and make a new copy."
        )
    return wanted


def check_secret_key(contents: Contents) -> None:
    fixed = os.environ.get("SECRET_KEY")
    if fixed and hashlib.sha256(fixed.encode()).hexdigest() != contents.manifest["secret_key"]:
        raise CannotRestore(
            "SECRET_KEY in the environment is not the copy's: everybody would be signed out and uploads under way be lost."
            f" Take it out of the environment and restore again; the copy's key then lies in {get_key_path()}."
        )


def check_empty(wanted: set[tuple[str, str]], contents: Contents) -> None:
    """Raise CannotRestore if anybody's work would be replaced."""
    tables = set(connection.introspection.table_names())
    for model in rows.list_models(current_apps):
        label = model._meta.label
        if label in OF_SETTING_UP or model._meta.db_table not in tables:
            continue
        if model._base_manager.order_by().values("pk")[:1]:
            raise CannotRestore(
                f"This site has data already ({label}): a copy is only restored on an empty one. Choose another VAR_DIR or"
                " DATABASE_URL."
            )
    if not is_marked_for(contents):
        for kind in held.list_site_storages():
            if name := next(held.list_names(storages[kind]), None):
                raise CannotRestore(
                    f"There are files already ({kind}/{name}): a copy is only restored into empty folders. Move them away."
                )
    applied = MigrationExecutor(connection).loader.applied_migrations
    if applied and not set(applied) <= wanted:
        raise CannotRestore(
            "This database is set up for a newer version than the copy's: restore before the first start, into a new"
            " database (on SQLite: delete the empty file)."
        )


def check_room(contents: Contents) -> None:
    """Raise CannotRestore if a disk of this machine is too full; for a bucket and PostgreSQL this is not known."""
    if is_marked_for(contents):
        return  # much of it is here already
    wanted: dict[Path, int] = {}
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"]).parent
        wanted[database] = contents.bytes["rows"] * ROWS_TAKE + EMPTY_TAKES
    for kind in held.list_site_storages():
        with suppress(NotImplementedError):
            folder = Path(storages[kind].path(""))
            wanted[folder] = wanted.get(folder, 0) + contents.bytes[kind]
    need: Counter[int] = Counter()
    for folder, size in wanted.items():
        there = find_existing(folder)
        disk = there.stat().st_dev
        need[disk] += size
        if need[disk] > (free := shutil.disk_usage(there).free):
            raise CannotRestore(
                f"The disk of {folder} has {free / 1e6:,.0f} MB free and the copy needs {sum(wanted.values()) / 1e6:,.0f} MB:"
                " make room, or choose another VAR_DIR. Nothing was changed."
            )


def check_columns(header: dict, state_apps: Apps) -> None:
    here = {
        model._meta.label: {column.column for column in rows.list_columns(model)}
        for model in rows.list_models(state_apps)
    }
    for label, columns in header["tables"].items():
        if here.get(label) != set(columns):
            raise CannotRestore(f"The copy's table {label} is not one that this version knows.")


# --- the marker of a restore in progress ---


def mark_path() -> Path:
    return settings.VAR_DIR / RESTORING


def get_key_path() -> Path:
    return settings.VAR_DIR / "secret_key"


def is_marked_for(contents: Contents) -> bool:
    """Return whether a restore of this very copy was begun here and not finished."""
    return mark_path().exists() and mark_path().read_text() == contents.manifest["copy"]


def mark(contents: Contents) -> None:
    mark_path().write_text(contents.manifest["copy"])


def is_being_finished(contents: Contents) -> bool:
    """Return whether a restore of this very copy was interrupted after its rows were stored, which happens all at once."""
    if not is_marked_for(contents):
        return False
    user = current_apps.get_model("accounts.User")
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return user._meta.db_table in tables and user._base_manager.exists()


# --- writing ---


def prepare_database(wanted: set[tuple[str, str]]) -> Apps:
    """Migrate the database to the copy's migrations; return the models as they were then."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    if wanted == set(graph.nodes):
        if set(executor.loader.applied_migrations) != wanted:
            migrate_apart()
        return current_apps
    last = [
        key
        for key in wanted
        if not any(child.key in wanted and child.key[0] == key[0] for child in graph.node_map[key].children)
    ]
    executor.migrate(last)
    return executor.loader.project_state(last).apps


def migrate_apart() -> None:
    """Migrate in a separate process, whose memory is free again afterwards: it builds every model at every step."""
    connection.close()
    command = [sys.executable, "manage.py", "migrate", "--noinput", "--skip-checks", "-v0"]
    if subprocess.run(command, cwd=settings.BASE_DIR, check=False).returncode:
        raise CannotRestore("The database could not be set up; the lines above say why.")


def load(path: Path, secret: bytes, contents: Contents, state_apps: Apps) -> None:
    """Store all rows in one transaction, with the files before its end. Raises BadCopy and CannotRestore."""
    known = {model._meta.label: model for model in rows.list_models(state_apps)}
    loaders: dict[str, rows.Loader] = {}
    try:
        with transaction.atomic():
            for label in sorted(OF_SETTING_UP & set(known)):
                with connection.cursor() as cursor:
                    cursor.execute(f"DELETE FROM {connection.ops.quote_name(known[label]._meta.db_table)}")
            with read_members(path, secret) as each:
                for name, content in each:
                    kind, _slash, rest = name.partition("/")
                    if kind == "tables":
                        label = rest.partition("/")[0]
                        if label not in loaders:
                            loaders[label] = rows.Loader(
                                known[label], connection, contents.header["tables"][label]
                            )
                        put_rows(loaders[label], label, read_gzip_lines(content))
                    elif kind == "files":
                        put_file(rest, content)
                    elif name == "secret_key":
                        put_key(content.read())
            connection.check_constraints()
            read_back(known, loaders, contents)
            jump_stamps(known["ui.Stamp"])
    except IntegrityError as error:
        raise CannotRestore(f"The copy's rows do not fit together; nothing was kept: {error}") from error
    # From here on the files must survive a power cut, as the rows do.
    os.sync()


def put_rows(loader: rows.Loader, label: str, lines: Iterator[bytes]) -> None:
    first = loader.count + 1
    try:
        loader.add(lines)
    except DatabaseError as error:
        raise CannotRestore(
            f"This database does not take a row of {label} between {first:,} and {loader.count:,}; nothing was"
            f" kept: {error}"
        ) from error


def put_file(name: str, content: BinaryIO) -> None:
    kind, _slash, name = name.partition("/")
    storage: Any = storages[kind]
    try:
        path = Path(storage.path(name))
    except (
        NotImplementedError
    ):  # a bucket wants a file in which it can go back, which the copy's stream is not
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as whole:
            shutil.copyfileobj(content, whole, READ)
            whole.seek(0)
            storage.save(name, File(whole, name=name))
        return
    held.make_folder(path.parent, storage.directory_permissions_mode)
    draft = path.with_name(DRAFT + secrets.token_hex(8))
    with open(draft, "wb") as file:
        for block in read_blocks(content):
            file.write(block)
    if storage.file_permissions_mode is not None:
        draft.chmod(storage.file_permissions_mode)
    os.replace(draft, path)


def put_key(key: bytes) -> None:
    draft = get_key_path().with_name(DRAFT + "key")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, get_key_path())


def read_back(
    known: dict[str, type[models.Model]], loaders: dict[str, rows.Loader], contents: Contents
) -> None:
    """Compare what the database returns with what was stored, table by table, and set each table's next number."""
    for label, table in contents.manifest["tables"].items():
        loader = loaders.get(label)
        expected = (loader.count, loader.digest.hexdigest()) if loader else (0, table["sha256"])
        columns = contents.header["tables"][label]
        if rows.compute_digest(known[label], DEFAULT_DB_ALIAS, columns) != expected:
            raise CannotRestore(
                f"The table {label} did not come back as it is in the copy; nothing was kept."
            )
        if loader and loader.mended:
            contents.mended[label] = loader.mended
        if rows.is_numbered(known[label]):
            rows.continue_numbers(known[label], table["last_number"], connection)


def jump_stamps(model: type[models.Model]) -> None:
    model._base_manager.update(number=F("number") + STAMPS_JUMP)


def finish(is_older: bool) -> None:
    """Rebuild what is derived from the rows; may be repeated."""
    if is_older:
        call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    search.index_stored(Product.objects.all())
    trim_uploads()
    for kind in held.list_site_storages():
        clear_drafts(storages[kind])


def trim_uploads() -> None:
    """Delete chunks that arrived after the snapshot: the phone sends them again, perhaps with other boundaries."""
    for key, offset in Upload.objects.filter(state=Upload.State.OPEN).values_list("key", "offset").iterator():
        for piece in chunks.list_pieces(key):
            if piece.start >= offset:
                storages["intake"].delete(piece.name)


def clear_drafts(storage: Storage) -> None:
    """Delete the drafts of a restore that was killed."""
    for name in held.list_names(storage):
        if Path(name).name.startswith(DRAFT):
            storage.delete(name)
