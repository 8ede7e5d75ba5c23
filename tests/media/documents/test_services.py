"""Private documents: what is accepted, what is refused, and how they are sent."""

import datetime
import io
import random
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.test import RequestFactory
from django.utils import timezone
from PIL import Image

from media import cleanup
from media.documents.services import send_document, store_document
from media.models import Document
from media.received_files import TooManyFiles
from shops.models import PayCode
from tests.factories import make_shop
from tests.media import papers, pictures
from tests.media.pictures import upload

pytestmark = pytest.mark.usefixtures("empty_storage")


def stored(document: Document) -> bytes:
    with storages["private"].open(document.name) as file:
        return file.read()


def why(content: bytes, owner, name: str = "证书.pdf") -> str:
    with pytest.raises(ValidationError) as error:
        store_document(upload(content, name), owner)
    assert Document.objects.count() == 0
    return error.value.messages[0]


def test_picture_is_drawn_anew_upright_and_without_what_stood_beside_it(seller):
    document = store_document(upload(pictures.phone_jpeg(4000, 3000, turn=6)), seller)
    content = stored(document)
    image = Image.open(io.BytesIO(content))
    assert (document.content_type, image.format) == ("image/webp", "WEBP")
    assert (document.width, document.height) == image.size == (1200, 1600)
    assert document.bytes == len(content)
    assert not image.getexif()
    assert pictures.SERIAL not in content
    assert pictures.MODEL not in content
    # Turned by a quarter: the red corner of the sensor is top right now.
    assert pictures.near(image.convert("RGB").getpixel((1100, 100)), pictures.CORNER)


@pytest.mark.long
def test_heic_of_a_phone_is_taken(seller):
    document = store_document(upload(pictures.HEIC.read_bytes(), "IMG_2.HEIC"), seller)
    assert (document.content_type, document.width, document.height) == ("image/webp", 1200, 1600)
    assert b"SERIAL" not in stored(document)


def test_small_picture_is_not_blown_up(seller):
    document = store_document(upload(pictures.jpeg(300, 200)), seller)
    assert (document.width, document.height) == (300, 200)


def test_visitor_without_an_account_may_send_one(db):
    document = store_document(upload(pictures.jpeg()), None)
    assert document.owner is None


@pytest.mark.long
def test_same_bytes_of_one_person_are_one_document(seller, trainee):
    first = store_document(upload(pictures.jpeg()), seller)
    assert store_document(upload(pictures.jpeg(), "again.jpg"), seller) == first
    assert store_document(upload(pictures.jpeg()), trainee) != first
    assert store_document(upload(pictures.jpeg()), None) != store_document(upload(pictures.jpeg()), None)


@pytest.mark.long
def test_pdf_is_kept_as_it_came(seller):
    content = papers.pdf(papers.packed(b"q 1 0 0 1 0 0 cm Q", kind=b""))
    document = store_document(upload(content, "有机证书.pdf"), seller)
    assert (document.content_type, document.width, document.bytes) == ("application/pdf", 0, len(content))
    assert stored(document) == content


@pytest.mark.long
def test_pdf_of_many_tiny_packed_streams_costs_no_more_than_its_size(seller):
    """Reading the rest of the file again for each stream took 22 seconds."""
    content = papers.pdf(*[papers.packed(b"4 0 <</A/B>>")] * 20_000)
    assert len(content) > 2_500_000
    start = time.monotonic()
    document = store_document(upload(content), seller)
    assert document.bytes == len(content)
    assert time.monotonic() - start < 10


@pytest.mark.long
def test_pdf_with_packed_objects_is_kept(seller):
    content = papers.pdf(papers.packed(b"4 0 <</Type/Font/Subtype/Type1>>"))
    assert store_document(upload(content), seller).bytes == len(content)


RUNS = "“证书.pdf”里头有会自己运行的东西，没传上。把那一页拍下来再传"
MIXED = "“证书.pdf”里头夹了别的东西，没传上。把那一页拍下来再传"


@pytest.mark.long
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (papers.pdf(papers.SCRIPT), RUNS),
        (papers.pdf(b"<</S/J#61vaScr#69pt/JS(app.alert\\(1\\))>>"), RUNS),
        (papers.pdf(papers.packed(b"4 0 " + papers.SCRIPT)), RUNS),
        (papers.pdf(papers.packed(b"4 0 " + papers.SCRIPT, kind=b"/Type/Obj#53tm/N 1")), RUNS),
        (papers.pdf(papers.packed(b"4 0 " + papers.SCRIPT, kind=b"/Note( obj)/Type/ObjStm/N 1")), RUNS),
        (papers.pdf(b"<</S/Rendition/JS 3 0 R>>"), RUNS),
        (papers.pdf(b"[" * 200 + b"/X" + b"]" * 200), RUNS),
        (papers.pdf(b"<</S/Launch/F(cmd.exe)>>"), RUNS),
        (papers.pdf(b"<</Names<</EmbeddedFiles 3 0 R>>>>"), RUNS),
        (papers.pdf(b"<</AcroForm<</XFA 3 0 R>>>>"), RUNS),
        (papers.pdf(tail=b"PK\x03\x04" + bytes(30) + b"PK\x05\x06" + bytes(18)), MIXED),
        (papers.pdf(tail=b"<script>alert(1)</script>"), MIXED),
        (papers.pdf(b"(<html><script>alert(1)</script></html>)"), MIXED),
        (b"%PDF-<svg onload=alert(1)>", MIXED),
        (papers.pdf()[:-30], "“证书.pdf”缺了后半截，重新选一次"),
        (
            papers.pdf(b"<</Filter/Standard/V 4>>").replace(b"/Root", b"/Encrypt 4 0 R/Root"),
            "“证书.pdf”加了密，看不了。去掉密码，或者把那一页拍下来再传",
        ),
        (papers.pdf() + bytes(6_000_000), "“证书.pdf”有 6.1 MB，最多收 5 MB"),
        (b"", "“证书.pdf”是空的，重新选一次"),
    ],
)
def test_pdf_that_could_run_or_is_not_only_a_pdf_is_refused(content, sentence, seller):
    assert why(content, seller) == sentence


