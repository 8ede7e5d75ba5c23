"""Try the site's bucket as the site and its readers' browsers use it, and name what is wrong (manage.py check_site)."""

from __future__ import annotations

import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.module_loading import import_string

from media.storages import StorageUnavailable

Fault = tuple[str, str]
# A store that takes longer than this for one small file makes every upload slow.
SLOW_SECONDS = 2
# For one answer; a bucket that is slow gets the whole time of the site (S3_TIMEOUT_SECONDS) only when it is used.
ANSWER_SECONDS = 8
GUIDE = "docs/county/bucket.md"
# Codes of AWS, Aliyun OSS (SecondLevel…, PublicEndpoint…) and Tencent COS (PathStyle…), and their mends.
MENDS = {
    "SecondLevelDomainForbidden": "Set S3_ADDRESSING=virtual: this store refuses buckets named in the path.",
    "PathStyleDomainForbidden": "Set S3_ADDRESSING=virtual: this store refuses buckets named in the path.",
    "PublicEndpointForbidden": "Bind a domain of your own to the bucket; set S3_ENDPOINT_URL to it and S3_ADDRESSING=domain.",
    "PermanentRedirect": "Set S3_ENDPOINT_URL and S3_REGION to those of the bucket's region.",
    "AuthorizationHeaderMalformed": "Set S3_REGION to the region of the bucket.",
    "InvalidAccessKeyId": "S3_ACCESS_KEY is not known there: copy it again, or make a new key.",
    "SignatureDoesNotMatch": "Copy S3_SECRET_KEY again; else set S3_REGION, or S3_SIGNATURE as the store wants it.",
    "RequestTimeTooSkewed": "Set this machine's clock (NTP).",
    "AccessDenied": "Give the key GetObject, PutObject, DeleteObject and ListBucket on this bucket.",
    "NoSuchBucket": "Create the bucket, or correct S3_BUCKET and S3_REGION.",
}
CHECKSUM_MEND = "Set S3_CHECKSUMS=when_required; if it is, try S3_SIGNATURE=s3 (some stores take only signatures of version 2)."


class TooLate(Exception):
    """Raised when the time of the whole probe is over."""


@dataclass
class Answer:
    """What a browser gets: status 0 with a reason if nobody answers."""

    status: int
    headers: Message
    body: bytes
    reason: str = ""

    def allows(self, origin: str) -> bool:
        return self.headers.get("Access-Control-Allow-Origin", "") in ("*", origin)


def list_faults(origin: str, seconds: float = 30) -> list[Fault]:
    """Return what is wrong with the bucket and how it is mended, [] without a bucket.

    `origin` is the site's own, such as https://nonghuo.example.cn. It writes two small files and deletes them. It ends after
    `seconds` and the answer that is being waited for.
    """
    if not settings.S3_BUCKET:
        return []
    return list(Probe(origin.rstrip("/"), seconds).run())


