"""Sign JSON-LD documents of our own: Data Integrity with the cryptosuite eddsa-rdfc-2022.

https://www.w3.org/TR/vc-di-eddsa/ (§3.3): SHA-256 of the canonical proof options and SHA-256 of the canonical document, one
after the other, under Ed25519. Documents of others are never read here: their canonical form can cost any amount of time.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from programme.credentials.keys import encode_base58

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FOLDER = Path(__file__).parent / "contexts"
FILES = {CREDENTIALS: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}


class NotBundled(Exception):
    """Raised with the address of a context that is not in the repository; nothing is loaded from elsewhere."""


@cache
def read_context(address: str) -> dict[str, Any]:
    return json.loads((FOLDER / FILES[address]).read_bytes())


def load_context(address: str, _options: object = None) -> dict[str, Any]:
    """Return a bundled context as pyld wants it: a document loader that knows these and refuses all others."""
    if address not in FILES:
        raise NotBundled(address)
    return {
        "contextUrl": None,
        "documentUrl": address,
        "document": read_context(address),
        "contentType": "application/ld+json",
        "tag": "static",  # pyld keeps what it made of it
    }


def canonise(document: dict[str, Any]) -> bytes:
    """Return the document's N-Quads in their canonical order (RDFC-1.0)."""
    # Imported here because it takes a fifth of a second, and few processes ever sign.
    from pyld import jsonld

    options = {
        "algorithm": "URDNA2015",  # the same as RDFC-1.0 with SHA-256, under its earlier name
        "format": "application/n-quads",
        "documentLoader": load_context,
    }
    return jsonld.normalize(document, options).encode()


def write_moment(moment: datetime) -> str:
    """Return "2026-09-22T01:00:00Z"."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def sign(
    document: dict[str, Any], private: Ed25519PrivateKey, method: str, created: datetime
) -> dict[str, Any]:
    """Return the document with its proof. `method` is the DID URL of the key."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": write_moment(created),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    covered = (options | {"@context": document["@context"]}, document)
    signature = private.sign(b"".join(hashlib.sha256(canonise(part)).digest() for part in covered))
    return document | {"proof": options | {"proofValue": encode_base58(signature)}}
