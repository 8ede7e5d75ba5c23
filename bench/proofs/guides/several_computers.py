"""Follow the guide for several computers to the letter on four empty Debians that boot for real, and use their site from outside.

    python -m bench.proofs.guides.several_computers

Every block of docs/county/several-computers.md is run as it stands there, on the computer that it names, with only what its
table says replaced: the addresses, keys and passwords. The public names stay: what they lead to on the internet is here, too
(bench.harness.internet), with an authority that gives the site its certificate. What the firewalls keep out is tried. Computers
are restarted, a node is taken out, an app killed, and the site upgraded node by node, while visitors ask all the time: none of
their requests may be refused. Then the database changes, and the site comes back from a copy. Needs what
bench.proofs.guides.one_computer needs.
"""

from __future__ import annotations

import functools
import secrets
import shlex
import socket
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.harness.guide_run import LONGEST_AWAY, GuideRun, WentWrong, commit_to, run_guide
from bench.harness.internet import Internet, temporary_internet
from bench.harness.machine import Machine, get_outer_address, temporary_machines
from bench.harness.people import People, come_to
from bench.harness.visitors import (
    PER_SECOND,
    Site,
    Visit,
    count_answers,
    find_slowest,
    list_refused,
    visiting,
)
from bench.proofs.upgrades import add_migration

PAGE, BRIDGE = "several-computers.md", "nfr"
SITE, GIT, BUCKET = "nonghuo.example.cn", "git.example.cn", "files.example.cn"
ADDRESSES = {
    "database": "10.77.19.20",
    "node1": "10.77.19.11",
    "node2": "10.77.19.12",
    "front": "10.77.19.10",
}
NODES = ("node1", "node2")
EVENING = "/mnt/copies/evening.copy"
VALUES = {address.replace("10.77.19.", "10.0.0."): address for address in ADDRESSES.values()} | {
    "DATABASE-PASSWORD": secrets.token_hex(20),
    "SECRET-KEY-OF-50-CHARACTERS-OR-MORE-THE-SAME-ON-ALL-NODES": secrets.token_hex(40),
    "BUCKET-KEY": secrets.token_hex(10),
    "BUCKET-SECRET": secrets.token_hex(20),
    "EMPTY-BUCKET": "farm-again",
    "SITE_ROLE=practice": "SITE_ROLE=single_seller",
    "/mnt/copies/farm.copy": EVENING,
}
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
# Pages, what phones and buyers repeat, and a form that nobody may send twice.
REQUESTS = (
    "GET /",
    "GET /products/",
    "POST /sync/",
    "GET /courses/",
    "GET /healthz",
    "POST /accounts/login/",
)
# What is answered although an app is killed: the front computer asks another node.
REPEATED = ("GET /", "GET /products/", "POST /sync/", "GET /courses/")
# s for the front server to see that a node is back, and for the node to have been asked.
SETTLES = 5
# Typed on the front computer; fails unless the node answers it as it answers the front server.
ASKING = """
import urllib.request as ask
ask.urlopen(ask.Request('http://{address}:8080/healthz', headers={{'Host': '{site}'}}), timeout=5)
"""
# So many connections are being opened at any moment, on a busy machine.
MOST_CUT = 5
STYLE = "ui/static/ui/look.css"


