"""Limits on what one address, number or person may do: the value of RATE_LIMITS, which accounts.limits reads.

A class of sixty behind one Wi-Fi is one address, so addresses have high limits, and guessing is stopped per phone number.
"""

from __future__ import annotations


def make_rate_limits(sms_a_day: int) -> dict[str, str]:
    """Return by action "count/period/what is counted", several of them apart by commas.

    `sms_a_day`: codes that one address may ask for in a day.
    """
    return {
        "login": "300/m/ip",
        # Codes of an authenticator, each person apart.
        "login_failed": "120/m/ip,5/5m/key",
        # Wrong passwords: of an address, of a number from one address, of a number from all together; on a phone where its
        # owner has signed in before, of that phone alone (accounts.auth.sign_in_limits).
        "sign_in": "120/m/ip",
        "sign_in_here": "5/5m/key",
        "sign_in_number": "20/h/key",
        "sign_in_known": "5/5m/key",
        "signup": "120/m/ip",
        # Without a class's code a sign-up waits for an organiser, whose list nobody may fill: of an address, of a village.
        "signup_village": "20/h/ip,60/d/ip,40/d/key",
        # That a number is taken already is said only to who has a class's code, and not often.
        "signup_taken": "10/h/ip",
        "role_asked": "10/d/key",
        # What was typed when a session was lost is kept for two hours.
        "kept_form": "60/h/ip,200/d/ip",
        "join_code": "120/10m/ip",
        "wording": "90/m/key",
        "complaint": "10/h/ip,30/d/ip,5/d/key",
        "request_login_code": f"60/m/ip,{sms_a_day}/d/ip,3/10m/key",
        "verify_phone": f"60/m/ip,{sms_a_day}/d/ip,3/10m/key",
        "change_phone": f"5/m/user,{sms_a_day}/d/ip",
        "change_password": "5/m/user",
        "reauthenticate": "10/m/user",
        # A new payment code asks for the password: guessing it ends soon.
        "paycode": "6/10m/key",
        # So do taking a copy of everything and closing the account.
        "own_password": "6/10m/key",
        # Orders themselves are limited by what a phone and an address hold already (shops.orders.limits).
        "order_code": f"60/m/ip,{sms_a_day}/d/ip,3/10m/key",
        # Rows in the trail that tell of a failed sign-in, from one address; past them only the log has it.
        "sign_in_trail": "300/d/ip",
        # Of some 40 bits, and told by somebody: a slip of the finger, not a search.
        "setup_code": "30/h/ip,5/10m/key,20/d/key",
        # Four digits are guessed in 5,000 tries: at 20 a day the fruit is eaten first.
        "order_tail": "60/m/ip,5/10m/key,20/d/key",
        "order_lost": f"30/10m/ip,{sms_a_day}/d/ip,3/h/key",
        # A number and four digits: as hard to guess as the tail alone, and no number is tried for long.
        "order_find": "30/10m/ip,5/10m/key,20/d/key",
        # Each try may bring six photos, which are drawn anew before it is known whether the rest is right.
        "order_claim": "60/h/ip,12/10m/key,40/d/key",
        "order_claim_photo": "120/h/ip,30/10m/key,60/d/key",
    }
