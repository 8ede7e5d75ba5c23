"""Read from terms.toml what is stored about whom and for how long, and find a person's rows by it."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import AuditEntry, User

FILE = Path(__file__).parent / "terms.toml"
# The words of the file; its header explains them.
KEYS = {
    "group",
    "law",
    "people",
    "personal",
    "secret",
    "other",
    "stays",
    "written",
    "readable",
    "export",
    "erase",
    "term",
}
# What follows the number of minutes in a moment of `readable`.
AGO = " minutes ago"
AT_ERASING = {"keep", "blank", "delete", "files", "account", "names", "messages", "sessions"}
AT_TERM = {"blank", "delete", "stored", "elsewhere"}


@dataclass(frozen=True)
class Person:
    """The person whose data it is: with an account, with a number in orders and complaints, or both.

    Of rows that only have the number, those from `since` on belong to this person: before, the number may have had another
    owner.
    """

    user: User | None
    phone: str
    since: datetime.datetime | None = None

    @classmethod
    def of(cls, user: User) -> Person:
        """Return the person as they may ask for their own data: a number that was never verified leads to nothing."""
        return cls(user, str(user.phone or "") if user.phone_verified else "", user.joined_at)

    @property
    def has_unverified_number(self) -> bool:
        """Return whether rows that only have the number (orders, complaints, their messages) are left out, because it may be
        another's.
        """
        return self.user is not None and bool(self.user.phone) and not self.phone

    @classmethod
    def with_number(cls, phone: str) -> Person:
        """Return the person of `phone`, in E.164."""
        return cls(User.objects.filter(phone=phone).first(), phone)


@dataclass(frozen=True)
class Act:
    """The action on rows: for one person when they are erased, or for all when their term is over.

    `by` is the lookup to the person, `since` and `days` say when it is due; `values` replace the contents of blanked fields.
    """

    do: str
    by: str = ""
    since: str = ""
    days: int = 0
    fields: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    where: dict[str, Any] = field(default_factory=dict)
    unless: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """The terms of one model."""

    model: type[models.Model]
    group: str
    law: str
    people: tuple[str, ...]
    personal: tuple[str, ...]
    secret: tuple[str, ...]
    other: tuple[str, ...]
    # Of `personal`, words that are never emptied.
    stays: tuple[str, ...]
    # When the row was written with its number, as a lookup; only for rows found by a number.
    written: str
    # Lookup to the person → the condition under which they may read the row; "10 minutes ago" is a moment.
    readable: dict[str, dict[str, Any]]
    is_exported: bool
    erase: tuple[Act, ...]
    term: tuple[Act, ...]

    @property
    def label(self) -> str:
        return self.model._meta.label

    def rows_of(self, person: Person) -> QuerySet:
        """Return every row about this person, each once."""
        return self.found(person, {})

    def rows_for(self, person: Person) -> QuerySet:
        """Return those that the person may read already."""
        return self.found(person, self.readable)

    def found(self, person: Person, where: dict[str, dict[str, Any]]) -> QuerySet:
        found = Q(pk__in=[])
        for lookup in self.people:
            found |= self.reaches(lookup, person) & Q(**read_moments(where.get(lookup, {})))
        if self.model is AuditEntry and person.user:
            found |= Q(subject=f"user {person.user.pk}")
        rows = self.model._base_manager.filter(found).order_by("pk")
        return rows.distinct() if any("__" in lookup for lookup in self.people) else rows

    def reaches(self, lookup: str, person: Person) -> Q:
        found = match_person(lookup, person)
        if is_number(lookup) and person.since:
            found &= Q(**{f"{self.written}__gte": person.since})
        return found


def read_moments(condition: Mapping[str, Any]) -> dict[str, Any]:
    """Return the condition with a moment in the place of each "10 minutes ago"."""
    return {
        lookup: timezone.now() - datetime.timedelta(minutes=int(value.removesuffix(AGO)))
        if isinstance(value, str) and value.endswith(AGO)
        else value
        for lookup, value in condition.items()
    }


@dataclass(frozen=True)
class Group:
    """A heading for people: what is deleted and what stays of it when a person is erased, and why."""

    name: str
    page: str
    texts: dict[str, str]
    stays_for_ever: bool

    def text(self, key: str) -> str:
        """Return a text in the page's language; the file has both."""
        is_english = (get_language() or "").startswith("en")
        return self.texts.get(f"{key}_en" if is_english else key, "")

    @property
    def title(self) -> str:
        return self.texts["en" if (get_language() or "").startswith("en") else "zh"]

    @property
    def goes(self) -> str:
        return self.text("goes")

    @property
    def stays(self) -> str:
        return self.text("stays")

    @property
    def why(self) -> str:
        return self.text("why")


