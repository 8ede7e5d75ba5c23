"""Split an address pasted in one piece into the fields of the order form: place, street, name and phone.

Places are found in the tables of GB/T 2260 (shops.shipping.regions) by their full or short names, in simplified or
traditional characters. What is uncertain is left empty and named in a sentence: the buyer sees every field and may change it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from accounts import phones
from shops.shipping import regions
from shops.shipping.provinces import BY_CODE
from ui.fields import NARROW
from ui.text import tidy

LONGEST = 300
LONGEST_STREET = 120

# Pairs of characters used in place names, addresses and surnames, from OpenCC's TSCharacters (Apache 2.0).
TRADITIONAL = (
    "亞佈來侖係倉個們倖倫偉備傢僕儀儲兒兗內兩冊凈凱別則剋剛劃劄劉劍務勝勞勢勸勻匯區卻卽厙厤厲叢吳呂員啓啟喬單噹嚮嚴"
    "囌國圍園圖團垻堯場塗墊墰墾壇壘壜壢壩壯壺壽夢夾婁孫學宮實寧審寬寶將尋層岡峯島峽崍崑崗崙嵐嶗嶧嶺嶼嶽巒巖帥師幹庫"
    "廂廈廕廟廠廣廬張強彆彌彙彥彿後從復徵恆愛慄態慶慼憑應懞懷揚揹撫敍敘旂昇時晉暉曆曏會朮東枱枴柺査棗棟棲楊業極榦榮"
    "樂樅樑樓樸樹樺橋機橫檯欄權欒欖欽歐歷歸沖況涇涼淥淨淩淶渦渾湞湧湯準溝溫溮滄滎滙滿漢漣漵潁潛潤潯澗澠澤澱濃濛濟濬"
    "濰濱瀋瀏瀘瀝瀰瀾灘灣灤為烏無煙煩熱燈營爐爲爾牠猶獅獨獲獻現琿瑤瑪瑯環瓊甌甕產産畢當疇疊發監盤盧眞眾矇硃硯碩碭確"
    "碼礄礦祿禪禮稜稱穀積穫窪竇競箇箚節範簡籐糰紀紅納級紮細紹終組結絳綏經綜綠綫維綵綿緑線編緱縉縣績繆織繫罈罎羅義習"
    "聖聞聯聶肅脩脫腳膠臘臥臨臺興舊舘荊荳莊菓華菴菸萊萬葉葯蒼蓆蓋蓮蔔蔣蔭蕪蕭薊薌薑薩藍藥藴藺蘄蘆蘇蘊蘭蘿處號衆術衕"
    "衚衛衝衞袷裏裡複覺觀計託訥許註詔話詳誌誼調談諸諾謀謙謝謨譙譚譜讓讚谿豐貝貞貢貨貴費賀賁資賈賓賚賞賢賴賽贊贛趙車"
    "軍載輝輪輿轄辦農迴連週進遊運達遙遜遠遷遼邁邊郟郵鄆鄉鄒鄔鄖鄧鄭鄰鄲鄴鄺酈醫釣鈄鈕鈡鉅鉛銀銅鋒鋼錢錦錫錯鍾鎣鎭鎮"
    "鏡鐘鐵鑲鑼長門閆開間閔閘閣閤閩閬閻闆闕關闞陘陝陞陰陳陸陽隊隨隴雙雜雞離雲電霑霧靈靜鞏鞦韆韋韓響頂項順須頗頭額顏"
    "顔類顧風颱養餘館饒馬馮駐駱騰驊驗驛體髮鬆鬍鬚鬥魚魯鮁鮑鮮鯉鳥鳩鳳鳴鴨鶯鶴鷄鷹鹹鹼鹽麗麥麯麴黃點黨鼕齊龍龐龔龜"
)
SIMPLIFIED = (
    "亚布来仑系仓个们幸伦伟备家仆仪储儿兖内两册净凯别则克刚划札刘剑务胜劳势劝匀汇区却即厍历厉丛吴吕员启启乔单当向严"
    "苏国围园图团坝尧场涂垫坛垦坛垒坛坜坝壮壶寿梦夹娄孙学宫实宁审宽宝将寻层冈峰岛峡崃昆岗仑岚崂峄岭屿岳峦岩帅师干库"
    "厢厦荫庙厂广庐张强别弥汇彦佛后从复征恒爱栗态庆戚凭应蒙怀扬背抚叙叙旗升时晋晖历向会术东台拐拐查枣栋栖杨业极干荣"
    "乐枞梁楼朴树桦桥机横台栏权栾榄钦欧历归冲况泾凉渌净凌涞涡浑浈涌汤准沟温浉沧荥汇满汉涟溆颍潜润浔涧渑泽淀浓蒙济浚"
    "潍滨沈浏泸沥弥澜滩湾滦为乌无烟烦热灯营炉为尔它犹狮独获献现珲瑶玛琅环琼瓯瓮产产毕当畴叠发监盘卢真众蒙朱砚硕砀确"
    "码硚矿禄禅礼棱称谷积获洼窦竞个札节范简藤团纪红纳级扎细绍终组结绛绥经综绿线维彩绵绿线编缑缙县绩缪织系坛坛罗义习"
    "圣闻联聂肃修脱脚胶腊卧临台兴旧馆荆豆庄果华庵烟莱万叶药苍席盖莲卜蒋荫芜萧蓟芗姜萨蓝药蕴蔺蕲芦苏蕴兰萝处号众术同"
    "胡卫冲卫夹里里复觉观计托讷许注诏话详志谊调谈诸诺谋谦谢谟谯谭谱让赞溪丰贝贞贡货贵费贺贲资贾宾赉赏贤赖赛赞赣赵车"
    "军载辉轮舆辖办农回连周进游运达遥逊远迁辽迈边郏邮郓乡邹邬郧邓郑邻郸邺邝郦医钓钭钮钟巨铅银铜锋钢钱锦锡错钟蓥镇镇"
    "镜钟铁镶锣长门闫开间闵闸阁合闽阆阎板阙关阚陉陕升阴陈陆阳队随陇双杂鸡离云电沾雾灵静巩秋千韦韩响顶项顺须颇头额颜"
    "颜类顾风台养余馆饶马冯驻骆腾骅验驿体发松胡须斗鱼鲁鲅鲍鲜鲤鸟鸠凤鸣鸭莺鹤鸡鹰咸碱盐丽麦曲曲黄点党冬齐龙庞龚龟"
)

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花"
    "方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝"
    "明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝"
    "管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫"
    "乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍"
    "赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹"
    "习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋"
    "沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖佘覃涂代岳帅缑亢况郄有琴商牟佴伯赏南墨哈谯笪年爱阳佟言福闫仝蹇邝"
)
TO_SIMPLIFIED = str.maketrans(dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)))

MOBILE = re.compile(r"(?<![0-9])(?:(?:\+|00)?86[- ]?)?(1[3-9][0-9](?:[- ]?[0-9]{4}){2})(?![0-9])")
LANDLINE = re.compile(r"(?<![0-9])\(?0[0-9]{2,3}\)?[- ]?[0-9]{7,8}(?:-[0-9]{1,5})?(?![0-9])")
POSTCODE = re.compile(r"邮政?编码?[: ]*[0-9]{6}|(?<![0-9])[0-9]{6}(?![0-9号室栋])")
NAME_LABEL = re.compile(r"(?:收货人姓名|收件人姓名|收货人|收件人|联系人|姓名)\s*(?::|(?=\s))")
LABEL = re.compile(
    r"(?:联系电话|联系方式|手机号码|手机号|手机|电话|所在地区|所在地|收货地址|详细地址|收件地址|邮寄地址|地址)\s*(?::|(?=\s))"
)
APART = re.compile(r"[\s,、;:|/\\。!?()（）【】\[\]]+")
BETWEEN = re.compile(r"[\s,、;|/\\·-]*(?:中国)?(?:市辖区|省直辖县级行政区划)?[\s,、;|/\\·-]*")
# Characters of streets, houses and numbers: a remaining text without any of them is no address.
STREET = re.compile(r"[路街巷弄号栋幢楼室组村镇乡屯寨园苑厦道湾]|[0-9]")
# What follows a place name that is only part of a street's name: 长沙路, 南京东路.
ONLY_A_STREET = re.compile(
    r"[东西南北中]?[一二三四五六七八九十]?(?:路|街|大道|巷|村|镇|乡|弄|里|号|大厦|广场|饭店|宾馆|小区)"
)
PEOPLES = re.compile(
    r"(?:(?:土家族|苗族|藏族|羌族|彝族|布依族|侗族|哈尼族|壮族|傣族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|哈萨克族|哈萨克"
    r"|柯尔克孜|朝鲜族|满族|瑶族|畲族|黎族|仡佬族|水族|土族|撒拉族|东乡族|保安族|裕固族|拉祜族|佤族|布朗族|纳西族"
    r"|独龙族|怒族|普米族|毛南族|仫佬族|达斡尔族|各族|维吾尔|塔吉克|锡伯)+)自治[州县旗]$"
)
NO_NAMES = frozenset(
    [
        "谢谢",
        "麻烦",
        "您好",
        "你好",
        "快递",
        "顺丰",
        "中通",
        "圆通",
        "韵达",
        "申通",
        "极兔",
        "包邮",
        "尽快",
        "发货",
        "加急",
        "单位",
        "公司",
        "时候",
        "时间",
        "那边",
        "那里",
    ]
)
ENDS_LIKE_A_PLACE = re.compile(r"[省市区县镇乡村路街道巷弄号栋幢楼层室组苑厦店厂院屯寨旗州盟]$")
HOUSE_THEN_NAME = re.compile(r"^(.*[号室楼栋幢层村组店厦园院苑座户0-9])([\u4e00-\u9fff]{2,3})(收)?$")
PHONE, LABELLED = "\x02", "\x01"


class RegionCodes(NamedTuple):
    """Hold codes of GB/T 2260; the levels that were not recognised are empty."""

    province: str = ""
    city: str = ""
    county: str = ""


class FoundRegion(NamedTuple):
    """Hold a place read from text[start:end], and how many letters its names have there."""

    place: RegionCodes
    start: int
    end: int
    letters: int


@dataclass(frozen=True)
class Pasted:
    """Hold what was recognised; unrecognised fields are empty. `others` are the mobile numbers after the first."""

    place: RegionCodes = RegionCodes()
    street: str = ""
    name: str = ""
    phone: str = ""
    others: tuple[str, ...] = ()
    landlines: tuple[str, ...] = ()
    is_too_long: bool = False

    @property
    def fields(self) -> dict[str, str]:
        """Return the recognised values by field of the order form; a place sets all three of its fields."""
        found = {"address": self.street, "buyer": self.name, "phone": self.phone}
        found = {name: value for name, value in found.items() if value}
        return found | (self.place._asdict() if self.place.province else {})

    @property
    def sentences(self) -> list[str]:
        """Return sentences that say what the buyer should check."""
        if self.is_too_long:
            return [_("贴得太长了，最多 %(most)s 个字：只贴姓名、电话和地址。") % {"most": LONGEST}]
        if not self.fields:
            return [
                _("没认出地址来。在下面一样一样填，或者照“姓名，手机号，省市区，门牌”再贴一遍。"),
                *self.about_phones,
            ]
        return [_("认出来的填好了，一样一样看一眼，不对就改。"), *self.about_phones, *self.missing]

    @property
    def about_phones(self) -> list[str]:
        if self.others:
            facts = {
                "taken": phones.format_local(self.phone),
                "others": _("、").join(map(phones.format_local, self.others)),
            }
            return [_("有几个手机号：填的是 %(taken)s，没填的是 %(others)s，要用那个就自己改。") % facts]
        if self.landlines:
            facts = {"landline": _("、").join(self.landlines)}
            sentence = (
                _("%(landline)s 是座机，没填。")
                if self.phone
                else _("%(landline)s 是座机，收不到短信，要填手机号。")
            )
            return [sentence % facts]
        return []

    @property
    def missing(self) -> list[str]:
        wanted = [
            (self.place.county, _("区县") if self.place.city else _("省市区")),
            (self.street, _("详细地址")),
            (self.name, _("收货人")),
            (self.phone, _("手机号")),
        ]
        if names := [name for found, name in wanted if not found]:
            return [_("没认出来、要自己填的：%(names)s。") % {"names": _("、").join(names)}]
        return []


def read(typed: str) -> Pasted:
    """Read a pasted address; never raises, what cannot be read is left out."""
    if len(typed) > 10 * LONGEST:  # tidying megabytes takes seconds
        return Pasted(is_too_long=True)
    text = tidy(typed, lines=True).translate(NARROW)
    if len(text) > LONGEST:
        return Pasted(is_too_long=True)
    mobiles = list(dict.fromkeys(re.sub("[- ]", "", each) for each in MOBILE.findall(text)))
    text = MOBILE.sub(f"\n{PHONE}\n", text)
    landlines = tuple(dict.fromkeys(LANDLINE.findall(text)))
    text = LANDLINE.sub(f"\n{PHONE}\n", text)
    folded = text.translate(TO_SIMPLIFIED)
    text, folded = replace_matches(text, folded, POSTCODE, " ")
    text, folded = replace_matches(text, folded, NAME_LABEL, f"\n{LABELLED}\n")
    text, folded = replace_matches(text, folded, LABEL, "\n")
    found = find_place(folded)
    start, end = (found.start, found.end) if found else (0, 0)
    before, after = split_pieces(text[:start]), split_pieces(text[end:])
    name, before, after = take_name(before, after)
    whole = [f"+86{mobile}" for mobile in mobiles]
    return Pasted(
        place=found.place if found else RegionCodes(),
        street=find_street(before, after, bool(found)),
        name=name,
        phone=whole[0] if whole else "",
        others=tuple(whole[1:]),
        landlines=landlines,
    )


def replace_matches(text: str, folded: str, what: re.Pattern, put: str) -> tuple[str, str]:
    """Replace what the pattern matches in the simplified text, in both the typed and the simplified text."""
    parts, last = [], 0
    for match in what.finditer(folded):
        parts += [text[last : match.start()], put]
        last = match.end()
    return "".join([*parts, text[last:]]), what.sub(put, folded)


def split_pieces(text: str) -> list[str]:
    """Split the text at spaces and punctuation."""
    return [piece for piece in APART.split(text) if piece]


# --- name -----------------------------------------------------------------------------------------------


def take_name(before: list[str], after: list[str]) -> tuple[str, list[str], list[str]]:
    """Return the name, and the pieces before and after the place without the name, labels and phones."""
    rows = [*before, *after]
    at = find_name(rows)
    name = ""
    if at is not None:
        name = strip_recipient_mark(rows[at])
    else:
        at, name, rest = find_name_after_house(rows)
        if at is not None:
            rows[at] = rest
            at = None
    left = [
        (index < len(before), row)
        for index, row in enumerate(rows)
        if index != at and row not in (PHONE, LABELLED, "收")
    ]
    return name, [row for first, row in left if first], [row for first, row in left if not first]


def find_name(rows: list[str]) -> int | None:
    """Return the index of the piece labelled as a name, or of the likeliest name nearest to a phone; None without one."""
    for index, row in enumerate(rows[:-1]):
        if row == LABELLED and rows[index + 1] not in (PHONE, LABELLED):
            return index + 1
    marks = [index for index, row in enumerate(rows) if row == PHONE]
    names = [
        index for index, row in enumerate(rows) if is_name(row, any(abs(index - at) == 1 for at in marks))
    ]
    return min(names, key=lambda index: min((abs(index - at) for at in marks), default=0), default=None)


def is_name(row: str, is_by_phone: bool) -> bool:
    """Return whether the piece looks like a person's name; one in Latin letters only next to a phone."""
    text = strip_recipient_mark(row).translate(TO_SIMPLIFIED)
    if "·" in text:
        return bool(re.fullmatch(r"[\u4e00-\u9fff]{2,8}(?:·[\u4e00-\u9fff]{1,8}){1,3}", text))
    if re.fullmatch(r"[A-Za-z][A-Za-z'’. -]{1,29}", text):
        return is_by_phone
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,4}", text) or text in NO_NAMES:
        return False
    return text[0] in SURNAMES and not ENDS_LIKE_A_PLACE.search(text)


