"""A site without a fault, into which tests plant theirs, and its data folder."""

import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.checks import model_checks
from django.core.checks.registry import registry
from django.utils import timezone

from config.health.probes import BEAT
from config.health.site_check import Asked
from config.models import CopyRun
from shops.models import Category
from tests.config.health.sites import Authority, Conduct, Site, serve_app, serve_front, set_disk
from tests.factories import make_county, make_course

KEY = "correct horse battery"
AS_IN_PRODUCTION = {
    "HTTPS": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 3600,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "ALLOWED_HOSTS": ["nonghuo.example.cn", "localhost"],
    "OPERATOR_NAME": "邵阳县农业农村局",
    "OPERATOR_CONTACT": "0739-0000000",
    "SECRET_KEY": "p" * 30 + "Q7!xv_" * 6,
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder with a short name, because a socket's path has 108 bytes, which another user may enter."""
    with tempfile.TemporaryDirectory(prefix="nf-") as name:
        Path(name).chmod(0o711)
        folder = Path(name, "var")
        folder.mkdir(mode=0o710)
        yield folder


@pytest.fixture
def data(folder, settings) -> Path:
    """The data folder of a site that runs, without its database."""
    places = {"MEDIA_ROOT": "media", "PRIVATE_ROOT": "private", "SPOOL_ROOT": "spool", "LOG_DIR": "log"}
    places |= {"FILE_UPLOAD_TEMP_DIR": "incoming", "INTAKE_ROOT": "intake", "STATIC_ROOT": "static"}
    for name, place in places.items():
        setattr(settings, name, folder / place)
        (folder / place).mkdir(mode=0o750)
    for place in ("posters", "videos-in-work"):
        (folder / place).mkdir()
    (folder / "static/site.css").write_text("body {}")
    (folder / "static/staticfiles.json").write_text(json.dumps({"paths": {"site.css": "site.css"}}))
    settings.VAR_DIR = folder
    return folder


@pytest.fixture
def every_model() -> None:
    """Ask for it where Django is to check every model too."""


@pytest.fixture
def site(request, data, db, settings, authority, monkeypatch) -> Iterator[Site]:
    if "every_model" not in request.fixturenames:
        # A hundred models stay as they are, whatever is planted: two thirds of the time.
        kept = registry.registered_checks - {model_checks.check_all_models}
        monkeypatch.setattr(registry, "registered_checks", kept)
    for name, value in AS_IN_PRODUCTION.items():
        setattr(settings, name, value)
    copies, key = data.parent / "copies", data.parent / "copies.key"
    copies.mkdir(mode=0o700)
    key.write_text(KEY)
    key.chmod(0o600)
    settings.BACKUP_DIR, settings.BACKUP_KEY_FILE = str(copies), str(key)
    CopyRun.objects.create(ended_at=timezone.now())
    make_course(make_county("邵阳县", "谷洲镇", ["石榴冲村"]))
    Category.objects.create(name="橙子", slug="orange")
    cache.set(BEAT, {"at": time.time(), "is_library_sound": True, "sqlite": "3.53.4"})
    run = data.parent / "run"
    run.mkdir(mode=0o750)
    run.chmod(0o750)
    conduct = Conduct(static=data / "static")
    servers = [serve_app(run / f"{name}.sock", conduct) for name in ("app", "spool")]
    servers.append(serve_front(authority.make_context(), conduct))
    set_disk(monkeypatch, used=400 * 10**9, free=600 * 10**9)  # that of whoever runs the tests may be full
    # Django's check of a variable that the browser's tests need, also in this process.
    monkeypatch.setattr("django.core.checks.async_checks.os", SimpleNamespace(environ={}))
    monkeypatch.setenv("APP_SOCKET", str(run / "app.sock"))
    monkeypatch.setenv("SPOOL_SOCKET", str(run / "spool.sock"))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    yield Site(data, settings, conduct, authority, Asked(f"https://localhost:{servers[-1].server_port}"))
    for server in servers:
        server.shutdown()
        server.server_close()
