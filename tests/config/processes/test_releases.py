"""The copies of the code from which an installed site runs, in a folder of the test."""

import os
import subprocess
from pathlib import Path

import pytest

from config.processes import releases


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "clone"
    for name in (
        "app/code.py",
        "var/newfarmwork.sqlite3",
        ".git/HEAD",
        "tests/test_code.py",
        "app/tests/part.py",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    (folder / "requirements.txt").write_text("")
    (folder / "app/code.py").chmod(0o600)
    return folder


def test_release_is_the_code_with_an_environment_of_its_own(source, tmp_path):
    release = releases.stage(source, tmp_path / "library")
    assert releases.NAME.fullmatch(release.name)
    names = {
        str(path.relative_to(release))
        for path in release.rglob("*")
        if path.is_file() and ".venv" not in path.parts
    }
    assert {name for name in names if not name.endswith(".pyc")} == {
        "app/code.py",
        "app/tests/part.py",
        "requirements.txt",
    }
    assert (release / "app/code.py").stat().st_mode & 0o777 == 0o644  # the site's user reads what root pulled
    prefix = [str(releases.get_python(release)), "-c", "import sys; print(sys.prefix)"]
    found = subprocess.run(prefix, cwd=release, capture_output=True, text=True, check=True).stdout.strip()
    assert Path(os.path.realpath(found)).parent == tmp_path / "library/environments"


@pytest.mark.long
def test_same_requirements_share_an_environment_and_others_get_a_new_one(source, tmp_path):
    library = tmp_path / "library"
    first = releases.make_environment(source, library)
    made = (first / releases.COMPLETE).stat().st_mtime_ns
    assert releases.make_environment(source, library) == first
    assert (first / releases.COMPLETE).stat().st_mtime_ns == made
    (source / "requirements.txt").write_text("# nothing\n")
    second = releases.make_environment(source, library)
    assert second != first
    assert (first / releases.COMPLETE).exists()


@pytest.mark.long
def test_environment_whose_making_was_cut_is_made_again(source, tmp_path):
    library = tmp_path / "library"
    environment = releases.make_environment(source, library)
    (environment / releases.COMPLETE).unlink()
    (environment / "bin/python").unlink()
    assert releases.make_environment(source, library) == environment
    assert (environment / "bin/python").exists()


def test_requirements_that_cannot_be_installed_leave_no_release(source, tmp_path):
    (source / "requirements.txt").write_text("no-such-package-of-ours==1.0  # without a hash it is refused\n")
    with pytest.raises(releases.CannotStage, match="could not be installed"):
        releases.stage(source, tmp_path / "library")
    assert not (tmp_path / "library/releases").exists()


def test_three_releases_are_kept_and_the_one_that_serves(source, tmp_path):
    library = tmp_path / "library"
    for number in range(5):
        environment = library / f"environments/{number}"
        environment.mkdir(parents=True)
        release = library / f"releases/20260101-00000{number}"
        release.mkdir(parents=True)
        (release / ".venv").symlink_to(f"../../environments/{number}")
    releases.drop_old(library, keep=[library / "releases/20260101-000000"])
    kept = ["20260101-000000", "20260101-000002", "20260101-000003", "20260101-000004"]
    assert sorted(path.name for path in (library / "releases").iterdir()) == kept
    assert sorted(path.name for path in (library / "environments").iterdir()) == ["0", "2", "3", "4"]
