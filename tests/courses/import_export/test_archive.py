"""Hostile zips are refused with a reason, and nothing of them stays."""

import io
import json
import zipfile

import pytest
from django.core.files.storage import default_storage

from courses.import_export.document import UnreadableFile, check_document
from courses.import_export.export import make_archive_path, make_medium_key
from courses.import_export.importer import import_archive
from courses.models import Course
from media.models import Photo, Video
from tests.courses.import_export.packages import altered, document_in, packed
from tests.factories import make_course, make_photo
from tests.media.pictures import encoded, exif
from tests.quizzes import make_quiz


@pytest.fixture
def package(county) -> bytes:
    """Of a course that is not here any more: all its files would have to come out of the zip."""
    course = make_course(county, lessons=1, slug="oranges", cover=make_photo())
    package = packed(course)
    course.delete()
    Photo.objects.all().delete()
    return package


def rows() -> tuple[int, int, int]:
    return Course.objects.count(), Photo.objects.count(), Video.objects.count()


def reasons(package: bytes, county, trainer) -> list[str]:
    before, there = rows(), default_storage.listdir("photos")
    with pytest.raises(UnreadableFile) as refused:
        import_archive(io.BytesIO(package), county, trainer)
    assert (rows(), default_storage.listdir("photos")) == (before, there)
    return refused.value.reasons


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "media/../../x.webp", "C:\\x", "a\\..\\..\\b"]
)
def test_names_that_climb_out_are_refused(package, county, trainer, name):
    assert reasons(altered(package, **{name: b"x"}), county, trainer)[0].startswith("zip 里有不许用的文件名")


def test_link_in_the_zip_is_refused(package, county, trainer):
    target = io.BytesIO(package)
    with zipfile.ZipFile(target, "a") as archive:
        link = zipfile.ZipInfo("media/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert reasons(target.getvalue(), county, trainer) == ["zip 里有快捷方式（链接），不能收：media/link"]


@pytest.mark.long
def test_bomb_is_refused_before_it_goes_off(package, county, trainer):
    target = io.BytesIO(package)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("media/bomb", bytes(50_000_000))
    assert reasons(target.getvalue(), county, trainer) == ["zip 里的 media/bomb 压得太狠，不像课程文件"]


def test_entry_that_lies_about_its_size_is_cut_off(package, county, trainer):
    """The directory claims ten bytes for a document of more."""
    target = io.BytesIO(package)
    with zipfile.ZipFile(target) as archive:
        at = archive.start_dir
        size = archive.getinfo("course.json").file_size
    lying = bytearray(target.getvalue())
    place = lying.index(size.to_bytes(4, "little"), at)
    lying[place : place + 4] = (10).to_bytes(4, "little")
    assert reasons(bytes(lying), county, trainer)[0] in ("zip 坏了，重新导出一次", "course.json 读不懂")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 cut", "这不是 zip 文件，或者没传完整"),
        (b"", "这不是 zip 文件，或者没传完整"),
        ("不是 zip".encode(), "这不是 zip 文件，或者没传完整"),
    ],
)
def test_what_is_no_zip_is_named(county, trainer, content, reason):
    default_storage.save("photos/x", io.BytesIO(b"x"))
    assert reasons(content, county, trainer) == [reason]


