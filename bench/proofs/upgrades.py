"""Upgrade a whole site, behind its front server and under visitors, to a release that changes the database, and back from
one that does not work.

    python -m bench.proofs.upgrades

Real releases of this code below a folder; in place of systemd the commands of the written units are run. Each request must
be answered: 0 failures, none longer than the front server waits.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.harness import visitors
from bench.harness.servers import ROOT, free_port, wait_for
from config.processes import installation, releases, units, upgrade

REQUESTS = ("GET /", "GET /products/", "GET /healthz")
# The front server keeps a request for so many seconds (lb_try_duration).
LONGEST = 15
LEFT_OUT = {".git", ".venv", "var", "tests", "docs", "__pycache__"}
MIGRATION = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("config", "{after}")]
    operations = [migrations.RunSQL("CREATE TABLE upgrade_{number} (id integer primary key)")]
"""


class Programs:
    """Starts and stops what the units on the disk say, as systemd does."""

    def __init__(self, root: Path, run_dir: str) -> None:
        self.root, self.run_dir, self.running = root, run_dir, {}
        self.computer: upgrade.Computer

    def read(self, name: str, key: str) -> list[str]:
        text = (self.root / f"etc/systemd/system/newfarmwork-{name}.service").read_text()
        for there, here in {
            units.FRONT_STATE: f"{self.root}/state",
            units.FRONT_LOG: f"{self.root}/log",
            "/run/newfarmwork-front": self.run_dir,
            "/run/newfarmwork": self.run_dir,
        }.items():
            text = text.replace(there, here)
        return [value.lstrip("-") for value in re.findall(rf"^{key}=(.+)$", text, re.MULTILINE)]

    def start_one(self, name: str) -> None:
        env = dict(os.environ) if name == "front" else {"PATH": os.defpath, **self.computer.read_settings()}
        for line in self.read(name, "Environment"):
            env |= dict(pair.partition("=")[::2] for pair in shlex.split(line))
        for command in self.read(name, "ExecStartPre"):
            subprocess.run(shlex.split(command), check=False)
        [command] = self.read(name, "ExecStart")
        [folder] = self.read(name, "WorkingDirectory")
        self.running[name] = subprocess.Popen(
            shlex.split(command), cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def stop_one(self, name: str) -> None:
        if process := self.running.pop(name, None):
            for command in self.read(name, "ExecStop"):
                subprocess.run(shlex.split(command), check=False)
            process.terminate()
            process.wait(60)

    def stop(self) -> None:
        for name in ("worker", "app"):
            self.stop_one(name)

    def start(self) -> None:
        self.stop()
        for name in ("app", "worker"):
            self.start_one(name)
        self.stop_one("spool")
        self.start_one("spool")


def add_migration(source: Path, number: int) -> None:
    last = sorted(path.stem for path in (source / "config/migrations").glob("[0-9]*.py"))[-1]
    path = source / f"config/migrations/{9000 + number}_upgrade.py"
    path.write_text(MIGRATION.format(after=last, number=number))


def prove(folder: Path, run_dir: str) -> dict:
    port = free_port()
    source, root = folder / "clone", folder / "root"
    shutil.copytree(ROOT, source, ignore=lambda _path, names: LEFT_OUT & set(names))
    programs = Programs(root, run_dir)
    computer = upgrade.Computer(programs, root, folder / "library", as_user=(), socket=f"{run_dir}/app.sock")
    programs.computer = computer
    os.environ.update(HOST="127.0.0.1", PORT=str(port), VAR_DIR=str(folder / "var"))
    first = releases.stage(source, computer.library)
    assert installation.write_for(first, root) == 0
    for words in (
        ("migrate", "-v0"),
        ("createcachetable",),
        ("collectstatic", "--noinput", "-v0"),
        ("plant_kinds",),
    ):
        computer.manage(first, *words)
    programs.start()
    programs.start_one("front")
    site = visitors.Site(port)
    try:
        wait_for(port)
        upgrade.Upgrade(computer, source).wait_for_answer("/readyz", computer.socket)
        add_migration(source, 1)
        with visitors.visiting(site, REQUESTS) as during_upgrade:
            time.sleep(1)
            forward = upgrade.Upgrade(computer, source).run()
            time.sleep(1)
        new = computer.find_serving()
        add_migration(source, 2)
        broken = source / "config/wsgi.py"
        broken.write_text(broken.read_text() + "\nraise RuntimeError('does not start')\n")
        with visitors.visiting(site, REQUESTS) as during_way_back:
            back = upgrade.Upgrade(computer, source).run()
        shown = computer.manage(computer.find_serving(), "showmigrations", "config")
        visits = [*during_upgrade, *during_way_back]
        return {
            "forward": forward,
            "is on the new release": new != first,
            "back": back,
            "is on the same release": computer.find_serving() == new,
            "migrations": ["9001" in shown, "9002" in shown],
            "answers": visitors.count_answers(visits),
            "slowest (s)": visitors.find_slowest(visits),
        }
    finally:
        programs.stop()
        programs.stop_one("spool")
        programs.stop_one("front")


def main() -> int:
    with (
        tempfile.TemporaryDirectory(prefix="upgrades-") as folder,
        tempfile.TemporaryDirectory(prefix="nf-") as run_dir,
    ):
        found = prove(Path(folder), run_dir)
    print(json.dumps(found, indent=1))
    is_good = (found["forward"], found["back"], found["migrations"]) == (0, 1, [True, False])
    is_good = is_good and found["is on the new release"] and found["is on the same release"]
    return 0 if is_good and set(found["answers"]) == {200} and found["slowest (s)"] < LONGEST else 1


if __name__ == "__main__":
    sys.exit(main())
