"""Send a bounded number of requests over eight keep-alive connections, to this machine or to those that it has made."""

import socket
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.harness.servers import Server

CONNECTIONS = 8


@dataclass
class Figures:
    cpu_ms: float
    per_second: float
    p50_ms: float
    p99_ms: float
    bytes: int
    status: int


class Connection:
    """One keep-alive HTTP/1.1 connection."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection((host, port), timeout=30)
        self.file = self.socket.makefile("rb")

    def get(self, path: str, headers: dict[str, str]) -> tuple[int, bytes, dict[bytes, bytes]]:
        return self.ask("GET", path, headers, b"")

    def post(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes, dict[bytes, bytes]]:
        return self.ask("POST", path, headers | {"Content-Length": str(len(body))}, body)

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes, dict[bytes, bytes]]:
        extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{extra}\r\n".encode() + body)
        status = int(self.file.readline().split()[1])
        found: dict[bytes, bytes] = {}
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _colon, value = line.partition(b":")
            found[name.lower()] = value.strip()
        if found.get(b"transfer-encoding") == b"chunked":
            return status, b"".join(self.read_pieces()), found
        return status, self.file.read(int(found.get(b"content-length", 0))), found

    def read_pieces(self) -> Iterator[bytes]:
        while length := int(self.file.readline(), 16):
            yield self.file.read(length)
            self.file.readline()
        self.file.readline()


def measure(
    server: Server, paths: list[str], headers: dict[str, str] | None = None, total: int = 2000
) -> Figures:
    """Measure the CPU time per request over `total` requests that cycle through the paths, after a short warm-up."""
    headers = headers or {}
    run(server.port, paths, headers, 200)
    cpu, start = server.cpu_seconds(), time.perf_counter()
    times, status, size = run(server.port, paths, headers, total)
    wall, cpu = time.perf_counter() - start, server.cpu_seconds() - cpu
    ranks = statistics.quantiles(times, n=100)
    return Figures(
        cpu * 1000 / len(times), len(times) / wall, ranks[49] * 1000, ranks[98] * 1000, size, status
    )


def run(port: int, paths: list[str], headers: dict[str, str], total: int) -> tuple[list[float], int, int]:
    times: list[list[float]] = [[] for _line in range(CONNECTIONS)]
    last: dict[str, int] = {}

    def work(mine: list[float], offset: int) -> None:
        line = Connection(port)
        for n in range(total // CONNECTIONS):
            begin = time.perf_counter()
            status, body, _headers = line.get(paths[(n + offset) % len(paths)], headers)
            mine.append(time.perf_counter() - begin)
            if status not in (200, 304):
                raise ValueError(f"{paths[(n + offset) % len(paths)]} answered {status}")
            last["status"], last["size"] = status, len(body)

    threads = [threading.Thread(target=work, args=(mine, n)) for n, mine in enumerate(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [one for mine in times for one in mine]
    if len(every) < total // CONNECTIONS * CONNECTIONS:
        raise RuntimeError("a connection failed; its error is above")
    return every, last["status"], last["size"]
