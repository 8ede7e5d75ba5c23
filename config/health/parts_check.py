"""Ask what a site of several computers needs: whether a front computer reaches its nodes, and a node believes front computers
only.

Which parts a computer has is said by the command `newfarmwork` (config.processes.units) in PARTS, NODES and LISTEN.
"""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from config.health import front_check
from config.health.env_file import Fault

ALL_PARTS = "app worker front"
OTHER_CLOCK_SECONDS = 60
# A front computer has no database, and none of the site's keys.
NOT_OF_FRONT = {"settings", "log", "migrations", "database", "contents", "law", "worker", "bucket", "copies"}
OF_APP = {"app", "spool"}
ON_NODE = "systemctl status 'newfarmwork-*' there"


def read_parts() -> set[str]:
    return set((os.environ.get("PARTS") or ALL_PARTS).split())


def list_foreign_subjects() -> set[str]:
    """Return what is not looked at on this computer, because it belongs to parts that others have."""
    foreign = set() if "app" in read_parts() else set(OF_APP)
    if read_parts() == {"front"}:
        foreign |= NOT_OF_FRONT
    if not os.environ.get("NODES"):
        foreign.add("nodes")
    if not os.environ.get("LISTEN"):
        foreign.add("node")
    return foreign


def list_faults_of_nodes() -> Iterator[Fault]:
    """Yield, on a front computer, which nodes do not answer it."""
    for place in os.environ.get("NODES", "").split():
        url = urlsplit(f"http://{place}")
        try:
            alive, page = ask(url, "/healthz"), ask(url, "/")
        except (OSError, http.client.HTTPException) as error:
            mend = f"{ON_NODE}; let its firewall admit this computer to port {url.port}"
            yield Fault(f"the node {place} does not answer ({error})", mend)
            continue
        if alive.status != 200:
            yield Fault(f"/healthz of the node {place} answers {alive.status}", ON_NODE)
        elif page.status == 403:
            yield Fault(
                f"the node {place} does not take this computer for a front computer",
                "sudo FRONTS=… make install there, with this computer's address in the inner network",
            )
        ahead = front_check.read_clock(alive)
        if ahead is not None and abs(ahead) > OTHER_CLOCK_SECONDS:
            yield Fault(
                f"the clock of the node {place} differs by {ahead:+.0f} s", "timedatectl set-ntp true there"
            )


def list_faults_of_node() -> Iterator[Fault]:
    """Yield, on a node, whether its front server answers, and whether it believes others than front computers."""
    place = os.environ.get("LISTEN", "")
    url = urlsplit(f"http://{place}")
    mend = "systemctl restart newfarmwork-front; journalctl -u newfarmwork-front"
    try:
        alive, page = ask(url, "/healthz"), ask(url, "/")
    except (OSError, http.client.HTTPException) as error:
        yield Fault(f"this node's front server does not answer at {place} ({error})", mend)
        return
    if alive.status != 200:
        yield Fault(f"/healthz at {place} answers {alive.status}", mend)
    elif page.status != 403:
        yield Fault(
            f"{place} answers pages to this computer, which is no front computer: who asks it may name any visitor's address",
            "sudo FRONTS=… make install with the front computers' addresses alone",
        )


def ask(url: SplitResult, path: str) -> front_check.Answer:
    """Ask under the site's name, as a front computer does."""
    names = [host for host in settings.ALLOWED_HOSTS if host[:1] not in "*."]
    return front_check.ask(url, path, {"Host": names[0] if names else "localhost"})
