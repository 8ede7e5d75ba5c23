"""What befalls a county, each once a minute under its load (see FAULTS), and the way back."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from bench.harness.computers import wait_until
from bench.proofs.nodes.county import County, Installed

SECONDS_WITHOUT_POWER, SECONDS_UNPLUGGED, SECONDS_AWAY, SECONDS_FROZEN = 10, 20, 11, 5
# A film is uploaded in half a minute, and the worker needs some seconds for it.
FILM_COMES_WITHIN = 90


def kill_app(county: County) -> None:
    county.nodes[0].services["app"].kill()


def cut_power(county: County) -> None:
    """End a whole node, with its Caddy; it comes back with an empty disk, as a new computer."""
    node = county.nodes[-1]
    node.lose_power()
    time.sleep(SECONDS_WITHOUT_POWER)
    node.replace_disk()


def kill_worker(county: County) -> None:
    """Kill a worker while it makes a film, in whichever node that is."""
    found: list[Installed] = []

    def find() -> bool:
        found[:] = [node for node in county.nodes if is_making_film(node)]
        return bool(found)

    wait_until(find, FILM_COMES_WITHIN, "no worker makes a film")
    found[0].services["worker"].kill()


def is_making_film(node: Installed) -> bool:
    with suppress(psutil.Error):
        worker = psutil.Process(node.services["worker"].process.pid)
        return any("ffmpeg" in child.name() for child in worker.children(recursive=True))
    return False


def restart_postgres(county: County) -> None:
    county.store.stop_postgres()
    county.store.start_postgres()


def take_postgres_away(county: County) -> None:
    county.store.stop_postgres()
    time.sleep(SECONDS_AWAY)
    county.store.start_postgres()


def kill_front_of_node(county: County) -> None:
    county.nodes[-1].services["front"].kill()


def unplug_node(county: County) -> None:
    """Nothing that is sent to the node is answered, not even by its system."""
    county.nodes[0].computer.unplug()
    time.sleep(SECONDS_UNPLUGGED)
    county.nodes[0].computer.plug()


def kill_spool(county: County) -> None:
    county.nodes[-1].services["spool"].kill()


def restart_nodes(county: County) -> None:
    """Restart one node after the other, as for an upgrade."""
    for node in county.nodes:
        node.services["worker"].stop()
        node.services["app"].stop()
        node.services["app"].start()
        node.services["worker"].start()
        county.wait_until_ready()


def kill_front(county: County) -> None:
    county.front.services["front"].kill()


def freeze_bucket(county: County) -> None:
    """The bucket takes connections and answers nothing for a while."""
    bucket = psutil.Process(county.store.bucket.pid)
    bucket.suspend()
    time.sleep(SECONDS_FROZEN)
    bucket.resume()


FAULTS: dict[str, Callable[[County], None]] = {
    "kill -9 of a node's app": kill_app,
    "a node without power, back with an empty disk": cut_power,
    "kill -9 of a worker that makes a film": kill_worker,
    "PostgreSQL restarted": restart_postgres,
    "a node's cable unplugged": unplug_node,
    f"PostgreSQL away for {SECONDS_AWAY} s": take_postgres_away,
    "kill -9 of a node's Caddy": kill_front_of_node,
    "nodes restarted one after the other": restart_nodes,
    f"the bucket frozen for {SECONDS_FROZEN} s": freeze_bucket,
    "kill -9 of the front's Caddy, and of a spool": lambda county: (kill_spool(county), kill_front(county)),
}
