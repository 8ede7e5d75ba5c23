"""What is said about a video where it is managed: its length, what its rungs weigh, how far it is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from media.models import Video


def state(video: Video) -> str:
    """“做到 40%”, “好了” or why it failed."""
    if video.status == Video.Status.FAILED:
        return _("没做成：%(problem)s") % {"problem": _(video.problem)}
    if not video.is_ready:
        return _("正在处理，做到 %(percent)s%%") % {"percent": video.percent}
    return _("好了") if video.has_sound else _("好了。没有声音，所以不能只听")


def length(video: Video) -> str:
    """“3:20”, “1:02:05”; empty while it is not known."""
    if not video.duration_ms:
        return ""
    minutes, seconds = divmod(round(video.duration_ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def sizes(video: Video) -> str:
    """“480p 4.1 MB · 240p 1.3 MB · 只听 0.2 MB”."""
    names = {"480": "480p", "240": "240p", "listen": _("只听")}
    return " · ".join(
        f"{name} {video.bytes_of(rung) / 1e6:.1f}\N{NO-BREAK SPACE}MB"
        for rung, name in names.items()
        if video.bytes_of(rung)
    )


def line(video: Video) -> str:
    return " · ".join(filter(None, [str(video), length(video), state(video), sizes(video)]))
