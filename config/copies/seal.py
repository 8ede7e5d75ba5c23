"""Encrypt a stream with a passphrase: if one byte is altered or the end is missing, it cannot be opened.

    magic | salt (16 bytes) | check (16) | block | block | … | last block

Each block is ChaCha20-Poly1305 over at most 64 KiB, with the nonce `number of the block (11 bytes, big-endian) | 1 for the
last block, else 0`, and the header as associated data: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015),
as in the age format. Key and check are the 48 bytes that Argon2id (RFC 9106) derives from the passphrase and the salt.
"""

from __future__ import annotations

import hmac
import os
from typing import Any, BinaryIO, Protocol

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MAGIC = b"newfarmwork copy 1\n"
SALT_BYTES = CHECK_BYTES = TAG_BYTES = 16
KEY_BYTES = 32
BLOCK = 64 * 1024
HEAD_BYTES = len(MAGIC) + SALT_BYTES + CHECK_BYTES
# 32 MiB, so that an office computer can make a copy while the site runs.
ARGON2: dict[str, Any] = {"time_cost": 4, "memory_cost": 32 * 1024, "parallelism": 1, "type": Type.ID}


class BadCopy(Exception):
    """Raised when the file is no copy, cannot be opened with this passphrase, or was altered; the message says which."""


def derive_key(secret: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """Return the key, and the check that tells a wrong passphrase from a damaged file."""
    made = hash_secret_raw(secret, salt, hash_len=KEY_BYTES + CHECK_BYTES, **ARGON2)
    return made[:KEY_BYTES], made[KEY_BYTES:]


def make_nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Writable(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Sealer:
    """A file to write to; what is written is encrypted into `file`. It cannot be opened before `close`."""

    def __init__(self, file: Writable, secret: bytes) -> None:
        salt = os.urandom(SALT_BYTES)
        key, check = derive_key(secret, salt)
        self.file, self.cipher, self.number, self.buffer = file, ChaCha20Poly1305(key), 0, bytearray()
        self.head = MAGIC + salt + check
        file.write(self.head)

    def write(self, data: bytes) -> int:
        self.buffer += data
        while len(self.buffer) > BLOCK:
            self.put(bytes(self.buffer[:BLOCK]), is_last=False)
            del self.buffer[:BLOCK]
        return len(data)

    def close(self) -> None:
        self.put(bytes(self.buffer), is_last=True)
        self.buffer.clear()

    def put(self, block: bytes, is_last: bool) -> None:
        self.file.write(self.cipher.encrypt(make_nonce(self.number, is_last), block, self.head))
        self.number += 1


class Opener:
    """A file to read from; every byte it returns is as it was encrypted. Raises BadCopy."""

    def __init__(self, file: BinaryIO, secret: bytes) -> None:
        self.file, self.number, self.buffer = file, 0, b""
        self.head = file.read(HEAD_BYTES)
        if len(self.head) < HEAD_BYTES or not self.head.startswith(MAGIC):
            raise BadCopy("This file is not a copy of a site, or its beginning is damaged.")
        salt, check = self.head[len(MAGIC) : -CHECK_BYTES], self.head[-CHECK_BYTES:]
        key, expected = derive_key(secret, salt)
        if not hmac.compare_digest(check, expected):
            raise BadCopy("The copy does not open with this passphrase or key file.")
        self.cipher = ChaCha20Poly1305(key)
        self.ahead = file.read(BLOCK + TAG_BYTES)
        if not self.ahead:  # even an empty stream has a last block
            raise BadCopy("The copy is damaged: cut short after its head.")

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes; fewer come only before the end of a block, none at the end."""
        while not self.buffer and self.ahead:
            self.buffer = self.next_block()
        given = self.buffer if size < 0 else self.buffer[:size]
        self.buffer = self.buffer[len(given) :]
        return given

    def next_block(self) -> bytes:
        sealed, self.ahead = self.ahead, self.file.read(BLOCK + TAG_BYTES)
        try:
            block = self.cipher.decrypt(make_nonce(self.number, not self.ahead), sealed, self.head)
        except InvalidTag:
            at = HEAD_BYTES + self.number * (BLOCK + TAG_BYTES)
            raise BadCopy(f"The copy is damaged: cut short or altered after byte {at:,}.") from None
        self.number += 1
        return block
