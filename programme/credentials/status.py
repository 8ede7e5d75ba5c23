"""Say which certificates were revoked, as signed lists of bits (https://www.w3.org/TR/vc-bitstring-status-list/).

A certificate has its bit from its own number, so a bit is never given twice. A list has 131,072 bits, however few
certificates there are: who reads it does not tell the site which one is being checked.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from datetime import datetime

from django.core.cache import caches
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from programme.credentials import keys, signature
from programme.models import Certificate

BITS = 131_072


def locate(certificate: Certificate) -> tuple[int, int]:
    """Return the number of its list and the place of its bit there."""
    return divmod(certificate.pk, BITS)


def build_url(request: HttpRequest, number: int) -> str:
    return request.build_absolute_uri(reverse("programme:credential_status", args=[number]))


def describe_status(request: HttpRequest, certificate: Certificate) -> dict[str, str]:
    """Return the credentialStatus of a certificate."""
    number, place = locate(certificate)
    url = build_url(request, number)
    return {
        "id": f"{url}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(place),
        "statusListCredential": url,
    }


def find_revoked(number: int) -> QuerySet[Certificate]:
    first = number * BITS
    return Certificate.objects.filter(revoked_at__isnull=False, pk__gte=first, pk__lt=first + BITS).order_by()


def encode_bits(places: list[int]) -> str:
    """Return the list with these bits set: the leftmost bit is 0; gzip, base64url without padding, multibase "u"."""
    bits = bytearray(BITS // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    packed = gzip.compress(bytes(bits), mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def has_list(number: int) -> bool:
    """Return whether some certificate has its bit there. The first list is always there."""
    return number == 0 or Certificate.objects.filter(pk__gte=number * BITS).exists()


def get_list(request: HttpRequest, number: int) -> str:
    """Return the signed list as JSON. A process signs it once for each change of it. Raises NoKey. Two queries."""
    key, private = keys.get_signing_key()
    facts = find_revoked(number).aggregate(count=Count("pk"), last=Max("revoked_at"))
    url, did = build_url(request, number), keys.name_issuer(request)
    state = json.dumps([url, did, key.public, facts["count"], str(facts["last"])])
    name = f"status-list-{hashlib.sha256(state.encode()).hexdigest()}"
    cache = caches["pages"]
    if made := cache.get(name):
        return made
    since: datetime = max(filter(None, (facts["last"], key.created_at)))
    document = {
        "@context": [signature.CREDENTIALS],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": signature.write_moment(since),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encode_bits(
                [pk - number * BITS for pk in find_revoked(number).values_list("pk", flat=True)]
            ),
        },
    }
    signed = signature.sign(document, private, keys.name_method(did, key), since)
    made = json.dumps(signed, ensure_ascii=False, indent=1)
    cache.set(name, made)
    return made
