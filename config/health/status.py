"""Show the site's administrator what is wrong with the site and what to do first, then the state of all the rest."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_tasks_db.models import DBTaskResult

from accounts.decorators import login_required_keeping_post
from accounts.notifications import sms
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from config import sqlite
from config.health import checks
from config.health.alert_states import Firing, list_firing
from config.metrics.readings import NO_NODE, Readings, are_copies_planned, list_disks, read_all
from config.models import CopyRun
from ui.formats import day


@dataclass(frozen=True)
class Fact:
    """One fact about the site in a sentence. `alert` names the alert that it explains while that fires, `label` for which of
    its values."""

    sentence: str
    alert: str = ""
    label: str = ""
    icon: str = "check"


@dataclass(frozen=True)
class Trouble:
    """An alert that fires: its title, and a sentence with what is known of it now, which may be the title."""

    alert: str
    title: str
    sentence: str
    why: str
    first: str
    icon: str
    since: datetime | None = None
    is_told_elsewhere: bool = False
    is_urgent: bool = False

    @property
    def detail(self) -> str:
        """Return what the sentence says beyond the title."""
        return self.sentence if self.sentence != self.title else ""

    @property
    def begin(self) -> str:
        return format_moment(self.since) if self.since else ""


@login_required_keeping_post
@staff_page
@require_safe
def condition(request: SignedInRequest) -> HttpResponse:
    if not request.user.runs_the_site:
        raise Http404
    troubles, facts = look()
    groups = [
        (_("马上要办的"), "stop", [trouble for trouble in troubles if trouble.is_urgent]),
        (_("这几天办的"), "calico", [trouble for trouble in troubles if not trouble.is_urgent]),
    ]
    context = {"groups": [group for group in groups if group[2]], "facts": facts}
    return render(request, "config/condition.html", context)


def look() -> tuple[list[Trouble], list[Fact]]:
    """Return what is wrong, and the facts that are not told with it."""
    readings = read_all(for_page=True)
    facts = list(list_facts(readings))
    troubles, explained = [], set()
    for firing in list_firing(readings):
        explaining = [fact for fact in facts if explains(fact, firing)]
        explained.update(explaining)
        for sentence in [fact.sentence for fact in explaining] or [name_trouble(firing)]:
            troubles.append(make_trouble(firing, sentence))
    return troubles, [fact for fact in facts if fact not in explained]


def explains(fact: Fact, firing: Firing) -> bool:
    if fact.alert != firing.alert.name or firing.node:
        return False
    return not fact.label or any(fact.label in labels for labels in firing.found)


def name_trouble(firing: Firing) -> str:
    """Return the alert's own words, with the computer or job that they are about."""
    about = [firing.node] if firing.node else []
    if firing.alert.names_labels:
        about += [label for labels in firing.found for label in labels if label != NO_NODE]
    if not about:
        return str(firing.alert.title)
    return _("%(what)s（%(which)s）") % {"what": firing.alert.title, "which": ", ".join(about)}


def make_trouble(firing: Firing, sentence: str) -> Trouble:
    alert = firing.alert
    return Trouble(
        alert.name,
        name_trouble(firing),
        sentence,
        str(alert.why),
        str(alert.first),
        alert.icon,
        firing.since,
        alert.is_told_elsewhere,
        alert.is_urgent,
    )


def list_facts(readings: Readings) -> Iterator[Fact]:
    """Yield all facts; up to three queries."""
    yield from describe_copies()
    yield from describe_disks()
    yield describe_films(readings)
    yield describe_jobs()
    yield from describe_messages(readings)
    yield from describe_database()