@pytest.mark.long
def test_pdf_that_unpacks_to_25_megabytes_is_refused(seller):
    assert why(papers.pdf(papers.packed(bytes(25_000_000))), seller) == RUNS


OTHER = "“证书.jpg”不是照片也不是 PDF，能收 JPEG、PNG、WebP、HEIC 和 PDF"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", OTHER),
        (b"<!doctype html><script>alert(1)</script>", OTHER),
        (b"MZ\x90\0" + bytes(500), OTHER),
        (b"PK\x03\x04" + bytes(500), OTHER),
        (b" " + papers.pdf(), OTHER),
        (pictures.moving("GIF"), "“证书.jpg”是 GIF，换一张照片"),
        (pictures.moving("WEBP"), "“证书.jpg”是动图，换一张照片"),
        (b"\0\0\0\x20ftypmp42" + bytes(99), "“证书.jpg”是视频，这里收照片和 PDF"),
        (pictures.jpeg()[:-200], "“证书.jpg”缺了后半截，重新选一次"),
        (pictures.jpeg(40, 500), "“证书.jpg”太长了，截成几张再传"),
        (pictures.jpeg() + bytes(20_000_000), "“证书.jpg”有 20.1 MB，最多收 20 MB"),
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name_says(content, sentence, seller):
    assert why(content, seller, "证书.jpg") == sentence


def test_picture_of_too_many_pixels_is_refused(seller):
    content = pictures.png_of_size(30_000, 30_000)
    assert why(content, seller, "证书.jpg") == "“证书.jpg”像素太多了，用普通模式拍一张"


@pytest.mark.long
def test_picture_that_is_a_web_page_as_well_comes_out_as_pixels(seller):
    polyglot = pictures.jpeg() + b"<html><script>alert(document.cookie)</script></html>"
    content = stored(store_document(upload(polyglot, "x.html", "text/html"), seller))
    assert b"script" not in content
    assert content.startswith(b"RIFF")


@pytest.mark.long
def test_broken_pixels_are_refused(seller):
    whole = bytearray(pictures.encoded(pictures.drawing(), "PNG"))
    whole[60:-20] = random.Random(4).randbytes(len(whole) - 80)
    assert why(bytes(whole), seller, "a.png") == "“a.png”打不开，重新拍一张"


@pytest.mark.long
def test_name_with_a_path_names_nothing_in_the_storage(seller):
    document = store_document(upload(pictures.jpeg(), "../../../etc/passwd\0.jpg"), seller)
    assert document.name == f"documents/{document.key[:2]}/{document.key}.webp"


def test_hundred_a_day(seller):
    rows = [Document(owner=seller, sha256=str(number)) for number in range(100)]
    for number, row in enumerate(rows):
        row.key = f"{number:032d}"
    Document.objects.bulk_create(rows)
    with pytest.raises(TooManyFiles) as error:
        store_document(upload(pictures.jpeg()), seller)
    assert error.value.messages == ["今天传了 100 份，明天再传"]


@pytest.mark.long
@pytest.mark.parametrize("name", ["../../x\r\nSet-Cookie: a=b", "证书/1", "…", ""])
def test_picture_is_shown_and_cannot_act(name, seller):
    document = store_document(upload(pictures.jpeg()), seller)
    answer = send_document(RequestFactory().get("/x"), document, name)
    assert answer["Content-Type"] == "image/webp"
    assert answer["Content-Disposition"].startswith("inline")
    assert "/" not in answer["Content-Disposition"]
    assert "\n" not in answer["Content-Disposition"]
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private")
    assert b"".join(answer.streaming_content) == stored(document)


@pytest.mark.long
def test_pdf_is_a_download(seller):
    document = store_document(upload(papers.pdf()), seller)
    answer = send_document(RequestFactory().get("/x"), document, "licence")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="licence.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.long
def test_documents_nobody_uses_are_cleared_away_after_a_week(seller, village):
    used = store_document(upload(pictures.jpeg(300, 200)), seller)
    unused = store_document(upload(pictures.jpeg(310, 200)), seller)
    young = store_document(upload(pictures.jpeg(320, 200)), seller)
    PayCode.objects.create(shop=make_shop(seller, village), picture=used)
    old = timezone.now() - datetime.timedelta(days=8)
    Document.objects.filter(pk__in=[used.pk, unused.pk]).update(created_at=old)
    assert cleanup.drop_unused_documents() == 1
    assert set(Document.objects.all()) == {used, young}
    assert [storages["private"].exists(one.name) for one in (used, unused, young)] == [True, False, True]