def find_name_after_house(rows: list[str]) -> tuple[int | None, str, str]:
    """Find a name written right after a house number, as in 麓山路1号陈小禾, before a phone or with 收.

    Return the index of the piece, the name, and the piece without it; (None, "", "") if there is none.
    """
    for index, row in enumerate(rows):
        match = HOUSE_THEN_NAME.match(row)
        is_by_phone = index + 1 < len(rows) and rows[index + 1] == PHONE
        if match and (match[3] or is_by_phone) and is_name(match[2], is_by_phone):
            return index, match[2], match[1]
    return None, "", ""


def strip_recipient_mark(row: str) -> str:
    """Remove a final 收 ("to"): 陈小禾收 → 陈小禾."""
    return row.removesuffix("收") if len(row) > 2 else row


# --- place and street -----------------------------------------------------------------------------------


def find_street(before: list[str], after: list[str], has_place: bool) -> str:
    """Return the street and house from the pieces around the place; empty if they contain neither."""
    rest = after if has_place else []
    rest = [*rest, *(row for row in (before if has_place else [*before, *after]) if STREET.search(row))]
    street = " ".join(rest)
    street = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", street).strip("-_.·*# ")
    return street[:LONGEST_STREET] if STREET.search(street.translate(TO_SIMPLIFIED)) else ""


