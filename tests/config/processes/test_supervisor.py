"""A process that dies is started again; Ctrl-C ends all; one that cannot start says why."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from tests.media.processes import wait_until

QUICKLY = "from config.processes import supervisor; supervisor.PAUSES = (0, 0.1); import sys; sys.exit(supervisor.main())"


class Site:
    """A supervisor of toy programs, each a line of shell; every process writes its id to <name>.pid."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.own = folder, folder / "own"
        self.own.mkdir()

    def start(self, socket: str = "", shell: str = "/bin/sh", **lines: str) -> None:
        programs = [
            {
                "name": name,
                "command": [shell, "-c", f"echo $$ > {self.folder}/{name}.pid; {line}"],
                "socket": socket,
            }
            for name, line in lines.items()
        ]
        plan = self.own / "plan.json"
        plan.write_text(json.dumps({"folder": str(self.own), "programs": programs}))
        self.process = subprocess.Popen(
            [sys.executable, "-c", QUICKLY, str(plan)],
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def pid(self, name: str, other_than: int = 0) -> int:
        file = self.folder / f"{name}.pid"
        wait_until(lambda: file.exists() and file.read_text().strip() not in ("", str(other_than)))
        return int(file.read_text())

    def end(self) -> tuple[int, str]:
        output, _none = self.process.communicate(timeout=20)
        return self.process.returncode, output


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    yield site
    site.process.kill()
    site.process.communicate()


def is_running(pid: int) -> bool:
    """A zombie process, whose parent has not waited for it, does not count as running."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("how", ["kill -9", "its own end"])
def test_a_process_that_ends_is_started_again_and_the_others_do_not_notice(site, how):
    ends = "exec sleep 600" if how == "kill -9" else f"[ -e {site.folder}/again ] || exit 0; exec sleep 600"
    site.start(one=ends, other="exec sleep 600")
    first, other = site.pid("one"), site.pid("other")
    (site.folder / "again").touch()
    if how == "kill -9":
        os.kill(first, signal.SIGKILL)
    # If it ended before it was told to stay, it may have been started twice.
    wait_until(lambda: is_running(site.pid("one", other_than=first)))
    again = site.pid("one")
    assert site.pid("other") == other
    site.process.send_signal(signal.SIGINT)
    code, output = site.end()
    assert code == 0
    assert not any(is_running(pid) for pid in (first, again, other))
    assert "one    | " in output
    assert "it is started again" in output
    assert not site.own.exists()


def test_what_a_dead_process_left_running_is_ended(site):
    site.start(app=f"sleep 600 & echo $! > {site.folder}/below.pid; wait")
    below, app = site.pid("below"), site.pid("app")
    os.kill(app, signal.SIGKILL)
    wait_until(lambda: not is_running(below))
    assert is_running(site.pid("app", other_than=app))


def test_a_socket_that_a_dead_process_left_is_removed(site):
    """The app refuses to listen where a file is."""
    socket = site.folder / "app.sock"
    socket.touch()
    site.start(app="exec sleep 600", socket=str(socket))
    site.pid("app")
    assert not socket.exists()


def test_what_cannot_start_is_given_up_with_its_last_lines(site):
    site.start(worker="echo no such database; exit 3", front="exec sleep 600")
    code, output = site.end()
    assert code == 1
    assert "worker ended with status 3 for the 5th time right after its start" in output
    assert output.rstrip().endswith("mend that and start again.")
    assert "    no such database" in output
    assert not is_running(site.pid("front"))


def test_a_program_that_is_missing_for_a_while_is_started_once_it_is_there(site):
    """As while pip replaces it, or while the machine has no memory for one more process."""
    shell = site.folder / "shell"
    site.start(shell=str(shell), app="exec sleep 600")
    # One more than what is given up for ending so often.
    lines = [site.process.stdout.readline() for _n in range(6)]
    assert all("could not be started ([Errno 2] No such file or directory" in line for line in lines)
    shell.symlink_to("/bin/sh")
    assert is_running(site.pid("app"))
    site.process.send_signal(signal.SIGINT)
    assert site.end()[0] == 0


def test_ctrl_c_twice_ends_what_does_not_listen(site):
    is_deaf = site.folder / "is_deaf"
    site.start(deaf=f"trap '' TERM; touch {is_deaf}; while :; do sleep 1; done")
    deaf = site.pid("deaf")
    wait_until(is_deaf.exists)
    site.process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert is_running(deaf)
    site.process.send_signal(signal.SIGINT)
    assert site.end()[0] == 0
    assert not is_running(deaf)


def test_nothing_outlives_a_supervisor_that_is_killed(site):
    site.start(app="exec sleep 600")
    app = site.pid("app")
    site.process.kill()
    wait_until(lambda: not is_running(app))
