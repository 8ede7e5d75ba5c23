"""Tell names and addresses of the internet from those of this computer and its own network."""

import ipaddress

from django.core.exceptions import ImproperlyConfigured

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


def read_networks(name: str, words: list[str]) -> list[Network]:
    """Return addresses and networks of the setting `name`: 10.0.0.5 10.1.0.0/16 fd00::/8. Raises ImproperlyConfigured."""
    try:
        return [ipaddress.ip_network(word, strict=False) for word in words]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name}: {error}. Write addresses and networks, as 10.0.0.5 10.1.0.0/16."
        ) from error
