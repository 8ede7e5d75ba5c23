"""Collected static files: sheets are made smaller before they get their hashed name."""

from django.core.files.base import ContentFile

from ui.storage import SmallStaticFilesStorage

SHEET = """/* What it is for. */
.a {
  width: calc(100% + var(--s1));
}
"""


def test_sheet_is_collected_without_comments_and_blanks_under_a_hash_of_that(tmp_path):
    storage = SmallStaticFilesStorage(location=tmp_path, base_url="/static/")
    storage.save("a.css", ContentFile(SHEET.encode()))
    storage.save("a.js", ContentFile(b"// as it is\n"))
    assert all(
        not isinstance(done, Exception)
        for _a, _b, done in storage.post_process({"a.css": (storage, "a.css")})
    )
    small = ".a{width:calc(100% + var(--s1))}"
    assert (tmp_path / "a.css").read_text() == small
    assert (tmp_path / storage.stored_name("a.css")).read_text() == small
    assert storage.stored_name("a.css") != "a.css"
    assert (tmp_path / "a.js").read_text() == "// as it is\n"
