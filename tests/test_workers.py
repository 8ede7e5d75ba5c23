"""A worker runs every test of each file that it is given, and says what came of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONFTEST = """
import pytest
from tests import workers

def pytest_configure_node(node):
    node.workerinput["by_file"] = True

def pytest_xdist_make_scheduler(config, log):
    return workers.Scheduling(config, log)

def pytest_configure(config):
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(workers.Files(config, lambda items: items.sort(key=lambda item: item.name)))

@pytest.fixture(scope="session")
def opened():
    with open("opened", "a") as file:
        file.write("once ")
    return 3
"""
FILES = {
    "conftest.py": CONFTEST,
    "pytest.ini": "[pytest]\nmarkers =\n  slow\n  django_db\n",
    "test_broken.py": "import nothing_of_this_name",
    "test_numbers.py": """
import pytest

@pytest.mark.parametrize("number", range(4))
def test_small(number, opened):
    assert number < opened

@pytest.mark.slow
class TestMore:
    def test_slow(self, opened):
        pass
""",
    "test_words.py": "def test_word(opened):\n    pass\n",
}


def run(folder: Path, *options: str) -> tuple[int, str]:
    for name, text in FILES.items():
        (folder / name).write_text(text)
    asked = [
        "-n",
        "1",
        "--dist",
        "loadfile",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:django",
        "-p",
        "no:playwright",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_XDIST")}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *asked, *options],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    return ended.returncode, ended.stdout


@pytest.mark.long
def test_each_test_is_run_once_and_what_fails_is_told(tmp_path):
    code, told = run(tmp_path)
    assert code == 1
    assert "FAILED test_numbers.py::test_small[3] - assert 3 < 3" in told
    assert "ERROR test_broken.py - ImportError" in told
    assert "No module named 'nothing_of_this_name'" in told
    assert "1 failed, 5 passed, 1 error" in told
    assert (tmp_path / "opened").read_text() == "once "


@pytest.mark.long
def test_a_marker_chooses_tests_and_not_files(tmp_path):
    code, told = run(tmp_path, "-m", "slow", "--ignore=test_broken.py")
    assert (code, told.strip().splitlines()[-1].partition(" in ")[0]) == (0, "1 passed")
