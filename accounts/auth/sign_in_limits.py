"""Limit wrong passwords, so that guessing is stopped and the account's owner can still sign in.

Tries for a number are counted by the IP they come from, and over all together. A phone on which this person
has signed in before carries a signed cookie; its tries are counted separately, so that a stranger's tries, from any IP,
do not lock the owner out. A number without an account is counted in the same way.
"""

from __future__ import annotations

from django.http import HttpRequest

from accounts import devices, limits


class TooManyTries(Exception):
    """Raised when a limit is reached; `is_elsewhere` if it is that of all IPs together, not of this one."""

    def __init__(self, is_elsewhere: bool) -> None:
        super().__init__(is_elsewhere)
        self.is_elsewhere = is_elsewhere


def count_try(request: HttpRequest, phone: str) -> limits.Usage:
    """Count a try, to be given back by `rollback` once the password is right. Raises TooManyTries."""
    if device := devices.find_device(request, phone):
        asked = [("sign_in", ""), ("sign_in_known", f"{phone} {device}")]
    else:
        here = f"{phone} {limits.get_ip(request)}"
        asked = [("sign_in", ""), ("sign_in_here", here), ("sign_in_number", phone)]
    digests: tuple[str, ...] = ()
    for action, key in asked:
        usage = limits.try_action(request, action, key)
        if usage is None:
            raise TooManyTries(is_elsewhere=action == "sign_in_number")
        digests += usage.digests
    return limits.Usage(digests)
