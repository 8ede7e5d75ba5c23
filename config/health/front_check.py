"""Ask the front server what a browser asks it: its certificate, a page, a static file, and its clock."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, urlsplit

from cryptography import x509
from django.conf import settings

from config.health import checks
from config.health.env_file import Fault
from config.http.hosts import OWN_NAMES

TIMEOUT_SECONDS = 10
# One of six days, or of twelve hours as the front server's own authority makes them, is renewed in its last third.
CERTIFICATE_LEFT = timedelta(days=14)
# The front server waits this long for an app that starts (config/front/private.caddy), and then answers.
ANSWER_SECONDS = 20
# A front server replaces it by a number of its own.
OUR_ID = "00000000-0000-4000-8000-000000000000"
RENEW = "renew it, and reload the front server; Caddy does it by itself if ports 80 and 443 can be reached from outside"


class NotTried(Exception):
    """Raised when something cannot be tried here; the message says what is needed for it."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    # When it was asked for, half of its time later.
    at: float


def find_url(given: str) -> SplitResult:
    """Return the URL that was given, else over TLS that of the site's first public name, else of its first other than this
    computer's own. Raises NotTried.
    """
    if given:
        given = given.rstrip("/")
        url = urlsplit(given if "://" in given else f"https://{given}")
        if url.scheme not in ("http", "https") or not url.hostname:
            raise NotTried(f"“{given}” is no URL; --url https://nonghuo.example.cn")
        return url
    others = [host for host in settings.ALLOWED_HOSTS if host[:1] not in "*." and host not in OWN_NAMES]
    hosts = [*checks.list_public_hosts(), *others]
    if not settings.HTTPS or not hosts:
        raise NotTried("name its URL: --url http://192.168.1.20")
    return urlsplit(f"https://{hosts[0]}")


# --- certificate ---


def list_certificate_faults(url: SplitResult) -> Iterator[Fault]:
    """Yield what is wrong with the certificate: whom it trusts, its name, and its last day. Raises NotTried over HTTP."""
    if url.scheme != "https":
        raise NotTried("the site is served without TLS")
    assert url.hostname
    place = (url.hostname, url.port or 443)
    try:
        with connect(place, ssl.create_default_context()) as line:
            found = read_certificate(line)
    except ssl.SSLCertVerificationError as error:
        yield describe_refusal(error, place)
        return
    except OSError as error:
        yield describe_silence(error, place)
        return
    begins, ends = found.not_valid_before_utc, found.not_valid_after_utc
    left = ends - datetime.now(UTC)
    if left < min(CERTIFICATE_LEFT, (ends - begins) / 4):
        yield Fault(f"the certificate of {url.hostname} ends in {left.days} days, on {ends:%Y-%m-%d}", RENEW)


def connect(place: tuple[str, int], context: ssl.SSLContext) -> ssl.SSLSocket:
    line = socket.create_connection(place, timeout=TIMEOUT_SECONDS)
    try:
        return context.wrap_socket(line, server_hostname=place[0])
    except BaseException:
        line.close()
        raise


def read_certificate(line: ssl.SSLSocket) -> x509.Certificate:
    return x509.load_der_x509_certificate(line.getpeercert(binary_form=True) or b"")


def describe_refusal(error: ssl.SSLCertVerificationError, place: tuple[str, int]) -> Fault:
    """Name why phones refuse the certificate; OpenSSL's numbers are those of X509_V_ERR_*."""
    name = place[0]
    if error.verify_code == 10:
        with connect(place, trust_anybody()) as line:
            ended = read_certificate(line).not_valid_after_utc
        return Fault(f"the certificate of {name} ended on {ended:%Y-%m-%d}", RENEW)
    if error.verify_code == 9:
        return Fault(
            f"the certificate of {name} is not valid yet", "set the clock of this computer (timedatectl)"
        )
    if error.verify_code in (62, 64):
        return Fault(
            f"the certificate is not one for {name}",
            f"get one for {name}; in the Caddyfile the site's block begins with that name",
        )
    return Fault(
        f"phones do not trust the certificate of {name} ({error.verify_message})",
        "get one of a public authority, and let the front server send its whole chain (fullchain.pem)",
    )


def describe_silence(error: OSError, place: tuple[str, int]) -> Fault:
    name, port = place
    if isinstance(error, socket.gaierror):
        return Fault(f"the name {name} is not found", "enter it in the DNS, or name another: --url https://…")
    return Fault(
        f"nobody answers with TLS at {name}, port {port} ({error})",
        "start the front server; open the port in the firewall",
    )


