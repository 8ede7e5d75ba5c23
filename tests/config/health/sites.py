"""A site's front server and app as far as `check_site` asks them: real sockets, real TLS with certificates made here."""

from __future__ import annotations

import datetime
import ipaddress
import json
import socketserver
import ssl
import threading
import uuid
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import time
from types import SimpleNamespace

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.health import site_check
from config.health.site_check import Asked

DAY = datetime.timedelta(days=1)


class Authority:
    """Makes certificates that are trusted by whoever trusts `path`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        self.certificate = self.sign(self.name, self.key, days=1000, is_authority=True)
        self.path = folder / "authority.pem"
        self.path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def sign(
        self, subject: x509.Name, key, *, days: int, since: int = 100, hosts=(), is_authority=False
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder(self.name, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - since * DAY)
            .not_valid_after(now + days * DAY + DAY / 2)
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )
        if is_authority:
            usage = dict.fromkeys(
                ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
                 "decipher_only"), False
            )  # fmt: skip
            made = made.add_extension(
                x509.KeyUsage(digital_signature=True, key_cert_sign=True, crl_sign=True, **usage),
                critical=True,
            )
        if hosts:
            made = made.add_extension(
                x509.SubjectAlternativeName(list(map(make_name, hosts))), critical=False
            )
        return made.sign(self.key, hashes.SHA256())

    def make_context(self, host: str = "localhost", days: int = 60, since: int = 100) -> ssl.SSLContext:
        """Return what a server needs to show a certificate for the host, begun `since` days ago, that ends in `days` and a
        half."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        path = self.folder / f"{host}-{days}-{since}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + self.sign(subject, key, days=days, since=since, hosts=[host]).public_bytes(
                serialization.Encoding.PEM
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def make_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


@dataclass
class Conduct:
    """How front server and app answer; a test changes it to plant a fault."""

    static: Path = Path()
    headers: dict[str, str] = field(default_factory=lambda: {"X-Content-Type-Options": "nosniff"})
    request_id: str | None = "own"  # "own", "passed on", or None
    statuses: dict[str, int] = field(default_factory=dict)
    seconds_ahead: float = 0
    proxies: int = 1
    ready: dict[str, bool] = field(
        default_factory=lambda: dict.fromkeys(("database", "storage", "logs", "worker", "sqlite"), True)
    )


class Handler(BaseHTTPRequestHandler):
    server: ThreadingHTTPServer

    def do_GET(self) -> None:
        conduct: Conduct = self.server.conduct  # type: ignore[attr-defined]
        path = conduct.static / self.path.removeprefix("/static/")
        if self.path == "/healthz":
            body = b"ok\n"
        elif self.path == "/readyz":
            body = json.dumps(conduct.ready).encode()
        else:
            body = path.read_bytes() if self.path.startswith("/static/") else b"<h1>home</h1>"
        self.send_response(conduct.statuses.get(self.path, 200))
        for name, value in conduct.headers.items():
            self.send_header(name, value)
        if self.path == "/healthz" and conduct.request_id:
            given = self.headers["X-Request-ID"]
            self.send_header("X-Request-ID", str(uuid.uuid4()) if conduct.request_id == "own" else given)
        if self.path == "/healthz":
            self.send_header("X-Proxy-Count", str(conduct.proxies))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def date_time_string(self, timestamp=None) -> str:
        conduct: Conduct = self.server.conduct  # type: ignore[attr-defined]
        return formatdate(time() + conduct.seconds_ahead, usegmt=True)

    def log_message(self, *_given) -> None:
        pass


class UnixServer(ThreadingHTTPServer):
    address_family = socketserver.socket.AF_UNIX

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)

    def get_request(self):
        line, _address = super().get_request()
        return line, ("", 0)


class QuietServer(ThreadingHTTPServer):
    def handle_error(self, request, client_address) -> None:
        """A client that refuses the certificate ends the connection."""

    def finish_request(self, request, client_address) -> None:
        context = self.context  # type: ignore[attr-defined]
        with context.wrap_socket(request, server_side=True) as line:
            super().finish_request(line, client_address)


def serve(server: ThreadingHTTPServer, conduct: Conduct) -> ThreadingHTTPServer:
    server.daemon_threads = True
    server.conduct = conduct  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


def serve_app(path: Path, conduct: Conduct) -> ThreadingHTTPServer:
    server = serve(UnixServer(str(path), Handler), conduct)  # type: ignore[arg-type]
    path.chmod(0o660)
    return server


def serve_front(context: ssl.SSLContext, conduct: Conduct) -> ThreadingHTTPServer:
    server = QuietServer(("127.0.0.1", 0), Handler)
    server.context = context  # type: ignore[attr-defined]
    return serve(server, conduct)


@dataclass
class Site:
    """A site without a fault. `find` tries everything."""

    folder: Path
    settings: object
    conduct: Conduct
    authority: Authority
    asked: Asked

    def find(self) -> list[tuple[str, str, str]]:
        outcomes = site_check.try_everything(self.asked)
        return [(outcome.subject, fault.what, fault.mend) for outcome in outcomes for fault in outcome.faults]

    def set(self, **changes) -> None:
        for name, value in changes.items():
            setattr(self.settings, name, value)

    def show_certificate(self, **which) -> None:
        server = serve_front(self.authority.make_context(**which), self.conduct)
        self.asked = Asked(f"https://localhost:{server.server_port}")


def run_folder(site: Site) -> Path:
    return site.folder.parent / "run"


def set_disk(monkeypatch, **usage: int) -> None:
    monkeypatch.setattr("config.health.site_check.shutil.disk_usage", lambda folder: SimpleNamespace(**usage))
