"""Try everything that a site needs once, on the computer where it runs (`manage.py check_site`).

Each check yields the faults that it finds, with what mends each. Nothing of the site is changed: what is written is deleted
at once, and belongs to the user who runs it, which is the site's (`become_owner`).
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks as django_checks
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone, translation

from accounts import demo
from accounts.models import Place
from config import files
from config.health import env_file, front_check, parts_check, probes, socket_check
from config.health.alerts import COPY_LATE, FULL
from config.health.env_file import Fault
from config.health.front_check import NotTried
from config.health.socket_check import START, name_group, name_user
from config.models import CopyRun
from courses.import_export import own_law
from courses.import_export.document import UnreadableFile
from courses.import_export.programme import check_own_law
from courses.models import Course
from courses.preparation.files import read_page
from media.buckets import probe as bucket_probe
from media.videos.conversion import WORK_FOLDER
from shops.models import Category

# Made up (demo/data/places.toml): no county of China has one of these names.
COUNTIES_OF_THE_DEMO = {"柚山县", "龙溪县"}
DISK_LEFT_BYTES = 500_000_000
DATABASE_CLOCK_SECONDS = 2
KEY_LEAST = 12
# So many files are looked at for their owner: a second's work.
FILES_LOOKED_AT = 100_000
# What a site without HTTPS cannot have; whether it may be without is config.W005.
OF_HTTPS = {"security.W004", "security.W008", "security.W012", "security.W016"}
NEW_KEY = "set SECRET_KEY to 50 characters or more by chance (openssl rand -base64 60), the old one to SECRET_KEY_FALLBACKS"
MENDS = {"security.W009": NEW_KEY, "security.W018": "set DEBUG=0"}


@dataclass(frozen=True)
class Asked:
    """What the command was given: the site's URL, the file of settings, and what does not run on this computer."""

    url: str = ""
    env: Path | None = None
    skip: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    subject: str
    faults: list[Fault] = field(default_factory=list)
    not_tried: str = ""


Check = Callable[["Asked"], Iterator[Fault]]


def try_everything(asked: Asked) -> Iterator[Outcome]:
    foreign = parts_check.list_foreign_subjects()
    for subject, check in CHECKS:
        if subject in foreign:
            continue
        is_left_out = subject in asked.skip
        yield Outcome(subject, not_tried="left out") if is_left_out else try_one(subject, check, asked)


def try_one(subject: str, check: Check, asked: Asked) -> Outcome:
    """Try one thing; if it cannot be tried, the others still are."""
    faults: list[Fault] = []
    try:
        faults.extend(check(asked))
    except NotTried as reason:
        return Outcome(subject, faults, str(reason))
    except DatabaseError as error:
        words = " ".join(str(error).split())
        faults.append(Fault(f"the database refuses: {words}", "mend what stands above, and try again"))
    except Exception as error:  # what is odd with one thing hides nothing of the others
        faults.append(
            Fault(f"it cannot be tried: {error or type(error).__name__}", "mend that, and try again")
        )
    return Outcome(subject, faults)


def become_owner(folder: Path) -> None:
    """Go on as the user to whom the folder belongs, if root runs this: files that root creates would stop the site."""
    owner = folder.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.initgroups(name_user(owner.st_uid), owner.st_gid)
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


# --- settings ---


def check_env_file(asked: Asked) -> Iterator[Fault]:
    assert asked.env
    yield from env_file.list_faults(asked.env)


def check_settings(asked: Asked) -> Iterator[Fault]:
    """Yield what `manage.py check --deploy` prints."""
    for message in django_checks.run_checks(include_deployment_checks=True, databases=["default"]):
        is_known = not settings.HTTPS and message.id in OF_HTTPS
        if message.level >= django_checks.WARNING and not message.is_silenced() and not is_known:
            what = " ".join(str(message.msg).split()).rstrip(".")
            yield Fault(what, MENDS.get(message.id or "") or message.hint or f"look up {message.id}")


# --- files ---


def list_folders() -> list[Path]:
    """Return the folders into which app, spool and worker write on this computer."""
    folders = [settings.VAR_DIR, settings.SPOOL_ROOT, settings.FILE_UPLOAD_TEMP_DIR]
    folders += [settings.VAR_DIR / "posters", settings.VAR_DIR / WORK_FOLDER, settings.STATIC_ROOT]
    if not settings.S3_BUCKET:
        folders += [settings.MEDIA_ROOT, settings.PRIVATE_ROOT, settings.INTAKE_ROOT]
    if settings.BACKUP_DIR:
        folders.append(Path(settings.BACKUP_DIR))
    return folders


