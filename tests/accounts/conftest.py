"""Fixtures of the sign-in tests: a class that can be joined, working passwords, and an SMS gateway."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from tests.factories import PASSWORD, make_cohort, make_course


@pytest.fixture
def cohort(village, county) -> Cohort:
    """石榴冲秋季班, open, held in the village, joined with ABC234."""
    return make_cohort(make_course(county), village, name="石榴冲秋季班", join_code="ABC234")


@pytest.fixture
def gateway(settings, tmp_path):
    """Let the site send codes; `gateway()` returns what was sent."""
    settings.SMS_SENDER = "file"
    settings.SMS_FILE = tmp_path / "sms.jsonl"
    settings.PROVES_PHONES = settings.ACCOUNT_PHONE_VERIFICATION_ENABLED = True
    settings.ACCOUNT_LOGIN_BY_CODE_ENABLED = settings.ACCOUNT_PREVENT_ENUMERATION = True

    def sent() -> list[dict]:
        if not settings.SMS_FILE.exists():
            return []
        return [json.loads(line) for line in settings.SMS_FILE.read_text().splitlines()]

    return sent


def with_password(person: User, password: str = PASSWORD, **fields) -> User:
    person.set_password(password)
    for name, value in fields.items():
        setattr(person, name, value)
    person.save()
    return person


def sign_in(client: Client, person: User, password: str = PASSWORD, **more):
    return client.post("/accounts/login/", {"login": str(person.phone), "password": password, **more})


def is_signed_in(client: Client, person: User) -> bool:
    return client.session.get("_auth_user_id") == str(person.pk)


def long_ago(days: int):
    return timezone.now() - timedelta(days=days)


def errors_of(response, form: str = "form") -> dict[str, list[str]]:
    return {name: list(lines) for name, lines in response.context[form].errors.items()}
