"""Whether the programs that were installed on this computer answer."""

from __future__ import annotations

import http.client
import json
import socket
import time
from contextlib import suppress

from config.processes import units
from config.processes.sites import Site

# Seconds for which the site may need to start; a worker is heard in the first of them.
PATIENCE = 90
LOOK_EVERY = 0.5


def wait_for_site(site: Site, app_socket: str = units.SOCKET, patience: float = PATIENCE) -> str:
    """Return what is still missing after some time, in a sentence; nothing as soon as all of this computer's parts answer."""
    end = time.monotonic() + patience
    while (lack := find_lack(site, app_socket)) and time.monotonic() < end:
        time.sleep(LOOK_EVERY)
    return lack


def find_lack(site: Site, app_socket: str) -> str:
    """Return which part does not answer."""
    if "app" in site.programs and (lack := ask_app(site, app_socket)):
        return lack
    if "front" in site.programs:
        host, port = find_front(site)
        try:
            socket.create_connection((host, port), timeout=3).close()
        except OSError as error:
            return f"the front server at {host}:{port} ({error.strerror or error})"
    return ""


def ask_app(site: Site, app_socket: str) -> str:
    """Ask /readyz; of a site of several computers the worker may be on another, which is not there yet."""
    text = ""
    line = http.client.HTTPConnection(site.host, timeout=10)
    with suppress(OSError, http.client.HTTPException):
        line.sock = socket.socket(socket.AF_UNIX)
        line.sock.settimeout(10)
        line.sock.connect(app_socket)
        line.request("GET", "/readyz", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"})
        text = line.getresponse().read().decode(errors="replace")
    line.close()
    try:
        parts = json.loads(text)
        bad = [name for name, is_good in parts.items() if not is_good]
    except (ValueError, AttributeError):
        return f"the app ({text.strip()[:200] or 'no answer'})"
    if "worker" not in site.programs and "worker" in bad:
        bad.remove("worker")
    return f"/readyz says that these are missing: {', '.join(bad)}" if bad else ""


def find_front(site: Site) -> tuple[str, int]:
    """Return where the front server of this computer listens."""
    if site.is_node:
        host, _colon, port = site.listen.rpartition(":")
        return host, int(port)
    return ("127.0.0.1", int(site.https_port)) if site.tls else (site.host, int(site.port))