class Spelling(NamedTuple):
    """Hold one name of a place: its full name (`is_whole`) or a short one."""

    text: str
    place: RegionCodes
    is_whole: bool


Level = dict[str, list[Spelling]]


@dataclass(frozen=True)
class Gazetteer:
    """Index the names of all places by level and first character."""

    provinces: Level
    cities: Level
    counties: Level
    # Full county names that are unique in the country, and in their province.
    alone: frozenset[str]
    alone_in: frozenset[tuple[str, str]]


@cache
def get_gazetteer() -> Gazetteer:
    """Build the index from the region tables, once a process."""
    levels: tuple[Level, Level, Level] = (defaultdict(list), defaultdict(list), defaultdict(list))
    once: Counter = Counter()
    once_in: Counter = Counter()
    for province, (name, cities) in regions.get_tree().items():
        add_spellings(
            levels[0], name, RegionCodes(province), [BY_CODE[province].short] if province in BY_CODE else []
        )
        for city, (city_name, counties) in cities.items():
            add_spellings(levels[1], city_name, RegionCodes(province, city), list_short_names(city_name))
            for county, county_name in counties.items():
                place = RegionCodes(province, city, county)
                add_spellings(levels[2], county_name, place, list_short_names(county_name))
                once[county_name] += 1
                once_in[province, county_name] += 1
    return Gazetteer(
        *levels,
        alone=frozenset(name for name, count in once.items() if count == 1),
        alone_in=frozenset(pair for pair, count in once_in.items() if count == 1),
    )


