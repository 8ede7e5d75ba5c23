"""The signed manifest of a ledger, and the check whether files are still the ones that it names.

The manifest is JSON in canonical form (keys sorted, no spaces, UTF-8); its signature is Ed25519 over the same JSON without the
field `signature`. Whoever has the public key can check it without this site (docs/decisions/training-ledger.md).
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from programme.credentials.keys import BASE58, ED25519_PUB, require_signing_key
from programme.models import IssuerKey

KIND = "newfarmwork/training-ledger/1"
NAME = "manifest.json"
BLOCK = 1 << 20
MOST_MANIFEST, MOST_KEY = 200_000, 60
# What a zip may unpack to, and how many files it may hold.
MOST_UNPACKED, MOST_ENTRIES = 400_000_000, 20
PLAIN = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # others can ask for gigabytes of memory, and no ledger has them
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError)


class NotAManifest(Exception):
    """Raised when a file is no manifest of a ledger, or none that can be read."""


def hash_file(file: BinaryIO, most: int | None = None) -> tuple[str, int]:
    """Return the SHA-256 of the file from where it stands, and its bytes. Raises ValueError for more than `most` bytes."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(BLOCK):
        size += len(block)
        if most is not None and size > most:
            raise ValueError("too many bytes")
        digest.update(block)
    return digest.hexdigest(), size


def make_canonical(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sign_manifest(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts with the kind, the public key (a Multikey, as in the site's DID document) and the signature in base64."""
    row, private = require_signing_key()
    signed = facts | {"kind": KIND, "public_key": row.public}
    signature = private.sign(make_canonical(signed))
    return signed | {"signature": base64.b64encode(signature).decode()}


def dump_manifest(manifest: dict[str, Any]) -> bytes:
    """Return the file as it is handed out: readable, one field a line."""
    return json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode()


def read_manifest(raw: bytes) -> dict[str, Any]:
    """Return a manifest from outside, its shape checked. Raises NotAManifest, also for text that no page or database takes."""
    try:
        found = json.loads(raw)
        text = json.dumps(found, ensure_ascii=False)
        text.encode()  # lone surrogates have no UTF-8
    except (ValueError, RecursionError) as error:
        raise NotAManifest from error
    if "\\u0000" in text:
        raise NotAManifest
    files = found.get("files") if isinstance(found, dict) else None
    texts = isinstance(found, dict) and all(
        isinstance(found.get(name), str) for name in ("kind", "public_key", "signature")
    )
    if not texts or found["kind"] != KIND or not isinstance(files, list) or len(files) > MOST_ENTRIES:
        raise NotAManifest
    for one in files:
        if (
            not isinstance(one, dict)
            or not isinstance(one.get("name"), str)
            or not isinstance(one.get("sha256"), str)
        ):
            raise NotAManifest
    return found


def is_signed(manifest: dict[str, Any]) -> bool:
    """Return whether this site signed the manifest as it stands."""
    signed = {name: value for name, value in manifest.items() if name != "signature"}
    if not IssuerKey.objects.filter(public=manifest["public_key"][:MOST_KEY]).exists():
        return False
    try:
        content = make_canonical(signed)
        signature = base64.b64decode(manifest["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(read_public(manifest["public_key"])).verify(signature, content)
    except (InvalidSignature, ValueError, RecursionError):
        return False
    return True


def read_public(multikey: str) -> bytes:
    """Return the 32 bytes of a public key written as a Multikey. Raises ValueError."""
    number = 0
    for letter in multikey[1:]:
        number = number * 58 + BASE58.index(letter)
    raw = number.to_bytes(len(ED25519_PUB) + 32)
    return raw.removeprefix(ED25519_PUB)


@dataclass
class Verdict:
    """What a check found: whether the manifest is ours and unchanged, and of each of its files whether it is the same.

    `files`: (name, True the same, False changed, None not handed in). `strange` are files that the manifest does not name.
    """

    manifest: dict[str, Any]
    is_signed: bool
    files: list[tuple[str, bool | None]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    @property
    def made_at(self) -> datetime | None:
        try:
            return datetime.fromisoformat(str(self.manifest.get("made_at")))
        except ValueError:
            return None

    @property
    def is_unchanged(self) -> bool:
        return (
            self.is_signed
            and any(same for _name, same in self.files)
            and not self.changed
            and not self.strange
        )

    @property
    def changed(self) -> list[str]:
        return [name for name, same in self.files if same is False]


def check_files(files: Iterable[tuple[str, BinaryIO]]) -> Verdict:
    """Compare files with the manifest among them: a zip with all, or the manifest and one or more of its files.

    A file is found by its contents, so that one that was renamed on the way is still the same. Raises NotAManifest if there is
    none, ValueError for what cannot be unpacked.
    """
    manifest: dict[str, Any] | None = None
    hashes: dict[str, str] = {}
    room = MOST_UNPACKED  # of all files together
    try:
        for name, file in files:
            for inner, part in open_parts(name, file):
                if manifest is None and is_json(inner):
                    raw = part.read(MOST_MANIFEST + 1)
                    manifest = read_manifest(raw if len(raw) <= MOST_MANIFEST else b"")
                else:
                    while inner in hashes:
                        inner += "'"
                    hashes[inner], size = hash_file(part, room)
                    room -= size
    except BROKEN as error:
        raise ValueError("cannot be unpacked") from error
    if manifest is None:
        raise NotAManifest
    return compare(manifest, hashes)


def is_json(name: str) -> bool:
    return name.lower().endswith(".json")


def open_parts(name: str, file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    """Yield the file, or what a ledger's zip holds; XLSX is a zip too, but stays whole."""
    if not name.lower().endswith(".zip"):
        yield name, file
        return
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise ValueError("too much inside")
        if any(entry.compress_type not in PLAIN for entry in entries):
            raise ValueError("packed otherwise")
        for entry in entries:
            with archive.open(entry) as part:
                yield entry.filename, part  # type: ignore[misc]  # reads as a binary file


def compare(manifest: dict[str, Any], hashes: dict[str, str]) -> Verdict:
    verdict = Verdict(manifest, is_signed(manifest))
    named = {one["sha256"] for one in manifest["files"]}
    left = {name: digest for name, digest in hashes.items() if digest not in named}
    for one in manifest["files"]:
        if one["sha256"] in hashes.values():
            verdict.files.append((one["name"], True))
        elif other := find_altered(one["name"], left):
            left.pop(other)
            verdict.files.append((one["name"], False))
        else:
            verdict.files.append((one["name"], None))
    verdict.strange = sorted(left)
    return verdict


def find_altered(name: str, left: dict[str, str]) -> str | None:
    """Return which of the files that fit nothing is this one: the same name, else the only one of its kind."""
    if name in left:
        return name
    same_kind = [
        other for other in left if other.rpartition(".")[2].lower() == name.rpartition(".")[2].lower()
    ]
    return same_kind[0] if len(same_kind) == 1 else None