def test_document_of_another_version_is_named(package, county, trainer):
    newer = altered(package, lambda document: document.update(version=2))
    assert reasons(newer, county, trainer) == ["这份课程是版本 2，这里只认版本 1"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.pop("format"), "这不是从新农活导出的课程"),
        (lambda d: d["course"].update(title=7), "course/title：要是带引号的文字"),
        (
            lambda d: d["modules"][0]["lessons"].append(d["modules"][0]["lessons"][0]),
            "编号 lesson-1 用了两次",
        ),
        (lambda d: d["modules"][0]["needs"].append(5), "modules/0/needs 里提到的 5 找不到"),
        (lambda d: d["course"].update(title="橘\0子"),
         "course/title：里面有存不下的字符（U+0000）。在原来的课程里删掉，重新导出"),
        (lambda d: d["modules"][0]["lessons"][0].update(body="半个 \ud83d"),
         "modules/0/lessons/0/body：里面有存不下的字符（U+D83D）。在原来的课程里删掉，重新导出"),
        (lambda d: d["modules"].append(None), "modules/1：要是一组 {…}"),
        (lambda d: d["course"].pop("slug"), "course：少了 slug"),
        (lambda d: d["course"].update(price=1), "course：多了不认识的 price"),
        (lambda d: d["course"].update(title="橘" * 61), "course/title：太长，最多 60 个字"),
        (lambda d: d["modules"][0].update(number=-1), "modules/0/number：太小，最小 0"),
        (lambda d: d["course"].update(slug="A b"), 'course/slug：写法不对："A b"'),
        (lambda d: d["modules"][0]["lessons"][0].update(captions="WEBVTT\n\n00:01.000 --> 00:02.000\n<script>x</script>\n"),
         "modules/0/lessons/0/captions：第 4 行：字幕里不能有网页代码（<script>），删掉再存"),
        (lambda d: d["course"].update(cover="0" * 64), f"media 里提到的 {'0' * 64} 找不到"),
    ],
)  # fmt: skip
def test_document_that_is_not_whole_says_where(package, county, trainer, change, reason):
    assert reasons(altered(package, change), county, trainer)[0] == reason


@pytest.mark.parametrize("text", [b"{", b"[]", b"\xff\xfe", b'{"a": NaN}', b"[" * 100_000])
def test_document_that_is_no_json_is_refused(package, county, trainer, text):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("course.json", text)
    assert len(reasons(target.getvalue(), county, trainer)) == 1


