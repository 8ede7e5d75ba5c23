"""Follow a page of the guide on computers that boot, from its first block to its last, and use the site in between.

What is done before or after a step is said under the step's computer and name, `node1: fetch the code`.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Error as BrowserError

from bench.harness import guide
from bench.harness.machine import CannotRun, Machine, Result, run
from bench.harness.people import PASSWORD, NoBrowser, People
from bench.harness.visitors import Site

ORGANISER, SELLER = "139 0000 1000", "13700001111"
VILLAGE, PRODUCT = "石榴冲村", "石榴冲冰糖橙"
# s; a killed program is away for two or three seconds (RestartSec and its start), on a busy machine for longer.
LONGEST_AWAY = 60
SHOWN_LINES = 30
AUTHOR = ("-c", "user.name=proof", "-c", "user.email=proof@localhost")


class WentWrong(Exception):
    """Raised when a step of the guide fails, or the site does not do what the guide says."""


class GuideRun:
    """A page of the guide, its computers, and the people; `facts` is what was found."""

    def __init__(
        self, page: str, values: Mapping[str, str], machines: Mapping[str, Machine], people: People
    ) -> None:
        self.page, self.machines, self.people = page, machines, people
        steps = guide.read_steps(page, values)
        # In order, each under its computer and name; read once, so that all of it is one edition of the page.
        self.steps = {f"{step.computer}: {step.name}": step for step in steps if step.computer in machines}
        self.facts: dict[str, object] = {}
        self.given: dict[str, tuple[str, str]] = {}
        self.order = ""
        self.before: dict[str, Callable[[], None]] = {}
        self.after: dict[str, Callable[[], None]] = {}
        self.last = Result(0, "", 0)

    # --- the steps ---

    def follow(self) -> None:
        forgotten = {*self.before, *self.after} - set(self.steps)
        if forgotten:
            raise WentWrong(f"the guide has no step called {sorted(forgotten)}")
        for title in self.steps:
            if title in self.before:
                self.before[title]()
            self.type(title)
            if title in self.after:
                self.after[title]()
        self.facts["steps"] = len(self.steps)

    def type(self, title: str, fails: bool = False) -> None:
        """Type a step on its computer; it must end well, or else with an error. Raises WentWrong."""
        step, number = self.steps[title], list(self.steps).index(title) + 1
        machine = self.machines[step.computer]
        print(f"\n=== {number}/{len(self.steps)} {title} ({self.page}:{step.line})", flush=True)
        print("\n".join(f"$ {line}" for line in step.commands.splitlines()), flush=True)
        restarts = step.commands.strip().endswith("systemctl reboot")
        self.last = machine.restart() if restarts else machine.run(step.commands)
        self.show(self.last)
        if not restarts and bool(self.last.status) != fails:
            raise WentWrong(f"step “{title}” ended with {self.last.status}")

    def show(self, result: Result) -> None:
        lines = result.output.rstrip().splitlines()
        if len(lines) > SHOWN_LINES:
            lines = [f"… {len(lines) - SHOWN_LINES} lines", *lines[-SHOWN_LINES:]]
        print("\n".join(f"  {line}" for line in lines))
        print(f"--- status {result.status}, {result.seconds:.1f} s", flush=True)

    def ask(self, computer: str, commands: str) -> str:
        """Type something that is not in the guide, to look at what is there. Raises WentWrong."""
        result = self.machines[computer].run(commands)
        if result.status:
            raise WentWrong(f"{computer}: {commands}: {result.output}")
        return result.output.strip()

    def note(self, fact: str, value: object, is_good: bool = True) -> None:
        self.facts[fact] = value
        print(f"*** {fact}: {value}", flush=True)
        if not is_good:
            raise WentWrong(f"{fact}: {value}")

    # --- what is looked at from outside ---

    def find_site(self) -> Site:
        """Return where visitors find the site. Each guide's proof says it."""
        raise NotImplementedError

    def get(self, path: str) -> tuple[int, str]:
        """GET a page; status 0 without an answer."""
        return self.find_site().ask(f"GET {path}")

    def wait_for_page(self, path: str = "/products/", seconds: float = 300) -> float:
        begun = time.monotonic()
        while (answer := self.get(path))[0] != 200:
            if time.monotonic() - begun > seconds:
                raise WentWrong(f"{path} from outside: {answer}")
            time.sleep(0.3)
        return round(time.monotonic() - begun, 1)

    # --- what the guides have in common ---

    def read_what_was_given(self) -> None:
        found = re.findall(
            r"\((\+?[\d ]+)\) signs in within a day with the password  (.+)\n.*with the code  (\S+)",
            self.last.output,
        )
        self.given = {phone[-11:]: (password.strip(), code) for phone, password, code in found}
        self.note("people who were given a password", len(found), len(found) == 2)

    def expect_nothing_wrong(self, least: int = 10) -> None:
        good = len(re.findall("^good ", self.last.output, re.MULTILINE))
        self.note("lines that are good", good, good > least and "WRONG" not in self.last.output)

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
        self.note("organiser signed in, product listed and ordered", self.order.removeprefix(people.url))

    def find_order(self, when: str) -> None:
        self.people.find_order(self.order)
        self.note(f"order {when}", "found")

    def kill(self, computer: str, name: str) -> str:
        """Kill a program's main process without a warning, and wait until systemd has started it again; return its unit."""
        unit = f"newfarmwork-{name}"
        former = self.ask(computer, f"systemctl show -P MainPID {unit}")
        self.ask(computer, f"sudo sh -c 'kill -9 {former}'")
        begun = time.monotonic()
        while self.ask(computer, f"systemctl show -P MainPID {unit}") in (former, "0"):
            if time.monotonic() - begun > LONGEST_AWAY:
                raise WentWrong(f"{unit} was not started again")
            time.sleep(0.2)
        return unit

    def read_release(self, computer: str) -> str:
        """Return the name of the release that the computer serves."""
        found = self.ask(computer, "systemctl show -P WorkingDirectory newfarmwork-front")
        return found.rpartition("/")[2]


