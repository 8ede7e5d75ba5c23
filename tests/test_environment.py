import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.both_databases


@pytest.mark.long(on="postgres")
def test_environment_leaves_nothing_behind():
    """Neither its own folder nor those of the PostgreSQL server, which must be down before they go."""
    with tempfile.TemporaryDirectory(prefix="nf-") as short:  # the server's socket has 108 bytes for its path
        leaves_nothing(Path(short))


def leaves_nothing(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name not in ("TEST_POSTGRES_URL", "VAR_DIR")}
    there = (
        "import glob, os, tests.environment;"
        " print(os.environ['DATABASE_URL'], *sorted(glob.glob('*', root_dir=os.environ['TMPDIR'])))"
    )
    done = subprocess.run(
        [sys.executable, "-c", there],
        env=kept | {"TEST_DATABASE": "postgres", "TMPDIR": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    url, *folders = done.stdout.split()
    assert url.startswith("postgresql://")
    assert [name.rpartition("-")[0] for name in folders] == [
        "newfarmwork-pg",
        "newfarmwork-run",
        "newfarmwork-test",
    ]
    # The wheel keeps one lock for all servers of a machine where temporary files go.
    assert [path.name for path in tmp_path.iterdir() if path.name != ".lockfile"] == []
