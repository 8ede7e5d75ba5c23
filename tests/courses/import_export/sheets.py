"""Sheets of questions as a trainer would fill them in, and hostile ones."""

import io
import zipfile

from openpyxl import Workbook

HEAD = [
    "题型",
    "题目",
    "选项A",
    "选项B",
    "选项C",
    "答案",
    "误差",
    "单位",
    "话术",
    "讲解",
    "为什么A",
    "学习目标",
    "卷别",
    "编号",
]
SINGLE = {"题型": "单选", "题目": "哪个对？", "选项A": "甲", "选项B": "乙", "答案": "B", "讲解": "乙对。"}


def workbook(*rows: dict, head: list[str] = HEAD) -> bytes:
    book = Workbook()
    page = book.active
    page.append(head)
    for row in rows:
        page.append([row.get(name) for name in head])
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def rezipped(content: bytes, **parts: bytes) -> bytes:
    """Return the zip with these parts replaced or added: a__b means a/b."""
    target = io.BytesIO()
    named = {name.replace("__", "/") + ".xml": part for name, part in parts.items()}
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, named.pop(name, None) or old.read(name))
        for name, part in named.items():
            new.writestr(name, part)
    return target.getvalue()
