"""Receive private documents (a licence, a payment code, a damaged fruit, a cost sheet) and send them after the caller's check.

A picture is redrawn while the request waits: the result is only pixels, whatever was hidden in the file. A PDF stays
unchanged, so that a signature in it stays valid; it is checked for active content, and is sent only as a download. Both are
opened in a limited process (`media.sandbox.decoder`), one at a time for each process that serves pages. Where the caller takes
them (a task that asks for a file), office files and plain text are stored unchanged, too (`media.documents.office`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import PurePath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.models import User
from media import private_files
from media.documents import office
from media.models import Document
from media.photos import headers
from media.photos.intake import MOST_STRETCHED
from media.received_files import TooManyFiles, get_size, hash_file, shorten_name, store_received
from media.sandbox import decoder, pdfs, results
from ui.formats import bytes_over
from ui.text import tidy

SIDE = 1600
QUALITY = 82
PICTURE_MOST_BYTES = 20_000_000
# The request waits for it, so the limit is lower than the worker's.
PICTURE_MOST_PIXELS = {"JPEG": 50_000_000, "HEIF": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
DECODING_SECONDS = 10
# Real time, on a machine that does other work too: a thread that serves pages waits for it.
DECODING_WALL_SECONDS = 15
DECODING = threading.BoundedSemaphore(1)
# The one that decodes and one that waits: the other threads continue to serve pages.
TURNS = threading.BoundedSemaphore(2)
WAITS_SECONDS = 1
# Limits of a person, or of an IP without an account, in this time: files opened, and files that used up the decoder's
# limits.
TRIES_WITHIN = timedelta(minutes=10)
TRIES_OF_PERSON, TRIES_OF_VISITOR, COSTLY_TRIES = 30, 60, 3
A_DAY = timedelta(days=1)
DOCUMENTS_A_DAY = 100
UNUSED_AFTER = timedelta(days=7)
# Nothing in it is run, loaded or opened, whatever a browser takes it for.
INERT_POLICY = "default-src 'none'; sandbox"
REFUSALS = {
    "empty": _("“%(name)s”是空的，重新选一次"),
    "heavy": _("“%(name)s”有 %(size)s MB，最多收 %(most)s MB"),
    "other": _("“%(name)s”不是照片也不是 PDF，能收 JPEG、PNG、WebP、HEIC 和 PDF"),
    "gif": _("“%(name)s”是 GIF，换一张照片"),
    "video": _("“%(name)s”是视频，这里收照片和 PDF"),
    "moving": _("“%(name)s”是动图，换一张照片"),
    "cut": _("“%(name)s”缺了后半截，重新选一次"),
    "broken": _("“%(name)s”打不开，重新拍一张"),
    "large": _("“%(name)s”像素太多了，用普通模式拍一张"),
    "costly": _("“%(name)s”太费劲，打不开。把它截个图再传"),
    "busy": _("这会儿传照片的人多，“%(name)s”过半分钟再传一次"),
    "long": _("“%(name)s”太长了，截成几张再传"),
    "acts": _("“%(name)s”里头有会自己运行的东西，没传上。把那一页拍下来再传"),
    "locked": _("“%(name)s”加了密，看不了。去掉密码，或者把那一页拍下来再传"),
    "mixed": _("“%(name)s”里头夹了别的东西，没传上。把那一页拍下来再传"),
    "unknown": _("“%(name)s”收不了。能收照片、PDF、Word、Excel、PPT，还有 .txt 和 .csv"),
    "archive": _("“%(name)s”是压缩包，不收。解开，把里头那一份传上来"),
    "old": _(
        "“%(name)s”是老式的文件，或者加了密码。用 WPS 打开，另存为不加密码的 .docx、.xlsx 或 .pptx 再传"
    ),
    "macros": _("“%(name)s”里头有宏，宏会自己运行，不收。另存为 .docx、.xlsx 或 .pptx（不带宏）再传"),
    "embedded": _("“%(name)s”里头嵌了别的程序的东西，不收。删掉那一块，另存一份再传"),
    "huge": _("“%(name)s”压得太狠，解开太大，不收。只留要交的那几页，另存一份再传"),
    "formulas": _("“%(name)s”里有格子是公式，CSV 只收数和字。另存为 .xlsx 再传"),
    "long_text": _("“%(name)s”的字太多了，.txt 和 .csv 最多收 1 MB"),
    "often": _("试得太多了，过十分钟再试。"),
    "many": _("今天传了 %(most)s 份，明天再传"),
}


def store_document(
    file: UploadedFile, owner: User | None, sender: str = "", takes_office: bool = False
) -> Document:
    """Store a picture or a PDF, with `takes_office` also an office file or a text; return the existing document if this person
    has sent the same bytes.

    `sender` identifies a visitor whose tries are counted; the site's own pictures have neither owner nor sender.

    Raises ValidationError with a sentence that names the file. Call it outside a transaction: it writes a file.
    """
    if not file.size:
        raise make_refusal("empty", file)
    digest = hash_document(file)
    if owner is not None and (known := find_same(owner, digest)):
        if known.is_office and not takes_office:
            raise make_refusal("other", file)
        return known
    refuse_too_many(owner)
    document = Document(owner=owner, sha256=digest, filename=clean_name(file) if takes_office else "")
    read = choose_reader(file, takes_office)
    content = read(file, document, f"user {owner.pk}" if owner else sender)
    document.bytes = len(content)
    store_received(storages["private"], document.name, ContentFile(content))
    document.save(force_insert=True)
    return document


def choose_reader(file: UploadedFile, takes_office: bool) -> Callable[[UploadedFile, Document, str], bytes]:
    """Return how to read the file, by its first bytes."""
    file.seek(0)
    if file.read(5) == b"%PDF-":
        return read_pdf
    if takes_office:
        try:
            headers.read(file, get_size(file))
        except headers.UnfitPhoto as unfit:
            if unfit.code == "other":
                return read_office
    return read_picture


def clean_name(file: UploadedFile) -> str:
    """Return what its sender called the file: a stem of at most 60 characters, and the extension."""
    path = PurePath(tidy(file.name or "").replace("\\", "/"))
    return f"{path.stem.strip('. ')[:60]}{path.suffix[:8]}"


def hash_document(file: UploadedFile) -> str:
    """Return the SHA-256; files that are too large are refused before a byte of them is read."""
    if get_size(file) > PICTURE_MOST_BYTES:
        raise make_too_heavy(file, PICTURE_MOST_BYTES)
    return hash_file(file)


def read_pdf(file: UploadedFile, document: Document, sender: str) -> bytes:
    if get_size(file) > pdfs.MOST_BYTES:
        raise make_too_heavy(file, pdfs.MOST_BYTES)
    file.seek(0)
    content = file.read()
    try:
        pdfs.check_frame(content)
        with hold_decoder(file, sender):
            decoder.check_pdf(
                BytesIO(content), DECODING_SECONDS, DECODING_WALL_SECONDS, settings.FILE_UPLOAD_TEMP_DIR
            )
    except results.Unusable as unusable:
        raise make_refusal(unusable.reason, file) from unusable
    document.content_type = Document.Type.PDF
    return content


def read_office(file: UploadedFile, document: Document, sender: str) -> bytes:
    """Return an office file or a text as it came, after looking at what it is."""
    if get_size(file) > office.MOST_BYTES:
        raise make_too_heavy(file, office.MOST_BYTES)
    file.seek(0)
    content = file.read()
    try:
        document.content_type = office.identify(content, file.name or "")
    except results.Unusable as unusable:
        raise make_refusal(unusable.reason, file) from unusable
    return content


def read_picture(file: UploadedFile, document: Document, sender: str) -> bytes:
    """Return the redrawn picture: upright, at most SIDE pixels a side, without metadata."""
    try:
        head = headers.read(file, get_size(file))
    except headers.UnfitPhoto as unfit:
        raise make_refusal(unfit.code, file) from unfit
    if head.width * head.height > PICTURE_MOST_PIXELS[head.kind]:
        raise make_refusal("large", file)
    if max(head.width, head.height) > MOST_STRETCHED * min(head.width, head.height):
        raise make_refusal("long", file)
    most_pixels = PICTURE_MOST_PIXELS[head.kind]
    try:
        with hold_decoder(file, sender):
            made = decoder.redraw_picture(
                file,
                SIDE,
                most_pixels,
                QUALITY,
                DECODING_SECONDS,
                DECODING_WALL_SECONDS,
                settings.FILE_UPLOAD_TEMP_DIR,
            )
    except results.Unusable as unusable:
        raise make_refusal(unusable.reason, file) from unusable
    document.content_type = Document.Type.WEBP
    document.width, document.height = made.width, made.height
    return made.files[made.width]


@contextmanager
def hold_decoder(file: UploadedFile, sender: str = "") -> Iterator[None]:
    """Wait for the decoder. Raises ValidationError when others take too long, or the decoder died; TooManyFiles when this sender
    has used it too often.
    """
    if not TURNS.acquire(blocking=False):
        raise make_refusal("busy", file)
    try:
        if not DECODING.acquire(timeout=WAITS_SECONDS):
            raise make_refusal("busy", file)
        try:
            count_try(sender)
            yield
        except decoder.ChildDied as died:
            raise make_refusal("broken", file) from died
        except results.Unusable as unusable:
            if sender and unusable.reason == "costly":
                limits.consume(make_costly_key(sender), COSTLY_TRIES, timezone.now() + TRIES_WITHIN)
            raise
        finally:
            DECODING.release()
    finally:
        TURNS.release()


def count_try(sender: str) -> None:
    """Count a file that used up the decoder's time, which the daily number of documents does not count. Raises TooManyFiles."""
    if not sender:
        return
    most = TRIES_OF_PERSON if sender.startswith("user ") else TRIES_OF_VISITOR
    is_costly = limits.count_used(make_costly_key(sender)) >= COSTLY_TRIES
    if is_costly or not limits.consume(f"document {sender}", most, timezone.now() + TRIES_WITHIN):
        raise TooManyFiles(REFUSALS["often"], code="often")


