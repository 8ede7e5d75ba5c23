"""Ask one program of the site whether it answers: the health checks of compose.yaml.

    python -m config.health.container_check app

app, spool, worker or front; prints what is wrong and ends with 1. No Django here, because it runs all the time.

Environment: APP_SOCKET, SPOOL_SOCKET, ALLOWED_HOSTS, and for the front server HOST.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import sys

SECONDS = 8


def main() -> int:
    try:
        fault = CHECKS[sys.argv[1]]()
    except (OSError, ValueError, http.client.HTTPException) as error:
        fault = f"no answer: {error}"
    if fault:
        print(fault)
    return 1 if fault else 0


def find_fault_of_app() -> str:
    """Return which part of /readyz is not well; the worker's has a check of its own."""
    return ", ".join(part for part, is_well in ask_app().items() if part != "worker" and not is_well)


def find_fault_of_worker() -> str:
    return "" if ask_app()["worker"] else "no heartbeat"


def find_fault_of_spool() -> str:
    connect(os.environ["SPOOL_SOCKET"]).close()
    return ""


def find_fault_of_front() -> str:
    """Return what keeps a browser from the site: no certificate yet, or no app behind it. Who signed it is not asked."""
    context = ssl._create_unverified_context()
    line = http.client.HTTPSConnection(os.environ["HOST"], timeout=SECONDS, context=context)
    line.sock = context.wrap_socket(
        socket.create_connection(("127.0.0.1", 443), timeout=SECONDS), server_hostname=os.environ["HOST"]
    )
    line.request("GET", "/healthz")
    status = line.getresponse().status
    return "" if status == 200 else f"it answers with {status}"


def ask_app() -> dict[str, bool]:
    """Return what the app says at /readyz."""
    line = http.client.HTTPConnection(os.environ["ALLOWED_HOSTS"].split()[0], timeout=SECONDS)
    line.sock = connect(os.environ["APP_SOCKET"])
    line.request("GET", "/readyz")
    return json.loads(line.getresponse().read())


def connect(path: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(SECONDS)
    line.connect(path)
    return line


CHECKS = {
    "app": find_fault_of_app,
    "spool": find_fault_of_spool,
    "worker": find_fault_of_worker,
    "front": find_fault_of_front,
}

if __name__ == "__main__":
    sys.exit(main())