def add_spellings(level: Level, name: str, place: RegionCodes, short: list[str]) -> None:
    level[name[0]].append(Spelling(name, place, True))
    level[name[0]] += [Spelling(each, place, False) for each in short if each != name]


def list_short_names(name: str) -> list[str]:
    """List the short names of a place: 长沙市 → 长沙; 湘西土家族苗族自治州 → 湘西州, 湘西."""
    if match := PEOPLES.search(name):
        short = name[: match.start()]
        return [f"{short}{name[-1]}", short] if len(short) > 1 else []
    short = re.sub(r"(?:自治[县旗]|地区|街道|[市区县旗盟镇])$", "", name)
    return [short] if len(short) > 1 else []


def find_place(folded: str) -> FoundRegion | None:
    """Find the best reading of a place: with the most levels, then the most characters, then the first."""
    readings = [found for start in range(len(folded)) for found in find_readings(folded, start)]
    best = max(
        readings, key=lambda found: (count_levels(found.place), found.letters, -found.start), default=None
    )
    return best and add_short_county(folded, best)


def skip_between(text: str, at: int) -> int:
    """Return the index after the separators that begin at `at`."""
    match = BETWEEN.match(text, at)
    return match.end() if match else at


def count_levels(place: RegionCodes) -> int:
    return sum(map(bool, place))


