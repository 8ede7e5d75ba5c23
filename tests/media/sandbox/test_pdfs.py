"""What the child says of a PDF's objects, asked in this process."""

import io

import pikepdf
import pytest

from media.sandbox import pdfs
from media.sandbox.results import Unusable
from tests.media import papers


def why(content: bytes) -> str:
    """Return why the objects are refused, or nothing."""
    try:
        pdfs.check_objects(io.BytesIO(content))
    except Unusable as unusable:
        return unusable.reason
    return ""


def saved(pdf: pikepdf.Pdf, **options) -> bytes:
    file = io.BytesIO()
    pdf.save(file, **options)
    return file.getvalue()


def test_papers_of_an_office_are_taken():
    assert why(papers.pdf()) == ""
    # Letters, numbers and pictures beside the page; one that refers to itself; an address behind a link.
    harmless = [
        b"<</Type/Font/Name/F1/Widths[500 250.5 true null(JavaScript)]>>",
        b"<</Kids[5 0 R]/Next 5 0 R>>",
        b"<</S/URI/URI(https://example.cn/JavaScript)>>",
        papers.packed(b"q 1 0 0 1 0 0 cm /JavaScripts Do Q", kind=b"/Type/XObject"),
        papers.packed(b"4 0 <</Type/Font/JSON 1/Launched true>>"),
    ]
    assert why(papers.pdf(*harmless)) == ""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    assert why(saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)) == ""


@pytest.mark.parametrize("name", sorted(pdfs.ACTIVE_NAMES))
def test_whatever_acts_is_found_wherever_it_is_named(name):
    named = name.encode()
    places = {
        "a key": b"<<%s(x)>>" % named,
        "a value": b"<</S %s>>" % named,
        "an array": b"[1 [%s]]" % named,
        "far inside": b"<</A<</B[<</C<<%s 1>>>>]>>>>" % named,
        "beside a stream": papers.packed(b"", kind=b"/Type/XObject%s(x)" % named),
        "an object stream": papers.packed(b"4 0 <</S%s>>" % named),
        "an object stream, escaped": papers.packed(b"4 0 <</S/#%02x%s>>" % (named[1], named[2:])),
    }
    assert {place: why(papers.pdf(one)) for place, one in places.items()} == dict.fromkeys(places, "acts")


def test_what_acts_is_found_in_the_trailer():
    content = papers.pdf().replace(b"/Root", b"/Info<</A/Launch>>/Root")
    assert why(content) == "acts"


def test_object_that_cannot_be_looked_through_counts_as_acting():
    deep = pdfs.DEEPEST - 1
    assert why(papers.pdf(b"[" * deep + b"/X" + b"]" * deep)) == ""
    deep = pdfs.DEEPEST + 1
    assert why(papers.pdf(b"[" * deep + b"/X" + b"]" * deep)) == "acts"
    broken = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 4>>\nstream\n\xff\xff\xff\xff\nendstream"
    assert why(papers.pdf(broken)) == "acts"


def test_object_stream_that_unpacks_to_too_much_counts_as_acting(monkeypatch):
    monkeypatch.setattr(pdfs, "MOST_UNPACKED", 1000)
    assert [why(papers.pdf(papers.packed(bytes(size)))) for size in (1000, 1001)] == ["", "acts"]


def test_locked_pdf_is_told_from_a_broken_one():
    pdf = pikepdf.new()
    pdf.add_blank_page()
    for owner, user in (("key", "key"), ("key", "")):  # one opens with a password, one without
        assert why(saved(pdf, encryption=pikepdf.Encryption(owner=owner, user=user))) == "locked"
    other = papers.pdf(b"<</Filter/Other/V 4>>").replace(b"/Root", b"/Encrypt 4 0 R/Root")
    assert why(other) == "locked"
    whole = papers.pdf()
    broken = {
        "no pages": saved(pikepdf.new()),
        "no table": whole.replace(b"xref\n0", b"xxxx\n0"),
        "a wrong place": whole.replace(b"startxref\n", b"startxref\n9"),
        "no catalogue": whole.replace(b"/Root 1 0 R", b""),
        "nothing": b"",
        "not one": b"nonsense",
    }
    assert {what: why(content) for what, content in broken.items()} == dict.fromkeys(broken, "broken")


def test_frame_is_whole_and_holds_nothing_else():
    whole = papers.pdf()
    pdfs.check_frame(whole)
    pdfs.check_frame(whole + b"\0\r\n\t ")
    refused = {
        b"%PDF-3.0" + whole[8:]: "mixed",
        whole[: whole.index(b"%%EOF")]: "cut",
        whole + b"more": "mixed",
        whole.replace(b"xref", b"PK\x05\x06xref", 1): "mixed",
        whole.replace(b"xref", b"<IFRAME >xref", 1): "mixed",
    }
    for content, reason in refused.items():
        with pytest.raises(Unusable) as unusable:
            pdfs.check_frame(content)
        assert unusable.value.reason == reason
