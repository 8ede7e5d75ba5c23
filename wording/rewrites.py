"""Compute what one tap does to a text with a finding: replace the words, or delete them so that a sentence remains.

Nothing is added that the seller has not stated: only words of degree, facts of the listing and gaps (`statements`). An
offered change leaves no other forbidden words near it: those are deleted with it, or nothing is offered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

from wording.remains import leaves_whole_sentences
from wording.rulebook.regex import Regex
from wording.rulebook.statements import Offer
from wording.tables.reader import read_simplified, read_words

COMMAS = "，、,；;：:"
ENDS = "。！？!?…\n"
CLAUSE_END = Regex(r"[。！？!?；;\s]|$")
CLAUSE = Regex(rf"[^{COMMAS}{ENDS}]+")
# A point or comma between two digits is part of the number.
MARK = rf"(?<!\d)[{COMMAS}]|[{COMMAS}](?!\d)|[{ENDS}]|\.(?=\s|$)"
BREAK = Regex(rf"{MARK}|(?<=[^\x00-\x7f]) +(?=[^\x00-\x7f])")
SPELT = Regex(MARK)  # where spaces stand between the characters of the words themselves: 倒 计 时
# A placeholder of a script for a price or a weight is one.
PLACEHOLDER = r"[{｛](?:价钱|每斤|每公斤|净重|公斤|price|per jin|per kg|net|kg)[}｝]"
NUMBER = Regex(
    rf"{PLACEHOLDER}|"
    r"\d+(?:\.\d+)?(?:[元块]\d{1,2})?|[一二两三四五六七八九十百]+[元块][零一二三四五六七八九]?|[一二两三四五六七八九十百]+(?=[斤箱])"
)
PER = Regex(
    r"(?<=[元块钱价\d零一二三四五六七八九])\s*[一每/](?:斤|箱|件|袋|盒|份|个|瓶|公斤)"
)  # 8块|一斤: no weight
MONEY = Regex(
    r"[¥￥]\s*\d|[\d一二两三四五六七八九十百几]\s*[元块]|价\D{0,3}\d|\d+(?:\.\d+)?\s*一[斤箱件袋盒份瓶]"
)
# A price in what is deleted must be a former or foreign one, or no price of the goods.
FORMER = Regex(
    r"原|市\s*场\s*价|市价|专柜|划线|划掉|吊牌|标价|平时|平常|往常|以前|之前|本来|昨天|前天|上周|上个?月|去年|早先|超市|商场|外面|外头|别家|"
    r"别人|人家|门店|实体店|店里|网上|同款|价值|从来|历史|旧价|老价|\d[\u0335-\u0338]|was|price"
)
REWARD = Regex("返|红包|奖|领|券|补|赔|换|送|罚|收入|月入|赚|挣")
WORD = Regex(r"\w")
TWO_WORDS = Regex(r"\w\W*\w")
FIVE_WORDS = Regex(
    r"(?:\w\W*){5}"
)  # must remain where a whole clause was deleted: 坏果自理 alone says nothing
STRUCK = Regex("[\u0335-\u0338]")  # a line through a figure
PRICE = rf"(?:{PLACEHOLDER}|\d+(?:\.\d+)?|[一二两三四五六七八九十百几]{{2,}}|[一二两三四五六七八九十百几](?=[元块]))"
ANY_NUMBER = Regex(PRICE)
# Words with which a price of today is told, up to it: 今天29.9, 我这里五块, →39.
PRESENT = Regex(
    r"(?:现在|今[天晚日]|现价|眼下|这会儿?|活动价?|到手价?|直播间?价?|只要|只卖|只需|就卖|卖你|给你|我家?这里?|我这儿|咱这里?|(?P<arrow>→|->))"
    rf"[^，。；,;!！?？\n\d]{{0,8}}?[¥￥]?{PRICE}"
)
# Words that cannot be the end, or the beginning, of what remains of a clause: 还能(降血压), 增强免疫(力), 有(养胃)的作用.
OPEN_LEFT = Regex(
    r"(?:能够?|会|可以?|还|也|都|更|又|对|有|是|为|让|使|帮助?|助于?|于|吃|喝|泡|来|和|与|及|或|并|且|用|含|具|着?重|增强|提高|"
    r"了|在|就|才|不|没|很|最|真|专|主|防|治|给|把|被|跟|向|从|比|像|到|要|想|送|送人|说|看|问|听|叫|请|的|地|得|着|过|个|这|那|一|"
    r"今天|今晚|现在|今年|平时|每天|天天|常|多|上|下|里|我|我们|我家|咱|咱们|咱家|你|你们|他|她|它|他们|大家|家人们|上面|别人|"
    r"国家|中国|产品|小|些|啥子|门|身上|女生|女人|男人|老人家?|孩子|娃娃?|宝宝|朋友们?|姐妹们?|爸妈|卖|拍|买|做|种|成|属于|算|论)$|\b(?:is|are|and|or|to|with|for|helps?|can|may|be|of|the|an?|your)\s*$",
    flags=re.IGNORECASE,
)
SUFFIX = Regex(r"[*·\s]*(?:力|的?(?:作用|功效|功能|效果|能力))(?=的|$)")
# What a word of praise praises by a further word: 国家级(品质的)高山茶.
RANK = Regex("(?:认证|级别?|品质|等级|水平|水准|标准|同款|专用|专供|款)的?(?=[\u4e00-\u9fff]{2})")
# Nouns, and counts, that say nothing alone: 独一无二的(口感), 寄到哪儿都不坏(一个).
BARE = Regex(
    r"[一两几半]?[个箱颗只件粒枚片袋盒]$|"
    r"(?:口感|品质|味道|价格|价|体验|享受|产品|效果|质量|服务|甜度|之选|选择|级别|水平|好物|东西|货|果|人群)$"
)
# The noun of a quality before its praise: (品质)最佳的石门柑橘.
QUALITY = Regex("(?:品质|口感|味道|质量|价格|风味|甜度|品相|口碑)$")
OPEN_RIGHT = Regex(
    r"^(?:力|性|了|着|过|得|之|又|也|还|和|与|及|或|作用|功效|功能|效果|能力|专用|首选|佳品|圣品|神器|用|级|品质|推荐|认证|认可|保鲜|一句|"
    r"喝|吃|照|噌|蹭|涨|满满|我|这|那|症|病|药|不|没|就|都|才|吗|么|吧|呢|来|给|让|把|被|在|到|上|下|里|的)|^\s*(?:and|or|of|for|your)\b",
    flags=re.IGNORECASE,
)
# A clause that speaks of the one before it falls with it: 别家都打蜡，(我家的没有).
DEPENDENT = Regex(
    r"\s*(?:你们?看(?:那|它|他|人家)|不信|我看不下去|莫|别买|我家的?(?:没有|没|不|才|都不)|我们?(?:不|没|才|就不)|咱家?(?:没|不|才)|"
    r"你们?(?:还|敢|放心|说|自己|吃)|他|她|它|大家给[他她]|还|也|所以|因为|不然|要不|反正|而且|但|可是|不过|只是|而|却|才|[^，,。！!？?\n]{0,5}见效|懂的|"
    r"无疑|哪有|只有我|吃我们|赶紧|都在|之后的|后面来|秒没|手慢|没了|嘿嘿|哈哈|有标|叫我|会长|不是吹|那[两个]{1,2}字|一年[^，,]{0,3}[收赚挣]|没有之一|没得说|不多|就是|这就|那就|拍完就|卖完就|快点|加一句|刷到|"
    r"[一二两三四五六七八九十\d]+(?:分钟|秒|箱|单|份)(?:以?后|之后))"
)
SPACES = Regex("(?: +(?=[\u4e00-\u9fff]))?")
SPACELESS = Regex("[\u4e00-\u9fff）]$")
LONGEST_CLAUSE = 300  # characters; so far a clause is looked for on each side of the words
STRADDLED = 3  # of so many characters at most is a normal word that must not be cut


def find_span_to_delete(text: str, start: int, end: int, is_attribute: bool = True) -> tuple[int, int] | None:
    """Return what to cut so that text[start:end] is deleted.

    Only the words if they are an attribute and the rest of their clause is complete without them (顶级|脐橙, 大米|养胃), else
    the whole clause with its comma, and the clauses that speak of it. Of a former and a present price only the former is cut.
    None if nothing sensible remains, or if a price or weight would be deleted too.
    """
    text = simplify(text)
    first, last = find_clause(text, start, end)
    if present := find_present_price(text, start, last):
        return None if OPEN_LEFT.search(text[first:start]) else (start, present)
    cut = find_attribute(text, first, start, end, last) if is_attribute else None
    if cut and cut[1] == last:
        cut = cut[0], include_dependents(text, last)
    elif cut is None:
        if (
            start - first >= LONGEST_CLAUSE or last - end >= LONGEST_CLAUSE
        ):  # its end was not looked for further
            return None
        if WORD.search(text[end:last]) or not is_attribute:
            first = include_list(text, first)
        cut = include_comma(text, first, include_dependents(text, last))
    gone, rest = text[cut[0] : cut[1]], text[: cut[0]] + text[cut[1] :]
    if not is_attribute and not NUMBER.search(rest) and not FIVE_WORDS.search(rest):
        return None
    if not TWO_WORDS.search(rest) or is_price_lost(gone, rest) or not is_balanced(gone):
        return None
    if text[: cut[0]].rstrip().endswith(("：", ":")) and CLAUSE_END.match(text, cut[1]):
        return None
    return None if NUMBER.search(PER.sub("", text[cut[0] : start] + text[end : cut[1]])) else cut


def is_balanced(gone: str) -> bool:
    """Return whether what is deleted holds both marks of each quotation and bracket in it."""
    return all(
        gone.count(left) == gone.count(right) for left, right in ("“”", "（）", "()", "「」", "《》", "【】")
    )


def is_price_lost(gone: str, rest: str) -> bool:
    """Return whether the true price, or several numbers, would go with the words."""
    plain = PER.sub("", STRUCK.sub("", gone))
    if len(NUMBER.findall(plain)) > 1:
        return True
    if not MONEY.search(plain) or REWARD.search(plain):
        return False
    return not (FORMER.search(gone) and NUMBER.search(rest))


@lru_cache(maxsize=16)
def simplify(text: str) -> str:
    """Return the text in simplified characters, of the same length."""
    table = read_simplified()
    return "".join(simple if len(simple := table.get(char, char)) == 1 else char for char in text)


def find_attribute(text: str, first: int, start: int, end: int, last: int) -> tuple[int, int] | None:
    """Return what to cut if the clause text[first:last] is complete without the words, else None."""
    if is_straddled(text, start) or is_straddled(text, end):
        return None
    if suffix := SUFFIX.match(text[end:last]):
        end += suffix.end()
    end += len(gap[0]) if (gap := re.compile(r"\s+(?=的)").match(text, end, last)) else 0
    left, right = text[first:start], text[end:last]
    if not WORD.search(left) or right.startswith("的") and (len(left) <= 2 or QUALITY.fullmatch(left)):
        return find_leading_attribute(text, first, end, last)
    if WORD.search(right):  # 石榴冲|顶级|脐橙: in the middle stands a short word of praise alone
        return (start, end) if end - start <= 4 and is_whole(left, right) else None
    can_stand = len(WORD.findall(left)) > 1 and not OPEN_LEFT.search(left) and not QUALITY.fullmatch(left)
    return (start, end) if can_stand else None


def find_leading_attribute(text: str, first: int, end: int, last: int) -> tuple[int, int] | None:
    """Return what to cut of 国家级品质的|高山茶; None if what follows is no noun that can stand alone."""
    if rank := RANK.match(text[end:last]):
        end += rank.end()
    has_de = text[end : end + 1] == "的" or text[end - 1] == "的"
    end += text[end : end + 1] == "的"
    right = text[end:last]
    words = right.strip()
    if len(WORD.findall(words)) < 1 or BARE.fullmatch(words) or OPEN_RIGHT.search(words):
        return None
    if not has_de and end - first > 8:  # a sentence rather than an attribute
        return None
    return first, end + len(right) - len(right.lstrip())


def is_whole(left: str, right: str) -> bool:
    """Return whether neither side of the words is cut off in the middle of what it says."""
    if len(WORD.findall(left)) < 2 or len(WORD.findall(right)) < 2:
        return False
    return not OPEN_LEFT.search(left) and not OPEN_RIGHT.search(right) and not BARE.fullmatch(right.strip())


def is_straddled(text: str, edge: int) -> bool:
    """Return whether a normal word begins before the edge and ends after it: 刚上|学前班."""
    return any(
        begin >= 0 and begin + size <= len(text) and text[begin : begin + size] in read_words()
        for size in range(2, STRADDLED + 1)
        for begin in range(edge - size + 1, edge)
    )


def include_list(text: str, first: int) -> int:
    """Return where the list begins whose last item is deleted with its verb: 农大教授、协会|推荐|的主播班."""
    while first and text[first - 1] == "、":
        first = find_clause(text, first - 1, first - 1)[0]
    return first


def include_dependents(text: str, last: int) -> int:
    """Return the end of the last clause, after the one that ends at `last`, that makes no sense without it."""
    while text[last : last + 1] and text[last] in COMMAS and DEPENDENT.match(text, last + 1):
        last = find_clause(text, last + 1, last + 1)[1]
    return last


def find_present_price(text: str, start: int, last: int) -> int | None:
    """Return where the present price begins that follows a former one: 原价59.9，|今天29.9."""
    whole = text[start:last]
    for found in PRESENT.finditer(whole):
        if found.start() and ANY_NUMBER.search(STRUCK.sub("", whole[: found.start()])):
            return start + (found.end() if found["arrow"] else found.start())
    return None


def find_clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause around the words, which may contain punctuation themselves."""
    breaks = SPELT if " " in text[start:end] else BREAK
    begin, until = max(0, start - LONGEST_CLAUSE), min(len(text), end + LONGEST_CLAUSE)
    first = max(
        (one.end() for one in breaks.finditer(text, begin, start) if one.end() <= start), default=begin
    )
    last = next((one.start() for one in breaks.finditer(text, end, until)), until)
    return first, last


