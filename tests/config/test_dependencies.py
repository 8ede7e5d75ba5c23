"""The installed files are the locked ones, byte for byte, and a failed audit is not reported as clean."""

import json
import re
import runpy
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

LOCKS = [("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")]
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.+]+)", re.MULTILINE)
ENTRY = re.compile(r"^[\w.-]+(?:\[[\w,]+\])?==.*(?:\n    .*)*", re.MULTILINE)
ADVISORY = {
    "id": "PYSEC-2099-1",
    "summary": "made up",
    "details": "made up",
    "aliases": [],
    "published": "2099-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "segno", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
        }
    ],
}


def read(name: str) -> str:
    return Path(settings.BASE_DIR, name).read_text()


@pytest.mark.parametrize(("wanted", "lock"), LOCKS)
def test_lock_holds_each_wanted_version_and_a_hash_for_every_package(wanted, lock):
    entries = ENTRY.findall(read(lock))
    assert len(entries) > 50
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    locked = {name.lower(): version for name, version in PIN.findall(read(lock))}
    assert {
        name: version for name, version in PIN.findall(read(wanted)) if locked.get(name.lower()) != version
    } == {}


def test_tests_run_on_the_versions_that_the_product_gets():
    product, tests = (dict(PIN.findall(read(lock))) for _wanted, lock in LOCKS)
    assert {name: tests.get(name) for name in product if tests.get(name) != product[name]} == {}


@pytest.fixture
def lock_file(tmp_path) -> str:
    entry = next(one for one in ENTRY.findall(read("requirements.txt")) if one.startswith("segno=="))
    path = tmp_path / "lock.txt"
    path.write_text(entry)
    return str(path)


@pytest.fixture
def advisories() -> Iterator[tuple[str, list[dict]]]:
    """A server that speaks the OSV protocol on a free port, and the advisories it knows."""
    known: list[dict] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"vulns": known} if known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", known
    server.shutdown()
    server.server_close()


def audit(lock_file: str, url: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "bin/audit_dependencies.py", "--osv-url", url, lock_file],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.long
def test_audit_says_clean_only_when_the_service_answered(lock_file, advisories):
    assert audit(lock_file, advisories[0]) == (0, f"{lock_file}: clean (1 packages, no known advisory)\n")


@pytest.mark.long
def test_audit_fails_and_names_what_is_vulnerable(lock_file, advisories):
    url, known = advisories
    known.append(ADVISORY)
    code, printed = audit(lock_file, url)
    assert code == 1
    assert "vulnerable (segno" in printed
    assert "PYSEC-2099-1, mended in 99.0" in printed


@pytest.mark.long
def test_audit_without_a_service_is_not_called_clean(lock_file):
    code, printed = audit(lock_file, "http://127.0.0.1:9")
    assert code == 0
    assert ": not audited (" in printed
    assert "clean" not in printed


def test_a_package_that_the_service_does_not_know_is_not_called_clean():
    """pip-audit itself ends with 0 and "No known vulnerabilities found" here."""
    judge = runpy.run_path(str(Path(settings.BASE_DIR, "bin/audit_dependencies.py")))["judge"]
    rows = [{"name": "segno", "version": "1.6.6", "vulns": []}, {"name": "six", "skip_reason": "not found"}]
    assert judge(rows) == ("not audited", "the service answered for 1 of 2 packages")
