"""Follow the guide for one computer to the letter on an empty Debian that boots for real, and use its site from outside.

    python -m bench.proofs.trial

Every block of docs/county/one-computer.md is run as it stands there, with only what its table says replaced. In between the
first people sign in, a villager becomes a seller and lists a product, a visitor orders it; app, worker and the whole computer
are killed or restarted; the code is upgraded with a change of the database; the site comes back from a copy, is uninstalled
and installed again. Needs root and the packages that bench.harness.machine names, Chromium, and the package index.
"""

from __future__ import annotations

import argparse
import json
import re
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error as BrowserError

from bench.harness import guide
from bench.harness.machine import CannotRun, Machine, Result, run, temporary_machine
from bench.harness.people import PASSWORD, NoBrowser, People, come_to
from bench.harness.servers import ROOT
from bench.proofs.upgrades import add_migration

PAGE, COMPUTER = "one-computer.md", "computer"
NAME, ADDRESS = "nf-trial", "10.77.18.2"
REPOSITORY = "/srv/newfarmwork.git"
EVENING = "/mnt/copies/evening.copy"
VALUES = {
    "192.168.1.20": ADDRESS,
    "https://git.example.cn/newfarmwork.git": REPOSITORY,
    "SITE_ROLE=practice": "SITE_ROLE=single_seller",
    "/mnt/copies/farm.copy": EVENING,
}
ORGANISER, SELLER = "139 0000 1000", "13700001111"
VILLAGE, PRODUCT = "石榴冲村", "石榴冲冰糖橙"
# s; a killed program is away for two or three seconds (RestartSec and its start), on a busy machine for longer.
LONGEST_AWAY = 60
SHOWN_LINES = 30


class WentWrong(Exception):
    """Raised when a step of the road fails, or the site does not do what the guide says."""


