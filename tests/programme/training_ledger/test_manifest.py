"""The signed manifest: a ledger is unchanged only byte for byte, and as this site has signed it."""

from __future__ import annotations

import base64
import io
import json
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from media import spreadsheets
from programme.credentials.keys import encode_public
from programme.models import IssuerKey
from programme.training_ledger import manifest
from programme.training_ledger.production import pack

pytestmark = pytest.mark.django_db
TABLE, PAPER = b"the spreadsheet", b"the print"


@pytest.fixture
def signed():
    return sign({"台账.xlsx": TABLE, "台账.pdf": PAPER})


def sign(files: dict[str, bytes]) -> dict:
    rows = [
        {"name": name, "bytes": len(content), "sha256": manifest.hash_file(io.BytesIO(content))[0]}
        for name, content in files.items()
    ]
    return manifest.sign_manifest({"title": "培训台账：一班", "files": rows, "rows": {"花名册": 4}})


def check(**files: bytes) -> manifest.Verdict:
    return manifest.check_files(
        (name.replace("_", "."), io.BytesIO(content)) for name, content in files.items()
    )


def zip_of(signed: dict, table: bytes = TABLE, **more: bytes) -> bytes:
    files = {"台账.xlsx": table, "台账.pdf": PAPER, "manifest.json": manifest.dump_manifest(signed)}
    return pack(files | more)


def test_a_zip_as_it_was_written_is_unchanged(signed):
    verdict = check(a_zip=zip_of(signed))
    assert verdict.is_unchanged
    assert verdict.files == [("台账.xlsx", True), ("台账.pdf", True)]


def test_one_file_with_the_manifest_is_enough_whatever_it_is_called(signed):
    verdict = check(renamed_pdf=PAPER, m_json=manifest.dump_manifest(signed))
    assert verdict.is_unchanged
    assert verdict.files == [("台账.xlsx", None), ("台账.pdf", True)]


def test_another_byte_in_a_file_shows(signed):
    verdict = check(a_zip=zip_of(signed, b"the spreadsheeT"))
    assert not verdict.is_unchanged
    assert verdict.changed == ["台账.xlsx"]
    verdict = check(renamed_xlsx=b"x", m_json=manifest.dump_manifest(signed))
    assert verdict.files == [("台账.xlsx", False), ("台账.pdf", None)]


@pytest.mark.parametrize(
    "change", [{"rows": {"花名册": 5}}, {"title": "别的班"}, {"signature": "AA=="}, {"more": 1}]
)
def test_another_word_in_the_manifest_shows(signed, change):
    verdict = check(a_zip=zip_of(signed | change))
    assert not verdict.is_signed
    assert not verdict.is_unchanged


def test_a_manifest_signed_by_somebody_else_is_not_ours(signed, settings):
    private = Ed25519PrivateKey.generate()
    theirs = {name: value for name, value in signed.items() if name != "signature"}
    for public in (encode_public(private), signed["public_key"]):
        theirs |= {"public_key": public}
        signature = private.sign(manifest.make_canonical(theirs))
        forged = theirs | {"signature": base64.b64encode(signature).decode()}
        assert not check(a_zip=zip_of(forged)).is_signed
    settings.SECRET_KEY = "another after the first was lost"
    assert check(a_zip=zip_of(signed)).is_unchanged


def test_a_file_that_the_manifest_does_not_name_shows(signed):
    verdict = check(a_zip=zip_of(signed, **{"加的.txt": b"x"}))
    assert verdict.strange == ["加的.txt"]
    assert not verdict.is_unchanged
    second = {"second.json": manifest.dump_manifest(signed)}
    assert check(a_zip=zip_of(signed, **second)).strange == ["second.json"]


@pytest.mark.parametrize(
    "content",
    [b"[]", b"{", b"{}", b'{"kind": 1}', b"\xff", b"[" * 100_000,
     json.dumps({"kind": manifest.KIND, "public_key": "", "signature": "", "files": [1]}).encode()],
)  # fmt: skip
def test_what_is_no_manifest_is_said_to_be_none(content):
    with pytest.raises(manifest.NotAManifest):
        check(m_json=content)


@pytest.mark.parametrize("name", ["title", "public_key"])
@pytest.mark.parametrize("letter", [b"\\ud800", b"\\u0000"])
def test_text_that_no_page_or_database_takes_is_no_manifest(signed, name, letter):
    raw = manifest.dump_manifest(signed | {name: "x"}).replace(b'"x"', b'"' + letter + b'"')
    with pytest.raises(manifest.NotAManifest):
        check(m_json=raw, a_pdf=PAPER)


@pytest.mark.parametrize("way", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_is_packed_otherwise_than_a_ledger_is_refused(way):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", way) as archive:
        archive.writestr("台账.xlsx", TABLE)
    with pytest.raises(ValueError, match="cannot be unpacked"):
        check(a_zip=target.getvalue())
    with pytest.raises(spreadsheets.UnreadableSpreadsheet):
        spreadsheets.refuse_hostile(target, target.tell())


def test_a_broken_or_swollen_zip_is_refused(monkeypatch, signed):
    with pytest.raises(ValueError, match="cannot be unpacked"):
        check(a_zip=b"PK\x03\x04 and no more")
    monkeypatch.setattr(manifest, "MOST_UNPACKED", 100)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("台账.xlsx", b"0" * 101)
    with pytest.raises(ValueError, match="cannot be unpacked"):
        check(a_zip=target.getvalue())


def test_several_zips_together_unpack_to_no_more_than_one(monkeypatch):
    monkeypatch.setattr(manifest, "MOST_UNPACKED", 100)
    some = pack({"台账.xlsx": b"0" * 60})
    with pytest.raises(ValueError, match="cannot be unpacked"):
        check(a_zip=some, b_zip=some)


def test_the_public_key_alone_verifies_it(signed):
    content = manifest.make_canonical({name: value for name, value in signed.items() if name != "signature"})
    assert content.decode().startswith('{"files":[{"bytes":15,"name":"台账.xlsx"')
    assert signed["public_key"] == IssuerKey.objects.get().public
    public = Ed25519PublicKey.from_public_bytes(manifest.read_public(signed["public_key"]))
    public.verify(base64.b64decode(signed["signature"]), content)  # raises InvalidSignature
