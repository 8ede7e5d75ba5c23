"""The 31 provinces and three regions to which parcels are sent, by GB/T 2260 code, with their distance class from Hunan."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from ui.text import is_page_chinese


@dataclass(frozen=True)
class Province:
    """A province; `short` is its short name, as on waybills and in small tables."""

    code: str
    short: str
    english: str

    def __str__(self) -> str:
        return self.short if is_page_chinese() else self.english


PROVINCES = tuple(
    Province(*line.split("|"))
    for line in """\
110000|北京|Beijing
120000|天津|Tianjin
130000|河北|Hebei
140000|山西|Shanxi
150000|内蒙古|Inner Mongolia
210000|辽宁|Liaoning
220000|吉林|Jilin
230000|黑龙江|Heilongjiang
310000|上海|Shanghai
320000|江苏|Jiangsu
330000|浙江|Zhejiang
340000|安徽|Anhui
350000|福建|Fujian
360000|江西|Jiangxi
370000|山东|Shandong
410000|河南|Henan
420000|湖北|Hubei
430000|湖南|Hunan
440000|广东|Guangdong
450000|广西|Guangxi
460000|海南|Hainan
500000|重庆|Chongqing
510000|四川|Sichuan
520000|贵州|Guizhou
530000|云南|Yunnan
540000|西藏|Tibet
610000|陕西|Shaanxi
620000|甘肃|Gansu
630000|青海|Qinghai
640000|宁夏|Ningxia
650000|新疆|Xinjiang
710000|台湾|Taiwan
810000|香港|Hong Kong
820000|澳门|Macau""".splitlines()
)


def join_names(codes: Set[str]) -> list[str]:
    """Return the provinces' short names in the order of the codes, the order of every list of provinces."""
    chinese = is_page_chinese()
    return [one.short if chinese else one.english for one in PROVINCES if one.code in codes]


BY_CODE = {province.code: province for province in PROVINCES}

# What couriers in Hunan usually call near, far and remote; a new table begins with this split and can be changed.
NEAR = ("360000", "420000", "430000", "440000", "450000", "500000", "520000")
REMOTE = ("150000", "460000", "540000", "620000", "630000", "640000", "650000")
ABROAD = ("710000", "810000", "820000")
MAINLAND = tuple(code for code in BY_CODE if code not in ABROAD)
FAR = tuple(code for code in BY_CODE if code not in NEAR + REMOTE + ABROAD)
