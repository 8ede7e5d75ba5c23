"""An authenticator app for tests of the second factor: its codes (RFC 6238), and a factor that is set up."""

import base64
import hmac
import secrets
import time

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from accounts.models import User

SECONDS = 30


def code_for(secret: str, steps: int = 0) -> str:
    """Return the six digits of now, or of so many steps of 30 seconds later; `secret` is in base32."""
    counter = int(time.time()) // SECONDS + steps
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8), "sha1")
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def set_up_second_factor(user: User) -> str:
    """Set it up as its page does, and return the secret."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    data = {"secret": get_adapter().encrypt(secret)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    return secret


def set_up_recovery_codes(user: User) -> list[str]:
    data = {"seed": get_adapter().encrypt(secrets.token_hex(40)), "used_mask": 0}
    row = Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data=data)
    return row.wrap().get_unused_codes()
