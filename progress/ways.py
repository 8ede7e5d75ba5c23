"""The ways to take a lesson: the files of its video, what each weighs and what that costs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from progress.models import LearningChoice
from ui.amounts import yuan

Rung = LearningChoice.Rung
VIDEO_RUNGS = (Rung.P480, Rung.P240)
FILES = {Rung.P480: "480.mp4", Rung.P240: "240.mp4", Rung.LISTEN: "listen.m4a"}
# A page and each of its pictures on a phone, compressed.
PAGE_BYTES, PICTURE_BYTES = 20_000, 30_000


def megabytes(size: int) -> str:
    return _("%(n)s MB") % {"n": f"{max(size / 1e6, 0.1):.1f}"}


@dataclass(frozen=True)
class Way:
    """One way to take the lesson. `rung` is what its link asks for."""

    rung: str
    label: str
    bytes: int
    fen_per_gb: int | None
    src: str = ""
    is_on: bool = False

    @property
    def size(self) -> str:
        return megabytes(self.bytes)

    @property
    def cost(self) -> str:
        """In yuan, or fen where that tells the ways apart, when the person has told what a gigabyte costs them."""
        if self.fen_per_gb is None:
            return ""
        fen = self.bytes * self.fen_per_gb / 1e9
        if fen == 0:
            return _("不花钱")
        if fen >= 10:
            return _("约 %(yuan)s 元") % {"yuan": yuan(round(fen))}
        said = f"{fen:.1f}".removesuffix(".0")
        return _("约 %(fen)s 分钱") % {"fen": said} if fen >= 0.1 else _("不到 0.1 分钱")
