"""What people of the demo county hand in for tasks and are answered passes the checker, and its files are taken as such."""

import re
from collections.abc import Iterator

from demo.seed.media_files import MEDIA
from demo.seed.training.tasks import read_works, write_file
from media import shipped
from media.documents import office
from wording.checker import check

# What was said before, quoted to be put right.
BEFORE = re.compile(r"原话：“[^”]*”")


def list_texts() -> Iterator[tuple[str, str]]:
    for work in read_works():
        for version in work["versions"]:
            answer = version.get("answer", {})
            texts = [version.get("text", ""), version.get("lines", ""), answer.get("text", "")]
            texts += [note[0] for note in answer.get("notes", ())]
            yield from ((f"{work['who']} {work['module']}", text) for text in texts if text)


def test_nothing_that_is_handed_in_or_answered_is_banned():
    found = {
        (where, one.words)
        for where, text in list_texts()
        for one in check(BEFORE.sub("", text))
        if one.severity == "block"
    }
    assert found == set()


def test_the_law_task_quotes_what_is_banned():
    quoted = [said for where, text in list_texts() for said in BEFORE.findall(text)]
    assert len(quoted) == 17
    assert sum(bool(check(said)) for said in quoted) >= 10


def test_pictures_and_files_are_there_and_taken():
    for work in read_works():
        for version in work["versions"]:
            for name in version.get("photos", ()):
                assert shipped.list_files(MEDIA, f"produce-{name}"), name
            if "file" in version:
                kind = office.identify(write_file(version["file"], version["lines"]), version["file"])
                assert version["file"].endswith(kind.name.lower())


def test_nobody_is_addressed_as_a_buyer_but_buyers():
    assert {where for where, text in list_texts() if "您" in text} == {"吴春燕 10", "王翠英 8"}
