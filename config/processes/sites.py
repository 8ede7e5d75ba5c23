"""What is chosen at `make install`: for which parts of a site this computer is, and how they are reached.

A site of one computer has all parts on it. A site of several has front computers (PARTS=front, NODES), which hand requests to
nodes (PARTS="app worker", LISTEN, FRONTS), and maybe computers that make films only (PARTS=worker).
"""

from __future__ import annotations

import ipaddress
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

PARTS = ("app", "worker", "front")
# The programs of each part (config.up.list_commands). A node has a front server of its own, which only front computers may ask.
PROGRAMS = {"app": ("app", "spool"), "worker": ("worker",), "front": ("front",)}
NODE_PORT = "8080"
# As the settings have them (config.settings), which cannot be read before a site is installed.
SITE_ROLES = ("practice", "copilot", "single_seller", "multi_seller")


class BadChoice(Exception):
    """Raised when the site cannot be installed as it was asked for; the message says why and what to type."""


@dataclass(frozen=True)
class Site:
    """What is chosen at installation. `tls` is how the front server gets its certificate:

    "" (plain HTTP), "public" (by itself, for a name that the whole internet finds), "internal" (from its own authority),
    "files" (`tls_cert` and `tls_key`).
    """

    host: str
    port: str = "80"
    https_port: str = "443"
    var_dir: str = "/var/lib/newfarmwork"
    allowed_hosts: str = ""
    site_role: str = "practice"
    workers: str = "2"
    tls: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    # Words with blanks between them, as they are said.
    parts: str = " ".join(PARTS)
    nodes: str = ""
    fronts: str = ""
    listen: str = ""

    @property
    def url(self) -> str:
        scheme, port, usual = ("https", self.https_port, "443") if self.tls else ("http", self.port, "80")
        return f"{scheme}://{self.host}{'' if port == usual else f':{port}'}/"

    @property
    def is_node(self) -> bool:
        """Whether it is one of several computers with the app, behind a front computer."""
        return bool(self.fronts)

    @property
    def programs(self) -> tuple[str, ...]:
        """Return the names of the programs that run on this computer."""
        found = [program for part in PARTS if part in self.parts.split() for program in PROGRAMS[part]]
        return tuple([*found, "front"] if self.is_node else found)


def read_site(env: Mapping[str, str], earlier: Mapping[str, str]) -> Site:
    """Return what the environment says, else what an earlier installation was told. Raises BadChoice."""
    names = ("host", "port", "https_port", "var_dir", "allowed_hosts", "site_role", "workers")
    chosen = {name: env.get(name.upper()) or earlier.get(name, "") for name in names}
    chosen |= choose_parts(env, earlier)
    if not chosen["host"]:
        raise BadChoice(
            "Say under which address the phones find this computer: sudo HOST=192.168.1.20 make install"
        )
    if env.get("HOST") not in (None, "", earlier.get("host")) and not env.get("ALLOWED_HOSTS"):
        chosen["allowed_hosts"] = ""
    chosen["allowed_hosts"] = chosen["allowed_hosts"] or f"{chosen['host']} localhost 127.0.0.1"
    site = Site(
        **{name: value for name, value in chosen.items() if value}, **choose_tls(env, earlier, chosen["host"])
    )
    check_site(site)
    return site


def choose_parts(env: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, str]:
    """Return parts, nodes, fronts and listen, each node and LISTEN with its port. Other parts than before begin anew."""
    if env.get("PARTS") and env["PARTS"].split() != earlier.get("parts", " ".join(PARTS)).split():
        earlier = {}
    names = ("parts", "nodes", "fronts", "listen")
    chosen = {name: " ".join((env.get(name.upper()) or earlier.get(name, "")).split()) for name in names}
    for name in ("nodes", "listen"):
        chosen[name] = " ".join(add_port(place) for place in chosen[name].split())
    return chosen


def add_port(place: str) -> str:
    return place if ":" in place else f"{place}:{NODE_PORT}"


