"""Rows inserted by one statement are those that the ORM would have written."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, User
from ui.database.inserts import insert_rows


def read(row) -> dict:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in values.items() if name not in ("id", "phone", "joined_at", "at")}


@pytest.mark.both_databases
def test_rows_are_those_of_the_orm_with_json_keys_numbers_and_defaults(trainer, county):
    shared = {"actor": trainer, "verb": "person_added", "place": county}
    insert_rows(AuditEntry, ("subject", "detail"), [("user 1", {"甲": [1, None]}), ("user 2", {})], **shared)
    one, two = AuditEntry.objects.order_by("pk")
    plain = AuditEntry.objects.create(subject="user 1", detail={"甲": [1, None]}, **shared)
    assert (read(one), two.subject, two.detail) == (read(plain), "user 2", {})
    insert_rows(User, ("name", "phone"), [("曾春生", "+8613800009991")], password="!")
    made = User.objects.get(phone="+8613800009991")
    assert read(made) == read(User.objects.create(name="曾春生", phone="+8613800009992", password="!"))
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(User, ("name", "phone"), [("曾冬生", "+8613800009991")])
    insert_rows(User, ("name", "phone"), [])