def trust_anybody() -> ssl.SSLContext:
    """Return a context for what is asked although the certificate is wrong, which has a line of its own."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


# --- pages and files ---


def list_front_faults(url: SplitResult) -> Iterator[Fault]:
    """Yield what a browser would not get through the front server."""
    try:
        alive = ask(url, "/healthz", {"X-Request-ID": OUR_ID})
    except (OSError, http.client.HTTPException) as error:
        yield Fault(f"{url.geturl()} does not answer ({error})", "start the front server; look into its log")
        return
    if (alive.status, alive.body) != (200, b"ok\n"):
        yield Fault(
            f"{url.geturl()}/healthz answers {alive.status} instead of the app's “ok”",
            "let the front server reach the app's socket: it is in the socket's group, and imports config/front/site.caddy",
        )
        return
    yield from list_faults_of_headers(alive)
    yield from list_faults_of_count(alive)
    home = ask(url, "/", {})
    if home.status == 400:
        yield Fault(f"the app does not know the name {url.hostname}", f"add {url.hostname} to ALLOWED_HOSTS")
    elif home.status != 200:
        yield Fault(
            f"the first page answers {home.status} {home.headers.get('Location', '')}".rstrip(),
            "let the front server send X-Forwarded-Proto; look into the app's log",
        )
    yield from list_faults_of_static(url)


def list_faults_of_headers(alive: Answer) -> Iterator[Fault]:
    number = alive.headers.get("X-Request-ID")
    if number in (None, OUR_ID):
        what = (
            "gives requests no number"
            if number is None
            else "passes on the number that a browser gives a request"
        )
        yield Fault(
            f"the front server {what} (X-Request-ID)",
            "import config/front/site.caddy, or set X-Request-ID to a new UUID for each request",
        )


def list_faults_of_count(alive: Answer) -> Iterator[Fault]:
    """Yield whether TRUSTED_PROXY_COUNT is another number than that of the front servers through which the app was asked."""
    found, said = alive.headers.get("X-Proxy-Count"), settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if found is None or os.environ.get("PARTS") == "front" or int(found) == said:
        return
    what = (
        "all visitors seem to come from one address, and share its limits"
        if int(found) > said
        else "a visitor may name any address, or is refused"
    )
    yield Fault(
        f"{found} front servers name the visitor's address, and TRUSTED_PROXY_COUNT is {said}: {what}",
        f"set TRUSTED_PROXY_COUNT={found}",
    )


def list_faults_of_static(url: SplitResult) -> Iterator[Fault]:
    """Fetch one collected file, whose name changes with its content."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    try:
        names = json.loads(manifest.read_text())["paths"].values()
    except (OSError, ValueError, KeyError):
        return  # has a line of its own
    name = min((name for name in names if name.endswith(".css")), key=len, default="")
    path = settings.STATIC_ROOT / name
    if not name or not path.is_file():
        yield Fault(
            f"collected styles are missing in {settings.STATIC_ROOT}", "manage.py collectstatic --noinput"
        )
        return
    found = ask(url, f"{settings.STATIC_URL}{name}", {})
    if found.status != 200 or found.body != path.read_bytes():
        yield Fault(
            f"{settings.STATIC_URL}{name} answers {found.status}, and not the file",
            f"let the front server read {settings.STATIC_ROOT}: its user is in the group of the folder, and GROUP_READS=1",
        )
    elif found.headers.get("X-Content-Type-Options", "").lower() != "nosniff":
        yield Fault(
            "files come without X-Content-Type-Options: nosniff",
            "import config/front/site.caddy, or add that header to all answers",
        )


def ask(url: SplitResult, path: str, headers: dict[str, str], method: str = "GET") -> Answer:
    """Ask without following redirects."""
    assert url.hostname
    line: http.client.HTTPConnection
    if url.scheme == "https":
        line = http.client.HTTPSConnection(
            url.hostname, url.port, timeout=ANSWER_SECONDS, context=trust_anybody()
        )
    else:
        line = http.client.HTTPConnection(url.hostname, url.port, timeout=ANSWER_SECONDS)
    before = time.time()
    try:
        line.request(method, path, headers=headers)
        response = line.getresponse()
        at = (before + time.time()) / 2
        return Answer(response.status, response.headers, response.read(), at)
    finally:
        line.close()


def measure_clock(url: SplitResult) -> float | None:
    """Return by how many seconds that server's clock is ahead of ours; None if it does not tell."""
    try:
        return read_clock(ask(url, "/healthz", {}, "HEAD"))
    except (OSError, http.client.HTTPException):
        return None


def read_clock(answer: Answer) -> float | None:
    """Return by how many seconds the clock of who answered is ahead of ours; None if it does not tell."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).timestamp() - answer.at
    except (ValueError, TypeError):
        return None
