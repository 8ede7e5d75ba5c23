"""What every route answers to everybody, as declared; and what a request writes."""

import os
from pathlib import Path

import pytest
from django.contrib import admin
from django.http import HttpResponse

from config import urls
from tests.access import model_pages

TABLE = Path(__file__).with_name("outcomes.txt")
WHO = ("nobody", "stranger", "trainee", "trainer", "seller", "organiser", "superuser")
REFUSED = (401, 403, 404, 405)
# Ask everybody for everything, as `make prove` does; the suite leaves out what others' answers prove.
EVERYTHING = os.environ.get("ACCESS") == "all"

Outcomes = dict[tuple[str, str, str], list[int]]


def declared() -> Outcomes:
    """(route, whose, method) → the status for each of WHO."""
    return declared_by_route() | dict(model_pages.outcomes(WHO))


def declared_by_route() -> Outcomes:
    """The rows of outcomes.txt alone."""
    rows = {}
    for line in TABLE.read_text().splitlines() if TABLE.exists() else ():
        if line and not line.startswith("#"):
            route, whose, method, *codes = line.split()
            rows[route, whose, method] = [int(code) for code in codes]
    return rows


def answer_refusals_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a refusal its status alone: the pages that say so, which have their own tests, are drawn for half of all requests."""
    for status in (403, 404):
        monkeypatch.setattr(
            urls, f"handler{status}", lambda *_args, code=status, **_facts: HttpResponse(status=code)
        )


def leave_out_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the admin's menu empty: it lists all models on each page, and has its own tests."""
    monkeypatch.setattr(admin.site, "get_app_list", lambda _request, _label=None: [])


class Writes:
    """Notes what a request writes. The session and the count of a limit are no rows of anybody's; who reads a buyer's data
    leaves one in the trail.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        is_reading = "accounts_auditentry" in sql and "order_opened" in (params or ())
        is_counting = "django_session" in sql or "accounts_limit" in sql
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and not is_counting and not is_reading:
            self.seen.append(sql[:90])
        return execute(sql, params, many, context)
