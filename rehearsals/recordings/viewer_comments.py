"""Choose which viewers' questions fit a plan: by the goods that it shows and by the words of its scripts."""

from __future__ import annotations

from courses.models import ViewerComment
from live.models import Livestream, RundownItem
from live.scripts.services import find_latest_versions
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