def check_owners(asked: Asked) -> Iterator[Fault]:
    yield from list_foreign_files(settings.VAR_DIR.stat())


def list_foreign_files(owner: os.stat_result) -> Iterator[Fault]:
    """Yield each folder with a file of another user, such as root's, who ran a command of the site."""
    name, group = name_user(owner.st_uid), name_group(owner.st_gid)
    # The front server's log may be in the same folder, and is its user's.
    logs = [path for path in (settings.LOG_DIR, *settings.LOG_DIR.glob("app-*.jsonl")) if path.exists()]
    tops = [path for path in settings.VAR_DIR.iterdir() if path != settings.LOG_DIR]
    tops += [
        path for path in list_folders() if settings.VAR_DIR not in (path, *path.parents) and path.exists()
    ]
    left = FILES_LOOKED_AT
    for top in [*sorted(tops), *logs]:
        for path in [top] if top in logs else walk(top):
            if left == 0:
                return
            left -= 1
            with suppress(FileNotFoundError):
                if (found := path.lstat().st_uid) != owner.st_uid:
                    what = f"{path} belongs to {name_user(found)}, and the site to {name}"
                    yield Fault(what, f"chown -R {name}:{group} {top}")
                    break


def walk(top: Path) -> Iterator[Path]:
    yield top
    for folder, folders, names in os.walk(top):
        yield from (Path(folder, name) for name in (*folders, *names))


def check_folders(asked: Asked) -> Iterator[Fault]:
    for folder in list_folders():
        yield from find_unwritable(folder)


def find_unwritable(folder: Path) -> Iterator[Fault]:
    """Write a file without a name into the folder; one that is created with its first file can be if its parent can."""
    there = folder
    while not there.exists():
        there = there.parent
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x")
    except OSError as error:
        owner = settings.VAR_DIR.stat()
        mend = f"chown {name_user(owner.st_uid)}:{name_group(owner.st_gid)} {there} && chmod u+rwx {there}"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            mend = "delete what is not needed there"
        if error.errno == errno.EROFS:
            mend = f"mount the disk of {there} so that it can be written"
        yield Fault(f"{folder} cannot be written ({error.strerror})", mend)


def check_log(asked: Asked) -> Iterator[Fault]:
    """Yield what keeps the logs from being written that the law asks for (网络安全法)."""
    faults = list(find_unwritable(settings.LOG_DIR))
    if not faults and not probes.is_log_writable():
        faults = [
            Fault(f"a file of today in {settings.LOG_DIR} cannot be written", "chown it to the site's user")
        ]
    yield from faults


def check_disks(asked: Asked) -> Iterator[Fault]:
    seen = set()
    for folder in [*list_folders(), settings.LOG_DIR]:
        if not folder.exists() or (device := folder.stat().st_dev) in seen:
            continue
        seen.add(device)
        usage = shutil.disk_usage(folder)
        percent = round(100 * usage.used / (usage.used + usage.free))
        if percent >= FULL * 100 or usage.free < DISK_LEFT_BYTES:
            yield Fault(
                f"the disk of {folder} is {percent} % full, {usage.free / 1e6:.0f} MB are left",
                "delete what is not needed there, or move it to a larger disk",
            )


def check_static(asked: Asked) -> Iterator[Fault]:
    if files.is_older_than_sources(settings.STATIC_ROOT / "staticfiles.json", settings.BASE_DIR):
        yield Fault(
            "styles and scripts are not collected, or older than the release",
            "manage.py collectstatic --noinput",
        )


# --- processes ---


def check_app(asked: Asked) -> Iterator[Fault]:
    path = Path(os.environ.get("APP_SOCKET", socket_check.SOCKET))
    yield from socket_check.list_faults_of_socket(path, "newfarmwork-app")
    with suppress(ConnectionError, FileNotFoundError, PermissionError):  # named by the line before
        yield from socket_check.list_faults_by_app(path)


def check_spool(asked: Asked) -> Iterator[Fault]:
    path = Path(os.environ.get("SPOOL_SOCKET", socket_check.SPOOL_SOCKET))
    yield from socket_check.list_faults_of_socket(path, "newfarmwork-spool")