@pytest.mark.parametrize(
    "inside", [b"[]," * 300_000 + b"[]", b'"ab",' * 300_000 + b'""', b"{}," * 300_000 + b"{}"]
)
def test_document_of_more_values_than_memory_has_room_for_is_refused(package, county, trainer, inside):
    """Zipped to 100 kB, 20 MB of empty lists took 430 MiB to read."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("course.json", b'{"format": "newfarmwork-course", "x": [' + inside + b"]}")
    assert reasons(target.getvalue(), county, trainer) == ["course.json 太大了"]


@pytest.mark.parametrize("name", ["needs", "number", "lessons"])
def test_document_that_is_nested_deeply_says_where(package, county, trainer, name):
    deep = json.loads("[" * 900 + "]" * 900)
    said = reasons(altered(package, lambda d: d["modules"][0].update({name: [deep, deep]})), county, trainer)
    assert said[0].startswith(f"modules/0/{name}")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda d: d["modules"][0].update(opens_on="2026-02-31"),
            "modules/0/opens_on：没有 2026-02-31 这一天",
        ),
        (
            lambda d: d["modules"][0].update(opens_on="2026-13-01"),
            "modules/0/opens_on：没有 2026-13-01 这一天",
        ),
        (
            lambda d: d["course"].update(title="果\ud800", cover=""),
            "course/title：里面有存不下的字符（U+D800）。在原来的课程里删掉，重新导出",
        ),
    ],
)
def test_document_that_cannot_be_stored_is_refused(county, trainer, change, reason):
    course = make_course(county, lessons=1)
    make_quiz(course, "single")
    package = packed(course)
    with pytest.raises(UnreadableFile) as refused:
        import_archive(io.BytesIO(altered(package, change)), county, trainer)
    assert refused.value.reasons == [reason]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda one, two: one.update(needs=[0]), [("单元1", "单元1")]),
        (lambda one, two: (one.update(needs=[1]), two.update(needs=[0])), [("单元2", "单元1"), ("单元1", "单元2")]),
        (lambda one, two: one.update(needs_quiz=["own"]), [("单元1", "单元1")]),
        (lambda one, two: (one.update(needs=[1]), two.update(needs_quiz=["own"])), [("单元2", "单元1"), ("单元1", "单元2")]),
    ],
)  # fmt: skip
def test_modules_that_would_wait_for_each_other_are_named(county, trainer, change, said):
    course = make_course(county, lessons=1, modules=2)
    make_quiz(course, "single", code="own", module=course.modules.get(number=1))
    with pytest.raises(UnreadableFile) as refused:
        import_archive(io.BytesIO(altered(packed(course), lambda d: change(*d["modules"]))), county, trainer)
    words = [f"“{other}”自己要先学完“{this}”，两边互相等，谁都学不了。" for other, this in said]
    assert refused.value.reasons == words


@pytest.mark.parametrize(("right", "of"), [(5, 2), (5, None), (None, 4)])
def test_mastery_that_cannot_be_reached_is_named(county, trainer, right, of):
    course = make_course(county, lessons=1)
    quiz = make_quiz(course, "single")
    half = altered(packed(course), lambda d: d["quizzes"][0].update(master_right=right, master_of=of))
    with pytest.raises(UnreadableFile) as refused:
        import_archive(io.BytesIO(half), county, trainer)
    assert refused.value.reasons == [f"quizzes/{quiz.code}/master_of 里提到的 {of} 找不到"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packed_bytes_that_are_spoilt_are_refused(package, county, trainer, packing):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", packing) as archive:
        archive.writestr("course.json", json.dumps(document_in(package)))
        start = archive.getinfo("course.json").header_offset + 30 + len("course.json")
    spoilt = bytearray(target.getvalue())
    spoilt[start + 20 : start + 80] = b"\xff" * 60
    assert reasons(bytes(spoilt), county, trainer) == ["zip 坏了，重新导出一次"]


def only_file(package: bytes) -> dict:
    document = document_in(package)
    return next(iter(document["media"].values()))["files"][0]


def test_one_file_named_by_many_is_weighed_as_often(package, county, trainer, monkeypatch):
    """A few megabytes of zeros would fill the disk as many videos."""
    [medium] = document_in(package)["media"].values()
    weight = sum(file["bytes"] for file in medium["files"])

    def change(document: dict) -> None:
        document["media"] |= {f"{n}": medium for n in range(9)}

    many = altered(package, change)
    with zipfile.ZipFile(io.BytesIO(many)) as archive:
        inside = sum(entry.file_size for entry in archive.infolist())
    monkeypatch.setattr("courses.import_export.archive.MOST_BYTES", max(inside, 9 * weight))
    assert reasons(many, county, trainer) == ["zip 解开超过 4 GB，太大了"]


def test_file_that_was_swapped_is_found_out(package, county, trainer):
    file = only_file(package)
    swapped = altered(package, **{make_archive_path(file): bytes(file["bytes"])})
    assert reasons(swapped, county, trainer) == [f"文件 {make_archive_path(file)} 跟它的校验码对不上"]


def with_cover(package: bytes, content: bytes) -> bytes:
    """The zip with a cover of one file, honestly named."""
    import hashlib

    width = 320
    file = {"part": "320", "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    file |= {"width": width, "height": 240}
    medium = {"kind": "photo", "width": width, "height": 240, "duration_ms": 0, "files": [file]}

    def change(document: dict) -> None:
        document["media"] = {make_medium_key(medium): medium}
        document["course"]["cover"] = make_medium_key(medium)

    return altered(package, change, **{make_archive_path(file): content})


def test_script_that_calls_itself_a_photo_is_refused(package, county, trainer):
    content = b"RIFF\0\0\0\0WEBP<script>alert(1)</script>"
    assert reasons(with_cover(package, content), county, trainer)[0].endswith("不是能用的照片")
    content = b"<svg onload=alert(1)>"
    assert reasons(with_cover(package, content), county, trainer)[0].endswith("不是它说的那种文件")


@pytest.mark.long
def test_photo_that_tells_where_it_was_taken_is_refused(package, county, trainer):
    from PIL import Image

    plain = Image.new("RGB", (320, 240), "#f6a02a")
    assert import_archive(io.BytesIO(with_cover(package, encoded(plain, "WEBP"))), county, trainer)
    telling = encoded(plain, "WEBP", exif=exif())
    assert reasons(with_cover(package, telling), county, trainer)[0].endswith("不是能用的照片")
    too_wide = encoded(Image.new("RGB", (640, 480)), "WEBP")
    assert reasons(with_cover(package, too_wide), county, trainer)[0].endswith("不是能用的照片")


def test_check_refuses_what_is_no_object():
    for nothing in (None, [], "x", 7):
        with pytest.raises(UnreadableFile):
            check_document(nothing)
