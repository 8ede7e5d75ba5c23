"""The alerts: what is wrong with the site, from when on, why it matters, and what to do first.

This is the only list. The page of who runs the site (config.health.status) and 等你办的 (config.worklist) show what is firing
here (config.health.alert_states); `manage.py alert_rules` writes the same for Prometheus; docs/county/operations.md names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.notifications import sms
from config.health import probes
from config.metrics.readings import BY_NAME, Readings

OPERATORS = {
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
    "<": lambda value, limit: value < limit,
}
# A label that the readings have, with its values that fire.
Found = dict[tuple[str, ...], float]


@dataclass(frozen=True)
class Condition:
    """A measure compared with a limit; `share_of` is the measure by which it is divided, `within` the time in which a counter
    has grown so much, `labels` which of its values are compared.
    """

    measure: str
    operator: str
    limit: float
    share_of: str = ""
    within: timedelta | None = None
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def is_local(self) -> bool:
        """Return whether each computer has its own value."""
        return self.measure not in BY_NAME or BY_NAME[self.measure].is_local

    @property
    def is_age(self) -> bool:
        """Return whether the value tells for how long something has lasted."""
        return self.measure.endswith(("_age_seconds", "_wait_seconds"))

    @property
    def is_noted(self) -> bool:
        """Return whether a page knows it from what the worker has noted."""
        return self.within is not None or BY_NAME[self.measure].is_slow

    def find(self, readings: Readings) -> Found:
        """Return the values of this moment that are beyond the limit, by their labels."""
        names = BY_NAME[self.measure].labels
        wanted = [(names.index(name), value) for name, value in self.labels]
        whole = readings.get(self.share_of)
        beyond = {}
        for labels, value in readings.get(self.measure).items():
            if any(labels[place] != text for place, text in wanted):
                continue
            if self.share_of:
                value = value / whole[labels] if whole.get(labels) else 0
            if self.is_beyond(value):
                beyond[labels] = value
        return beyond

    def is_beyond(self, value: float) -> bool:
        return OPERATORS[self.operator](value, self.limit)

    def write(self) -> str:
        """Return the same for Prometheus; what is the whole site's is asked of whichever node answers."""
        chosen = ",".join(f'{name}="{value}"' for name, value in self.labels)
        value = f"{self.measure}{{{chosen}}}" if chosen else self.measure
        if self.within:
            value = f"increase({value}[{format_time(self.within)}])"
        if self.share_of:
            value = f"{value} / {self.share_of}"
        if not self.is_local:
            value = f"max without (instance) ({value})"
        return f"{value} {self.operator} {self.limit:g}"


def format_time(time: timedelta) -> str:
    return f"{int(time.total_seconds())}s"


@dataclass(frozen=True)
class Alert:
    """One thing that can be wrong. `lasts` is how long before it fires; `is_urgent` wakes somebody, the rest waits for the day.

    `by_prometheus`: only seen from outside. `is_told_elsewhere`: it has an item of its own in 等你办的, for more people.
    `names_labels`: its sentence says of which computer or job it is true.
    """

    name: str
    condition: Condition
    title: str | Promise
    why: str | Promise
    first: str | Promise
    lasts: timedelta = timedelta(0)
    is_urgent: bool = False
    by_prometheus: bool = False
    is_told_elsewhere: bool = False
    names_labels: bool = False
    icon: str = "info"

    @property
    def rule(self) -> str:
        """Return its name among the rules of Prometheus: DiskFull."""
        return "".join(part.capitalize() for part in self.name.split("_"))


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# The used share from which on a disk, or the room for films, is reported.
FULL = 0.85
# One night, and the time of the copy itself.
COPY_LATE = 30 * HOUR
# Where none is planned, somebody makes one every week.
COPY_BY_HAND_LATE = 7 * 24 * HOUR
# An hour of film may wait before a job.
JOB_LATE = 2 * HOUR
FAILED_REQUESTS = "newfarmwork_failed_requests_total"


def seconds(time: timedelta) -> float:
    return time.total_seconds()


