"""A stand-in for stores of several vendors: it speaks as much of S3 as the site uses, and fails as they do.

It is a proxy (http_proxy), so that the site uses the host names of a vendor: http://s3.store.test/farm/x (path),
http://farm.s3.store.test/x (virtual), http://files.county.test/x (a domain bound to the bucket). It looks whether a request is
signed, not whether the signature is right.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET, HOST, DOMAIN = "farm", "s3.store.test", "files.county.test"
ENDPOINT = f"http://{HOST}"


@dataclass
class Store:
    """How it behaves, what it holds, and what it was asked."""

    url: str = ""
    refuses_path: bool = False
    refuses_checksums: bool = False
    refuses_all: str = ""
    allows_origin: str = "*"
    is_public: bool = True
    all_public: bool = False
    ignores_ranges: bool = False
    answers_after: float = 0.0
    lies_by: int = 0
    cuts_answers: bool = False
    garbles: bool = False
    refuses_signed_urls: bool = False
    refuses_deleting: bool = False
    allows_only_asking: bool = False
    hides_new: bool = False
    modified: str = "Sat, 28 Nov 2026 12:00:00 GMT"
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


class Refused(Exception):
    """Raised with a status and a vendor's code."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def handle_one(self) -> None:
        store = self.server.store
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        store.asked.append(f"{self.command} {self.path}")
        time.sleep(store.answers_after)
        try:
            self.answer_asked(store, body)
        except Refused as refused:
            status, code = refused.args
            xml = f"<Error><Code>{code}</Code><Message>refused</Message></Error>".encode()
            self.send(status, b"" if self.command == "HEAD" else xml)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = do_POST = handle_one

    def answer_asked(self, store: Store, body: bytes) -> None:
        key, query, is_signed = self.find_key(store)
        if self.command == "OPTIONS":
            return self.send(200 if store.allows_only_asking or self.is_allowed(store) else 403)
        if store.refuses_all:
            raise Refused(403, store.refuses_all)
        is_public = store.all_public or (store.is_public and key.startswith("media/"))
        if not is_signed and not (is_public and self.command in ("GET", "HEAD")):
            raise Refused(403, "AccessDenied")
        if self.command == "PUT":
            return self.put(store, key, body)
        if store.refuses_signed_urls and "Authorization" not in self.headers and is_signed:
            raise Refused(403, "InvalidPolicy")
        if self.command == "DELETE":
            if store.refuses_deleting and key in store.files:
                raise Refused(403, "AccessDenied")
            store.files.pop(key, None)
            return self.send(204)
        if not key:
            return self.send(200, list_files(Store() if store.hides_new else store, query))
        if key not in store.files:
            raise Refused(404, "NoSuchKey")
        return self.get(store, store.files[key][:: -1 if store.garbles else 1])

    def find_key(self, store: Store) -> tuple[str, dict, bool]:
        asked = urlsplit(self.path)
        path, query = unquote(asked.path), parse_qs(asked.query)
        is_signed = "Authorization" in self.headers or "X-Amz-Signature" in query or "Signature" in query
        if asked.netloc == HOST:
            bucket, _slash, key = path.removeprefix("/").partition("/")
            if store.refuses_path:
                raise Refused(403, "SecondLevelDomainForbidden")
            if bucket != BUCKET:
                raise Refused(404, "NoSuchBucket")
            return key, query, is_signed
        if asked.netloc not in (f"{BUCKET}.{HOST}", DOMAIN):
            raise Refused(404, "NoSuchBucket")
        return path.removeprefix("/"), query, is_signed

    def put(self, store: Store, key: str, body: bytes) -> None:
        sums = [
            name for name in self.headers if re.match("x-amz-(checksum-|sdk-checksum|trailer)", name.lower())
        ]
        if store.refuses_checksums and sums:
            raise Refused(400, "InvalidChecksumHeader")
        if source := self.headers.get("x-amz-copy-source"):
            store.files[key] = store.files[unquote(source).removeprefix("/").partition("/")[2]]
            now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            return self.send(
                200, f"<CopyObjectResult><LastModified>{now}</LastModified></CopyObjectResult>".encode()
            )
        store.files[key] = body
        return self.send(200)

    def get(self, store: Store, content: bytes) -> None:
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not part or store.ignores_ranges:
            return self.send(200, content, store.lies_by if self.command == "HEAD" else 0)
        start, stop = int(part[1]), min(int(part[2] or len(content)) + 1, len(content))
        return self.send(206, content[start:stop], content_range=f"bytes {start}-{stop - 1}/{len(content)}")

    def is_allowed(self, store: Store) -> bool:
        return store.allows_origin in ("*", self.headers.get("Origin")) and "Origin" in self.headers

    def send(self, status: int, content: bytes = b"", lies_by: int = 0, content_range: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) + lies_by))
        self.send_header("Last-Modified", self.server.store.modified)
        self.send_header("ETag", '"1"')
        if self.is_allowed(self.server.store):
            self.send_header("Access-Control-Allow-Origin", self.server.store.allows_origin)
            self.send_header("Access-Control-Allow-Headers", "range")
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        if self.command == "GET" and self.server.store.cuts_answers:
            self.close_connection = True
            self.wfile.write(content[: len(content) // 2])
        elif self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_args) -> None:
        pass


def list_files(store: Store, query: dict) -> bytes:
    prefix, slash = query.get("prefix", [""])[0], query.get("delimiter", [""])[0]
    rests = {key: key.removeprefix(prefix) for key in sorted(store.files) if key.startswith(prefix)}
    here = [key for key, rest in rests.items() if not slash or slash not in rest]
    below = sorted(
        {prefix + rest.partition(slash)[0] + slash for rest in rests.values() if slash and slash in rest}
    )
    rows = "".join(f"<Contents><Key>{escape(key)}</Key><Size>1</Size></Contents>" for key in here)
    rows += "".join(f"<CommonPrefixes><Prefix>{escape(one)}</Prefix></CommonPrefixes>" for one in below)
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    store: Store

    def handle_error(self, *_args) -> None:
        """Say nothing of a site that did not wait for the answer."""


@contextmanager
def serve_store() -> Iterator[Store]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.store = Store(url=f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server.store
        finally:
            server.shutdown()
