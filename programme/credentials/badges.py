"""Make the credential of a certificate: what it says, who is named in it, signed and stored once."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone, translation

from programme.certificates.printout import choose_result
from programme.credentials import keys, signature, status
from programme.models import Certificate, Credential


class NotPossible(Exception):
    """Raised for a certificate that is revoked, or whose holder has no name or phone to be known by."""


@transaction.atomic
def make_credential(request: HttpRequest, certificate: Certificate, names_holder: bool) -> Credential:
    """Sign the certificate as it was issued and store the file; made again, it replaces the one before. Raises NotPossible.

    Its holder is named, or known by the hash of their phone.
    """
    locked = Certificate.objects.select_for_update(of=("self",)).select_related("course", "user")
    row = locked.get(pk=certificate.pk)
    if not row.can_be_printed or not (names_holder or row.user.phone):
        raise NotPossible
    key, private = keys.require_signing_key()
    made = Credential(certificate=row, issuer_key=key, names_holder=names_holder)
    made.salt = "" if names_holder else secrets.token_hex(12)
    document = describe(request, made)
    method = keys.name_method(keys.name_issuer(request), key)
    signed = signature.sign(document, private, method, timezone.now())
    made.document = json.dumps(signed, ensure_ascii=False, indent=1)
    Credential.objects.filter(certificate=row).delete()
    made.save()
    return made


def describe(request: HttpRequest, made: Credential) -> dict[str, Any]:
    """Return the credential without its proof: only the words that the certificate has kept since it was issued."""
    certificate, did = made.certificate, keys.name_issuer(request)
    version = f"{did}/courses/{certificate.course_id}/{certificate.course_version}"
    with translation.override(certificate.course.language):
        narrative = choose_result(certificate) % {"hours": certificate.hours}
    return {
        "@context": [signature.CREDENTIALS, signature.OPEN_BADGES],
        "id": made.key.urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.title,
        "issuer": {
            "id": did,
            "type": ["Profile"],
            "name": certificate.place_name,
            "url": request.build_absolute_uri("/"),
        },
        "validFrom": signature.write_moment(certificate.issued_at),
        "credentialStatus": status.describe_status(request, certificate),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [describe_holder(made)],
            "licenseNumber": certificate.serial,
            "term": certificate.class_name,
            "creditsEarned": certificate.hours,
            "achievement": {
                "id": uuid.uuid5(uuid.NAMESPACE_URL, version).urn,
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": certificate.course_title,
                "description": certificate.title,
                "version": str(certificate.course_version),
                "criteria": {"narrative": narrative},
            },
        },
    }


def describe_holder(made: Credential) -> dict[str, Any]:
    if made.names_holder:
        name = made.certificate.name
        return {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": hash_phone(str(made.certificate.user.phone), made.salt),
        "identityType": "ext:phone",
    }


def hash_phone(phone: str, salt: str) -> str:
    """Return "sha256$" and the hash of the number as +8613812345678 with the salt after it."""
    return f"sha256${hashlib.sha256(f'{phone}{salt}'.encode()).hexdigest()}"
