"""`make prove`: a year of a county through the real functions, at full size; what the organiser's page shows is what SQL counts.

    python -m bench.proofs.year [small | tenth | full] [sqlite | postgres]

3,000 trainees in 120 classes, 90 shops, 40,000 orders and 20,000 live sales (bench.scenarios.year) in a database of their own.
Afterwards: every figure of the impact page equals a recount by SQL that imports nothing of the project
(bench.scenarios.year.recount), the ladder counted again from its evidence differs nowhere, and the pages of the programme are
timed. Ends with 1 if anything differs.

On SQLite the shops' year runs in two processes (bench.scenarios.year.halves). To cost less, that database lies in memory
(/dev/shm, where there is one), so that nothing waits for a disk, and the garbage collector looks rarely. A line on stderr each
minute says how far the year is.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import sys
import tempfile

from bench.harness.site import run_code, temporary_site

MEMORY = "/dev/shm"


def main() -> None:
    size = sys.argv[1] if len(sys.argv) > 1 else "full"
    database = sys.argv[2] if len(sys.argv) > 2 else "sqlite"
    if os.access(MEMORY, os.W_OK):
        tempfile.tempdir = MEMORY
    with temporary_site("year", database) as env:
        code = f"from bench.proofs import year; year.run({size!r})"
        found = json.loads(run_code(env, code, errors=None).splitlines()[-1])
    for name, value in found["made"].items():
        print(f"{name:24}{value:>12,}")
    print(
        f"\nsimulated in {found['seconds']:.0f} s of CPU; steps that differ from their evidence: {found['differences']}"
    )
    for name, same in found["figures"].items():
        print(f"{name:24}{'equal' if same else 'DIFFERENT'}")
    print("\npage (median of ten, CPU ms)")
    for name, milliseconds in found["pages"].items():
        print(f"{name:24}{milliseconds:>10.1f}")
    sys.exit(found["differences"] > 0 or not all(found["figures"].values()))


def choose(name: str):
    from bench.scenarios.year.county import SMALL, YEAR

    if name == "small":
        return SMALL
    if name == "full":
        return YEAR
    counts = {field.name: getattr(YEAR, field.name) for field in dataclasses.fields(YEAR)}
    kept = ("seed", "boxes", "sales_a_live")
    return type(YEAR)(**{key: value if key in kept else value // 10 for key, value in counts.items()})


def run(name: str) -> None:
    """Let the year happen inside the site, compare and time; print what was found as JSON."""
    from django.core.management import call_command
    from django.db import connection

    from bench.scenarios.year.county import FIRST, LAST, at
    from bench.scenarios.year.figures import read_figures
    from bench.scenarios.year.halves import run_in_halves
    from bench.scenarios.year.recount import recount
    from bench.scenarios.year.simulation import run_year
    from demo.seed.timeline import clock_at
    from programme.ladder import steps

    gc.freeze()
    gc.set_threshold(100_000, 50, 1000)
    if connection.vendor == "sqlite":  # keeps the statements of a whole order prepared, not 128
        connection.settings_dict["OPTIONS"]["cached_statements"] = 1000
        connection.close()
    in_halves = name != "small" and connection.vendor == "sqlite"
    year = (run_in_halves if in_halves else run_year)(choose(name))
    seconds = sum(os.times()[:4])
    with clock_at(at(LAST, "23:59")):
        list(steps.rebuild_all())
        differences = sum(1 for _one in steps.check_all())
        shown = read_figures(year.organiser, year.county, FIRST, LAST, LAST)
    # The statistics are those of the seed, with which SQLite reads all answers of all follow-ups for each of them.
    call_command("analyze")
    connection.ensure_connection()
    counted = recount(connection.connection, year.county.pk, FIRST, LAST)
    found = {
        "made": count_rows()
        | {"kilograms": sum(grams for _fen, grams in counted["sales_by_month"].values()) // 1000},
        "seconds": seconds,
        "differences": differences,
        "figures": {key: shown[key] == value for key, value in counted.items()},
        "pages": time_pages(year),
    }
    print(json.dumps(found))


def count_rows() -> dict[str, int]:
    from django.apps import apps

    labels = (
        "accounts.User", "courses.Cohort", "programme.Attendance", "progress.LessonDone", "progress.Attempt",
        "rehearsals.Review", "programme.Certificate", "programme.Step", "programme.FollowUpAnswer", "shops.Shop", "shops.Order",
        "live.LiveSale", "shops.LedgerEntry",
    )  # fmt: skip
    return {label: apps.get_model(label)._base_manager.count() for label in labels}


def time_pages(year) -> dict[str, float]:
    """Return the CPU time (ms) of the organiser's pages of the programme."""
    from django.test import Client
    from django.urls import reverse

    from bench.scenarios.programme import cost

    client = Client(SERVER_NAME="localhost")
    client.force_login(year.organiser)
    cohort = year.cohorts[0].pk
    since = "?from=2025-11&to=2026-10"
    pages = {
        "impact": reverse("programme:impact") + since,
        "rows of a figure": reverse("programme:impact_rows") + f"{since}&figure=sales&month=2026-10",
        "public impact": reverse("programme:public_impact"),
        "class board": reverse("progress:class", args=[cohort]),
        "support board": reverse("programme:support", args=[cohort]),
        "lineage": reverse("programme:lineage"),
        "ladder": reverse("programme:ladder_list"),
        "follow-ups": reverse("programme:follow_ups"),
    }
    return {name: cost(client, url) for name, url in pages.items()}


if __name__ == "__main__":
    main()
