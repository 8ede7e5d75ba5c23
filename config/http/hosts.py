"""Tell names and addresses of the internet from those of this computer and its own network."""

import ipaddress
from collections.abc import Iterable

from django.core.exceptions import ImproperlyConfigured

# Under which only this computer itself finds the site.
OWN_NAMES = {"localhost", "127.0.0.1", "[::1]"}
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def is_private(host: str) -> bool:
    """Return whether a host name cannot be reached from the public internet."""
    name = host.strip("[]").split("%")[0]
    if name == "localhost" or name.endswith((".localhost", ".local", ".lan")) or name == "testserver":
        return True
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return False


def are_private(hosts: Iterable[str]) -> bool:
    """Return whether a site of these names (ALLOWED_HOSTS) is one of a hall's own network, and not on the internet."""
    named = [host for host in hosts if host not in OWN_NAMES]
    return bool(named) and all(map(is_private, named))


def read_networks(name: str, words: list[str]) -> list[Network]:
    """Return addresses and networks of the setting `name`: 10.0.0.5 10.1.0.0/16 fd00::/8. Raises ImproperlyConfigured."""
    try:
        return [ipaddress.ip_network(word, strict=False) for word in words]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}: {error}. Write addresses and networks, as 10.0.0.5 10.1.0.0/16."
        ) from error