def check_worker(asked: Asked) -> Iterator[Fault]:
    if not has_shared_cache():
        raise NotTried("what it says is in the table of the shared cache")
    beat = probes.read_last_beat()
    silent = time.time() - beat["at"]
    mend = "systemctl restart newfarmwork-worker; journalctl -u newfarmwork-worker"
    if not beat["at"]:
        yield Fault("the worker has not been heard in the last hour", mend)
    elif silent >= probes.BEAT_LATE_SECONDS:
        yield Fault(f"the worker has not been heard for {silent:.0f} s", mend)
    elif not beat["is_library_sound"]:
        yield Fault(f"the worker runs on SQLite {beat['sqlite']}, which can lose data", START)


# --- database and contents ---


def check_database(asked: Asked) -> Iterator[Fault]:
    """Write into the shared cache and read it back; it is a table that all processes use."""
    if not has_shared_cache():
        yield Fault("the table of the shared cache is missing", "manage.py createcachetable")
        return
    key = f"check-site-{secrets.token_hex(8)}"
    try:
        cache.set(key, "written", 60)
        is_written = cache.get(key) == "written"
    finally:
        cache.delete(key)
    if not is_written:
        yield Fault("the database cannot be written", "give the site's user the right to write to it")


def has_shared_cache() -> bool:
    options: Any = settings.CACHES["default"]
    with connection.cursor() as cursor:
        return options["LOCATION"] in connection.introspection.table_names(cursor)


def check_migrations(asked: Asked) -> Iterator[Fault]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        first = plan[0][0]
        yield Fault(
            f"{len(plan)} migrations are not applied, the first is {first.app_label} {first.name}",
            "manage.py migrate",
        )


def check_contents(asked: Asked) -> Iterator[Fault]:
    """Yield what a county's site begins with and is not there, and what only the demo has."""
    if not Category.objects.exists():
        yield Fault("there are no kinds of produce: nobody can list anything", "manage.py plant_kinds")
    counties = set(Place.objects.filter(kind=Place.Kind.COUNTY).values_list("name", flat=True))
    if not counties:
        yield Fault("there is no county: nobody can choose a village", "manage.py start_county county.toml")
    if not settings.DEMO:
        yield from list_faults_of_demo(counties)
    if not Course.objects.published().exists():
        yield Fault(
            "no course is published: trainees have nothing to learn",
            "manage.py start_county county.toml brings the written one; or publish one under 课程 in the admin",
        )


SEE_LAW = "see docs/county/own-law.md"


def check_law(asked: Asked) -> Iterator[Fault]:
    """Yield what is wrong with the county's own module of the law, and lessons on China's that are out all the same."""
    if not own_law.is_own_law():
        return
    try:
        with translation.override("en"):
            check_own_law()
    except UnreadableFile as error:
        yield from (Fault(reason, SEE_LAW) for reason in error.reasons)
    try:
        read_page("duties")
    except FileNotFoundError:
        yield Fault(
            f"there is no duties.md in {settings.PREPARATION_DIR}/<language>: nobody reads what your law asks",
            SEE_LAW,
        )
    except UnreadableFile as error:
        yield from (Fault(reason, SEE_LAW) for reason in error.reasons)
    for lesson in own_law.find_lessons_of_china():
        yield Fault(
            f"LAW=own, and {lesson.module.course.slug} teaches the law of China: “{lesson.title}” is out",
            f"take the lesson back in the admin (/admin/courses/lesson/{lesson.pk}/change/)",
        )


def list_faults_of_demo(counties: Iterable[str]) -> Iterator[Fault]:
    mend = "begin with a database of its own (DATABASE_URL, VAR_DIR), then manage.py start_county county.toml"
    if found := sorted(COUNTIES_OF_THE_DEMO & set(counties)):
        yield Fault(f"{'、'.join(found)} is made up for the demo, and villagers can choose it", mend)
    if demo.can_sign_in():
        yield Fault("the demo's people can sign in with the password that everybody knows", mend)


# --- clock ---


def check_clock(asked: Asked) -> Iterator[Fault]:
    """Compare this computer's clock with the release, the database, and other servers' answers."""
    mend = "timedatectl set-ntp true, on every computer of the site"
    newest = max((path.stat().st_mtime for path in list_release()), default=0)
    if newest > time.time() + DATABASE_CLOCK_SECONDS:
        day = time.strftime("%Y-%m-%d %H:%M", time.localtime(newest))
        yield Fault(f"the clock is earlier than the release's newest file ({day})", mend)
    ahead = measure_database()
    if abs(ahead) > DATABASE_CLOCK_SECONDS:
        yield Fault(f"the clock of PostgreSQL differs by {ahead:+.0f} s", mend)
    for url in list_clocks(asked):
        ahead = front_check.measure_clock(url) or 0
        if abs(ahead) > parts_check.OTHER_CLOCK_SECONDS:
            yield Fault(f"the clock of {url.hostname} differs by {ahead:+.0f} s", mend)


