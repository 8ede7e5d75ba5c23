"""The rows of a live as tables for people: local times, yuan, Chinese words.

Each is a CSV file and a part of the evidence's cover.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from live.models import Figure, LiveSale, Livestream
from shops.models import GRAMS_PER_JIN


@dataclass(frozen=True)
class Table:
    """One table; `name` is that of its file, without the extension."""

    name: str
    head: list[str]
    rows: list[list]


def get_local_time(moment: datetime.datetime | None) -> str:
    """Return a moment in Beijing time, as the column's title says."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""


def to_yuan(fen: int | None) -> Decimal | str:
    return "" if fen is None else (Decimal(fen) / 100).quantize(Decimal("0.01"))


def get_name(person) -> str:
    return person.name if person else ""


def format_yes_or_no(is_so: bool) -> str:
    return _("是") if is_so else _("不是")


def list_sale_titles() -> list[str]:
    return [
        _("什么时候（北京时间）"), _("收到时间（北京时间）"), _("哪一款"), _("几份"), _("一份多少钱（元）"), _("金额（元）"),
        _("重量（斤）"), _("名额里出的"), _("库存里出的"), _("超卖"), _("谁"), _("撤回哪一笔"), _("编号"),
    ]  # fmt: skip


def list_sale_rows(rows: Iterable[LiveSale]) -> Iterator[list]:
    for row in rows:
        yield [
            get_local_time(row.happened_at),
            get_local_time(row.received_at),
            str(row.item),
            row.quantity,
            to_yuan(row.price_fen),
            to_yuan(row.fen),
            Decimal(row.net_grams * row.quantity) / GRAMS_PER_JIN,
            row.from_quota,
            row.from_stock,
            row.oversold,
            get_name(row.by),
            row.undoes_id or "",
            row.pk,
        ]


def sort_rows(rows: models.Manager) -> models.QuerySet:
    return rows.select_related("by", "item__product").order_by("happened_at", "id")


def build_tables(live: Livestream) -> list[Table]:
    """Return the tables of all that happened in a live and was ticked before it. One query a table."""
    when, by = _("什么时候（北京时间）"), _("谁")
    return [
        Table(
            _("成交"), list_sale_titles(), list(list_sale_rows(sort_rows(live.livesales)))
        ),
        Table(
            _("上桌"), [when, _("哪一款"), by],
            [[get_local_time(row.happened_at), str(row.item), get_name(row.by)] for row in sort_rows(live.pins)],
        ),
        Table(
            _("口误更正"), [when, _("哪一款"), _("说成了什么"), _("对的是什么"), by],
            [
                [get_local_time(row.happened_at), str(row.item or ""), row.said, row.right, get_name(row.by)]
                for row in sort_rows(live.slips)
            ],
        ),
        Table(
            _("开播前核对"), [when, _("哪一条"), _("好了"), by],
            [
                [get_local_time(row.at), str(row.get_code_display()), format_yes_or_no(row.is_done), get_name(row.by)]
                for row in live.ticks.select_related("by").order_by("id")
            ],
        ),
        Table(
            _("限时价"), [when, _("哪一款"), _("限时价（元）"), _("到期时间"), _("提前停的时间"), by],
            [
                [
                    get_local_time(row.received_at), str(row.item), to_yuan(row.price_fen), get_local_time(row.until),
                    get_local_time(row.stopped_at), get_name(row.by),
                ]
                for row in sort_rows(live.flashprices)
            ],
        ),
        Table(
            _("超卖处理"), [when, _("哪一款"), _("几份"), _("怎么处理的"), _("退了多少（元）"), _("说明"), by],
            [
                [
                    get_local_time(row.received_at), str(row.item), row.quantity, str(row.get_how_display()), to_yuan(row.fen),
                    row.note, get_name(row.by),
                ]
                for row in sort_rows(live.settlements)
            ],
        ),
        Table(
            _("平台退款"), [when, _("哪一款"), _("几份"), _("退了多少（元）"), _("货退回来了"), _("说明"), by],
            [
                [
                    get_local_time(row.received_at), str(row.item or ""), row.quantity, to_yuan(row.fen),
                    format_yes_or_no(row.is_back), row.note, get_name(row.by),
                ]
                for row in sort_rows(live.liverefunds)
            ],
        ),
        Table(
            _("直播数据"), [when, _("什么数"), _("第几分钟"), _("多少"), _("哪来的"), by],
            [make_figure_row(row) for row in live.figures.select_related("by", "source").order_by("id")],
        ),
    ]  # fmt: skip


def make_figure_row(row: Figure) -> list:
    is_money = row.name.endswith("_fen")
    return [
        get_local_time(row.at),
        Figure.Name(row.name).spoken + (_("（元）") if is_money else ""),
        "" if row.minute is None else row.minute,
        to_yuan(row.value) if is_money else row.value,
        row.source.name if row.source else _("自己填的"),
        get_name(row.by),
    ]
