"""The order of a course's modules and lessons: moved by one step or set as a whole."""

from __future__ import annotations

from django.db import transaction

from courses.models import Course, Lesson, Module
from ui.responses import page_cache

# [(module, [lesson, …]), …] by primary key.
Tree = list[tuple[int, list[int]]]


class OutlineChanged(Exception):
    """Raised when the course has other rows than the sender saw, because somebody added or removed some meanwhile."""


def load_tree(course: Course) -> Tree:
    """Load the tree in two queries, whatever its length."""
    lessons: dict[int, list[int]] = {}
    rows = Lesson.objects.filter(module__course=course).in_order().values_list("module_id", "pk")
    for module, lesson in rows:
        lessons.setdefault(module, []).append(lesson)
    modules = course.modules.order_by("position", "id").values_list("pk", flat=True)
    return [(module, lessons.get(module, [])) for module in modules]


def parse_tree(order: str) -> Tree:
    """Parse "m3 l10 l11 m4": each module is followed by its lessons. Raises ValueError."""
    tree: Tree = []
    for mark in order.split():
        kind, pk = mark[:1], int(mark[1:])
        if kind == "m":
            tree.append((pk, []))
        elif kind == "l" and tree:
            tree[-1][1].append(pk)
        else:
            raise ValueError(mark)
    return tree


def move_row(tree: Tree, mark: str, up: bool) -> Tree:
    """Return the tree with one row moved a step; a lesson at the edge of its module moves into the next."""
    kind, pk = mark[:1], int(mark[1:])
    tree = [(module, list(lessons)) for module, lessons in tree]
    step = -1 if up else 1
    for place, (module, lessons) in enumerate(tree):
        neighbour = place + step
        if kind == "m" and module == pk and 0 <= neighbour < len(tree):
            tree[place], tree[neighbour] = tree[neighbour], tree[place]
            break
        if kind == "l" and pk in lessons:
            here = lessons.index(pk)
            if 0 <= here + step < len(lessons):
                lessons[here], lessons[here + step] = lessons[here + step], lessons[here]
            elif 0 <= neighbour < len(tree):
                lessons.remove(pk)
                tree[neighbour][1].insert(len(tree[neighbour][1]) if up else 0, pk)
            break
    return tree


@transaction.atomic
def save_tree(course: Course, tree: Tree) -> None:
    """Number all rows anew from 1. Raises OutlineChanged unless these are exactly the course's rows."""
    modules = {module.pk: module for module in course.modules.select_for_update()}
    lessons = {
        row.pk: row
        for row in Lesson.objects.filter(module__in=modules).select_for_update().defer("body", "html")
    }
    named = [lesson for _module, inside in tree for lesson in inside]
    if sorted(pk for pk, _inside in tree) != sorted(modules) or sorted(named) != sorted(lessons):
        raise OutlineChanged
    for place, (pk, inside) in enumerate(tree, 1):
        modules[pk].position = place
        for position, lesson in enumerate(inside, 1):
            lessons[lesson].module_id, lessons[lesson].position = pk, position
    Module.objects.bulk_update(modules.values(), ["position"])
    Lesson.objects.bulk_update(lessons.values(), ["module", "position"])
    page_cache.invalidate(Course.stamp_name)


def place_at_end(row: Module | Lesson) -> None:
    """Put a new row last among its siblings."""
    siblings = row.course.modules if isinstance(row, Module) else row.module.lessons
    last = siblings.order_by("-position").values_list("position", flat=True).first()
    row.position = (last or 0) + 1
