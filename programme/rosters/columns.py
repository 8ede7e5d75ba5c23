"""Which column of a roster holds what, by the many names that headers have."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ui.fields import to_ascii
from ui.text import tidy

NAMES: dict[str, tuple[str, ...]] = {
    "name": (
        "姓名", "名字", "学员姓名", "学员名字", "学员", "人员姓名", "参训人员", "参训人员姓名", "本人姓名",
        "name", "fullname", "trainee", "traineename",
    ),
    "phone": (
        "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "联系手机", "联系方式", "联系号码", "移动电话",
        "本人电话", "本人手机", "本人手机号", "学员电话", "学员手机", "学员手机号", "phone", "phonenumber", "phoneno", "mobile",
        "mobilenumber", "mobilephone", "tel", "telephone", "cellphone",
    ),
    "village": (
        "村", "村名", "所在村", "所属村", "行政村", "村组", "村社区", "所在村社区", "社区", "地址", "住址", "家庭住址",
        "家庭地址", "居住地", "居住地址", "详细地址", "联系地址", "village", "address",
    ),
    "note": ("备注", "说明", "备考", "备注说明", "note", "notes", "remark", "remarks", "comment", "comments"),
    "id_number": (
        "身份证", "身份证号", "身份证号码", "身份证件号", "身份证件号码", "公民身份号码", "公民身份证号", "公民身份证号码",
        "证件号", "证件号码", "idnumber", "idcard", "idcardnumber", "idno",
    ),
}  # fmt: skip
KINDS = {spelling: kind for kind, spellings in NAMES.items() for spelling in spellings}
IN_BRACKETS = re.compile(r"[(\[【（].*?[)\]】）]")
MARKS = re.compile(r"[\s*_:：、/／.-]+")


@dataclass(frozen=True)
class Columns:
    """The places of the columns, from 0; None where the table has no such column."""

    name: int | None = None
    phone: int | None = None
    village: int | None = None
    note: int | None = None
    id_number: int | None = None

    @property
    def has_both(self) -> bool:
        return self.name is not None and self.phone is not None

    @property
    def missing(self) -> str:
        """Return which of the two needed columns is missing beside the other; empty if both are."""
        if self.name is None:
            return "name" if self.phone is not None else ""
        return "phone" if self.phone is None else ""


def find_columns(cells: list) -> Columns:
    """Return what the row would mean as a header; of two columns of one meaning the first counts."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        kind = KINDS.get(plain_header(cell)) if isinstance(cell, str) else None
        if kind:
            found.setdefault(kind, place)
    return Columns(**found)


def plain_header(text: str) -> str:
    """Return a header without brackets, marks and spaces, in small letters: “* 手机号（必填）” → 手机号."""
    return MARKS.sub("", to_ascii(IN_BRACKETS.sub("", tidy(text[:60])))).lower()
