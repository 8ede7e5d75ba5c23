"""Exports in three formats, as the back offices of platforms write them."""

from __future__ import annotations

import io
import zipfile

from openpyxl import Workbook

SUMMARY = """直播数据概览,,,,,,,,
,流量,,,成交,,,,售后
直播间名称,直播间曝光人数,观看人次,人均观看时长,创建订单数,成交订单数,成交人数,成交金额（元）,退款金额（元）
石榴冲冰糖橙专场,"1.2万","3,456",1分12秒,152,146,131,"￥4,365.40",119.60
"""
MINUTES = """时间,在线人数峰值,进入人数,评论次数,成交金额
20:00,31,180,12,0
20:01,58,240,31,89.70
20:02,77,—,40,149.50
20:03,abc,90,8,29.90
"""
ORDERS_HEAD = ["订单号", "商品名称", "数量", "实付金额", "退款金额", "订单状态", "付款时间"]
ORDERS = [
    ["1001", "冰糖橙 5 斤", 1, 29.9, None, "已发货", "2026-11-20 20:01:30"],
    ["1002", "冰糖橙 5 斤", 2, 59.8, None, "已完成", "2026-11-20 20:02:10"],
    ["1002", "沃柑 5 斤", 1, 39.9, None, "已完成", "2026-11-20 20:02:10"],
    ["1003", "冰糖橙 5 斤", 1, 29.9, None, "未付款", None],
    ["1004", "沃柑 5 斤", 1, 39.9, 39.9, "已退款", "2026-11-20 20:10:00"],
    ["1005", "冰糖橙 5 斤", 1, 29.9, None, "已完成", "2026-11-18 09:00:00"],
]


def gbk(text: str = SUMMARY) -> io.BytesIO:
    return io.BytesIO(text.encode("gbk"))


def book(rows: list[list], merged: tuple[str, ...] = ()) -> io.BytesIO:
    made, target = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(row)
    for cells in merged:
        made.active.merge_cells(cells)
    made.save(target)
    target.seek(0)
    return target


def spoilt(inside: bytes) -> io.BytesIO:
    """Return a workbook of two rows with this content after the cells of its sheet."""
    source, target = zipfile.ZipFile(book([["观看人次", "成交金额"], [12, 3.5]])), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            content = source.read(entry).replace(b"</sheetData>", b"</sheetData>" + inside)
            archive.writestr(entry.filename, content)
    return target


def orders_book() -> io.BytesIO:
    return book([["订单导出", *[None] * 6], ORDERS_HEAD, *ORDERS], ("A1:G1",))


def size(file: io.BytesIO) -> int:
    return len(file.getvalue())