def describe_copies() -> Iterator[Fact]:
    """Yield when the last good copy was made, and what is wrong with those since."""
    good, last = CopyRun.last_good(), CopyRun.last()
    if good is None or good.ended_at is None:
        yield Fact(_("还没有备份"), "copy_absent", icon="info")
    else:
        facts = {"when": format_moment(good.ended_at), "size": format_size(good.bytes)}
        alert = "copy_late" if are_copies_planned() else "copy_by_hand_late"
        yield Fact(_("上次备份：%(when)s，%(size)s") % facts, alert)
        if good.missing:
            n = good.missing
            lost = ngettext("上次备份里少了 %(n)s 个文件", "上次备份里少了 %(n)s 个文件", n) % {"n": n}
            yield Fact(lost, "copy_incomplete", icon="info")
    if last is not None and last.problem:
        facts = {"when": format_moment(last.ended_at), "why": last.get_problem_display()}
        yield Fact(_("%(when)s没备成：%(why)s") % facts, "copy_failed", icon="info")


def format_moment(when) -> str:
    return f"{day(when)} {timezone.localtime(when):%H:%M}"


def format_size(count: float) -> str:
    """Format bytes, with a space at which no line breaks."""
    if count >= 1e11:
        return f"{count / 1e9:.0f}\N{NO-BREAK SPACE}GB"
    return (
        f"{count / 1e9:.1f}\N{NO-BREAK SPACE}GB"
        if count >= 1e9
        else f"{max(min(count, 1), round(count / 1e6)):.0f}\N{NO-BREAK SPACE}MB"
    )


def describe_disks() -> Iterator[Fact]:
    """Yield each disk of this computer that the site writes to, once."""
    for folder, place in list_disks():
        usage = shutil.disk_usage(place)
        percent = round(100 * usage.used / (usage.used + usage.free))
        sentence = _("硬盘用了 %(n)s%%，还能放 %(left)s") % {"n": percent, "left": format_size(usage.free)}
        yield Fact(sentence, "disk_full", folder, "box")


def describe_films(readings: Readings) -> Fact:
    """Compare films that wait for the worker with the bytes that the settings allow."""
    [used] = readings.get("newfarmwork_films_stored_bytes").values()
    [most] = readings.get("newfarmwork_films_limit_bytes").values()
    facts = {"used": format_size(used), "most": format_size(most)}
    return Fact(_("没转好的录像占了 %(used)s，最多能放 %(most)s") % facts, "films_full", icon="box")


def describe_jobs() -> Fact:
    """Report the due job that has waited longest."""
    oldest = (
        DBTaskResult.objects.ready().order_by("enqueued_at").values_list("enqueued_at", flat=True).first()
    )
    if oldest is None:
        return Fact(_("照片和视频都处理完了"))
    sentence = _("排着队的照片和视频，最早的是%(when)s传的") % {"when": format_moment(oldest)}
    return Fact(sentence, "jobs_late", icon="clock")


def describe_messages(readings: Readings) -> Iterator[Fact]:
    """Yield what did not go by SMS, and compare today's messages with those allowed."""
    if settings.SMS_SENDER == "none":
        yield Fact(_("没有接短信，消息在网页上看"))
        return
    [n] = map(int, readings.get("newfarmwork_messages_unsent").values())
    if n:
        yield Fact(
            ngettext("%(n)s 条短信没发出去", "%(n)s 条短信没发出去", n) % {"n": n},
            "messages_unsent",
            icon="bell",
        )
    else:
        yield Fact(_("短信都发出去了"))
    sent = {kind: int(value) for (kind,), value in readings.get("newfarmwork_sms_sent_today").items()}
    facts = {
        "sent": sent["all"],
        "most": settings.SMS_SITE_A_DAY,
        "codes": sent["codes"],
        "of": sms.calculate_codes_a_day(),
    }
    sentence = _("今天发了 %(sent)s 条短信，最多 %(most)s 条；其中验证码 %(codes)s 条，最多 %(of)s 条")
    yield Fact(sentence % facts, "sms_used_up", icon="phone")


def describe_database() -> Iterator[Fact]:
    """Name this process's database library."""
    if checks.uses_sqlite():
        sentence = _("数据库是 SQLite %(version)s") % {"version": sqlite.get_version()}
        yield Fact(sentence, "old_database", icon="box")
