"""Guess the category a product's name means, and add the categories a site begins with."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from shops.models import Category


def guess(name: str, kinds: Iterable[Category]) -> Category | None:
    """Return the category with the longest hint found in the name, or None.

    Of hints of equal length the last one counts, because a Chinese noun comes last (茶叶蛋 is an egg).
    """
    best, found = (0, -1), None
    for kind in kinds:
        for word in kind.hints.split():
            at = name.rfind(word)
            if at >= 0 and (len(word), at) > best:
                best, found = (len(word), at), kind
    return found


TREE = Path(__file__).with_name("categories.toml")


def plant_kinds() -> dict[str, Category]:
    """Add the missing categories, attach leaves without a parent, and return all by slug.

    What an organiser has changed stays as it is.
    """
    with open(TREE, "rb") as file:
        branches = tomllib.load(file)["branches"]
    here = {kind.slug: kind for kind in Category.objects.all()}
    position = 0
    for entry in branches:
        branch = here.get(entry["slug"]) or add(entry, None, position)
        for leaf in entry["kinds"]:
            position += 1
            kind = here.get(leaf["slug"])
            if kind is None:
                add(leaf, branch, position)
            elif kind.parent_id is None:
                kind.parent = branch
                kind.save(update_fields=["parent"])
        position += 1
    return {kind.slug: kind for kind in Category.objects.all()}


def add(entry: dict, parent: Category | None, position: int) -> Category:
    return Category.objects.create(
        name=entry["name"],
        name_en=entry["name_en"],
        slug=entry["slug"],
        hints=entry.get("hints", ""),
        needs=entry.get("needs", ""),
        is_perishable=entry.get("perishable", True),
        parent=parent,
        position=position,
    )