def include_comma(text: str, first: int, last: int) -> tuple[int, int]:
    """Return the clause with the comma that joined it; a whole sentence with its end mark."""
    before = text[:first].rstrip(" ")
    if before and before[-1] in "：:":  # a speaker or a heading keeps its colon: 回复：(…)，我家天天吃
        mark = re.compile(rf"[{COMMAS}] *").match(text, last)
        return first, mark.end() if mark else last
    if before and before[-1] in COMMAS:
        return len(before) - 1, last
    if before != text[:first] and text[first - 1] == " ":
        return len(before), last
    mark = re.compile(rf"[{COMMAS}{ENDS}.]? *").match(text, last)
    return first, mark.end() if mark else last


# A word of degree is not said twice, and not of a noun: 特别(最甜) → 特别甜, 最甜冰糖橙 → 甜冰糖橙.
DEGREE = Regex(r"(?:很|更|最|太|真|好|挺|蛮|超|非常|特别|格外|比较|十分|相当|又|那么|这么)$")
AFTER_DEGREE = Regex(r"[的了吧啦呀啊哦哈呢嘛，,。！!？?；;、：:）)”」\s…~～]|$|[A-Za-z0-9]|，")


def fit_degree(text: str, start: int, end: int, put: str) -> str:
    """Return the rewrite without its 很 where the words around it leave no place for that."""
    if put.startswith("很") and (
        DEGREE.search(text[max(0, start - 4) : start]) or not AFTER_DEGREE.match(text, end)
    ):
        return put[1:]
    return put


