"""Every model and field in the database has its term, and no missing one is named."""

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import DataExport, User
from config.personal import erasure, export, terms
from media.models import Upload

ENTRIES = {entry.label: entry for entry in terms.load_entries()}
MODELS = {model._meta.label: model for model in apps.get_models()}


WHERE = "config/personal/terms.toml, whose head says what each word means"


def test_every_model_has_an_entry_and_every_entry_a_model():
    new, gone = sorted(set(MODELS) - set(ENTRIES)), sorted(set(ENTRIES) - set(MODELS))
    fields = [f"{label} ({', '.join(terms.list_field_names(MODELS[label]))})" for label in new]
    assert not new, f"No entry for {'; '.join(fields)}: write one in {WHERE}."
    assert not gone, f"{gone} is no model any more: take it out of {WHERE}."


@pytest.mark.parametrize("label", sorted(set(MODELS) & set(ENTRIES)))
def test_every_field_is_named_once(label):
    entry, fields = ENTRIES[label], terms.list_field_names(MODELS[label])
    named = [*entry.personal, *entry.secret, *entry.other]
    new, gone = sorted(set(fields) - set(named)), sorted(set(named) - set(fields))
    faults = [f"put {name} into personal, secret or other" for name in new]
    faults += [f"take out {name}, which is no field any more" for name in gone]
    assert not faults, f"{label}: {'; '.join(faults)} ({WHERE})."
    twice = sorted({name for name in named if named.count(name) > 1})
    assert not twice, f"{twice} of {label} stands in two of personal, secret and other in {WHERE}."


@pytest.mark.parametrize("label", sorted(label for label, entry in ENTRIES.items() if entry.personal))
def test_words_about_a_person_go_or_are_named_as_staying(label):
    entry = ENTRIES[label]
    if any(
        act.do in ("delete", "files", "names", "messages", "elsewhere") for act in (*entry.erase, *entry.term)
    ):
        return  # the whole row goes, or all of its words
    words = {name for name in entry.personal if holds_words(entry.model._meta.get_field(name))}
    emptied = {name for act in (*entry.erase, *entry.term) for name in (*act.fields, *act.values)}
    left = sorted(words - emptied - set(entry.stays))
    assert not left, (
        f"Nothing empties {left} of {label}: in {WHERE}, put it into the fields of what is done at erasing or at the end of"
        " the term, or into stays where a law or the sums need it for good."
    )
    needless = sorted(set(entry.stays) - (words - emptied))
    assert not needless, (
        f"stays of {label} names {needless}, which is emptied or holds no words: take it out of {WHERE}."
    )


def holds_words(one: models.Field) -> bool:
    """Whether it may say something about somebody: text, JSON, a day; no choices, numbers and moments."""
    if one.is_relation or one.choices:
        return False
    texts = models.CharField | models.TextField | models.JSONField | models.FileField
    return isinstance(one, texts) or type(one) is models.DateField


@pytest.mark.parametrize(
    "label",
    sorted(entry.label for entry in ENTRIES.values() if any(act.do == "files" for act in entry.erase)),
)
def test_an_erasing_knows_the_files_of_every_row_that_goes_with_them(label):
    assert all(len(one) == 2 for one in erasure.list_files(MODELS[label](pk=1)))


def test_own_files_of_every_kind_are_in_the_persons_copy():
    with_files = {entry.model for entry in ENTRIES.values() if any(act.do == "files" for act in entry.erase)}
    forgotten = sorted(model._meta.label for model in with_files - {DataExport, Upload} - set(export.FOLDERS))
    assert not forgotten, (
        f"{forgotten}: name it in config.personal.export.FOLDERS, and say in file_of which file a person takes along."
    )


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"personel": []}, "personel"),
        ({"erase": [{"do": "blnak"}]}, "blnak"),
        ({"term": [{"do": "keep"}]}, "keep"),
    ],
)
def test_a_word_that_means_nothing_is_refused(facts, word):
    with pytest.raises(ValueError, match=f"accounts.User in .*terms.toml.*{word}"):
        terms.parse_entry("accounts.User", facts)


@pytest.mark.parametrize("label", sorted(label for label, entry in ENTRIES.items() if entry.people))
def test_who_it_is_of_and_what_happens_can_be_asked_of_the_database(label):
    entry = ENTRIES[label]
    str(entry.rows_of(terms.Person(User(pk=1), "+8613900000000", timezone.now())).query)
    for lookup in entry.people:
        str(entry.model._base_manager.filter(**{lookup: "1"}).query)
    assert entry.group in {group.name for group in terms.load_groups()}
    assert entry.law
    known = {*entry.personal, *entry.secret}
    for act in (*entry.erase, *entry.term):
        unknown = sorted({*act.fields, *act.values} - known)
        assert not unknown, f"{act.do} of {label} names {unknown}: no field, or one of `other`, in {WHERE}."
        str(entry.model._base_manager.filter(**act.where).exclude(**act.unless).query)
        if act.since:
            str(entry.model._base_manager.filter(**{f"{act.since}__isnull": True}).query)
        if act.do == "blank":
            fields = [entry.model._meta.get_field(name) for name in act.fields]
            assert all(
                one.many_to_many or terms.get_blank_value(one) in (None, "", {}, [], 0) for one in fields
            )
    # Whatever leads to a person has its say when they are erased.
    if entry.label != "account.EmailConfirmation" and [act.do for act in entry.erase] != ["names"]:
        assert {act.by for act in entry.erase} == set(entry.people)
    assert all(act.since and act.days for act in entry.term)


@pytest.mark.parametrize("group", terms.load_groups(), ids=lambda group: group.name)
def test_a_heading_says_what_stays_where_something_stays(group):
    kept = [act for entry in terms.load_entries() if entry.group == group.name for act in entry.erase]
    keeps = any(
        act.do in ("keep", "names", "messages") or act.where or (act.do == "files" and group.name == "files")
        for act in kept
    )
    assert bool(group.stays) == keeps
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert group.title
            assert bool(group.stays) == bool(group.why)


@pytest.mark.parametrize("page", sorted({group.page for group in terms.load_groups() if group.page}))
def test_every_heading_leads_to_a_page(page):
    assert reverse(page).startswith("/")
