"""Make one copy of the whole site in one file, while the site is in use.

The encrypted file contains a tar, in this order: `copy.json` (what it was made of), `secret_key`,
`tables/<label>/<n>.jsonl.gz` (config.copies.rows), `files/<storage>/<name>`, `files.txt` (`<sha256> <storage>/<name>`, a
line a file) and `manifest.json` (counts and checksums of all of it). The names of the files are listed while the database
snapshot is open, so later files are not in the copy; files that are deleted later are held for it (media.storages).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config.copies import rows
from config.copies.seal import BLOCK, Sealer
from media import storages as held
from media.storages import sync_path
from ui.responses.page_cache import release

FORMAT = 1
READ = 1 << 20
# Bytes of a table in one piece, before compression.
PIECE = 1 << 20
# The bytes that stay free on the site's own disk, whatever the copy needs.
LEAVE_FREE = 500_000_000
LOOK_EVERY = 16 << 20
SHORTEST_SECRET = 12
MOST_NAMED = 1000


class CannotCopy(Exception):
    """Raised when no copy can be made now; the message says why and what to do."""


class DiskFull(CannotCopy):
    """Raised when the disk has no room for the copy."""


class Busy(CannotCopy):
    """Raised when another copy is being made: each would drop what is held for the other."""


@dataclass
class Copied:
    """The contents of a copy: rows by table and sizes in bytes."""

    path: Path
    tables: dict[str, dict] = field(default_factory=dict)
    files: int = 0
    file_bytes: int = 0
    missing: list[str] = field(default_factory=list)
    bytes: int = 0
    seconds: float = 0.0

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.tables.values())


def make_copy(path: Path, secret: bytes, *, leave_free: int | None = None) -> Copied:
    """Write the copy to a draft beside `path` and rename it when it is complete and on the disk.

    Raises CannotCopy, DiskFull and Busy, among others; then nothing is left behind. `leave_free` is in bytes, by default
    LEAVE_FREE on the site's own disk and nothing on another.
    """
    began = time.monotonic()
    if len(secret) < SHORTEST_SECRET:
        raise CannotCopy(f"The passphrase has fewer than {SHORTEST_SECRET} characters.")
    check_migrated()
    folder = path.absolute().parent
    spare = get_spare_bytes(folder) if leave_free is None else leave_free
    draft = path.with_name(f".{path.name}.draft")
    try:
        with lock_copies():
            if path.exists():
                raise CannotCopy(f"{path} is there already; a copy never replaces a file.")
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                with open(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as raw:
                    copied = write_copy(Guarded(raw, folder, spare), secret, folder)
                    raw.flush()
                    os.fsync(raw.fileno())
                os.rename(draft, path)
            finally:
                with contextlib.suppress(OSError):
                    draft.unlink(missing_ok=True)
            sync_path(folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(f"The disk of {folder} has no room for a copy; nothing was kept of it.") from error
        raise CannotCopy(f"The copy could not be made: {error}") from error
    copied.path, copied.bytes = path, path.stat().st_size
    copied.seconds = time.monotonic() - began
    return copied


@contextmanager
def lock_copies() -> Iterator[None]:
    """Allow one copy of this site at a time, planned or by hand. Raises Busy."""
    with hold_lock(settings.VAR_DIR / "copy.lock"):
        yield


@contextmanager
def hold_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file; it is released if the process dies. Raises Busy while another holds it."""
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("Another copy is being made; try again when it has ended.") from None
        yield
    finally:
        os.close(descriptor)


def is_busy() -> bool:
    try:
        with lock_copies():
            return False
    except Busy:
        return True


def drop_left_over() -> None:
    """Drop what is still held for a copy that was killed."""
    with contextlib.suppress(Busy), lock_copies():
        for name in held.list_site_storages():
            held.drop_old(storages[name])


def check_migrated() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CannotCopy("The database is older than the program: run `manage.py migrate` first.")


def get_spare_bytes(folder: Path) -> int:
    """Return the bytes that must stay free on the disk of the copy."""
    return LEAVE_FREE if find_existing(folder).stat().st_dev == settings.VAR_DIR.stat().st_dev else 0


def find_existing(folder: Path) -> Path:
    """Return the folder, or the nearest existing one above it."""
    while not folder.exists():
        folder = folder.parent
    return folder


