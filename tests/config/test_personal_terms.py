"""Every model and field in the database has its term; none is named that is gone."""

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from config.personal import terms

ENTRIES = {entry.label: entry for entry in terms.entries()}
MODELS = {model._meta.label: model for model in apps.get_models()}


def test_every_model_has_an_entry_and_every_entry_a_model():
    assert sorted(MODELS) == sorted(ENTRIES)


@pytest.mark.parametrize("label", sorted(MODELS))
def test_every_field_is_named_once(label):
    entry = ENTRIES[label]
    named = [*entry.personal, *entry.secret, *entry.other]
    assert sorted(named) == sorted(terms.fields_of(MODELS[label]))


@pytest.mark.parametrize("label", sorted(label for label, entry in ENTRIES.items() if entry.people))
def test_who_it_is_of_and_what_happens_can_be_asked_of_the_database(label):
    entry = ENTRIES[label]
    str(entry.rows_of(terms.Person(User(pk=1), "+8613900000000", timezone.now())).query)
    for lookup in entry.people:
        str(entry.model._base_manager.filter(**{lookup: "1"}).query)
    assert entry.group in {group.name for group in terms.groups()}
    assert entry.law
    known = {*entry.personal, *entry.secret}
    for act in (*entry.erase, *entry.term):
        assert {*act.fields, *act.values} <= known
        assert act.do in (
            "keep",
            "blank",
            "delete",
            "files",
            "names",
            "account",
            "messages",
            "elsewhere",
            "stored",
        )
        str(entry.model._base_manager.filter(**act.where).exclude(**act.unless).query)
        if act.since:
            str(entry.model._base_manager.filter(**{f"{act.since}__isnull": True}).query)
        if act.do == "blank":
            fields = [entry.model._meta.get_field(name) for name in act.fields]
            assert all(one.many_to_many or terms.blank_value(one) in (None, "", {}, [], 0) for one in fields)
    # Whatever is about a person has a say when they are erased.
    assert entry.erase or entry.label == "account.EmailConfirmation"


@pytest.mark.parametrize("group", terms.groups(), ids=lambda group: group.name)
def test_a_heading_says_what_stays_where_something_stays(group):
    kept = [act for entry in terms.entries() if entry.group == group.name for act in entry.erase]
    keeps = any(
        act.do in ("keep", "names", "messages") or act.where or (act.do == "files" and group.name == "files")
        for act in kept
    )
    assert bool(group.stays) == keeps
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert group.title
            assert bool(group.stays) == bool(group.why)


@pytest.mark.parametrize("page", sorted({group.page for group in terms.groups() if group.page}))
def test_every_heading_leads_to_a_page(page):
    assert reverse(page).startswith("/")