class Trial:
    """The road, and what is done between its steps; `facts` is what was found."""

    def __init__(self, machine: Machine, people: People) -> None:
        self.machine, self.people = machine, people
        self.facts: dict[str, object] = {}
        self.given: dict[str, tuple[str, str]] = {}
        self.order = ""
        self.before: dict[str, Callable[[], None]] = {
            "upgrade the site": self.write_next_release,
            "come back from a copy": self.copy_in_the_evening,
        }
        self.after: dict[str, Callable[[], None]] = {
            "start the county": self.read_what_was_given,
            "try everything once": self.expect_nothing_wrong,
            "restart the computer": self.use_it,
            "try everything after the upgrade": self.look_after_the_upgrade,
            "come back from a copy": self.look_after_coming_back,
            "copy and try everything after coming back": self.expect_nothing_wrong,
            "uninstall the site": self.look_at_what_stayed,
        }
        self.last = Result(0, "", 0)

    def follow(self) -> None:
        steps = [step for step in guide.read_steps(PAGE, VALUES) if step.computer == COMPUTER]
        forgotten = {*self.before, *self.after} - {step.name for step in steps}
        if forgotten:
            raise WentWrong(f"the guide has no step called {sorted(forgotten)}")
        for number, step in enumerate(steps, 1):
            if step.name in self.before:
                self.before[step.name]()
            print(f"\n=== {number}/{len(steps)} {step.name} ({PAGE}:{step.line})", flush=True)
            self.type(step)
            if step.name in self.after:
                self.after[step.name]()
        self.facts["steps"] = len(steps)

    def type(self, step: guide.Step) -> None:
        print("\n".join(f"$ {line}" for line in step.commands.splitlines()), flush=True)
        restarts = step.commands.strip().endswith("systemctl reboot")
        self.last = self.machine.restart() if restarts else self.machine.run(step.commands)
        self.show(self.last)
        if self.last.status and not restarts:
            raise WentWrong(f"step “{step.name}” ended with {self.last.status}")

    def show(self, result: Result) -> None:
        lines = result.output.rstrip().splitlines()
        if len(lines) > SHOWN_LINES:
            lines = [f"… {len(lines) - SHOWN_LINES} lines", *lines[-SHOWN_LINES:]]
        print("\n".join(f"  {line}" for line in lines))
        print(f"--- status {result.status}, {result.seconds:.1f} s", flush=True)

    def ask(self, commands: str) -> str:
        """Type something that is not in the guide, to look at what is there."""
        result = self.machine.run(commands)
        if result.status:
            raise WentWrong(f"{commands}: {result.output}")
        return result.output.strip()

    def note(self, fact: str, value: object, is_good: bool = True) -> None:
        self.facts[fact] = value
        print(f"*** {fact}: {value}", flush=True)
        if not is_good:
            raise WentWrong(f"{fact}: {value}")

    # --- what is looked at from outside ---

    def get(self, path: str, seconds: float = 30) -> tuple[int, str]:
        """GET a page over TLS, trusting only the authority that the guide gives to phones; status 0 without an answer."""
        authority = self.machine.root / "usr/local/share/ca-certificates/newfarmwork.crt"
        context = ssl.create_default_context(cafile=str(authority))
        try:
            with urllib.request.urlopen(
                f"https://{ADDRESS}{path}", timeout=seconds, context=context
            ) as answer:
                return answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            return error.code, ""
        except OSError as error:
            return 0, str(error)

    def wait_for_page(self, path: str = "/products/", seconds: float = 300) -> float:
        begun = time.monotonic()
        while (answer := self.get(path))[0] != 200:
            if time.monotonic() - begun > seconds:
                raise WentWrong(f"{path} from outside: {answer}")
            time.sleep(0.3)
        return round(time.monotonic() - begun, 1)

    # --- between the steps ---

    def read_what_was_given(self) -> None:
        found = re.findall(
            r"\((\+?[\d ]+)\) signs in within a day with the password  (.+)\n.*with the code  (\S+)",
            self.last.output,
        )
        self.given = {phone[-11:]: (password.strip(), code) for phone, password, code in found}
        self.note("people who were given a password", len(found), len(found) == 2)

    def expect_nothing_wrong(self) -> None:
        good = len(re.findall("^good ", self.last.output, re.MULTILINE))
        self.note("lines that are good", good, good > 10 and "WRONG" not in self.last.output)

    def use_it(self) -> None:
        self.note("page from outside after the restart of the computer (s)", self.wait_for_page())
        units = self.ask("systemctl is-active newfarmwork-prepare newfarmwork-app newfarmwork-spool "
                         "newfarmwork-worker newfarmwork-front")  # fmt: skip
        self.note("units after the restart", units.split(), set(units.split()) == {"active"})
        self.sell_and_order()
        self.kill("app")
        self.kill("worker")
        self.kill("front")

    def sell_and_order(self) -> None:
        people = self.people
        given, code = self.given[ORGANISER.replace(" ", "")]
        organiser, _secret = people.sign_in_for_the_first_time(ORGANISER, given, code)
        people.go(organiser, "/me/site/start/")
        people.sign_up("龙秀英", SELLER, VILLAGE)
        people.grant(organiser, "龙秀英")
        seller = people.open_browser()
        people.sign_in(seller, SELLER, PASSWORD)
        people.ask_to_sell(seller, VILLAGE)
        people.grant(organiser, "龙秀英")
        people.list_product(seller, PRODUCT)
        people.publish(organiser)
        self.order = people.order(PRODUCT)
        organiser.context.close()
        seller.context.close()
        self.note("organiser signed in, product listed and ordered", self.order.rpartition(ADDRESS)[2])

    def kill(self, name: str) -> None:
        """Kill a program's main process without a warning; systemd starts it again."""
        unit = f"newfarmwork-{name}"
        former = self.ask(f"systemctl show -P MainPID {unit}")
        self.ask(f"sudo sh -c 'kill -9 {former}'")
        begun = time.monotonic()
        while self.ask(f"systemctl show -P MainPID {unit}") in (former, "0"):
            if time.monotonic() - begun > LONGEST_AWAY:
                raise WentWrong(f"{unit} was not started again")
            time.sleep(0.2)
        waited = self.wait_for_page("/readyz" if name == "app" else "/products/")
        self.note(f"{name} killed: page again after (s)", waited, waited < LONGEST_AWAY)

    def write_next_release(self) -> None:
        """Commit a change of the database to the repository that the guide's `git pull` asks."""
        with tempfile.TemporaryDirectory() as folder:
            run("git", "clone", "-q", str(self.machine.root) + REPOSITORY, folder)
            add_migration(Path(folder), 1)
            run("git", "-C", folder, "add", "config/migrations")
            author = ["-c", "user.name=trial", "-c", "user.email=trial@localhost"]
            run("git", "-C", folder, *author, "commit", "-q", "-m", "Change the database")
            run("git", "-C", folder, "push", "-q")
        self.facts["release before"] = self.read_release()

    def read_release(self) -> str:
        return self.ask("systemctl show -P WorkingDirectory newfarmwork-app").rpartition("/")[2]

    def look_after_the_upgrade(self) -> None:
        self.expect_nothing_wrong()
        release = self.read_release()
        self.note("release after", release, release != self.facts["release before"])
        shown = self.ask("sudo newfarmwork showmigrations config")
        self.note(
            "the change of the database is in", "[X] 9001_upgrade" in shown, "[X] 9001_upgrade" in shown
        )
        self.people.find_order(self.order)
        self.note("order after the upgrade", "found")

    def copy_in_the_evening(self) -> None:
        self.ask(f"sudo newfarmwork backup {EVENING}")

    def look_after_coming_back(self) -> None:
        self.note("page after coming back from the copy (s)", self.wait_for_page())
        self.people.find_order(self.order)
        self.note("order after coming back", "found")

    def look_at_what_stayed(self) -> None:
        self.note("page after uninstalling", self.get("/products/")[0], self.get("/products/")[0] == 0)
        stayed = [path for path in ("/var/lib/newfarmwork/newfarmwork.sqlite3", "/var/lib/newfarmwork/secret_key",
                                    "/etc/newfarmwork.env", "/etc/newfarmwork/copies.key", EVENING)
                  if (self.machine.root / path.lstrip("/")).exists()]  # fmt: skip
        self.note("what stayed", stayed, len(stayed) == 5)
        [again] = [step for step in guide.read_steps(PAGE, VALUES) if step.name == "install the site"]
        self.type(again)
        self.note("page after installing again (s)", self.wait_for_page())
        self.people.find_order(self.order)
        self.note("order after installing again", "found")


