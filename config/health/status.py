"""Show the site's administrator the state of its copies, disks, jobs and messages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from accounts.decorators import login_required_keeping_post
from accounts.models import Notice
from accounts.notifications import delivery, sms
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from config import sqlite
from config.health import checks
from config.models import CopyRun
from media.uploads import quotas
from ui.formats import day

# The used share of a disk from which on it is reported.
FULL_PERCENT = 85
# One night, and the time of the copy itself.
COPY_LATE = timedelta(hours=30)
# An hour of film may wait before a job.
JOB_LATE = timedelta(hours=2)
MESSAGE_LATE = timedelta(minutes=30)


@dataclass(frozen=True)
class Fact:
    """One fact about the site in a sentence; if `is_bad`, `note` says what to do."""

    kind: str
    sentence: str
    note: str = ""
    is_bad: bool = False
    icon: str = "check"


@login_required_keeping_post
@staff_page
@require_safe
def condition(request: SignedInRequest) -> HttpResponse:
    if not request.user.runs_the_site:
        raise Http404
    return render(
        request, "config/condition.html", {"facts": [*list_facts(), *describe_database(), *describe_budget()]}
    )


def list_facts() -> Iterator[Fact]:
    """Yield all facts; 5 queries, with an SMS gateway 6."""
    yield from describe_copies()
    yield from describe_disks()
    yield describe_films()
    yield describe_jobs()
    yield describe_messages()


def describe_copies() -> Iterator[Fact]:
    """Yield when the last good copy was made, and what is wrong with those since."""
    good, last, now = CopyRun.last_good(), CopyRun.last(), timezone.now()
    if good is None or good.ended_at is None:
        is_demo = settings.DEMO and not settings.BACKUP_DIR
        yield Fact("copy_none", _("还没有备份"), "" if is_demo else explain_no_copies(), not is_demo, "info")
    else:
        sentence = _("上次备份：%(when)s，%(size)s") % {
            "when": format_moment(good.ended_at),
            "size": format_size(good.bytes),
        }
        is_late = bool(settings.BACKUP_DIR) and not timedelta(-1) < now - good.ended_at < COPY_LATE
        note = _("该有新的了。看看后台程序（worker）开着没有。") if is_late else ""
        if good.missing:
            lost = ngettext("有 %(n)s 个文件没进去。", "有 %(n)s 个文件没进去。", good.missing) % {
                "n": good.missing
            }
            note = "\n".join(filter(None, [lost, note]))
        yield Fact("copy", sentence, note, is_late or bool(good.missing), "info" if is_late else "check")
    if last is not None and last.problem:
        sentence = _("%(when)s没备成：%(why)s") % {
            "when": format_moment(last.ended_at),
            "why": last.get_problem_display(),
        }
        yield Fact("copy_failed", sentence, _("以前的备份都还在。"), True, "info")


def explain_no_copies() -> str:
    return _("电脑坏了，什么都找不回来。请装网站的人设好 BACKUP_DIR。")


def format_moment(when) -> str:
    return f"{day(when)} {timezone.localtime(when):%H:%M}"


def format_size(count: int) -> str:
    """Format bytes, with a space at which no line breaks."""
    if count >= 1e11:
        return f"{count / 1e9:.0f}\N{NO-BREAK SPACE}GB"
    return (
        f"{count / 1e9:.1f}\N{NO-BREAK SPACE}GB"
        if count >= 1e9
        else f"{max(min(count, 1), round(count / 1e6))}\N{NO-BREAK SPACE}MB"
    )


def describe_disks() -> Iterator[Fact]:
    """Yield each disk of this computer that the site writes to, once."""
    places = [
        settings.VAR_DIR,
        settings.MEDIA_ROOT,
        settings.PRIVATE_ROOT,
        settings.BACKUP_DIR or settings.VAR_DIR,
    ]
    seen = set()
    for place in map(Path, places):
        if not place.exists() or (device := place.stat().st_dev) in seen:
            continue
        seen.add(device)
        usage = shutil.disk_usage(place)
        percent = round(100 * usage.used / (usage.used + usage.free))
        sentence = _("硬盘用了 %(n)s%%，还能放 %(left)s") % {"n": percent, "left": format_size(usage.free)}
        is_bad = percent >= FULL_PERCENT
        note = _("快满了。满了，照片和订单都存不进去：换大的，或者清掉不要的。") if is_bad else ""
        yield Fact("disk", sentence, note, is_bad, "box")


def describe_films() -> Fact:
    """Compare films that wait for the worker with the bytes that the settings allow."""
    room = quotas.get_site_limit()
    sentence = _("没转好的录像占了 %(used)s，最多能放 %(most)s") % {
        "used": format_size(room.used),
        "most": format_size(room.most),
    }
    is_bad = room.used * 100 >= room.most * FULL_PERCENT
    note = _("快满了。满了，谁也传不了录像：看看后台程序（worker）开着没有，或者调大 SITE_FILM_BYTES。")
    return Fact("films", sentence, note if is_bad else "", is_bad, "box")


def describe_jobs() -> Fact:
    """Report the due job that has waited longest."""
    oldest = (
        DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    )
    if oldest is None:
        return Fact("jobs", _("照片和视频都处理完了"))
    is_bad = timezone.now() - oldest > JOB_LATE
    note = _("等得太久。看看后台程序（worker）开着没有。") if is_bad else ""
    return Fact(
        "jobs",
        _("排着队的照片和视频，最早的是%(when)s传的") % {"when": format_moment(oldest)},
        note,
        is_bad,
        "clock",
    )


def describe_messages() -> Fact:
    """Count messages of the last two days that should have gone by SMS and did not."""
    if settings.SMS_SENDER == "none":
        return Fact("messages", _("没有接短信，消息在网页上看"))
    now = timezone.now()
    unsent = Notice.objects.filter(
        sent_at=None, seen_at=None, made_at__gt=now - delivery.STALE, made_at__lt=now - MESSAGE_LATE
    )
    n = unsent.exclude(problem=delivery.NO_TEMPLATE).count()
    if not n:
        return Fact("messages", _("短信都发出去了"))
    sentence = ngettext("%(n)s 条短信没发出去", "%(n)s 条短信没发出去", n) % {"n": n}
    return Fact("messages", sentence, _("看看短信网关欠不欠费，后台程序（worker）开着没有。"), True, "bell")


def describe_database() -> Iterator[Fact]:
    """Report this process's database library; the admin's first page warns organisers of an old one (config.worklist)."""
    if not checks.uses_sqlite():
        return
    is_bad = not checks.is_library_sound()
    note = _("太旧了，可能丢数据：请装网站的人马上更新。") if is_bad else ""
    yield Fact(
        "database", _("数据库是 SQLite %(version)s") % {"version": sqlite.get_version()}, note, is_bad, "box"
    )


def describe_budget() -> Iterator[Fact]:
    """Compare today's messages with those allowed; all organisers are warned too (accounts.worklist.sources)."""
    if settings.SMS_SENDER == "none":
        return
    sent, most, codes, of = (
        sms.count_sent_today(),
        settings.SMS_SITE_A_DAY,
        sms.count_codes_today(),
        sms.calculate_codes_a_day(),
    )
    facts = {"sent": sent, "most": most, "codes": codes, "of": of}
    sentence = (
        _("今天发了 %(sent)s 条短信，最多 %(most)s 条；其中验证码 %(codes)s 条，最多 %(of)s 条") % facts
    )
    is_bad = sms.is_running_out(sent, most) or sms.is_running_out(codes, of)
    note = _("快用完了。不该有这么多，就看看是不是有人乱要验证码。") if is_bad else ""
    yield Fact("budget", sentence, note, is_bad, "phone")