AROUND = 14
HALF = Regex(r"[0-9A-Za-z.]{2}")
# The most findings that one tap deletes; with more so close together, a person must rewrite the text.
MOST = 8


@dataclass(frozen=True)
class Change:
    """Replace text[start:end] by `put`; indices of the text as given."""

    start: int
    end: int
    put: str

    def apply(self, text: str) -> str:
        return text[: self.start] + self.put + text[self.end :]


class Finding(Protocol):
    """The attribute of a `wording.checker.Finding` that a change needs."""

    @property
    def offers(self) -> tuple[Offer, ...]: ...
    @property
    def rule(self) -> str: ...


class LocatedFinding(Protocol):
    """A finding with its place in one field, such as shops.texts.text_check.Found."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def finding(self) -> Finding: ...
    @property
    def blocks(self) -> bool: ...


TextChecker = Callable[[str], Iterable[LocatedFinding]]
F = TypeVar("F", bound=LocatedFinding)
# What all the changes offered for one text may cost: characters checked, a finding counted as so many.
MOST_WORK, FINDING_COSTS = 250_000, 60


class TooMuchWork(Exception):
    """Raised when so many changes of one text were tried that the rest of its findings is left to the person."""


def limit_work(look: Callable[[str], list[F]]) -> Callable[[str], list[F]]:
    """Return `look`, which checks each text once, and raises TooMuchWork after MOST_WORK."""
    known: dict[str, list[F]] = {}
    spent = 0

    def look_once(text: str) -> list[F]:
        nonlocal spent
        if spent > MOST_WORK and len(known) > 1:  # the text itself may be checked, however long it is
            raise TooMuchWork
        if text not in known:
            known[text] = look(text)
            spent += len(text) + FINDING_COSTS * len(known[text])
        return known[text]

    return look_once


JOINTS = ("", "、", "和", "又", "还", "也")
GAP_RULE = "F1"
MOST_OFFERS = 2


def propose_changes(text: str, found: LocatedFinding, look: TextChecker) -> list[Change]:
    """Return what one tap may do about a finding, the best first, at most two; nothing if only a person can rewrite it.

    `look` returns the findings of a text in the same field. A change that would leave a forbidden finding beside it is not
    offered; a gap that it leaves to be filled in is none. In a text with very many findings only the first get an offer.
    """
    made: list[Change] = []
    with suppress(TooMuchWork):
        for offer in found.finding.offers:
            change = complete_change(text, build_change(text, found, offer, look), look, offer.how == "gap")
            if (
                change
                and change not in made
                and leaves_whole_sentences(text, change.start, change.end, change.put)
            ):
                made.append(change)
    return made[:MOST_OFFERS]


def propose_change(text: str, found: LocatedFinding, look: TextChecker) -> Change | None:
    """Return the best change, if any."""
    return next(iter(propose_changes(text, found, look)), None)


def complete_change(text: str, change: Change | None, look: TextChecker, has_gap: bool) -> Change | None:
    """Return the change with what is forbidden beside it deleted too; None if that cannot be done."""
    for _offence in range(MOST):
        if change is None or not WORD.search(change.apply(text)):
            return None
        change = drop_repetition(text, change)
        whole = change.apply(text)
        first, last = find_bounds(whole, change.start, change.start + len(change.put))
        near = next(
            (
                one
                for one in look(whole)
                if one.blocks
                and one.start < last
                and one.end > first
                and not (has_gap and one.finding.rule == GAP_RULE)
            ),
            None,
        )
        if near is None:
            return change
        offer = next((one for one in near.finding.offers if one.how != "gap"), None)
        change = join_changes(whole, change, build_change(whole, near, offer, look))
    return None


def build_change(text: str, found: LocatedFinding, offer: Offer | None, look: TextChecker) -> Change | None:
    """Return the change that this offer makes; words to delete that follow each other, as 驱寒暖胃, are deleted together."""
    if offer is None:
        return None
    if offer.how != "delete":
        end = found.end + offer.more
        spaces = SPACES.match(text, end) if SPACELESS.search(offer.put) else None
        end = spaces.end() if spaces else end
        return Change(found.start, end, offer.put.replace("{words}", text[found.start : found.end]))
    if found.finding.rule == GAP_RULE:
        cut = find_clause_to_delete(text, found.start, found.end)
    else:
        start, end = find_run(text, found, look) if offer.is_attribute else (found.start, found.end)
        cut = find_span_to_delete(text, start, end, offer.is_attribute)
    return Change(*cut, "") if cut else None


def find_run(text: str, found: LocatedFinding, look: TextChecker) -> tuple[int, int]:
    """Return the start and end of the words that stand side by side with these and are deleted like them."""
    start, end = found.start, found.end
    before: dict[int, int] = {}  # where the words begin that end here
    after: dict[int, int] = {}
    for one in look(text):
        if one.blocks and any(offer.how == "delete" and offer.is_attribute for offer in one.finding.offers):
            before[one.end] = min(one.start, before.get(one.end, one.start))
            after[one.start] = max(one.end, after.get(one.start, one.end))
    while (edge := find_joined(before, text, start, -1)) is not None:
        start = before[edge]
    while (edge := find_joined(after, text, end, 1)) is not None:
        end = after[edge]
    return start, end


def find_joined(edges: dict[int, int], text: str, at: int, step: int) -> int | None:
    """Return where words stand side by side with this place: there, or beyond one joint."""
    if at in edges:
        return at
    return (
        at + step if text[min(at, at + step) : max(at, at + step)] in JOINTS and at + step in edges else None
    )


def find_clause_to_delete(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the whole clause around a gap, with its comma; None if it contains a number that somebody gave."""
    first, last = find_clause(text, start, end)
    if re.search(r"\d", text[first:last]):
        return None
    return include_comma(text, first, last)


