"""Limits on what one IP, number or person may do: the value of RATE_LIMITS, which accounts.limits reads.

A class of sixty behind one Wi-Fi is one IP, so IPs have high limits, and guessing is stopped per phone number.
"""

from __future__ import annotations


def make_rate_limits(sms_a_day: int) -> dict[str, str]:
    """Return by action "count/period/what is counted", several of them separated by commas.

    `sms_a_day`: codes that one IP may ask for in a day.
    """
    return {
        "login": "300/m/ip",
        # Codes of an authenticator, for each person.
        "login_failed": "120/m/ip,5/5m/key",
        # Wrong passwords: of an IP, of a number from one IP, of a number from all IPs; on a phone where its
        # owner has signed in before, of that phone alone (accounts.auth.sign_in_limits).
        "sign_in": "120/m/ip",
        "sign_in_here": "5/5m/key",
        "sign_in_number": "20/h/key",
        "sign_in_known": "5/5m/key",
        "signup": "120/m/ip",
        # A sign-up without a class's code waits in an organiser's list, which must not be flooded: limits of an IP, of
        # a village.
        "signup_village": "20/h/ip,60/d/ip,40/d/key",
        # Only a person with a class's code learns that a number is taken, and not often.
        "signup_taken": "10/h/ip",
        "role_asked": "10/d/key",
        # What was typed when a session was lost is stored for two hours.
        "kept_form": "60/h/ip,200/d/ip",
        "join_code": "120/10m/ip",
        # Two of 10,000 numbers are right at a time: who guesses all day has one chance in 250. They are of the class, by name.
        "attendance_code": "5/10m/user,20/d/user",
        "credential": "20/h/user",
        # Setting a page takes a tenth of a second of CPU, a class of 200 some seconds.
        "certificate_pdf": "30/10m/user",
        "certificates_pdf": "20/10m/user",
        # Each shows who of a list has an account.
        "roster": "30/d/user",
        # A table of many rows is written in some seconds.
        "roster_failed": "20/10m/user",
        # A sheet of a class is set in a second of CPU.
        "sheet_pdf": "20/10m/user",
        # The plans of a module are set in a second of CPU, unless they were before.
        "lesson_plans_pdf": "20/10m/user",
        # A sheet of the course is set in a third of a second of CPU, a rundown of forty items in one.
        "course_sheet_pdf": "60/10m/user",
        # A sheet for eight people is set in a second or two of CPU; for more the worker does it.
        "class_sheets_pdf": "20/10m/user",
        # A new password takes 20 ms of CPU, the cards of a class a second.
        "class_cards_pdf": "20/10m/user",
        # The ledger of a small class is written at once, in two seconds, and its file stays 90 days.
        "training_ledger": "20/10m/user",
        # Files to be checked may unpack to 400 MB, a second of CPU.
        "ledger_check": "20/10m/user",
        # Hand-ins of tasks by a plain form; those of phones are counted by the outbox.
        "task": "20/h/user",
        "wording": "90/m/key",
        "complaint": "10/h/ip,30/d/ip,5/d/key",
        "request_login_code": f"60/m/ip,{sms_a_day}/d/ip,3/10m/key",
        "verify_phone": f"60/m/ip,{sms_a_day}/d/ip,3/10m/key",
        "change_phone": f"5/m/user,{sms_a_day}/d/ip",
        "change_password": "5/m/user",
        "reauthenticate": "10/m/user",
        # A new payment code requires the password; this limits guessing it.
        "paycode": "6/10m/key",
        # So do a copy of the person's data and closing the account.
        "own_password": "6/10m/key",
        # Orders themselves are limited by what a phone and an IP have reserved already (shops.orders.limits).
        "order_code": f"60/m/ip,{sms_a_day}/d/ip,3/10m/key",
        # Rows of failed sign-ins in the audit trail from one IP; above that only the log has them.
        "sign_in_trail": "300/d/ip",
        # The code has about 40 bits and is passed on by a person: wrong codes are typing errors, not a search.
        "setup_code": "30/h/ip,5/10m/key,20/d/key",
        # Four digits are guessed in 5,000 tries: at 20 a day that takes longer than the order.
        "order_tail": "60/m/ip,5/10m/key,20/d/key",
        "order_lost": f"30/10m/ip,{sms_a_day}/d/ip,3/h/key",
        # A number and four digits: as hard to guess as the digits alone, and each number has its own limit.
        "order_find": "30/10m/ip,5/10m/key,20/d/key",
        # Each try may bring six photos, which are redrawn before the rest of the form is checked.
        "order_claim": "60/h/ip,12/10m/key,40/d/key",
        "order_claim_photo": "120/h/ip,30/10m/key,60/d/key",
    }
