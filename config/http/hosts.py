"""Tell names and addresses of the internet from those of this computer and its own network."""

import ipaddress


def is_private(host: str) -> bool:
    """Return whether a host name cannot be reached from the public internet."""
    name = host.strip("[]").split("%")[0]
    if name == "localhost" or name.endswith((".localhost", ".local", ".lan")) or name == "testserver":
        return True
    try:
        return ipaddress.ip_address(name).is_private
    except ValueError:
        return False