class SeveralComputers(GuideRun):
    """The guide for several computers, and what is done between its steps."""

    def __init__(
        self, machines: dict[str, Machine], people: People | None, internet: Internet | None
    ) -> None:
        super().__init__(PAGE, VALUES, machines, people)
        self.internet = internet
        self.visits = ExitStack()
        self.releases: dict[str, str] = {}
        self.style = ""
        self.before: dict[str, Callable[[], None]] = {
            "node1: restart the computer": functools.partial(self.begin_visits, REQUESTS),
            "node2: take the node out": functools.partial(self.begin_visits, REQUESTS),
            "front: upgrade the front computer": self.begin_rolling_upgrade,
            "node2: stop the site for a change of the database": self.find_that_database_changes,
            "node2: stop the site before coming back": self.copy_in_the_evening,
        }
        self.after: dict[str, Callable[[], None]] = {
            "database: close the other ports": functools.partial(self.look_at_firewall, "database"),
            "node1: close the other ports": functools.partial(self.look_at_firewall, "node1"),
            "node2: close the other ports": functools.partial(self.look_at_firewall, "node2"),
            "front: close the other ports": functools.partial(self.look_at_firewall, "front"),
            "node1: write the settings": functools.partial(self.trust_authority_of_bucket, "node1"),
            "node2: write the settings": functools.partial(self.trust_authority_of_bucket, "node2"),
            "front: install the front computer": self.look_from_outside,
            "node1: start the county": self.read_what_was_given,
            "node1: try everything once": self.expect_nothing_wrong,
            "node2: try everything once": self.expect_nothing_wrong,
            "front: try everything once": functools.partial(self.expect_nothing_wrong, least=4),
            "node1: restart the computer": functools.partial(self.wait_for_node, "node1"),
            "node2: restart the computer": self.end_restart_of_nodes,
            "database: restart the computer": self.look_after_restart_of_database,
            "front: restart the computer": self.use_it,
            "node2: take the node out": self.expect_node_to_be_away,
            "node2: bring the node back": self.look_after_bringing_back,
            "node2: upgrade the node": self.look_after_rolling_upgrade,
            "node2: upgrade after a change of the database": self.look_after_change_of_database,
            "node2: start with what came back": self.look_after_coming_back,
            "node1: try everything after coming back": self.expect_nothing_wrong,
        }

    def find_site(self) -> Site:
        """Trust only the authority that stands for a public one."""
        context = ssl.create_default_context(cafile=str(self.internet.authority))
        return Site(443, ADDRESSES["front"], SITE, context)

    # --- visitors ---

    def begin_visits(self, requests: Sequence[str], per_second: float = PER_SECOND) -> None:
        self.asked = self.visits.enter_context(visiting(self.find_site(), requests, per_second))
        time.sleep(2)

    def end_visits(self) -> list[Visit]:
        time.sleep(SETTLES)
        self.visits.close()
        return self.asked

    def end_visits_and_expect_answers(self, during: str, most_cut: int = 0) -> None:
        """End the visits, of which none may have failed, but for so many connections that were cut within one second."""
        visits = self.end_visits()
        refused = list_refused(visits)
        for visit in refused[:10]:
            print(f"    {visit}")
        cut = [visit.begun for visit in refused if not visit.status]
        is_good = len(refused) == len(cut) <= most_cut and (not cut or max(cut) - min(cut) < 1)
        answers = f"{len(refused) - len(cut)} of {len(visits)} refused, {len(cut)} cut, slowest {find_slowest(visits)} s"
        self.note(
            f"visitors while {during}", f"{answers}, {count_answers(visits)}", is_good and len(visits) > 50
        )

    def wait_for_node(self, name: str) -> None:
        """Wait until a node answers the front computer, which then gives requests to it again."""
        asking = ASKING.format(address=ADDRESSES[name], site=SITE)
        begun = time.monotonic()
        while self.machines["front"].run(f"python3 -c {shlex.quote(asking)}").status:
            if time.monotonic() - begun > LONGEST_AWAY * 3:
                raise WentWrong(f"{name} does not answer the front computer")
            time.sleep(1)
        time.sleep(SETTLES)

    # --- installing ---

    def look_at_firewall(self, name: str) -> None:
        rules = self.ask(name, "sudo nft list ruleset")
        self.note(f"firewall of {name}", "policy drop", "policy drop" in rules)

    def trust_authority_of_bucket(self, name: str) -> None:
        """Name the authorities of the computer, one of which is the bucket's here; a vendor's is known without it."""
        self.ask(name, f"echo AWS_CA_BUNDLE={BUNDLE} | sudo tee -a /etc/newfarmwork.env")

    def look_from_outside(self) -> None:
        self.note("page from outside, with a certificate from the authority (s)", self.wait_for_page())
        self.try_ports()

    def try_ports(self) -> None:
        """Connect from another computer of the inner network: only the front server may answer."""
        tried = {"front": (80, 443, 8080), "node1": (8080, 80), "node2": (8080, 80), "database": (5432,)}
        answer = [
            f"{name}:{port}"
            for name, ports in tried.items()
            for port in ports
            if self.can_connect(name, port)
        ]
        self.note("ports that others reach", answer, answer == ["front:80", "front:443"])

    def can_connect(self, name: str, port: int) -> bool:
        try:
            socket.create_connection((ADDRESSES[name], port), timeout=2).close()
        except OSError:
            return False
        return True

    # --- the running site ---

    def end_restart_of_nodes(self) -> None:
        self.wait_for_node("node2")
        self.end_visits_and_expect_answers("both nodes were restarted, one after the other")

    def look_after_restart_of_database(self) -> None:
        self.note("ready after the restart of the database (s)", self.wait_for_page("/readyz"))

    def use_it(self) -> None:
        self.note("ready after the restart of the front computer (s)", self.wait_for_page("/readyz"))
        for name in ADDRESSES:
            self.look_at_firewall(name)
        self.try_ports()
        self.sell_and_order()

    def expect_node_to_be_away(self) -> None:
        shown = (
            self.machines["node2"].run("systemctl is-active newfarmwork-app newfarmwork-front").output.split()
        )
        self.note("app and front server of the node that is out", shown, shown == ["inactive"] * 2)
        time.sleep(SETTLES)

    def look_after_bringing_back(self) -> None:
        self.wait_for_node("node2")
        self.end_visits_and_expect_answers("a node was taken out and brought back")
        self.begin_visits(REPEATED)
        self.kill("node1", "app")
        self.wait_for_node("node1")
        self.end_visits_and_expect_answers("the app of a node was killed")

    # --- upgrades ---

    def commit(self, message: str, change: Callable[[Path], None]) -> None:
        commit_to(self.internet.repository, message, change)
        self.internet.update_repository()

    def read_releases(self) -> dict[str, str]:
        return {name: self.read_release(name) for name in (*NODES, "front")}

    def begin_rolling_upgrade(self) -> None:
        self.commit("Change a style", add_style)
        self.releases = self.read_releases()
        self.style = self.find_style()
        self.begin_visits(REQUESTS)

    def find_style(self) -> str:
        """Return the path of the style of the first page."""
        _status, page = self.get("/")
        return page.partition('rel="stylesheet"')[2].partition('href="')[2].partition('"')[0]

    def look_after_rolling_upgrade(self) -> None:
        self.wait_for_node("node2")
        # Caddy cuts who is still saying hello when the front computer's takes its new configuration.
        during = "front computer and nodes were upgraded, one after the other"
        self.end_visits_and_expect_answers(during, most_cut=MOST_CUT)
        self.expect_other_releases()
        style = self.find_style()
        statuses = [self.get(path)[0] for path in (self.style, style)]
        self.note("styles of both releases", statuses, statuses == [200, 200] and style != self.style)

    def expect_other_releases(self) -> None:
        former, self.releases = self.releases, self.read_releases()
        changed = [name for name, release in self.releases.items() if release != former[name]]
        self.note("computers with another release", changed, len(changed) == len(self.releases))

    def find_that_database_changes(self) -> None:
        """Upgrade as before, to a release that changes the database: the first node says so and changes nothing."""
        self.commit("Change the database", functools.partial(add_migration, number=1))
        # Few: each of those who come while the site is away waits for 15 seconds.
        self.begin_visits(REPEATED, per_second=2)
        self.type("front: upgrade the front computer")
        self.type("node1: upgrade the node", fails=True)
        self.note(
            "what the first node says",
            self.last.output.splitlines()[-3:],
            ADDRESSES["node2"] in self.last.output,
        )

    def look_after_change_of_database(self) -> None:
        self.wait_for_node("node2")
        visits = self.end_visits()
        refused = list_refused(visits)
        away = max((visit.begun for visit in refused), default=0) - min(
            (visit.begun for visit in refused), default=0
        )
        self.note("away while the database changed (s)", round(away, 1), away < LONGEST_AWAY * 3)
        self.note("answers of that time", f"{len(refused)} of {len(visits)} refused, {count_answers(visits)}")
        self.expect_other_releases()
        shown = "[X] 9001_upgrade" in self.ask("node2", "sudo newfarmwork showmigrations config")
        self.note("the change of the database is in", shown, shown)
        for name, least in (("node1", 10), ("node2", 10), ("front", 4)):
            self.type(f"{name}: try everything once")
            self.expect_nothing_wrong(least)
        self.find_order("after the upgrades")

    # --- copies ---

    def copy_in_the_evening(self) -> None:
        self.ask("node1", f"sudo newfarmwork backup {EVENING}")

    def look_after_coming_back(self) -> None:
        self.note("ready after coming back from the copy (s)", self.wait_for_page("/readyz"))
        self.wait_for_node("node2")
        self.find_order("after coming back")
        kept = self.internet.count_files("farm"), self.internet.count_files("farm-again")
        self.note("files in the former bucket and in the new one", kept, min(kept) > 0)


