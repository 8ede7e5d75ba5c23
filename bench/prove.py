"""`make prove`: run every long proof one after another, and print what each took; end with 1 if any failed.

    python -m bench.prove [NAME ...]

Without names all of PROOFS. `AMOUNT=all` runs each at its full size, about five hours; otherwise some are smaller, so that the
whole takes about two hours and is really run: the hostile values then are one of six shares, another each day, and the year is
one of a tenth of the county. What a proof prints goes to var/prove/NAME.log.

A test that fails beside others is run once more alone, as `make test` does, and only what fails again is a failure.
"""

from __future__ import annotations

import datetime
import os
import shlex
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "var" / "prove"
IS_ALL = os.environ.get("AMOUNT") == "all"
TODAY = datetime.datetime.now(tz=datetime.UTC).timetuple().tm_yday
ALONE = ("--last-failed", "--last-failed-no-failures", "none")


@dataclass(frozen=True)
class Proof:
    """One command: arguments of pytest if they begin with `tests` or `-`, otherwise a module and its arguments."""

    name: str
    command: str
    env: Mapping[str, str] = field(default_factory=dict)
    all_command: str = ""  # with AMOUNT=all
    all_env: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        return shlex.split((IS_ALL and self.all_command) or self.command)

    @property
    def is_of_tests(self) -> bool:
        return self.words[0].startswith(("-", "tests"))

    def write_command(self) -> list[str]:
        module = ["pytest", "-rfEp", "--tb=short"] if self.is_of_tests else []
        return [sys.executable, "-m", *module, *self.words]

    def list_settings(self) -> dict[str, str]:
        """Return its variables; the long tests of files that it names are of it, too."""
        both = {"LONG": "too"} if self.is_of_tests and "-m" not in self.words else {}
        return {**both, **self.env, **(self.all_env if IS_ALL else {})}


POSTGRES = {"TEST_DATABASE": "postgres"}
FILES = "--dist loadfile --no-loadscope-reorder"
VALUES = {"HOSTILE_VALUES": "all", "HOSTILE_SHARE": str(TODAY % 6)}