class Guarded:
    """A file that refuses to be written before its disk is full."""

    def __init__(self, file: BinaryIO, folder: Path, leave_free: int) -> None:
        self.file, self.folder, self.leave_free, self.unseen = file, folder, leave_free, 0

    def write(self, data: bytes) -> int:
        self.unseen += len(data)
        if self.unseen > LOOK_EVERY:
            self.unseen = 0
            self.need(0)
        return self.file.write(data)

    def need(self, size: int) -> None:
        """Raise OSError if the disk has no room for so many more bytes."""
        if shutil.disk_usage(self.folder).free < size + self.leave_free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def write_copy(target: Guarded, secret: bytes, folder: Path) -> Copied:
    copied = Copied(folder)
    with ExitStack() as stack:
        sign = stack.enter_context(hold_deleted_files())
        listed = stack.enter_context(tempfile.TemporaryFile(dir=folder))
        sums = stack.enter_context(tempfile.TemporaryFile(dir=folder))
        sealed: Any = Sealer(target, secret)
        options: Any = {"mode": "w|", "format": tarfile.PAX_FORMAT, "bufsize": BLOCK, "copybufsize": READ}
        tar = stack.enter_context(tarfile.open(fileobj=sealed, **options))
        with rows.hold_snapshot() as alias:
            target.need(list_files(listed) + measure_database())
            header = describe()
            put(tar, "copy.json", header)
            put(tar, "secret_key", settings.SECRET_KEY.encode())
            for model in rows.list_models(apps):
                copied.tables[model._meta.label] = write_table(tar, model, alias, sign)
        digest = write_files(tar, listed, sums, copied, sign)
        put_file(tar, "files.txt", sums)
        manifest = {
            "copy": hashlib.sha256(header).hexdigest(),
            "secret_key": hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest(),
            "tables": copied.tables,
            "files": {"count": copied.files, "bytes": copied.file_bytes, "sha256": digest},
            "missing": copied.missing[:MOST_NAMED],
        }
        put(tar, "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        tar.close()
        sealed.close()
    return copied


@contextmanager
def hold_deleted_files() -> Iterator[Callable[[], None]]:
    """Hold files that are deleted meanwhile; yields the function that reports that the copy is still being made."""
    mine = [storages[name] for name in held.list_site_storages()]
    signed = time.monotonic()

    def sign() -> None:
        nonlocal signed
        if time.monotonic() - signed > held.SIGN_EVERY.total_seconds():
            signed = time.monotonic()
            for storage in mine:
                held.sign(storage)

    try:
        for storage in mine:
            held.hold(storage)
        yield sign
    finally:
        for storage in mine:
            held.release(storage)


def describe() -> bytes:
    """Return `copy.json`, which tells whether and how a copy can be read."""
    tables = {
        model._meta.label: [field.column for field in rows.list_columns(model)]
        for model in rows.list_models(apps)
    }
    made = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "release": release(),
        "database": connection.vendor,
        "migrations": sorted(MigrationExecutor(connection).loader.applied_migrations),
        "tables": tables,
    }
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def measure_database() -> int:
    """Estimate the bytes that the rows need in the copy, rather too many than too few."""
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).stat().st_size // 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()) / 2")
        return int(cursor.fetchone()[0])


def list_files(listed: BinaryIO) -> int:
    """Write `storage/name`, a JSON string a line; return the bytes of the files on this machine's disks."""
    size = 0
    for kind in held.list_site_storages():
        storage = storages[kind]
        for name in held.list_names(storage):
            listed.write(json.dumps(f"{kind}/{name}").encode() + b"\n")
            with contextlib.suppress(NotImplementedError, FileNotFoundError):
                size += os.stat(storage.path(name)).st_size
        # Files deleted between the snapshot and this moment are held by now; files already listed are not listed twice.
        gone = [name for name in held.list_names(storage, held.HELD) if name != held.MARK]
        late = {f"{kind}/{name.removeprefix(held.HELD + '/')}" for name in gone}
        listed.seek(0)
        late -= {json.loads(line) for line in listed if json.loads(line) in late}
        listed.seek(0, os.SEEK_END)
        for name in sorted(late):
            listed.write(json.dumps(name).encode() + b"\n")
    listed.seek(0)
    return size


# --- members of the tar ---


def put(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    add(tar, name, io.BytesIO(content), len(content))


def put_file(tar: tarfile.TarFile, name: str, file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    add(tar, name, file, size)


def add(tar: tarfile.TarFile, name: str, file, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, file)
    tar.members.clear()  # type: ignore[attr-defined]  # not in the stubs; it would store every file of the site


def write_table(tar: tarfile.TarFile, model, alias: str, sign: Callable[[], None]) -> dict:
    label, digest, count, part = model._meta.label, hashlib.sha256(), 0, 0
    piece: list[bytes] = []
    size = 0

    def flush() -> None:
        nonlocal part, size
        part += 1
        put(tar, f"tables/{label}/{part:06}.jsonl.gz", gzip.compress(b"".join(piece), 3, mtime=0))
        piece.clear()
        size = 0
        sign()

    for line in rows.read_lines(model, alias):
        count += 1
        digest.update(line)
        piece.append(line)
        size += len(line)
        if size > PIECE:
            flush()
    if piece:
        flush()
    last = rows.find_last_number(model, alias) if rows.is_numbered(model) else 0
    return {"rows": count, "sha256": digest.hexdigest(), "last_number": last}


class Whole:
    """Read exactly `size` bytes of a file with their checksum; zeros if it has become shorter."""

    def __init__(self, file, size: int, sign: Callable[[], None]) -> None:
        self.file, self.left, self.sign, self.digest = file, size, sign, hashlib.sha256()

    def read(self, size: int) -> bytes:
        size = min(size, self.left)
        data = self.file.read(size).ljust(size, b"\0")
        self.left -= size
        self.digest.update(data)
        self.sign()
        return data


def write_files(
    tar: tarfile.TarFile, listed: BinaryIO, sums: BinaryIO, copied: Copied, sign: Callable[[], None]
) -> str:
    """Write all listed files; return the checksum of the list of their checksums."""
    digest = hashlib.sha256()
    for line in listed:
        kind, _slash, name = json.loads(line).partition("/")
        opened = open_file(storages[kind], name)
        if opened is None:
            if not Path(name).name.startswith("."):  # a draft of an upload that was renamed meanwhile
                copied.missing.append(f"{kind}/{name}")
            continue
        file, size = opened
        with file:
            whole = Whole(file, size, sign)
            add(tar, f"files/{kind}/{name}", whole, size)
        entry = f"{whole.digest.hexdigest()}  {kind}/{name}\n".encode("utf-8", "surrogateescape")
        sums.write(entry)
        digest.update(entry)
        copied.files += 1
        copied.file_bytes += size
    return digest.hexdigest()


def open_file(storage: Storage, name: str):
    """Open the file of the snapshot with its size: a held file comes before a new one of the same name."""
    for there in (f"{held.HELD}/{name}", name):
        try:
            file = storage.open(there)
            return file, file.size
        except FileNotFoundError:
            continue
    return None