def find_readings(text: str, start: int) -> list[FoundRegion]:
    """Find all places named from `start` on: province, city and county in this order, the first two optional."""
    known, first = get_gazetteer(), text[start]
    found = []
    for form in match_spellings(text, start, known.provinces.get(first, ())):
        found += read_below_province(text, start, start + len(form.text), form)
    for form in match_spellings(text, start, known.cities.get(first, ())):
        found += read_below_city(text, start, start + len(form.text), len(form.text), form.place)
    for form in match_spellings(text, start, known.counties.get(first, ())):
        if form.is_whole and form.text in known.alone:
            end = start + len(form.text)
            found.append(FoundRegion(form.place, start, end, len(form.text)))
    return found


def read_below_province(text: str, start: int, end: int, form: Spelling) -> list[FoundRegion]:
    known, province, letters = get_gazetteer(), form.place.province, len(form.text)
    cities = regions.list_cities(province)
    # A municipality is both a province and a city; its name may be written once or twice.
    only = RegionCodes(province, cities[0][0]) if len(cities) == 1 else form.place
    found = [FoundRegion(only, start, end, letters)]
    if only.city:
        found += read_below_city(text, start, end, letters, only)
    at = skip_between(text, end)
    if at >= len(text):
        return found
    for city in match_spellings(text, at, known.cities.get(text[at], ())):
        if city.place.province == province:
            found += read_below_city(text, start, at + len(city.text), letters + len(city.text), city.place)
    for county in match_spellings(text, at, known.counties.get(text[at], ())):
        is_sure = county.is_whole and (province, county.text) in known.alone_in
        if county.place.province == province and is_sure:
            found.append(FoundRegion(county.place, start, at + len(county.text), letters + len(county.text)))
    return found


