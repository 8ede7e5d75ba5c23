"""A county on several computers under load, while one of them after the other fails.

    python -m bench.proofs.nodes [endurance] [table] [capacity] [pooling]

Run as root: the computers are namespaces of this one. `endurance`: mixed load with a failure a minute, for MINUTES (10);
`table`: the same small load with each failure; `capacity`: what a request costs with one node and with two; `pooling`: with
each way of keeping database connections, for which the package pgbouncer must be installed. Without words the first three.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

from bench.harness.computers import CannotMake
from bench.proofs.nodes import capacity, endurance, table
from bench.proofs.nodes.county import running_county

MINUTES = 10
NODES = 2
PARTS = ("endurance", "table", "capacity")


def main() -> int:
    parts, minutes = sys.argv[1:] or PARTS, int(os.environ.get("MINUTES") or MINUTES)
    # Its computers end with it, however it is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    is_good = True
    for part in parts:
        # Each on a county of its own: what one has left behind is not measured by the next.
        with tempfile.TemporaryDirectory(prefix="nfn-") as name:
            folder = Path(name)
            if part == "pooling":
                capacity.fetch_pool(folder)
            try:
                with running_county(folder, int(os.environ.get("NODES") or NODES)) as county:
                    is_good = run(part, county, folder, minutes) and is_good
            except CannotMake as missing:
                print(missing)
                return 1
    print("  ok" if is_good else "  NOT AS PROMISED")
    return 0 if is_good else 1


def run(part: str, county, folder: Path, minutes: int) -> bool:
    if part == "endurance":
        return endurance.prove(county, folder, minutes)
    if part == "table":
        return table.prove(county)
    if part == "capacity":
        return capacity.prove(county)
    if part == "pooling":
        return capacity.compare_pooling(county, folder)
    raise SystemExit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
