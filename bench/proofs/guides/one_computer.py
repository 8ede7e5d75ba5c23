"""Follow the guide for one computer to the letter on an empty Debian that boots for real, and use its site from outside.

    python -m bench.proofs.guides.one_computer

Every block of docs/county/one-computer.md is run as it stands there, with only what its table says replaced. In between the
first people sign in, a villager becomes a seller and lists a product, a visitor orders it; app, worker and the whole computer
are killed or restarted; the code is upgraded with a change of the database; the site comes back from a copy, is uninstalled
and installed again. Needs root and the packages that bench.harness.machine names, Chromium, and the package index.
"""

from __future__ import annotations

import functools
import ssl
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench.harness.guide_run import LONGEST_AWAY, GuideRun, commit_to, run_guide
from bench.harness.internet import copy_repository
from bench.harness.machine import Machine, run, temporary_machine
from bench.harness.people import People, come_to
from bench.harness.servers import ROOT
from bench.harness.visitors import Site
from bench.proofs.upgrades import add_migration

PAGE, COMPUTER = "one-computer.md", "computer"
NAME, ADDRESS = "nf-proof", "10.77.18.2"
REPOSITORY = "/srv/newfarmwork.git"
EVENING = "/mnt/copies/evening.copy"
VALUES = {
    "192.168.1.20": ADDRESS,
    "https://git.example.cn/newfarmwork.git": REPOSITORY,
    "SITE_ROLE=practice": "SITE_ROLE=single_seller",
    "/mnt/copies/farm.copy": EVENING,
}


class OneComputer(GuideRun):
    """The guide for one computer, and what is done between its steps."""

    def __init__(self, machine: Machine | None, people: People | None) -> None:
        super().__init__(PAGE, VALUES, {COMPUTER: machine}, people)
        self.machine = machine
        self.before: dict[str, Callable[[], None]] = {
            "computer: upgrade the site": self.write_next_release,
            "computer: come back from a copy": self.copy_in_the_evening,
        }
        self.after: dict[str, Callable[[], None]] = {
            "computer: start the county": self.read_what_was_given,
            "computer: try everything once": self.expect_nothing_wrong,
            "computer: restart the computer": self.use_it,
            "computer: try everything after the upgrade": self.look_after_the_upgrade,
            "computer: come back from a copy": self.look_after_coming_back,
            "computer: copy and try everything after coming back": self.expect_nothing_wrong,
            "computer: uninstall the site": self.look_at_what_stayed,
        }

    def find_site(self) -> Site:
        """Trust only the authority that the guide gives to phones."""
        authority = self.machine.root / "usr/local/share/ca-certificates/newfarmwork.crt"
        return Site(443, ADDRESS, context=ssl.create_default_context(cafile=str(authority)))

    # --- between the steps ---

    def use_it(self) -> None:
        self.note("page from outside after the restart of the computer (s)", self.wait_for_page())
        units = self.ask(COMPUTER, "systemctl is-active newfarmwork-prepare newfarmwork-app newfarmwork-spool "
                         "newfarmwork-worker newfarmwork-front")  # fmt: skip
        self.note("units after the restart", units.split(), set(units.split()) == {"active"})
        self.sell_and_order()
        for name in ("app", "worker", "front"):
            self.kill(COMPUTER, name)
            waited = self.wait_for_page("/readyz" if name == "app" else "/products/")
            self.note(f"{name} killed: page again after (s)", waited, waited < LONGEST_AWAY)

    def write_next_release(self) -> None:
        """Commit a change of the database."""
        repository = str(self.machine.root) + REPOSITORY
        commit_to(repository, "Change the database", functools.partial(add_migration, number=1))
        self.facts["release before"] = self.read_release(COMPUTER)

    def look_after_the_upgrade(self) -> None:
        self.expect_nothing_wrong()
        release = self.read_release(COMPUTER)
        self.note("release after", release, release != self.facts["release before"])
        shown = self.ask(COMPUTER, "sudo newfarmwork showmigrations config")
        self.note(
            "the change of the database is in", "[X] 9001_upgrade" in shown, "[X] 9001_upgrade" in shown
        )
        self.find_order("after the upgrade")

    def copy_in_the_evening(self) -> None:
        self.ask(COMPUTER, f"sudo newfarmwork backup {EVENING}")

    def look_after_coming_back(self) -> None:
        self.note("page after coming back from the copy (s)", self.wait_for_page())
        self.find_order("after coming back")

    def look_at_what_stayed(self) -> None:
        self.note("page after uninstalling", self.get("/products/")[0], self.get("/products/")[0] == 0)
        stayed = [path for path in ("/var/lib/newfarmwork/newfarmwork.sqlite3", "/var/lib/newfarmwork/secret_key",
                                    "/etc/newfarmwork.env", "/etc/newfarmwork/copies.key", EVENING)
                  if (self.machine.root / path.lstrip("/")).exists()]  # fmt: skip
        self.note("what stayed", stayed, len(stayed) == 5)
        self.type("computer: install the site")
        self.note("page after installing again (s)", self.wait_for_page())
        self.find_order("after installing again")


def make_repository(root: Path) -> str:
    """Give the computer the code of this folder, as it was committed, where the guide's `git clone` finds it."""
    copy_repository(root / REPOSITORY.lstrip("/"))
    return run("git", "-C", ROOT, "log", "-1", "--format=%h %s").strip()


def begin(stack: ExitStack, folder: Path, base: Path | None) -> OneComputer:
    people = stack.enter_context(come_to(f"https://{ADDRESS}"))
    machine = stack.enter_context(temporary_machine(folder, NAME, ADDRESS, base))
    print(f"code: {make_repository(machine.root)}")
    print(f"computer: {machine.describe()}", flush=True)
    return OneComputer(machine, people)


if __name__ == "__main__":
    sys.exit(run_guide("bench.proofs.guides.one_computer", __doc__, begin))