def read_below_city(text: str, start: int, end: int, letters: int, place: RegionCodes) -> list[FoundRegion]:
    found = [FoundRegion(place, start, end, letters)]
    at = skip_between(text, end)
    if at >= len(text):
        return found
    for county in match_spellings(text, at, get_gazetteer().counties.get(text[at], ())):
        if county.place[:2] == place[:2] and county.is_whole:
            found.append(FoundRegion(county.place, start, at + len(county.text), letters + len(county.text)))
    return found


def add_short_county(text: str, found: FoundRegion) -> FoundRegion:
    """Add a county written without 区 or 县 after a known city.

    The name also stays in the street unless it is separated from what follows.
    """
    place = found.place
    at = skip_between(text, found.end)
    if not place.city or place.county or at >= len(text):
        return found
    rows = [
        form
        for form in match_spellings(text, at, get_gazetteer().counties.get(text[at], ()))
        if form.place[:2] == place[:2]
    ]
    if len({form.place for form in rows}) != 1:
        return found
    county, end = rows[0], at + len(rows[0].text)
    is_apart = end >= len(text) or APART.match(text, end)
    return found._replace(place=county.place, end=end if is_apart else found.end)


def match_spellings(text: str, at: int, forms) -> list[Spelling]:
    """Return the names found at this position of the text, without short ones that are part of a street's name."""
    return [
        form
        for form in forms
        if text.startswith(form.text, at)
        and (form.is_whole or not ONLY_A_STREET.match(text, at + len(form.text)))
    ]
