"""A line between the phone and the server, which can be cut, or hang: taking requests and never answering."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Line:
    """Passes bytes on while `state` is "up"; "cut" breaks every connection, "hangs" lets them wait for ever.

    Requests for the address `without` break their connection. (Playwright's own routes would keep navigations from
    the worker.)
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self.target = (parts.hostname, parts.port)
        self.state, self.without = "up", ""
        self.asked: list[str] = []  # the address of each GET
        self.open: set[socket.socket] = set()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        while True:
            try:
                phone, _address = self.door.accept()
            except OSError:
                return
            if self.state == "cut":
                phone.close()
                continue
            self.open.add(phone)
            if self.state == "up":
                self.join(phone)

    def join(self, phone: socket.socket) -> None:
        server = socket.create_connection(self.target)
        self.open.add(server)
        for source, sink in ((phone, server), (server, phone)):
            threading.Thread(target=self.pass_on, args=(source, sink), daemon=True).start()

    def pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while some := source.recv(65536):
                if some.startswith(b"GET "):
                    self.asked.append(some.split(b" ", 2)[1].decode().partition("?")[0])
                if self.without and f" {self.without} HTTP/".encode() in some[:200]:
                    break
                if self.state == "hangs":
                    return  # what was asked is never passed on, and the connection stays
                sink.sendall(some)
        except OSError:
            pass
        for end in (source, sink):
            end.close()

    def becomes(self, state: str) -> None:
        self.state = state
        if state == "cut":
            for end in [*self.open]:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self.open.clear()

    def close(self) -> None:
        self.becomes("cut")
        self.door.close()
