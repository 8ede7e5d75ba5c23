"""Keep the keys with which the site signs, and name them as a DID document (did:web) and as did:key.

The private half of a key is never stored: it follows from SECRET_KEY and the row's own UUID (programme.site_keys). When
SECRET_KEY is changed and the earlier one is not in SECRET_KEY_FALLBACKS, a row cannot sign any more; it is retired, and another
one is made. docs/decisions/credentials.md explains the choice.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from programme import site_keys
from programme.models import IssuerKey

# multicodec: a varint of 0xed, ed25519-pub (https://www.w3.org/TR/cid-1.0/#Multikey).
ED25519_PUB = b"\xed\x01"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
DID_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


class NoKey(Exception):
    """Raised where something is to be signed and no key can sign; the worker makes one within the hour."""


def encode_base58(data: bytes) -> str:
    """Return base58btc with its multibase prefix "z"."""
    number, digits = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        digits = BASE58[rest] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def encode_public(private: Ed25519PrivateKey) -> str:
    return encode_base58(ED25519_PUB + private.public_key().public_bytes_raw())


def find_private(row: IssuerKey) -> Ed25519PrivateKey | None:
    """Return the private half that belongs to the stored public one; None if the SECRET_KEY it came from is gone."""
    for seed in site_keys.list_keys(f"issuer key {row.key}"):
        private = Ed25519PrivateKey.from_private_bytes(seed)
        if encode_public(private) == row.public:
            return private
    return None


def get_signing_key() -> tuple[IssuerKey, Ed25519PrivateKey]:
    """Return the key that signs now. One query; raises NoKey."""
    row = IssuerKey.objects.filter(retired_at__isnull=True).first()
    private = find_private(row) if row else None
    if row is None or private is None:
        raise NoKey
    return row, private


def require_signing_key() -> tuple[IssuerKey, Ed25519PrivateKey]:
    """Return the key that signs now; the first one, or another for one that is lost, is made here."""
    try:
        return get_signing_key()
    except NoKey:
        rotate()
        return get_signing_key()


def replace_lost_key() -> int:
    """Retire a key whose private half is gone and make another: a round of the worker. Return how many were replaced."""
    row = IssuerKey.objects.filter(retired_at__isnull=True).first()
    if row is None or find_private(row):
        return 0
    rotate()
    return 1


def rotate() -> None:
    """Retire the key that signs, if there is one, and make another. Of two at once the database refuses the second."""
    key = uuid.uuid4()
    private = Ed25519PrivateKey.from_private_bytes(site_keys.derive_key(f"issuer key {key}"))
    try:
        with transaction.atomic():
            IssuerKey.objects.filter(retired_at__isnull=True).update(retired_at=timezone.now())
            IssuerKey.objects.create(key=key, public=encode_public(private))
    except IntegrityError:
        return


# --- as others read them ---


def name_issuer(request: HttpRequest) -> str:
    """Return the DID of the site as it is asked: did:web:nonghuo.example.cn."""
    return f"did:web:{quote(request.get_host(), safe='')}"


def name_method(did: str, key: IssuerKey) -> str:
    return f"{did}#{key.public}"


def build_did_document(did: str) -> dict[str, Any]:
    """Return the document that names all keys, those that are retired too. One query."""
    methods = [
        {
            "id": name_method(did, key),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": key.public,
        }
        for key in IssuerKey.objects.order_by("-created_at", "-pk")
    ]
    names = [method["id"] for method in methods]
    return {"@context": DID_CONTEXTS, "id": did, "verificationMethod": methods, "assertionMethod": names}