def choose_tls(env: Mapping[str, str], earlier: Mapping[str, str], host: str) -> dict[str, str]:
    """Return tls, tls_cert and tls_key. Raises BadChoice."""
    wish, cert, key = (env.get(name, "").strip() for name in ("HTTPS", "TLS_CERT", "TLS_KEY"))
    if bool(cert) != bool(key):
        raise BadChoice("A certificate needs its key: give TLS_CERT and TLS_KEY, each with its whole path.")
    if cert and wish != "0":
        return {"tls": "files", "tls_cert": cert, "tls_key": key}
    if not wish:
        return {name: earlier.get(name, "") for name in ("tls", "tls_cert", "tls_key")}
    if wish == "0":
        return {}
    if wish not in ("1", "internal"):
        raise BadChoice("HTTPS is 1, internal (from the front server's own authority) or 0.")
    return {"tls": "public" if wish == "1" and is_public(host) else "internal"}


def is_public(host: str) -> bool:
    """Return whether authorities on the internet may certify that name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host and not host.endswith((".local", ".lan", ".localhost", ".internal"))
    return False


def check_site(site: Site) -> None:
    """Refuse what would mean something else in a unit, a shell or a Caddyfile."""
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", site.host):
        raise BadChoice(f"HOST is a name or an address without http:// and port, not “{site.host}”.")
    if re.search(r"\.[0-9][^.]*$", site.host) and not is_address(site.host):
        raise BadChoice(f"HOST looks like an address and is none: “{site.host}”; it would be 192.168.1.20.")
    for name, port in (("PORT", site.port), ("HTTPS_PORT", site.https_port)):
        if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
            raise BadChoice(f"{name} is a number from 1 to 65535, not “{port}”.")
    if site.tls and site.port == site.https_port:
        raise BadChoice("PORT (80, which leads on to HTTPS) and HTTPS_PORT (443) are two.")
    if not re.fullmatch(r"[1-9][0-9]?", site.workers):
        raise BadChoice(f"WORKERS is a number from 1 to 99, not “{site.workers}”.")
    for name, path in (("VAR_DIR", site.var_dir), ("TLS_CERT", site.tls_cert), ("TLS_KEY", site.tls_key)):
        if path and not re.fullmatch(r"/[\w.+@/-]+", path):
            raise BadChoice(f"{name} is a whole path of letters, digits and . _ + @ -, not “{path}”.")
    if posixpath.normpath(site.var_dir) != site.var_dir or len(site.var_dir.strip("/").split("/")) < 2:
        raise BadChoice(f"VAR_DIR is a folder of the site's own, such as /srv/nonghuo, not “{site.var_dir}”.")
    check_parts(site)
    if re.search(r"[^\w.:*\[\] -]", site.allowed_hosts):
        raise BadChoice("ALLOWED_HOSTS are names with blanks between them.")
    # The settings file that has it stays, whatever is said to the next installation.
    if site.site_role not in SITE_ROLES:
        raise BadChoice(f"SITE_ROLE is one of {', '.join(SITE_ROLES)}, not “{site.site_role}”.")


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def check_parts(site: Site) -> None:
    """Refuse parts that do not make a site together."""
    parts = set(site.parts.split())
    if not parts or parts - set(PARTS):
        raise BadChoice(f"PARTS are some of {' '.join(PARTS)}, not “{site.parts}”.")
    if bool(site.nodes) != (parts == {"front"}) or parts == {"front", "worker"}:
        raise BadChoice(
            'A front computer is installed with PARTS=front NODES="10.0.0.11 10.0.0.12", both together.'
        )
    is_node = "app" in parts and "front" not in parts
    if bool(site.fronts) != is_node or bool(site.listen) != is_node:
        raise BadChoice(
            'A node is installed with PARTS="app worker" (or app) FRONTS=10.0.0.10 LISTEN=10.0.0.11, all together.'
        )
    for place in [*site.nodes.split(), *site.listen.split()]:
        match = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*:([0-9]{1,5})", place)
        if match is None or not 0 < int(match[1]) < 65536:
            raise BadChoice(
                f"NODES and LISTEN are addresses such as 10.0.0.11 or 10.0.0.11:8080, not “{place}”."
            )
    if len(site.listen.split()) > 1:
        raise BadChoice("LISTEN is one address of this computer, in the inner network.")
    for front in site.fronts.split():
        try:
            is_all = not ipaddress.ip_network(front).prefixlen
        except ValueError:
            is_all = True
        # A zone behind % may be any text.
        if is_all or "%" in front:
            raise BadChoice(f"FRONTS are addresses of front computers such as 10.0.0.10, not “{front}”.")
