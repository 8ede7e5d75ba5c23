"""Reasons for refusing a film, as sentences for its sender, each with an HTTP status."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "who": _("只有培训老师和管理员能传视频"),
    "empty": _("这个文件是空的，重新选一次"),
    "heavy": _("视频有 %(size)s GB，最多收 %(most)s GB，剪短一点再传"),
    "heavy_form": _("视频有 %(size)s MB，这样最多传 %(most)s MB。打开浏览器的 JavaScript 就能传大的"),
    "heavy_take": _("这一段最多收 %(most)s MB，剪短一点再传"),
    "open": _("已经有 %(most)s 个视频正在传，传完一个再传"),
    "takes": _("已经有 %(most)s 段录像没传完，等它们传完再录"),
    "day": _("今天传得太多了，明天再传"),
    "often": _("试得太多了，过十分钟再试。"),
    "minutes": _("一天最多传 %(most)s 分钟的练习录像，今天够了，明天再传"),
    "practice_day": _("一天最多传 %(most)s GB 的练习录像，今天不够了，明天再传"),
    "practice": _("你的练习录像快放满 %(most)s GB 了。没交的先交，用不着的删掉，再传"),
    "place": _("村里的练习录像放满了，跟老师说一声，过几天再传"),
    "site": _("网站放录像的地方满了，告诉管理员"),
    "large": _("画面太大了，最多 4K。相机设置里改成 1080p 再录"),
    "costly": _("这段视频又大又长，转不动。相机设置里改成 1080p 再录，或者剪短"),
    "away": _("存视频的地方这会儿连不上，传到的都在，过几分钟接着传"),
    "full": _("服务器放不下了，告诉管理员"),
    "other": _("这不是视频，能收手机拍的 MP4、MOV 和 WebM"),
    "ticket": _("放得太久了，刷新页面再传"),
    "not_yours": _("这段录像是另一个人录的，用那个人的账号登录再传"),
    "changed": _("这一段已经在传另一个文件，刷新再传"),
    "short_of": _("传的比说好的多，刷新再传"),
}
STATUSES = {
    "who": 403, "heavy": 413, "heavy_form": 413, "heavy_take": 413, "open": 429, "takes": 429, "day": 429,
    "often": 429, "minutes": 429, "practice_day": 429, "practice": 429, "place": 507, "site": 507, "large": 413, "costly": 413,
    "full": 507, "away": 503, "other": 415, "ticket": 403, "not_yours": 403, "changed": 409,
}  # fmt: skip


class UploadRefused(ValidationError):
    """Raised with a `code` of REFUSALS and its HTTP `status`."""

    def __init__(self, code: str, **params) -> None:
        super().__init__(REFUSALS[code], code=code, params=params)
        self.status = STATUSES.get(code, 400)
