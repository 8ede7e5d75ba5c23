"""The rows of a live as people read them: times of this country, yuan, words of the trade. Each table is a CSV for a
spreadsheet and a part of the evidence's cover."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from live.models import Figure, LiveSale, Livestream
from shops.models import GRAMS_PER_JIN


@dataclass(frozen=True)
class Table:
    """`name` is its file's, without an ending; `rows` are read once."""

    name: str
    head: list[str]
    rows: list[list]


def at(moment: datetime.datetime | None) -> str:
    """By the clock of this country, as its head says."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment else ""


def yuan(fen: int | None) -> Decimal | str:
    return "" if fen is None else (Decimal(fen) / 100).quantize(Decimal("0.01"))


def who(person) -> str:
    return person.name if person else ""


def yes(is_so: bool) -> str:
    return _("是") if is_so else _("不是")


def sale_titles() -> list[str]:
    return [
        _("什么时候（北京时间）"), _("收到时间（北京时间）"), _("哪一款"), _("几份"), _("一份多少钱（元）"), _("金额（元）"),
        _("重量（斤）"), _("名额里出的"), _("库存里出的"), _("超卖"), _("谁"), _("撤回哪一笔"), _("编号"),
    ]  # fmt: skip


def sale_rows(rows: Iterable[LiveSale]) -> Iterator[list]:
    for row in rows:
        yield [
            at(row.happened_at),
            at(row.received_at),
            str(row.item),
            row.quantity,
            yuan(row.price_fen),
            yuan(row.fen),
            Decimal(row.net_grams * row.quantity) / GRAMS_PER_JIN,
            row.from_quota,
            row.from_stock,
            row.oversold,
            who(row.by),
            row.undoes_id or "",
            row.pk,
        ]


def of(live: Livestream) -> list[Table]:
    """All that happened in it and was ticked before it; a query a table."""
    told = lambda rows: rows.select_related("by", "item__product").order_by("happened_at", "id")  # noqa: E731
    when, by = _("什么时候（北京时间）"), _("谁")
    return [
        Table(
            _("成交"), sale_titles(), list(sale_rows(told(live.livesales)))
        ),
        Table(
            _("上桌"), [when, _("哪一款"), by],
            [[at(row.happened_at), str(row.item), who(row.by)] for row in told(live.pins)],
        ),
        Table(
            _("口误更正"), [when, _("哪一款"), _("说成了什么"), _("对的是什么"), by],
            [
                [at(row.happened_at), str(row.item or ""), row.said, row.right, who(row.by)]
                for row in told(live.slips)
            ],
        ),
        Table(
            _("开播前核对"), [when, _("哪一条"), _("好了"), by],
            [
                [at(row.at), str(row.get_code_display()), yes(row.is_done), who(row.by)]
                for row in live.ticks.select_related("by").order_by("id")
            ],
        ),
        Table(
            _("限时价"), [when, _("哪一款"), _("限时价（元）"), _("到什么时候"), _("提前停的时间"), by],
            [
                [at(row.received_at), str(row.item), yuan(row.price_fen), at(row.until), at(row.stopped_at), who(row.by)]
                for row in told(live.flashprices)
            ],
        ),
        Table(
            _("超卖处理"), [when, _("哪一款"), _("几份"), _("怎么处理的"), _("退了多少（元）"), _("说明"), by],
            [
                [
                    at(row.received_at), str(row.item), row.quantity, str(row.get_how_display()), yuan(row.fen),
                    row.note, who(row.by),
                ]
                for row in told(live.settlements)
            ],
        ),
        Table(
            _("平台退款"), [when, _("哪一款"), _("几份"), _("退了多少（元）"), _("货退回来了"), _("说明"), by],
            [
                [
                    at(row.received_at), str(row.item or ""), row.quantity, yuan(row.fen), yes(row.is_back), row.note,
                    who(row.by),
                ]
                for row in told(live.liverefunds)
            ],
        ),
        Table(
            _("直播数据"), [when, _("什么数"), _("第几分钟"), _("多少"), _("哪来的"), by],
            [figure_row(row) for row in live.figures.select_related("by", "source").order_by("id")],
        ),
    ]  # fmt: skip


def figure_row(row: Figure) -> list:
    is_money = row.name.endswith("_fen")
    return [
        at(row.at),
        Figure.Name(row.name).spoken + (_("（元）") if is_money else ""),
        "" if row.minute is None else row.minute,
        yuan(row.value) if is_money else row.value,
        row.source.name if row.source else _("自己填的"),
        who(row.by),
    ]
