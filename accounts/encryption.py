"""What must not be read off a copy of the database is kept encrypted under a key that the database does not hold."""

from __future__ import annotations

import base64
import logging

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

log = logging.getLogger(__name__)
ENCRYPTED_MARK = "v1:"


def cipher() -> MultiFernet:
    """Keys are drawn from SECRET_KEY, and from those of before while they stand in SECRET_KEY_FALLBACKS."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("accounts.encryption", "key", secret=one, algorithm="sha256") for one in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key.digest())) for key in keys])


def encrypt_secret(text: str) -> str:
    """Encrypting twice is encrypting once."""
    return (
        text if text.startswith(ENCRYPTED_MARK) else ENCRYPTED_MARK + cipher().encrypt(text.encode()).decode()
    )


def decrypt_secret(text: str) -> str | None:
    """None when SECRET_KEY is another one now; what was kept before there was encryption comes back as it is."""
    if not text.startswith(ENCRYPTED_MARK):
        return text
    try:
        return cipher().decrypt(text.removeprefix(ENCRYPTED_MARK)).decode()
    except InvalidToken:
        log.error("a secret was encrypted under another SECRET_KEY")
        return None