def make_repository(root: Path) -> str:
    """Give the computer the code of this folder, as it was committed, where the guide's `git clone` finds it."""
    target = root / REPOSITORY.lstrip("/")
    run("git", "clone", "-q", "--bare", "--no-hardlinks", str(ROOT), str(target))
    (branch,) = run("git", "-C", str(ROOT), "rev-parse", "--abbrev-ref", "HEAD").split()
    subprocess.run(["git", "-C", str(target), "symbolic-ref", "HEAD", f"refs/heads/{branch}"], check=True)
    return run("git", "-C", str(ROOT), "log", "-1", "--format=%h %s").strip()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.proofs.trial", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, help="make the computer here, with room for 5 GB, and leave it"
    )
    parser.add_argument(
        "--base", type=Path, help="an empty root to copy instead of making one; made there if it is missing"
    )
    options = parser.parse_args()
    temporary = tempfile.TemporaryDirectory(prefix="trial-", dir="/var/tmp", ignore_cleanup_errors=True)
    folder = options.folder or Path(temporary.name)
    begun, trial = time.monotonic(), None
    try:
        with (
            come_to(f"https://{ADDRESS}") as people,
            temporary_machine(folder, NAME, ADDRESS, options.base) as machine,
        ):
            print(f"code: {make_repository(machine.root)}")
            booted = machine.run("cat /etc/debian_version; systemctl --version | head -n 1; cat /proc/1/comm")
            print(f"computer: Debian {' · '.join(booted.output.split(chr(10)))}", flush=True)
            trial = Trial(machine, people)
            trial.follow()
    except (CannotRun, NoBrowser) as error:
        print(f"The trial cannot run here: {error}")
        return 1
    except (WentWrong, AssertionError, BrowserError) as error:
        print(f"\nWENT WRONG: {error}")
        return 1
    finally:
        if trial:
            print(json.dumps(trial.facts, ensure_ascii=False, indent=1))
        print(f"{(time.monotonic() - begun) / 60:.1f} minutes")
        temporary.cleanup()
    return 0


if __name__ == "__main__":
    sys.exit(main())
