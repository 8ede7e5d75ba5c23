"""Erase a person from the database and the disk, as terms.toml says (个人信息保护法 §47).

`accounts.people.closure` calls `erase` within its transaction, after it has checked that nothing prevents it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.audit import AuditVerb
from accounts.auth.sessions import SessionStore
from accounts.models import AuditEntry, DataExport, User
from accounts.people import closure
from config.personal import terms
from config.personal.terms import Act, Entry, Person
from media import chunks, received_files
from media.models import Document, Photo, Upload, Video, VideoPart, Voice
from media.models.references import list_references
from media.videos import encoding
from shops.orders import departure

# So many rows are named in one query.
AT_ONCE = 500

# Other tables that belong to a file's row: they are deleted with the file.
OWN_PARTS: dict[type[models.Model], tuple[type[models.Model], ...]] = {Video: (Upload, VideoPart)}


def erase(user: User) -> None:
    """Erase all tables, then, after the transaction, the files and sessions (one of the setting ERASERS)."""
    person = Person(user, Person.of(user).phone)
    scrub_names(person)
    for entry in terms.load_entries():
        for act in entry.erase:
            carry_out(entry, act, person)
    transaction.on_commit(lambda: drop_sessions(user.pk))
    transaction.on_commit(lambda: drop_looked_at(user.pk))


@transaction.atomic
def erase_number(phone: str) -> None:
    """Erase a person without an account: what no law requires to be stored of their number. Raises StillOpen while a shop
    owes them something.
    """
    if rows := find_owed(phone):
        raise closure.StillOpen(rows)
    closure.delete_messages(phone)
    AuditEntry.objects.create(actor=None, verb=AuditVerb.PERSON_ERASED, subject="visitor", detail={})


def find_owed(phone: str) -> list[closure.Unfinished]:
    """Return the open orders of this number."""
    rows = departure.open_orders().filter(phone=phone).select_related("shop")
    counted = rows.annotate(units=models.Sum("lines__quantity"))
    return [departure.describe_open_order(order, order.units) for order in counted]


def carry_out(entry: Entry, act: Act, person: Person) -> None:
    if act.do not in ("blank", "delete", "files"):
        return  # kept, or done by accounts.people.closure and by `erase` itself
    rows = entry.model._base_manager.filter(terms.match_person(act.by, person), **act.where)
    if act.do == "files":
        drop_files(entry.model, rows)
        return
    rows = entry.model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True)))
    if act.do == "delete":
        rows.delete()
    else:
        terms.blank_fields(rows, act.fields, act.values)


def drop_files(model: type[models.Model], rows: QuerySet) -> None:
    """Delete the rows of files that no other row uses, and after the transaction the files."""
    found = list(rows.filter(~Q(*filter_used(model), _connector=Q.OR)) if model is not DataExport else rows)
    for row in found:
        names = list(list_files(row))
        row.delete()
        transaction.on_commit(partial(drop, names))


def filter_used(model: type[models.Model]) -> list[Exists]:
    fields = [one for one in list_references(model) if one.model not in OWN_PARTS.get(model, ())]
    return [Exists(one.model._base_manager.filter(**{one.name: OuterRef("pk")})) for one in fields]


def list_files(row: models.Model) -> Iterator[tuple[Storage, str]]:
    """Yield every file that may exist of a row, original or made. Raises TypeError for a model whose files it does not know."""
    private, intake = storages["private"], storages["intake"]
    if isinstance(row, Photo):
        yield from row.list_files()
        yield intake, row.intake_name
    elif isinstance(row, Video):
        parts = [
            *(f"{rendition.name}.mp4" for rendition in encoding.RENDITIONS),
            encoding.LISTEN,
            encoding.POSTER,
        ]
        yield from ((private, row.name_of(part)) for part in parts)
    elif isinstance(row, Voice):
        yield private, row.name
        yield intake, row.intake_name
    elif isinstance(row, Document):
        yield private, row.name
    elif isinstance(row, DataExport):
        yield private, row.file_name
    elif isinstance(row, Upload):
        yield intake, f"{chunks.FOLDER}/{row.key}"
    else:
        raise TypeError(
            f"Say here which files a {row._meta.label} has: an erasing would leave them on the disk."
        )


def drop(names: list[tuple[Storage, str]]) -> None:
    for storage, name in names:
        folder, _slash, key = name.partition("/")
        if folder == chunks.FOLDER:
            chunks.drop(key)
        else:
            storage.delete(name)


def scrub_names(person: Person) -> None:
    """Remove the name and the number from the words of the audit trail and the admin's log; what was done stays."""
    user = person.user
    if user is None or not user.name or closure.is_erased(user):
        return
    words = {user.name: closure.ERASED_NAME}
    number = str(user.phone)
    words |= dict.fromkeys((number, number.removeprefix("+86")), "")
    words |= dict.fromkeys((name for name in list_legal_names(user) if name), closure.ERASED_NAME)
    about = {
        entry.model: [str(pk) for pk in entry.rows_of(person).values_list("pk", flat=True).iterator()]
        for entry in terms.load_entries()
        if entry.people and entry.model not in (AuditEntry, LogEntry)
    }
    scrub_trail({f"{model._meta.model_name} {pk}" for model, pks in about.items() for pk in pks}, words)
    kinds = ContentType.objects.get_for_models(*about)
    scrub_log({kinds[model]: pks for model, pks in about.items()})


def list_legal_names(user: User) -> list[str]:
    return list(user.shops_owned.values_list("legal_name", flat=True))


def split_batches(names: list[str]) -> Iterator[list[str]]:
    return (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))


def scrub_trail(subjects: set[str], words: dict[str, str]) -> None:
    """Replace words in the trail, found by the index of subjects, never by a full scan: SQLite has one writer at a time."""
    for some in split_batches(sorted(subjects)):
        entries = AuditEntry.objects.filter(subject__in=some).exclude(detail={}).order_by()
        for pk, detail in list(entries.values_list("pk", "detail")):
            if (scrubbed := remove_words(detail, words)) != detail:
                AuditEntry.objects.filter(pk=pk).update(detail=scrubbed)


def scrub_log(rows: dict[ContentType, list[str]]) -> None:
    """Remove the names of rows from Django's log of the admin."""
    for kind, numbers in rows.items():
        for some in split_batches(numbers):
            entries = LogEntry.objects.filter(content_type=kind, object_id__in=some)
            entries.update(object_repr="", change_message="")


def remove_words(value: Any, words: dict[str, str]) -> Any:
    """Return the facts with these words replaced at any depth."""
    if isinstance(value, str):
        for word, other in words.items():
            value = value.replace(word, other)
        return value
    if isinstance(value, dict):
        return {key: remove_words(one, words) for key, one in value.items()}
    return [remove_words(one, words) for one in value] if isinstance(value, list) else value


def drop_sessions(user_pk: int) -> int:
    """Delete the person's sessions; all are read, because a session names its person only in encoded data."""
    store, mine = SessionStore(), []
    for key, data in Session.objects.values_list("session_key", "session_data").iterator(chunk_size=500):
        if store.decode(data).get(SESSION_KEY) == str(user_pk):
            mine.append(key)
    return Session.objects.filter(session_key__in=mine).delete()[0]


def drop_looked_at(user_pk: int) -> None:
    """Delete files that the person uploaded for a preview and never confirmed."""
    intake = storages["intake"]
    for folder in received_files.FOLDERS:
        try:
            names = intake.listdir(folder)[1]
        except FileNotFoundError:
            continue
        for name in names:
            if name.startswith(f"{user_pk}-"):
                intake.delete(f"{folder}/{name}")