def add_style(source: Path) -> None:
    path = source / STYLE
    path.write_text(path.read_text() + "\n.of-the-next-release {\n  color: inherit;\n}\n")


def introduce(machine: Machine, internet: Internet) -> None:
    """Let a computer find the public names, and trust their authority once it has Debian's list of them."""
    with open(machine.root / "etc/hosts", "a") as file:
        file.writelines(f"{address} {name}\n" for name, address in internet.list_hosts().items())
    folder = machine.root / "usr/local/share/ca-certificates"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "proof.crt").write_bytes(internet.authority.read_bytes())


def begin(stack: ExitStack, folder: Path, base: Path | None) -> SeveralComputers:
    hosts = {SITE: ADDRESSES["front"], BUCKET: get_outer_address(ADDRESSES["front"]).partition("/")[0]}
    people = stack.enter_context(come_to(f"https://{SITE}", hosts))
    machines = stack.enter_context(temporary_machines(folder, BRIDGE, ADDRESSES, base))
    internet = stack.enter_context(
        temporary_internet(
            folder / "internet",
            hosts[BUCKET],
            site=SITE,
            site_address=ADDRESSES["front"],
            git=GIT,
            bucket=BUCKET,
        )
    )
    print(f"code: {internet.make_repository()}")
    for name in ("farm", VALUES["EMPTY-BUCKET"]):
        internet.make_bucket(name)
    for name, machine in machines.items():
        introduce(machine, internet)
        print(f"{name}: {machine.describe()}", flush=True)
    guide_run = SeveralComputers(machines, people, internet)
    stack.callback(guide_run.visits.close)
    return guide_run


if __name__ == "__main__":
    sys.exit(run_guide("bench.proofs.guides.several_computers", __doc__, begin))