def commit_to(repository: str | Path, message: str, change: Callable[[Path], None]) -> None:
    """Change the code in the repository that the guide's `git pull` asks."""
    with tempfile.TemporaryDirectory() as folder:
        run("git", "clone", "-q", repository, folder)
        change(Path(folder))
        run("git", "-C", folder, "add", "--all")
        run("git", "-C", folder, *AUTHOR, "commit", "-q", "-m", message)
        run("git", "-C", folder, "push", "-q")


def run_guide(
    program: str, description: str, begin: Callable[[ExitStack, Path, Path | None], GuideRun]
) -> int:
    """Follow a guide in a folder, maybe from the root of a computer that was never used; return the exit status."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=description)
    parser.add_argument(
        "--folder", type=Path, help="make the computers here, with room for 5 GB each, and leave them"
    )
    parser.add_argument(
        "--base", type=Path, help="an empty root to copy instead of making one; made there if it is missing"
    )
    options = parser.parse_args()
    temporary = tempfile.TemporaryDirectory(prefix="proof-", dir="/var/tmp", ignore_cleanup_errors=True)
    begun, guide_run = time.monotonic(), None
    try:
        with ExitStack() as stack:
            guide_run = begin(stack, options.folder or Path(temporary.name), options.base)
            guide_run.follow()
    except (CannotRun, NoBrowser) as error:
        print(f"The proof cannot run here: {error}")
        return 1
    except (WentWrong, AssertionError, BrowserError) as error:
        print(f"\nWENT WRONG: {error}")
        return 1
    finally:
        if guide_run:
            print(json.dumps(guide_run.facts, ensure_ascii=False, indent=1))
        print(f"{(time.monotonic() - begun) / 60:.1f} minutes")
        temporary.cleanup()
    return 0
