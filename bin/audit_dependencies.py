"""Compare every locked dependency with the published advisories, by pip-audit and the OSV service.

    python bin/audit_dependencies.py [--osv-url ADDRESS] LOCK_FILE...

Prints one of "clean", "vulnerable" or "not audited" with its reason. Exits with 1 only if an advisory was found: a machine
without a connection may lint, but never gets the message that its dependencies are clean. pip-audit itself exits with 0 and
"no known vulnerabilities found" when a service knew none of the packages, so its own verdict is not used.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

TIMEOUT_S = 5  # per question to the service
LONGEST_S = 300


def audit(lock_file: str, osv_url: str | None = None) -> tuple[str, str]:
    """The verdict on a lock file, and its reason or its advisories in words."""
    command = [sys.executable, "-m", "pip_audit", "-r", lock_file, "--require-hashes", "--disable-pip"]
    command += ["-s", "osv", "--timeout", str(TIMEOUT_S), "-f", "json", "--progress-spinner", "off"]
    command += ["--osv-url", osv_url] if osv_url else []
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    except subprocess.TimeoutExpired:
        return "not audited", f"the advisory service took longer than {LONGEST_S} s"
    try:
        rows = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        lines = done.stderr.strip().splitlines() or ["pip-audit said nothing"]
        return "not audited", lines[-1][:120]
    return judge(rows)


def judge(rows: list[dict]) -> tuple[str, str]:
    """The verdict on pip-audit's rows: `{"name", "version", "vulns": [{"id", "fix_versions"}]}` or `{"name", "skip_reason"}`."""
    found = [
        f"{row['name']} {row['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'no release'}"
        for row in rows
        for one in row.get("vulns", [])
    ]
    if found:
        return "vulnerable", "; ".join(found)
    skipped = [row["name"] for row in rows if "skip_reason" in row]
    if skipped or not rows:
        return "not audited", f"the service answered for {len(rows) - len(skipped)} of {len(rows)} packages"
    return "clean", f"{len(rows)} packages, no known advisory"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lock_files", nargs="+")
    parser.add_argument("--osv-url")
    options = parser.parse_args()
    verdicts = set()
    for lock_file in options.lock_files:
        verdict, reason = audit(lock_file, options.osv_url)
        print(f"{lock_file}: {verdict} ({reason})")
        verdicts.add(verdict)
    return 1 if "vulnerable" in verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
