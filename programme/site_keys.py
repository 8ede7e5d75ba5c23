"""Derive the site's own keys from SECRET_KEY: to encrypt what the database must not show, and to sign
(programme.credentials.keys).

A key is HKDF-SHA-256 (RFC 5869) of SECRET_KEY with its purpose, so that no purpose can read or sign for another. Each is named by
its id; what was encrypted or signed under one of SECRET_KEY_FALLBACKS is still read and verified.
"""

from __future__ import annotations

import base64
import hashlib
import os
from binascii import Error as NotBase64
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES, NONCE_BYTES = 32, 12


def derive_key(purpose: str, secret: str | None = None) -> bytes:
    """Return the key of 32 bytes for a purpose, of SECRET_KEY unless another secret is given."""
    kdf = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"newfarmwork {purpose}".encode())
    return kdf.derive((settings.SECRET_KEY if secret is None else secret).encode())


def list_keys(purpose: str) -> Iterator[bytes]:
    """Yield the present key of a purpose, then those of earlier secrets."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield derive_key(purpose, secret)


def name_key(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:16]


def encrypt(purpose: str, text: str, about: str) -> tuple[str, str]:
    """Return the id of the key and the text under AES-256-GCM, base64 of nonce and ciphertext.

    It can be read only with the same `about`, which names the row: a value copied into another row is unreadable there.
    """
    key, nonce = derive_key(purpose), os.urandom(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())
    return name_key(key), base64.b64encode(sealed).decode()


def decrypt(purpose: str, key_id: str, sealed: str, about: str) -> str | None:
    """Return the text, or None where the key is gone or the value was altered."""
    for key in list_keys(purpose):
        if name_key(key) == key_id:
            try:
                raw = base64.b64decode(sealed, validate=True)
                return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode()).decode()
            except (InvalidTag, NotBase64, ValueError):
                return None
    return None