def match_person(lookup: str, person: Person) -> Q:
    """Return the condition of rows of this person: by number if the lookup ends in one, else by account."""
    if is_number(lookup):
        return Q(**{lookup: person.phone}) if person.phone else Q(pk__in=[])
    return Q(**{lookup: person.user.pk}) if person.user else Q(pk__in=[])


def is_number(lookup: str) -> bool:
    return lookup.split("__")[-1] == "phone"


@cache
def read() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text())


@cache
def load_entries() -> tuple[Entry, ...]:
    """Return the entries in the order of the file, which is the order of erasing."""
    return tuple(parse_entry(label, facts) for label, facts in read()["models"].items())


def find_entry(model: type[models.Model]) -> Entry:
    return next(one for one in load_entries() if one.model is model)


def parse_entry(label: str, facts: dict[str, Any]) -> Entry:
    """Parse an entry. Raises ValueError for an unknown word, because what it meant would silently not be done."""
    if strange := set(facts) - KEYS:
        raise ValueError(f"{label} in {FILE}: no entry has {', '.join(sorted(strange))}.")
    return Entry(
        model=apps.get_model(label),
        group=facts.get("group", ""),
        law=facts.get("law", ""),
        people=tuple(facts.get("people", ())),
        personal=tuple(facts.get("personal", ())),
        secret=tuple(facts.get("secret", ())),
        other=tuple(facts.get("other", ())),
        stays=tuple(facts.get("stays", ())),
        written=facts.get("written", ""),
        readable=facts.get("readable", {}),
        is_exported=bool(facts.get("people")) and facts.get("export", True),
        erase=tuple(parse_act(label, one, AT_ERASING) for one in facts.get("erase", ())),
        term=tuple(parse_act(label, one, AT_TERM) for one in facts.get("term", ())),
    )


def parse_act(label: str, facts: dict[str, Any], known: set[str]) -> Act:
    if facts["do"] not in known:
        raise ValueError(f"{label} in {FILE}: “{facts['do']}” is none of {', '.join(sorted(known))}.")
    return Act(**facts | {"fields": tuple(facts.get("fields", ()))})


@cache
def load_groups() -> tuple[Group, ...]:
    return tuple(
        Group(
            name=name,
            page=facts.get("page", ""),
            texts={key: value for key, value in facts.items() if isinstance(value, str)},
            stays_for_ever=facts.get("for_ever", False),
        )
        for name, facts in read()["groups"].items()
    )


def of_group(group: Group) -> list[Entry]:
    return [entry for entry in load_entries() if entry.group == group.name and entry.is_exported]


def list_field_names(model: type[models.Model]) -> list[str]:
    """Return the names of all columns and many-to-many fields of the model itself."""
    return [
        one.name
        for one in model._meta.get_fields()
        if one.concrete and (not one.auto_created or getattr(one, "primary_key", False))
    ]


def is_blank(name: str, model: type[models.Model], value: Any) -> Q:
    """Return the condition of rows in which this field has its blank value."""
    one = model._meta.get_field(name)
    if one.many_to_many:
        return Q(**{f"{name}__isnull": True})
    return Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})


def get_blank_value(one: models.Field) -> Any:
    """Return the value of an emptied field. Raises ValueError for one that cannot be blank."""
    if one.null:
        return None
    if isinstance(one, models.JSONField):
        return one.get_default() if one.has_default() and not one.get_default() else {}
    if isinstance(one, models.CharField | models.TextField):
        return ""
    if isinstance(one, models.PositiveSmallIntegerField | models.PositiveIntegerField):
        return 0
    raise ValueError(f"{one} cannot be blanked")


def blank_fields(rows: QuerySet, names: Iterable[str], values: dict[str, Any]) -> int:
    """Empty these fields of the rows and return how many rows. `rows` must be a filter that the update does not undo."""
    model = rows.model
    plain: dict[str, Any] = dict(values)
    for name in names:
        one = model._meta.get_field(name)
        if one.many_to_many:
            through = getattr(model, name).through
            link = one.m2m_field_name()
            through._base_manager.filter(**{f"{link}__in": rows.values("pk")}).delete()
        else:
            plain[name] = get_blank_value(one)
    pks = list(rows.values_list("pk", flat=True))
    for start in range(0, len(pks), 500):
        if plain:
            model._base_manager.filter(pk__in=pks[start : start + 500]).update(**plain)
    return len(pks)
