"""Ten minutes of mixed load on a county, a failure each minute; then the checker looks for every acknowledged fact."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.harness.computers import wait_until
from bench.harness.traffic import Traffic, list_ids, name_answer
from bench.proofs.kills import is_right
from bench.proofs.nodes import checker, control, load
from bench.proofs.nodes.county import BUCKET, County
from bench.proofs.nodes.faults import FAULTS

EVERY = 60.0  # s
# The lease of a killed worker's film lasts two minutes, and other films may wait before it.
DONE_WITHIN = 600
# Seconds for which nobody may be without a page; the front server keeps a request for 15.
MOST_SILENCE = 20
KINDS = ("order", "batch", "sale", "photo", "film")


def prove(county: County, folder: Path, minutes: int) -> bool:
    """Run load and failures; print what was found; return whether all of it is as promised."""
    seconds = minutes * EVERY
    boxes = int(seconds * load.HELPERS / (load.PAUSES["sales"] + 0.1) * load.SOLD_OUT_AFTER)
    site = county.prepare_people(seconds, boxes)
    films = load.make_films(folder)
    print(
        f"\nA county of {len(county.nodes)} nodes, {minutes} minutes of mixed load, a failure each minute",
        flush=True,
    )
    happened = []
    with load.mixed_load(county.make_traffic, site, films) as traffics:
        begun = time.monotonic()
        for number, name in enumerate(itertools.islice(itertools.cycle(FAULTS), minutes)):
            time.sleep(max(0.0, begun + (number + 0.3) * EVERY - time.monotonic()))
            at = time.monotonic()
            FAULTS[name](county)
            county.wait_until_ready()
            happened.append((name, at, time.monotonic()))
            print(
                f"  {at - begun:4.0f} s  {name}: ready again after {time.monotonic() - at:.1f} s", flush=True
            )
        time.sleep(max(0.0, begun + seconds - time.monotonic()))
    wait_for_films(county)
    found = check(county, folder, site, traffics)
    is_good = report(traffics, happened, found)
    unseen = control.list_unseen(control.spoil(county), check(county, folder, site, traffics))
    print(f"  spoiled on purpose afterwards, and not found by the checker: {unseen}")
    return is_good and not unseen


def wait_for_films(county: County) -> None:
    query = "from media.models import Photo, Video\n"
    query += "print(sum(model.objects.filter(status='waiting').count() for model in (Photo, Video)))"
    begun = time.monotonic()
    wait_until(
        lambda: county.nodes[0].run_code(query) == "0" or time.sleep(3), DONE_WITHIN, "files still wait"
    )
    print(f"  all photos and films were done {time.monotonic() - begun:.0f} s after the last was sent")


def check(county: County, folder: Path, site: dict[str, Any], traffics: dict[str, Traffic]) -> dict[str, Any]:
    """Run the checker as a program of its own."""
    writes = [write for traffic in traffics.values() for write in traffic.writes]
    facts = {
        "database": county.store.database_url,
        "bucket": {"url": county.store.bucket_url, "name": BUCKET},
        "acknowledged": {kind: list_ids(writes, kind) for kind in KINDS},
        "live": site["live"],
        "boxes": site["boxes"],
        "folders": {node.name: str(node.computer.root / "var/lib/newfarmwork") for node in county.nodes},
    }
    path = folder / "facts.json"
    path.write_text(json.dumps(facts))
    command = [sys.executable, "-I", checker.__file__, str(path)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def report(
    traffics: dict[str, Traffic], happened: list[tuple[str, float, float]], found: dict[str, Any]
) -> bool:
    print("\nAnswers")
    for kind, traffic in traffics.items():
        answers = dict(Counter(map(name_answer, traffic.seen)).most_common())
        slowest = max(seen.seconds for seen in traffic.seen)
        print(
            f"  {kind:11}{len(traffic.writes):>6} acknowledged, {traffic.again:>3} sent again,"
            f" slowest {slowest:5.1f} s  {answers}"
        )
    every = [seen for traffic in traffics.values() for seen in traffic.seen]
    pages = sorted(traffics["pages"].seen, key=lambda seen: seen.ended)
    for name, begun, _ended in happened:
        around = [seen for seen in every if begun <= seen.ended <= begun + EVERY * 0.6]
        bad = Counter(name_answer(seen) for seen in around if seen.status == 0 or seen.status >= 500)
        good = [
            seen.ended
            for seen in pages
            if seen.status == 200 and begun - 1 <= seen.ended <= begun + EVERY * 0.6
        ]
        silence = max((after - before for before, after in itertools.pairwise(good)), default=EVERY)
        print(
            f"  {name:48}{len(around):>6} answers, not given: {dict(bad)}; longest without a page {silence:.1f} s"
        )
    print("Found by the checker")
    for name, value in found.items():
        if not name.startswith("_"):
            print(f"  {name}: {value}")
    for line in found["_left"]:
        print(f"    {line}")
    faults = [seen for seen in every if seen.status == 500 or name_answer(seen) == "503 without"]
    print(f"  answers 500, or 503 without Retry-After: {len(faults)}")
    wrong = [name for name, value in found.items() if not name.startswith("_") and not is_right(value)]
    return (
        not wrong
        and not faults
        and all(traffic.writes for kind, traffic in traffics.items() if kind != "pages")
    )
