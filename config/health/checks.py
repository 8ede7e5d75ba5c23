"""System checks of conditions in which a site must not be run; with --deploy, of settings that a real site must not have."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader

from accounts.notifications import sms
from config import files, sqlite
from config.http.hosts import OWN_NAMES, is_private

TOO_OLD = (
    "SQLite {version} can lose committed writes when several processes use one database in WAL mode; "
    "{needed} or newer is needed."
)
REMEDY = (
    "Install the requirements again (pysqlite3 has wheels for Linux on x86-64, macOS on arm64 and Windows), run a Python "
    "that was built with a newer SQLite, or set DATABASE_URL to a PostgreSQL."
)


# Where the guide puts the key of the copies.
KEY_FILE = "/etc/newfarmwork/copies.key"


def uses_sqlite() -> bool:
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


def is_library_sound() -> bool:
    """Return whether the database library is safe to use; PostgreSQL is not checked."""
    return not uses_sqlite() or sqlite.is_fixed(sqlite.get_version())


@register
def check_sqlite(**_options) -> list[CheckMessage]:
    """Return an error if the site holds real data; a warning for the demo and developers."""
    if is_library_sound():
        return []
    needed = ".".join(str(part) for part in sqlite.MENDED)
    message = TOO_OLD.format(version=sqlite.get_version(), needed=needed)
    kind, name = (Warning, "W001") if settings.DEBUG or settings.DEMO else (Error, "E001")
    return [kind(message, hint=REMEDY, id=f"config.{name}")]


@register(deploy=True)
def check_modes(**_options) -> list[CheckMessage]:
    """Check the modes of files: others with an account on the computer must not read phones, orders and second factors."""
    if not files.is_open_to_others(settings.VAR_DIR):
        return []
    message = f"Every user of this computer may look into {settings.VAR_DIR}."
    hint = (
        "chmod 0700 it; where the front server is another user, chmod 0710 and chgrp it to a group of both, "
        "and set GROUP_READS=1."
    )
    return [Warning(message, hint=hint, id="config.W002")]


@register(deploy=True)
def check_settings(**_options) -> list[CheckMessage]:
    """Check what the settings alone show to be wrong on a real site."""
    return [
        Warning(message, hint=hint, id=f"config.{name}")
        for name, message, hint in [*find_legal_faults(), *find_sms_faults(), *find_bucket_faults()]
    ]


Found = Iterator[tuple[str, str, str]]


def find_legal_faults() -> Found:
    if settings.DEMO:
        yield "W003", "DEMO is on: everybody knows its passwords.", "Set DEMO=0, with a database of its own."
        return
    names = [name for name in ("OPERATOR_NAME", "OPERATOR_CONTACT") if not getattr(settings, name)]
    if names:
        yield (
            "W004",
            f"{' and '.join(names)} not set: the privacy notice does not name who is responsible (个人信息保护法 §17).",
            "Set OPERATOR_NAME to the office's name and OPERATOR_CONTACT to its telephone or address.",
        )
    public = list_public_hosts()
    if public and not settings.HTTPS:
        yield (
            "W005",
            f"HTTPS is off for the public name {public[0]}: passwords are sent unencrypted.",
            "Set HTTPS=1 and give the front server a certificate.",
        )
    if settings.HTTPS and set(settings.ALLOWED_HOSTS) <= OWN_NAMES:
        yield (
            "W006",
            "ALLOWED_HOSTS names only this computer: a browser that asks for the site by its name gets an error.",
            'Set ALLOWED_HOSTS="nonghuo.example.cn", the name that people type.',
        )
    if settings.LAW not in ("cn", "own"):
        yield (
            "W012",
            f"LAW is “{settings.LAW}”, which is neither cn (the law of China) nor own (the county’s).",
            "Set LAW=cn, or LAW=own with a module of the law in LAW_DIR (docs/county/own-law.md).",
        )
    if settings.BACKUP_DIR and not settings.BACKUP_KEY_FILE:
        yield (
            "W007",
            "BACKUP_DIR is set without BACKUP_KEY_FILE: no copy is made without a passphrase.",
            f"manage.py backup --new-key {KEY_FILE}, and set BACKUP_KEY_FILE={KEY_FILE}.",
        )


def find_sms_faults() -> Found:
    sender = settings.SMS_SENDER
    if sender not in sms.SENDERS:
        yield (
            "W008",
            f"SMS_SENDER is “{sender}”, which is none of {', '.join(sorted(sms.SENDERS))}.",
            "Set SMS_SENDER=http with a gateway, else none.",
        )
    elif sender in ("console", "file") and not settings.DEMO:
        yield (
            "W009",
            f"SMS_SENDER={sender} writes codes to this computer: they reach nobody's phone.",
            "Set SMS_SENDER=http with a gateway, else none.",
        )
    elif sender == "http" and not settings.SMS_HTTP_URL.startswith(("http://", "https://")):
        yield (
            "W010",
            "SMS_SENDER is http and SMS_HTTP_URL is not set: no code and no message is sent.",
            "Set SMS_HTTP_URL (and SMS_HTTP_KEY) to the gateway's, or SMS_SENDER=none.",
        )


def find_bucket_faults() -> Found:
    if settings.S3_BUCKET and not urlsplit(settings.MEDIA_URL).netloc:
        yield (
            "W011",
            f"Pictures are in the bucket {settings.S3_BUCKET}, but MEDIA_URL={settings.MEDIA_URL} is this computer's.",
            "Set MEDIA_URL to the URL of the bucket's folder, https://…/media/, or leave it out.",
        )


def list_public_hosts() -> list[str]:
    """Return the names in ALLOWED_HOSTS that can be reached from the internet, without wildcards."""
    return [host for host in settings.ALLOWED_HOSTS if host[:1] not in "*." and not is_private(host)]


@register(Tags.database)
def check_release(databases=None, **_options) -> list[CheckMessage]:
    """Refuse a database of a newer release, whose tables this code does not know; `migrate` asks it first."""
    unknown = [name for alias in databases or () for name in list_unknown_migrations(alias)]
    if not unknown:
        return []
    message = f"The database was written by a newer release of this program: it has {', '.join(unknown)}."
    hint = "Install that release again, or restore a copy of the site that was made before (docs/county/copies.md)."
    return [Error(message, hint=hint, id="config.E002")]


def list_unknown_migrations(alias: str) -> list[str]:
    """Return the recorded migrations of this program's apps that its code does not have, as app.name."""
    try:
        loader = MigrationLoader(connections[alias])
    except DatabaseError:  # migrate reports it
        return []
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    apps = {app for app, _name in known}
    return sorted(
        f"{app}.{name}" for app, name in loader.applied_migrations if app in apps and (app, name) not in known
    )
