"""Office files and texts that a task asks for: what each is by its content, what is refused and why, how it is sent."""

import io
import struct

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.test import RequestFactory
from openpyxl import Workbook

from media.documents import office
from media.documents.services import send_document, store_document
from media.models import Document
from media.sandbox.results import Unusable
from tests.media import papers
from tests.media.papers import EXCEL, MACRO_EXCEL, MACRO_WORD, SLIDES, WORD
from tests.media.pictures import jpeg, upload

pytestmark = pytest.mark.usefixtures("empty_storage")


def workbook() -> bytes:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["果钱", 12.5])
    book.save(file)
    return file.getvalue()


def why(content: bytes, name: str) -> str:
    with pytest.raises(Unusable) as refused:
        office.identify(content, name)
    return refused.value.reason


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (papers.office(WORD, word__document_xml="<w/>"), "带教.docx", "DOCX"),
        (workbook(), "成本单.xlsx", "XLSX"),
        (papers.office(SLIDES, ppt__media__image1_png=b"\x89PNG"), "讲货.pptx", "PPTX"),
        (papers.office(EXCEL), "其实是表格.docx", "XLSX"),  # a name decides nothing
        ("果钱 12.5 元，纸箱 3.2 元\n".encode(), "账.txt", "TXT"),
        ("日期,收入,支出\r\n11-02,598,-120\r\n".encode("gb18030"), "三栏账.csv", "CSV"),
        ("电话,数\n+86 138,-5\n".encode("utf-16"), "a.CSV", "CSV"),
    ],
)
def test_it_is_told_by_its_content(content, name, kind):
    assert office.identify(content, name) == Document.Type[kind]


def many() -> bytes:
    return papers.zipped({f"{n}.xml": "" for n in range(office.MOST_ENTRIES + 1)})


def lying() -> bytes:
    """Return a file whose listing says that the one member that is read is small."""
    whole = bytearray(papers.office(types_xml=papers.name_types(WORD) + " " * 500_000))
    at = whole.index(b"PK\x01\x02")
    assert struct.unpack_from("<L", whole, at + 24)[0] > office.MOST_TYPES
    struct.pack_into("<L", whole, at + 24, 1000)
    return bytes(whole)


ENTITIES = '<!DOCTYPE t [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (papers.office(MACRO_WORD), "a.docm", "macros"),
        (papers.office(MACRO_EXCEL), "没有宏.xlsx", "macros"),
        (papers.office(EXCEL, xl__vbaProject="x"), "a.xlsx", "macros"),
        (papers.office(WORD, word__activeX__activeX1="x"), "a.docx", "embedded"),
        (papers.zipped({"a.txt": "x"}), "a.docx", "archive"),
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 90, "a.txt", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "old"),
        (papers.office(WORD)[:-30], "a.docx", "broken"),
        (papers.office(WORD) + b"MZ", "a.docx", "broken"),
        (b"PK\x03\x04" + b"x" * 200, "a.docx", "broken"),
        (papers.office(types_xml="<Types"), "a.docx", "broken"),
        (papers.office(types_xml=papers.name_types(WORD, head=ENTITIES)), "a.docx", "mixed"),
        (papers.office(WORD, types_xml=None, **{"../../etc/passwd": "x"}), "a.docx", "mixed"),
        (papers.office(WORD, **{"word/virus.EXE": "x"}), "a.docx", "mixed"),
        (papers.office(WORD, EXCEL), "a.docx", "unknown"),
        (papers.office("application/epub+zip"), "a.docx", "unknown"),
        (papers.office(WORD, word__big=b"\0" * 2_000_000), "a.docx", "huge"),
        (papers.office(types_xml=papers.name_types(WORD) + " " * 400_000), "a.docx", "huge"),
        (many(), "a.docx", "huge"),
        (lying(), "a.docx", "broken"),
        (b"MZ\x90\x00" + b"\0" * 60, "setup.txt", "unknown"),
        (b"\x7fELF\x02\x01" + b"\0" * 60, "a.csv", "unknown"),
        (b"#!/bin/sh\nrm -r ~\n", "a.txt", "unknown"),
        (b"dir c:\\\r\n", "a.bat", "unknown"),
        (b"\xff\xff\xff\xff", "a.txt", "unknown"),
        (b"hello <SCRIPT>alert(1)</SCRIPT>", "a.txt", "mixed"),
        ("名字,数\n=cmd|' /C calc'!A0,1\n".encode(), "a.csv", "formulas"),
        ('名字,数\n1,"@SUM(1)"\n'.encode(), "a.csv", "formulas"),
        (b"1" * 1_000_001, "a.txt", "long_text"),
    ],
)
def test_what_runs_hides_or_unfolds_is_refused(content, name, reason):
    assert why(content, name) == reason


def test_a_file_for_a_task_is_kept_as_it_came_and_is_a_download(seller):
    content = workbook()
    document = store_document(upload(content, "../成本单 11月.xlsx"), seller, takes_office=True)
    with storages["private"].open(document.name) as file:
        assert file.read() == content
    assert (document.content_type, document.bytes) == (Document.Type.XLSX, len(content))
    assert (document.filename, document.shown_name) == ("成本单 11月.xlsx", "成本单 11月.xlsx")
    answer = send_document(RequestFactory().get("/x"), document, document.stem)
    assert answer["Content-Type"] == Document.Type.XLSX
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%88%90%E6%9C%AC")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_other_forms_take_no_office_files_not_even_one_that_is_there(seller):
    content = papers.office(WORD)
    store_document(upload(content, "a.docx"), seller, takes_office=True)
    with pytest.raises(ValidationError, match="不是照片也不是 PDF"):
        store_document(upload(content, "a.docx"), seller)


def test_the_reason_is_said_in_words_and_pictures_are_pictures_still(seller):
    with pytest.raises(ValidationError, match="“价目.xlsm”里头有宏，宏会自己运行，不收"):
        store_document(upload(papers.office(MACRO_EXCEL), "价目.xlsm"), seller, takes_office=True)
    with pytest.raises(ValidationError, match=r"有 10\.1 MB，最多收 10 MB"):
        store_document(upload(b"PK\x03\x04" + b"x" * 10_000_000, "a.pptx"), seller, takes_office=True)
    assert not Document.objects.exists()
    assert store_document(upload(jpeg(), "IMG_1.jpg"), seller, takes_office=True).is_picture