ALERTS = (
    Alert(
        "site_away",
        Condition("up", "<", 1, labels=(("job", "newfarmwork"),)),
        _("有一台机器不回话"),
        _("大家可能打不开网站。"),
        _("看看那台机器开着没有、连着网没有，再看 systemctl status 'newfarmwork*'。"),
        lasts=2 * MINUTE,
        is_urgent=True,
        by_prometheus=True,
    ),
    Alert(
        "database_away",
        Condition("newfarmwork_database_up", "<", 1),
        _("连不上数据库"),
        _("只看得到刚打开过的网页，什么都存不进去。"),
        _("看看数据库开着没有、它的硬盘满没满；它一回来，网站自己接着走。"),
        lasts=MINUTE,
        is_urgent=True,
        by_prometheus=True,
    ),
    Alert(
        "server_errors",
        Condition(FAILED_REQUESTS, ">=", 5, within=10 * MINUTE, labels=(("cause", "fault"),)),
        _("网站自己老出错"),
        _("有人打开网页或者交东西的时候，看到的是“出错了”。"),
        _("在日志里找 status 500 的那几行；刚更新过，就退回上一版。"),
        is_urgent=True,
    ),
    Alert(
        "part_away",
        Condition(FAILED_REQUESTS, ">=", 10, within=10 * MINUTE, labels=(("cause", "database"),)),
        _("数据库断过"),
        _("断的时候，要存的都没存进去，手机上会自己再交。"),
        _("在日志里找 the database is away；看看数据库为什么断。"),
    ),
    Alert(
        "files_away",
        Condition(FAILED_REQUESTS, ">=", 10, within=10 * MINUTE, labels=(("cause", "storage"),)),
        _("放文件的地方断过"),
        _("照片和录像传不上来，手机上会自己再传。"),
        _("看看硬盘满没满；文件放在桶里的，运行 sudo newfarmwork check_site。"),
    ),
    Alert(
        "worker_silent",
        Condition("newfarmwork_worker_heartbeat_age_seconds", ">", probes.BEAT_LATE_SECONDS),
        _("后台程序（worker）不出声了"),
        _("照片、视频没人处理，短信不发，夜里也不备份。"),
        _("sudo systemctl restart newfarmwork-worker，再看它的日志：sudo journalctl -u newfarmwork-worker。"),
        is_urgent=True,
        names_labels=True,
    ),
    Alert(
        "jobs_late",
        Condition("newfarmwork_jobs_oldest_wait_seconds", ">", seconds(JOB_LATE)),
        _("照片和视频排队太久"),
        _("大家传的照片和录像一直看不到。"),
        _("看看后台程序（worker）开着没有；开着，就是录像多，一台电脑转不过来。"),
        icon="clock",
    ),
    Alert(
        "jobs_failed",
        Condition("newfarmwork_jobs_failed_last_day", ">=", 1),
        _("这一天里有后台的活儿没做成"),
        _("有的照片、录像或者资料没处理好。"),
        _("在日志里找 worker 的错误；还在出，就把那几行发给装网站的人。"),
        names_labels=True,
    ),
    Alert(
        "copy_absent",
        Condition("newfarmwork_copy_absent", ">=", 1),
        _("还没有备份"),
        _("电脑坏了，什么都找不回来。"),
        _(
            "先备一份：sudo newfarmwork backup /mnt/copies/today.copy（换成你放备份的地方）；再设好 BACKUP_DIR，每晚自己备。"
        ),
    ),
    Alert(
        "copy_late",
        Condition("newfarmwork_copy_age_seconds", ">", seconds(COPY_LATE), labels=(("planned", "yes"),)),
        _("昨晚没有备份"),
        _("电脑坏了，这以后的东西找不回来。"),
        _("看看后台程序（worker）开着没有，放备份的盘接着没有。"),
    ),
    Alert(
        "copy_by_hand_late",
        Condition(
            "newfarmwork_copy_age_seconds", ">", seconds(COPY_BY_HAND_LATE), labels=(("planned", "no"),)
        ),
        _("一个星期没备份了"),
        _("电脑坏了，这以后的东西找不回来。"),
        _(
            "再备份一次：sudo newfarmwork backup /mnt/copies/today.copy（换成你放备份的地方）；"
            "设好 BACKUP_DIR，以后每晚自己备。"
        ),
    ),
    Alert(
        "copy_failed",
        Condition("newfarmwork_copy_failed", ">=", 1),
        _("上一次备份出了错"),
        _("以前的备份都还在，这以后的还没有。"),
        _(
            "照原因办：硬盘满了就清掉一些，没有密钥文件就找出来；"
            "再备份一次：sudo newfarmwork backup /mnt/copies/today.copy（换成你放备份的地方）。"
        ),
    ),
    Alert(
        "copy_incomplete",
        Condition("newfarmwork_copy_missing_files", ">=", 1),
        _("上次备份缺文件"),
        _("用这份备份恢复，缺的那几个找不回来。"),
        _(
            "再备份一次：sudo newfarmwork backup /mnt/copies/today.copy（换成你放备份的地方）；还缺，就看日志。"
        ),
    ),
    Alert(
        "disk_full",
        Condition("newfarmwork_disk_used_ratio", ">=", FULL),
        _("硬盘快满了"),
        _("满了，照片和订单都存不进去。"),
        _("df -h 看是哪一块；换块大的，或者删掉不要的文件。"),
        is_urgent=True,
        icon="box",
    ),
    Alert(
        "films_full",
        Condition("newfarmwork_films_stored_bytes", ">=", FULL, share_of="newfarmwork_films_limit_bytes"),
        _("放录像的地方快满了"),
        _("满了，谁也传不了录像。"),
        _(
            "看看后台程序（worker）开着没有，它把录像转好，地方就腾出来；硬盘够大，也可以调大 SITE_FILM_BYTES。"
        ),
        icon="box",
    ),
    Alert(
        "messages_unsent",
        Condition("newfarmwork_messages_unsent", ">=", 1),
        _("有短信没发出去"),
        _("买家和卖家收不到订单的消息。"),
        _("看看短信网关欠不欠费，后台程序（worker）开着没有。"),
        icon="bell",
    ),
    Alert(
        "sms_used_up",
        Condition(
            "newfarmwork_sms_sent_today",
            ">=",
            sms.WARNING_PERCENT / 100,
            share_of="newfarmwork_sms_limit_today",
        ),
        _("今天的短信快用完了"),
        _("用完了，验证码要明天才发得出去。"),
        _("不该有这么多，就看看是不是有人乱要验证码。"),
        is_told_elsewhere=True,
        icon="phone",
    ),
    Alert(
        "connections_full",
        Condition(
            "newfarmwork_database_connections", ">=", 0.8, share_of="newfarmwork_database_connections_limit"
        ),
        _("数据库的连接快用完了"),
        _("用完了，新打开的网页就连不上数据库。"),
        _("减少 WORKERS，或者调大数据库的 max_connections。"),
        lasts=5 * MINUTE,
    ),
    Alert(
        "events_quarantined",
        Condition("newfarmwork_events_quarantined_last_day", ">=", 20),
        _("这一天里，手机交来的好多记录没记上"),
        _("大家的学习和练习先放着，没算数；刚更新过，多半是新程序的毛病。"),
        _("在日志里找 outbox 的错误；修好以后，请大家在“做了没算上的”里点“都再试一次”。"),
    ),
    Alert(
        "old_database",
        Condition("newfarmwork_database_library_sound", "<", 1),
        _("数据库程序太旧，可能丢数据"),
        _("几个程序一起写的时候，存好的东西可能没了。"),
        _("请装网站的人马上更新。"),
        is_urgent=True,
        is_told_elsewhere=True,
        icon="box",
    ),
)
BY_ALERT = {alert.name: alert for alert in ALERTS}


def list_shown() -> Iterable[Alert]:
    """Return the alerts that the site itself can show."""
    return (alert for alert in ALERTS if not alert.by_prometheus)
