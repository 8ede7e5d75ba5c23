"""Choose which viewers' questions fit a plan: by the goods that it shows and by the words of its scripts.

Goods that have a pack (courses.crops) bring its comments too: easy ones for who is new, harder ones after drills passed.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from accounts.models import User
from courses.crops.pack import HARDEST
from courses.models import ViewerComment
from live.models import Livestream, RundownItem
from live.scripts.crops import find_item_pack
from live.scripts.placeholders import find_language
from live.scripts.services import find_latest_versions
from rehearsals.models import Review, Submission
from shops.models import Category

Goods = ViewerComment.Goods
# Words in a name that say which goods it is. The longest one counts, of equal length the last one, because a Chinese noun
# comes last: 茶叶蛋 is an egg, 玉米 no rice.
WORDS = {
    Goods.FRUIT: (
        "果 橙 橘 桔 柑 柚 柠檬 猕猴桃 桃 李 梨 柿 枣 杨梅 葡萄 莓 西瓜 甜瓜 香瓜 "
        "fruit orange pomelo kiwi peach pear plum"
    ),
    Goods.EGG: "蛋 egg",
    Goods.TEA: "茶 tea",
    Goods.RICE: "米 稻 rice",
    Goods.VEGETABLE: (
        "菜 笋 椒 瓜 薯 芋 姜 萝卜 豆 葱 蒜 菇 菌 栗 花生 莲子 玉米 "
        "vegetable pepper ginger taro potato chestnut shoot eggplant"
    ),
}
# By the category of a listing, or the branch above it, where the name says nothing.
OF_CATEGORIES = {"fruit": Goods.FRUIT, "egg": Goods.EGG, "tea": Goods.TEA, "field": Goods.VEGETABLE}
# Of how many degrees the comments of a pack are: for who has passed so many different drills, the easiest and the hardest.
DEGREES = {0: (1, 1), 1: (1, 2), 3: (2, HARDEST)}
# The comments of packs have no rows; their numbers lie above those of all rows, and below 2**53, which a script can count.
ABOVE_ROWS = 1 << 40


@dataclass(frozen=True)
class PackComment:
    """A comment of a pack, with the number under which it is recorded with a rehearsal."""

    pk: int
    name: str
    text: str


def find_pack_comments(plan: Livestream, user: User) -> list[PackComment]:
    """Return the comments of the packs of the plan's goods, in the drill's language, as hard as this person is ready for.

    Three queries at most; none in a plan without a drill.
    """
    if plan.drill is None:
        return []
    language = find_language(plan.drill.title)
    packs = [find_item_pack(item, language) for item in plan.items.select_related("product__category")]
    there = {pack.code: pack for pack in packs if pack and pack.language == language}
    if not there:
        return []
    easiest, hardest = find_degrees(count_passed_drills(user))
    return [
        PackComment(ABOVE_ROWS + zlib.crc32(f"{code}/{number}".encode()), one.name, one.text)
        for code, pack in there.items()
        for number, one in enumerate(pack.comments, 1)
        if easiest <= one.hard <= hardest
    ]


def find_degrees(passed: int) -> tuple[int, int]:
    return DEGREES[max(least for least in DEGREES if least <= passed)]


def count_passed_drills(user: User) -> int:
    """Count the drills of which a recording of this person was reviewed and not to be done again. One query."""
    again = Review.objects.counting().filter(wants_again=True).order_by().values("submission")
    rows = Submission.objects.filter(user=user, status=Submission.Status.REVIEWED, drill__isnull=False)
    return rows.exclude(pk__in=again).values("drill").distinct().count()


def find_fitting(plan: Livestream) -> list[ViewerComment]:
    """Return the questions of the plan's drill that fit it. Four queries at most."""
    if plan.drill_id is None:
        return []
    found = list(ViewerComment.objects.filter(drill=plan.drill_id))
    items = list(plan.items.select_related("product__category__parent"))
    goods = {guess_goods(item) for item in items}
    words = read_words(items) if any(one.only_if for one in found) else ""
    return [
        one
        for one in found
        if (not one.goods or one.goods in goods) and (not one.only_if or one.only_if.casefold() in words)
    ]


def guess_goods(item: RundownItem) -> str:
    """Return which goods an item is; "" if neither its name nor its category says so."""
    name = str(item).casefold()
    places = [
        (len(word), name.rfind(word), goods)
        for goods, words in WORDS.items()
        for word in words.split()
        if word in name
    ]
    if places:
        return max(places)[2]
    category: Category | None = item.product.category if item.product else None
    while category is not None:
        if category.slug in OF_CATEGORIES:
            return OF_CATEGORIES[category.slug]
        category = category.parent
    return ""


def read_words(items: list[RundownItem]) -> str:
    """Return the scripts and talking points of the items in one text, in small letters."""
    texts = [item.talking_points for item in items]
    for version in find_latest_versions(items).values():
        texts += version.parts.values()
    return "\n".join(texts).casefold()
