"""Recognise files of other programs by their content, so that a refusal names what was sent."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from typing import BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

GZIP = b"\x1f\x8b"
PACKED = gettext_lazy("一个 .gz 压缩包，Moodle 的课程备份（.mbz）多半是这种")
SHEET = gettext_lazy("一份 Excel 表格")
MANIFEST = "imsmanifest.xml"
MOST_MANIFEST = 200_000
# A file that identifies each of them; the first that exists decides.
KINDS: tuple[tuple[Callable[[str], bool], object], ...] = (
    (lambda name: name == "moodle_backup.xml", gettext_lazy("一份 Moodle 的课程备份")),
    (lambda name: name == "h5p.json", gettext_lazy("一份 H5P 的互动内容")),
    (lambda name: name == "tincan.xml", gettext_lazy("一份 xAPI（Tin Can）课件")),
    (lambda name: name == "cmi5.xml", gettext_lazy("一份 cmi5 课件")),
    (lambda name: name.startswith("xl/"), SHEET),
    (lambda name: name.startswith("word/"), gettext_lazy("一份 Word 文档")),
    (lambda name: name.startswith("ppt/"), gettext_lazy("一份 PowerPoint 演示")),
    (lambda name: name == "META-INF/container.xml", gettext_lazy("一份 EPUB 电子书")),
    (
        lambda name: name.endswith("course/course.xml") or name == "course.xml",
        gettext_lazy("一份 edX 的课程"),
    ),
)


def identify_archive(archive: zipfile.ZipFile) -> object | None:
    """Return in words which program's file the zip is; None if it is unknown."""
    names = archive.namelist()
    manifest = next((name for name in names if name.rpartition("/")[2] == MANIFEST), None)
    if manifest:
        return identify_manifest(archive, manifest)
    return next((words for fits, words in KINDS if any(map(fits, names))), None)


def identify_manifest(archive: zipfile.ZipFile, name: str) -> object:
    """Return whether the manifest is of SCORM, QTI or Common Cartridge, by its namespaces: all three have one of IMS."""
    try:
        with archive.open(name) as file:
            head = file.read(MOST_MANIFEST).lower()
    except Exception:  # a damaged or encrypted one: its name suffices
        head = b""
    if b"adlcp" in head or b"scorm" in head:
        return gettext_lazy("一份 SCORM 课件")
    if b"imsqti" in head:
        return gettext_lazy("一份 IMS QTI 题目包")
    if b"imscc" in head or b"common cartridge" in head:
        return gettext_lazy("一份 IMS Common Cartridge 课程包")
    return gettext_lazy("一份 IMS 内容包")


def identify_file(file: BinaryIO | File) -> object | None:
    """Do the same for a file that may be no zip; its position is reset to the beginning."""
    file.seek(0)
    start = file.read(2)
    file.seek(0)
    if start == GZIP:
        return PACKED
    try:
        with zipfile.ZipFile(file) as archive:
            return identify_archive(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    finally:
        file.seek(0)


def describe_refusal(kind: object) -> str:
    return _("这是%(kind)s，这里收不了。只收从新农活导出的课程 zip") % {"kind": kind}


def describe_question_refusal(kind: object) -> str:
    return _("这是%(kind)s，这里收不了。题目照模板填成 .xlsx，或者从 Moodle 题库导出 GIFT") % {"kind": kind}
