"""Collect what the studio's page needs to work offline: script, viewers' questions, texts."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import ViewerComment
from live.models import Livestream
from live.on_air.screen import build_prompter_context, load_screen
from rehearsals.models import Rehearsal, TimedNote
from rehearsals.recordings.reports import get_seconds_limit
from rehearsals.recordings.viewer_comments import PackComment, find_fitting, find_pack_comments

CLOSED_KNOWN = 50
UUID_HERE = "00000000-0000-4000-8000-000000000000"


def get_prompter(plan: Livestream) -> dict[str, Any]:
    """Return what the teleprompter's template reads, at the prices of this moment."""
    return build_prompter_context(plan, load_screen(plan))


def list_viewer_comments(plan: Livestream, user: User) -> list[dict[str, Any]]:
    found: list[ViewerComment | PackComment] = [*find_fitting(plan), *find_pack_comments(plan, user)]
    return [{"id": one.pk, "name": one.name, "text": one.text} for one in found]


def get_film_url_pattern() -> str:
    return reverse("rehearsals:take_film", args=[UUID_HERE]).replace(UUID_HERE, "{take}")


def get_page_data(plan: Livestream, user: User, note: TimedNote | None) -> str:
    """Return the data of studio_page.js as JSON."""
    data = {
        "user": user.pk,
        "live": plan.pk,
        "note": str(note.key) if note else "",
        "planned_seconds": get_planned_seconds(plan, note),
        "most_seconds": get_seconds_limit(plan),
        "questions": 0 if note or plan.drill is None else plan.drill.questions,
        "comments": list_viewer_comments(plan, user),
        "begin": reverse("media:video_uploads"),
        "ticket": reverse("rehearsals:take_ticket", args=[UUID_HERE]).replace(UUID_HERE, "{take}"),
        "closed": list_closed(plan, user),
        "rehearsal": reverse("rehearsals:rehearsal", args=[UUID_HERE]).replace(UUID_HERE, "{rehearsal}"),
        "most_bytes": settings.VIDEO_MAX_BYTES,
    }
    return json.dumps(data, ensure_ascii=False)


def list_closed(plan: Livestream, user: User) -> dict[str, str]:
    """Return by key what the phone may hold for open though it was handed in or dropped on a page."""
    over = Rehearsal.objects.filter(user=user, livestream=plan)
    over = over.filter(Q(submission__isnull=False) | Q(dropped_at__isnull=False))
    rows = over.order_by("-pk").values_list("key", "dropped_at")[:CLOSED_KNOWN]
    return {str(key): "dropped" if dropped_at else "handed" for key, dropped_at in rows}


def get_planned_seconds(plan: Livestream, note: TimedNote | None) -> int:
    if note is not None and note.until_ms:
        return max(1, (note.until_ms - note.at_ms) // 1000)
    return plan.planned_minutes * 60


def get_texts() -> str:
    """Return as JSON what the studio says while it records, in the page's language."""
    texts = {
        "denied": _("浏览器没让用摄像头和麦克风。点地址栏左边的锁，允许摄像头和麦克风，再点一次。"),
        "busy": _("摄像头或麦克风正被别的软件用着。关掉那个软件，再点一次。"),
        "absent": _("没找到摄像头或麦克风。换一部手机，或者传一段录好的视频。"),
        "impossible": _("这个浏览器录不了。换手机自带的浏览器打开，或者传一段录好的视频。"),
        "elsewhere": _("另一个窗口正开着这间练播间，一次只能开一个。关掉那边，这边自己就好。"),
        "full": _("手机存满了。录到这儿的都在；删点照片或视频，再接着录。"),
        "short": _("手机里只剩 {free} MB，录满要 {need} MB。先删点东西，或者选省流量。"),
        "ended": _("来电话了，或者摄像头被收走了。录到这儿的都存好了，接着录就行。"),
        "recorder": _("录像停了一下。录到这儿的都存好了，接着录就行。"),
        "most": _("，最多 {most}"),
        "limit": _("到时间了，这一遍最多录 {most}。打个分就能交。"),
        "nothing": _("还没录到东西，再录一遍。"),
        "kept": _("录了 {time}，存好了"),
        "sending": _("还有 {left} MB 没传完，可以边打分边传"),
        "sent": _("都传完了"),
        "offline": _("没网。都存在手机里，有网自己会传。"),
        "login": _("登录过期了。录的都在手机里，登录后接着传。"),
        "other": _("手机里有另一个人录的，要那个人登录了才传。"),
        "refused": _("有一段服务器没收：{why}"),
        "server": _("服务器一时放不下，过会儿自己再传。"),
        "dark": _("太暗了，脸朝着窗，或者开灯"),
        "bright": _("太亮了，离窗远一点"),
        "behind": _("背后太亮，转个身，让窗在你前面"),
        "good": _("光线够"),
        "quiet": _("听不见，靠近一点，大声说一句"),
        "heard": _("声音听得见"),
        "upright": _("竖着拍"),
        "level": _("横着拍"),
        "after": _("下一款：{name}"),
        "wrong": _("还有 {n} 处要改"),
        "unscored": _("第 {n} 项“{title}”还没打分"),
        "unscored_some": _("第 {n} 项“{title}”还有 {left} 条没打分"),
        "missing": _("写一句，下一遍先改哪一处"),
        "handed": _("交了，存在手机里。有网自己会送到，回执到时给你看。"),
        "sure_again": _("这一款刚才录的不要了，从头再来？"),
        "sure_drop": _("这一遍都不要了？删了就找不回来。"),
        "heavy": _("视频有 {size} MB，最多收 {most} MB，剪短一点再传"),
        "copying": _("正在存进手机，{percent}%"),
        "broken": _("这段视频坏了，可能没存完整，重新传一次"),
        "no_picture": _("里面只有声音，没有画面"),
        "too_short": _("不到 2 秒，太短了"),
        "not_video": _("这不是视频，重新选一个"),
    }
    return json.dumps(texts, ensure_ascii=False)