class Probe:
    def __init__(self, origin: str, seconds: float) -> None:
        self.origin = origin
        self.name, self.content = f"probe-{secrets.token_hex(16)}.txt", secrets.token_hex(500).encode()
        self.private, self.public = make_storage("private"), make_storage("default")
        self.until = time.monotonic() + seconds

    def run(self) -> Iterator[Fault]:
        written = []
        try:
            yield from self.write(self.private, "private/")
            written.append(self.private)
            yield from self.write(self.public, "media/")
            written.append(self.public)
            yield from self.check_private()
            yield from self.check_public()
            yield from self.check_list()
        except StorageUnavailable as error:
            yield explain(error)
        except TooLate:
            yield (
                "The bucket answers so slowly that it could not be tried completely.",
                "Use a bucket in the same region or building as this machine, or look for what is slow between them.",
            )
        for storage in written:
            yield from self.delete(storage)

    def check_time(self) -> None:
        if time.monotonic() > self.until:
            raise TooLate

    # --- as the site uses it ---

    def write(self, storage: Any, folder: str) -> Iterator[Fault]:
        self.check_time()
        began = time.monotonic()
        storage.replace(self.name, ContentFile(self.content))
        took = time.monotonic() - began
        if took > SLOW_SECONDS:
            yield (
                f"The bucket took {took:.1f} s to store {len(self.content)} bytes under {folder}.",
                "Uploads will be slow. Use a bucket in the same region or building as this machine.",
            )

    def check_private(self) -> Iterator[Fault]:
        """Check what is written by reading it back as the worker does, and as a phone plays a film."""
        self.check_time()
        said = self.private.size(self.name)
        if said != len(self.content):
            yield (
                f"The store lies about lengths: HEAD says {said} bytes of a file of {len(self.content)}.",
                "Films break and copies of the site are refused. Use another store, or update it; a proxy in front of it may "
                "be the cause (compression, a changed Content-Length).",
            )
        else:
            with self.private.open(self.name) as file:
                if file.read() != self.content:
                    yield (
                        "A file read back is not what was written.",
                        "Use another store; a proxy in front may be the cause.",
                    )
        url = self.private.url(self.name)
        self.check_time()
        whole = fetch(url)
        if whole.status != 200:
            yield (
                f"Films cannot be fetched by a signed URL: {urlsplit(url).netloc} answers {describe(whole)}.",
                "Phones fetch films directly: S3_ENDPOINT_URL must be a name that they reach too, with a certificate.",
            )
            return
        part = fetch(url, {"Range": "bytes=100-199"})
        if (part.status, part.body) != (206, self.content[100:200]):
            yield (
                f"A request for bytes 100–199 is answered by {describe(part)} and {len(part.body)} bytes, not by 206 and those.",
                "Phones cannot seek in films or continue a download. Switch range requests on in the store or its proxy.",
            )
        yield from self.check_cors(url, "private/")
        unsigned = fetch(url.partition("?")[0])
        if unsigned.status == 200:
            yield (
                "Everybody can read private/ without a signature.",
                f"Make the bucket private, and give the public GetObject on media/* only: {GUIDE}.",
            )

    def check_public(self) -> Iterator[Fault]:
        url = urljoin(f"{self.origin}/", settings.MEDIA_URL) + self.name
        self.check_time()
        found = fetch(url)
        if (found.status, found.body) != (200, self.content):
            yield (
                f"Pictures are not seen: {url} answers {describe(found)}"
                + (" with other content." if found.status == 200 else "."),
                f"Give everybody GetObject on media/* ({GUIDE}), and set MEDIA_URL to the folder's URL.",
            )
            return
        if self.origin.startswith("https:") and url.startswith("http:"):
            yield (
                "MEDIA_URL is http://, and browsers block pictures of that on a page of https://.",
                "Use https:// for it.",
            )
        if urlsplit(url).netloc != urlsplit(self.origin).netloc:
            yield from self.check_cors(url, "media/")

    def check_cors(self, url: str, folder: str) -> Iterator[Fault]:
        """Check what a browser asks before and when it stores a lesson on the phone."""
        self.check_time()
        asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "range"}
        before = fetch(url, {"Origin": self.origin} | asked, "OPTIONS")
        then = fetch(url, {"Origin": self.origin})
        wrong = ""
        if not 200 <= before.status < 300:
            wrong = f"OPTIONS is answered by {describe(before)}"
        elif not (before.allows(self.origin) and then.allows(self.origin)):
            wrong = "Access-Control-Allow-Origin does not name it"
        if wrong:
            yield (
                f"The bucket's CORS does not allow {self.origin} to fetch {folder} ({wrong}): lessons cannot be kept on phones.",
                f"Allow GET and HEAD from {self.origin} with every header: {GUIDE}.",
            )

    def check_list(self) -> Iterator[Fault]:
        self.check_time()
        if self.name not in self.private.listdir("")[1]:
            yield (
                "A file that was written is not in the list of private/.",
                "Use a store whose lists are up to date.",
            )

    def delete(self, storage: Any) -> Iterator[Fault]:
        try:
            storage.delete(self.name)
        except StorageUnavailable as error:
            what, mend = explain(error)
            yield (f"The probe {storage.location}/{self.name} could not be deleted. {what}", mend)


def make_storage(name: str) -> Any:
    """Return the site's storage with less patience, as the probe has several requests to make."""
    options = settings.STORAGES[name]["OPTIONS"]
    options = options | {"timeout_seconds": min(options["timeout_seconds"], ANSWER_SECONDS)}
    storage = import_string(settings.STORAGES[name]["BACKEND"])(**options)
    _connected = storage.bucket  # this alone takes a second on a busy machine
    return storage


def explain(error: StorageUnavailable) -> Fault:
    """Return what the store answered, and its mend."""
    answer = getattr(error.__cause__, "response", None)
    if answer is None:
        return (
            f"The bucket does not answer: {error.strerror}",
            "Look at S3_ENDPOINT_URL, its name in the DNS, its certificate, and this machine's way out (firewall, proxy).",
        )
    code, message = answer.get("Error", {}).get("Code", ""), answer.get("Error", {}).get("Message", "")
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    mend = MENDS.get(code)
    if mend is None and any(
        word in f"{code} {message}".lower() for word in ("checksum", "chunked", "crc", "trailer", "sha256")
    ):
        mend = CHECKSUM_MEND
    if mend is None and status in (301, 400, 403, 405):
        mend = f"Compare S3_ADDRESSING, S3_CHECKSUMS, S3_SIGNATURE and S3_REGION with the table of stores in {GUIDE}."
    return (
        f"The bucket refuses: {status} {code} {message}".strip(),
        mend or "Look at the store's own log, or ask its operator.",
    )


def describe(answer: Answer) -> str:
    return str(answer.status) if answer.status else f"nothing ({answer.reason})"


def fetch(url: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
    """Ask as a browser does, without a key."""
    request = urllib.request.Request(url, headers=dict(headers or {}), method=method)
    try:
        with urllib.request.build_opener().open(request, timeout=ANSWER_SECONDS) as answer:
            return Answer(answer.status, answer.headers, answer.read(10_000))
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused.code, refused.headers, b"")
    except (OSError, ValueError) as error:
        return Answer(0, Message(), b"", str(getattr(error, "reason", error)))