def make_costly_key(sender: str) -> str:
    return f"costly document {sender}"


def make_refusal(code: str, file: UploadedFile, **params) -> ValidationError:
    return ValidationError(REFUSALS[code], code=code, params={"name": shorten_name(file), **params})


def make_too_heavy(file: UploadedFile, most: int) -> ValidationError:
    return make_refusal("heavy", file, size=bytes_over(get_size(file), 10**6), most=most // 10**6)


def find_same(owner: User, digest: str) -> Document | None:
    """Return the document of these bytes that this person sent before.

    Its age begins anew, so that it is not deleted while a form with it is open.
    """
    document = Document.objects.filter(owner=owner, sha256=digest).order_by("id").first()
    if document and document.created_at < timezone.now() - A_DAY:
        Document.objects.filter(pk=document.pk).update(created_at=timezone.now())
    return document


def refuse_too_many(owner: User | None) -> None:
    """Raise TooManyFiles for a person past DOCUMENTS_A_DAY; a visitor is limited by the claim or order it comes with."""
    if owner is None:
        return
    if Document.objects.filter(owner=owner, created_at__gt=timezone.now() - A_DAY).count() >= DOCUMENTS_A_DAY:
        raise TooManyFiles(REFUSALS["many"], code="many", params={"most": DOCUMENTS_A_DAY})


def send_document(request: HttpRequest, document: Document, filename: str) -> HttpResponseBase:
    """Send the file, after the caller's check; `filename` without extension. A picture is shown, anything else is downloaded."""
    name = tidy(filename).replace("/", " ").replace("\\", " ").strip(". ")[:60] or document.key[:8]
    response = private_files.send_private(
        request,
        document.name,
        document.content_type,
        f"{name}.{document.end}",
        as_attachment=not document.is_picture,
    )
    response.headers["Content-Security-Policy"] = INERT_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