def drop_repetition(text: str, change: Change) -> Change:
    """Return the change without a clause that would say again what the clause before it says: 很甜，很甜."""
    whole = change.apply(text)
    last = change.start + len(change.put)
    spans = [found.span() for found in CLAUSE.finditer(whole)]
    for (first, until), (start, end) in zip(spans, spans[1:], strict=False):
        touched = first <= last and end >= change.start
        if touched and change.put and whole[first:until].strip() == whole[start:end].strip():
            return join_changes(whole, change, Change(until, end, "")) or change
    return change


def join_changes(whole: str, first: Change, second: Change | None) -> Change | None:
    """Return both as one change of the text before `first`; `second` is one of `whole`, the text after it."""
    if second is None:
        return None
    start = min(first.start, second.start)
    end = max(first.start + len(first.put), second.end)
    put = whole[start : second.start] + second.put + whole[second.end : end]
    return Change(start, end - len(first.put) + first.end - first.start, put)


def find_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the part of a text to show around a place; a number or a word of letters is not cut."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    while first > max(0, start - 2 * AROUND) and HALF.fullmatch(text[first - 1 : first + 1]):
        first -= 1
    while last < min(len(text), end + 2 * AROUND) and HALF.fullmatch(text[last - 1 : last + 1]):
        last += 1
    return first, last


def cut_excerpt(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the text shown before and after; an ellipsis shows that there is more."""
    first, last = find_bounds(text, start, end)
    before, after = text[first:start].replace("\n", " "), text[end:last].replace("\n", " ")
    return ("…" if first else "") + before, after + ("…" if last < len(text) else "")
