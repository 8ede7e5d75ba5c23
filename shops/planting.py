"""The kinds of produce that a site begins with; what its organiser has changed since stays changed."""

from __future__ import annotations

import tomllib
from pathlib import Path

from shops.models import Category

TREE = Path(__file__).parent / "data" / "kinds.toml"


def plant_kinds() -> dict[str, Category]:
    """Adds the branches and leaves that are missing and hangs loose leaves on their branch; all kinds by slug."""
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