# Those whose seconds are measured come after the tests.
PROOFS = (
    Proof(
        "suite-postgres",
        f"-n 3 {FILES} -m 'not browser'",
        POSTGRES | {"SEQUENCES": "8", "LADDERS": "4"},
        all_env={"SEQUENCES": "25", "LADDERS": "12"},
    ),
    Proof("long-postgres", f"-n 3 {FILES} -m 'long and not browser'", POSTGRES),
    Proof("long-sqlite", f"-n 4 {FILES} -m long"),
    Proof("plans", "tests/outbox/test_plans.py", {"PLANS": "2500"}, all_env={"PLANS": "5000"}),
    Proof(
        "plans-postgres",
        "tests/outbox/test_plans.py",
        POSTGRES | {"PLANS": "2500"},
        all_env={"PLANS": "5000"},
    ),
    Proof(
        "plans-browser",
        "tests/browser/test_outbox_plans.py",
        {"BROWSER_PLANS": "12"},
        all_env={"BROWSER_PLANS": "40"},
    ),
    Proof("live-sales", "tests/live/on_air/test_races.py", {"LIVE_SALES": "200"}),
    Proof("live-sales-postgres", "tests/live/on_air/test_races.py", POSTGRES | {"LIVE_SALES": "200"}),
    Proof(
        "sequences",
        "tests/shops/orders/test_sequences.py",
        {"SEQUENCES": "8"},
        all_env={"SEQUENCES": "25"},
    ),
    Proof(
        "access",
        "-n 2 --dist loadfile tests/access/test_access.py tests/config/test_admin_access.py tests/config/test_admin_lists.py",
        {"ACCESS": "all"},
    ),
    Proof(
        "hostile-values",
        "-n 2 --dist load tests/access/test_hostile_values.py tests/courses/admin/test_question_pages.py",
        VALUES,
        all_env={"HOSTILE_SHARE": ""},
    ),
    Proof(
        "hostile-values-postgres",
        "-n 2 --dist load tests/access/test_hostile_values.py",
        POSTGRES | VALUES,
        all_env={"HOSTILE_SHARE": ""},
    ),
    Proof("shop-states", "tests/shops/orders/test_obstacles.py", {"SHOP_STATES_STEP": "1"}),
    Proof("languages", f"-n 3 {FILES} tests/browser -m languages", {"BOTH_LANGUAGES": "1", "LONG": "too"}),
    Proof(
        "recordings",
        "tests/browser/rehearsing/test_studio_plans.py",
        {"STUDIO_PLANS": "8"},
        all_env={"STUDIO_PLANS": "30"},
    ),
    Proof("rehearsal", "tests/browser/rehearsing/test_whole_rehearsal.py", {"REHEARSAL_SECONDS": "20"}),
    Proof("upgrade-cuts", "tests/config/processes/test_upgrade.py", {"UPGRADE_CUTS": "all"}),
    Proof("large-film", "tests/browser/test_films.py -k large", {"FILM_MEGABYTES": "60"}),
    Proof("checkpoints", "bench.proofs.checkpoints"),
    Proof("wording", "bench.proofs.wording"),
    Proof("exam-papers", "bench.proofs.exam_papers"),
    Proof("placements", "bench.proofs.placements"),
    Proof("year", "bench.proofs.year tenth", all_command="bench.proofs.year full"),
    Proof("kills", "bench.proofs.kills 180", all_command="bench.proofs.kills"),
    Proof("outage", "bench.proofs.outage"),
    Proof("copies", "bench.proofs.copies"),
    Proof("uploads", "bench.proofs.uploads"),
    Proof("slow-clients", "bench.proofs.slow_clients"),
    Proof("upgrades", "bench.proofs.upgrades"),
    Proof("limits", "bench.proofs.limits"),
    Proof("first-day", "bench.proofs.first_day"),
    Proof("nodes", "bench.proofs.nodes", {"MINUTES": "4"}, all_env={"MINUTES": "10"}),
    Proof("guide-one-computer", "bench.proofs.guides.one_computer"),
    Proof("guide-several-computers", "bench.proofs.guides.several_computers"),
    Proof("size", "bench.proofs.size"),
)


def main() -> int:
    names = sys.argv[1:]
    if unknown := set(names) - {proof.name for proof in PROOFS}:
        print("no such proof:", ", ".join(sorted(unknown)), "· there are:", ", ".join(p.name for p in PROOFS))
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    begun, failed = time.monotonic(), []
    for proof in PROOFS:
        if names and proof.name not in names:
            continue
        seconds, is_good, last = run(proof)
        print(f"{proof.name:24}{seconds / 60:7.1f} min  {'ok' if is_good else 'FAILED':8}{last}", flush=True)
        if not is_good:
            failed.append(proof.name)
    print(f"{'in all':24}{(time.monotonic() - begun) / 60:7.1f} min  {', '.join(failed) or 'ok'}")
    return bool(failed)


def run(proof: Proof) -> tuple[float, bool, str]:
    """Return its seconds, whether it passed, and the last line that it printed."""
    path, begun = LOGS / f"{proof.name}.log", time.monotonic()
    with path.open("w", encoding="utf-8") as log:
        is_good = call(proof, log)
        if not is_good and proof.is_of_tests:
            print("\nonce more, alone:", file=log, flush=True)
            is_good = call(proof, log, alone=True)
    with path.open(encoding="utf-8", errors="replace") as log:
        last = deque((line.strip("= \n") for line in log if line.strip()), maxlen=1)
    return time.monotonic() - begun, is_good, last[0][:150] if last else ""


def call(proof: Proof, log, *, alone: bool = False) -> bool:
    """Run it with its output to `log`; alone, without other tests beside it."""
    command = proof.write_command() + (["-n", "0", *ALONE] if alone else [])
    print(shlex.join(command), proof.list_settings(), file=log, flush=True)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | proof.list_settings(),
        stdout=log,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