def list_release() -> Iterator[Path]:
    for name in settings.INSTALLED_APPS:
        yield from Path(settings.BASE_DIR, name).rglob("*.py")


def measure_database() -> float:
    """Return by how many seconds PostgreSQL's clock is ahead; SQLite has none of its own."""
    if connection.vendor != "postgresql":
        return 0
    before = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        return float(cursor.fetchone()[0]) - (before + time.time()) / 2


def list_clocks(asked: Asked) -> Iterator[front_check.SplitResult]:
    with suppress(NotTried):
        yield front_check.find_url(asked.url)
    options: Any = settings.STORAGES["default"].get("OPTIONS", {})
    if settings.S3_BUCKET and options.get("endpoint_url"):
        yield front_check.find_url(options["endpoint_url"])


# --- front server, bucket, copies ---


def check_certificate(asked: Asked) -> Iterator[Fault]:
    yield from front_check.list_certificate_faults(front_check.find_url(asked.url))


def check_front(asked: Asked) -> Iterator[Fault]:
    yield from front_check.list_front_faults(front_check.find_url(asked.url))


def check_bucket(asked: Asked) -> Iterator[Fault]:
    if not settings.S3_BUCKET:
        raise NotTried("files are on this computer's disk")
    url = front_check.find_url(asked.url)
    found = bucket_probe.list_faults(f"{url.scheme}://{url.netloc}")
    yield from (Fault(what.rstrip("."), mend) for what, mend in found)


def check_copies(asked: Asked) -> Iterator[Fault]:
    good, last, now = CopyRun.last_good(), CopyRun.last(), timezone.now()
    is_late = good is None or good.ended_at is None or now - good.ended_at > COPY_LATE
    if not settings.BACKUP_DIR:
        if is_late:  # with several nodes the worker of one makes them
            yield Fault(
                "no copies are made: what this computer loses is lost",
                "set BACKUP_DIR and BACKUP_KEY_FILE, see docs/county/copies.md",
            )
        return
    yield from list_faults_of_key(Path(settings.BACKUP_KEY_FILE))
    if last is not None and last.problem:
        yield Fault(
            f"the last copy failed on {last.began_at:%Y-%m-%d}: {PROBLEMS[CopyRun.Problem(last.problem)]}",
            SEE_COPIES,
        )
    elif is_late:
        when = f"since {good.began_at:%Y-%m-%d}" if good else "yet"
        yield Fault(f"no copy was made {when}", SEE_COPIES)


SEE_COPIES = "manage.py backup FILE tries it now; the worker makes one every night, see its log"
PROBLEMS = {
    CopyRun.Problem.FULL: "the disk is full",
    CopyRun.Problem.KEY: "there is no passphrase",
    CopyRun.Problem.DAMAGED: "it could not be read back",
    CopyRun.Problem.OTHER: "its log says why",
}


def list_faults_of_key(path: Path) -> Iterator[Fault]:
    if not settings.BACKUP_KEY_FILE:
        return  # config.W007 names it
    owner = name_user(settings.VAR_DIR.stat().st_uid)
    mend = f"manage.py backup --new-key {path}; it belongs to {owner}: chown {owner} {path}"
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        yield Fault(f"BACKUP_KEY_FILE {path} cannot be read ({error.strerror})", mend)
        return
    if len(secret.decode(errors="replace")) < KEY_LEAST:
        yield Fault(
            f"the passphrase in {path} is shorter than {KEY_LEAST} characters",
            "manage.py backup --new-key FILE",
        )
    if path.stat().st_mode & 0o077:
        yield Fault(f"others can read {path}, which opens every copy", f"chmod 0600 {path}")


# The file of settings is tried before, by root.
CHECKS: tuple[tuple[str, Check], ...] = (
    ("settings", check_settings),
    ("owners", check_owners),
    ("folders", check_folders),
    ("log", check_log),
    ("disks", check_disks),
    ("styles", check_static),
    ("migrations", check_migrations),
    ("database", check_database),
    ("contents", check_contents),
    ("law", check_law),
    ("app", check_app),
    ("spool", check_spool),
    ("worker", check_worker),
    ("clock", check_clock),
    ("certificate", check_certificate),
    ("front server", check_front),
    ("nodes", lambda asked: parts_check.list_faults_of_nodes()),
    ("node", lambda asked: parts_check.list_faults_of_node()),
    ("bucket", check_bucket),
    ("copies", check_copies),
)
