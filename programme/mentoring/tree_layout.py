"""Lay a tree out for a drawing: a teacher stands in the middle beside the pupils, and no two branches overlap.

The method is that of E. M. Reingold and J. S. Tilford, "Tidier Drawings of Trees", IEEE Transactions on Software Engineering
7(2), 1981: each branch is laid out by itself and moved as near to those before it as their outlines allow. Here the
generations run from left to right, so that names have room, and branches are moved downwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

COLUMN, ROW, WIDTH, HEIGHT = 168, 44, 148, 36
EDGE = 4
# Letters that a box has room for.
LETTERS = 17


class Tree(Protocol):
    name: str
    step: str

    @property
    def children(self) -> list[Any]: ...


@dataclass
class Box:
    """A node at its place, in units of the drawing, with its teacher's box."""

    node: Any
    x: int
    y: int
    above: Box | None

    @property
    def middle(self) -> int:
        return self.y + HEIGHT // 2

    @property
    def label(self) -> str:
        """Return the name, and the step where it has room: a Chinese character takes about twice the room of a letter."""
        name, step = self.node.name or "·", self.node.step
        words = f"{name} · {step}" if step else name
        room = [
            sum(2 if ord(letter) > 0x2E7F else 1 for letter in words[: end + 1]) for end in range(len(words))
        ]
        fits = sum(used <= LETTERS for used in room)
        return words if fits == len(words) else f"{words[: max(fits - 1, 1)]}…"

    @property
    def text_y(self) -> int:
        return self.middle + 5

    @property
    def text_x(self) -> int:
        return self.x + 10

    @property
    def line(self) -> str:
        """Return the path from the teacher's right edge to this box; empty for the first."""
        if self.above is None:
            return ""
        start, half = self.above.x + WIDTH, (COLUMN - WIDTH) // 2
        return f"M{start} {self.above.middle}h{half}V{self.middle}h{half}"


@dataclass(frozen=True)
class Drawing:
    boxes: list[Box]
    width: int
    height: int

    @property
    def fits_a_phone(self) -> bool:
        """Return whether its words can still be read when it is as narrow as a phone: teachers and their pupils."""
        return self.width <= 2 * COLUMN


def draw(root: Tree) -> Drawing:
    """Return the boxes of the tree, each after its teacher's."""
    rows = place(root)
    top = min(rows.values())
    boxes: list[Box] = []
    waiting: list[tuple[Any, int, Box | None]] = [(root, 0, None)]
    while waiting:
        node, depth, above = waiting.pop()
        y = EDGE + round((rows[id(node)] - top) * ROW)
        boxes.append(Box(node, EDGE + depth * COLUMN, y, above))
        waiting += [(child, depth + 1, boxes[-1]) for child in reversed(node.children)]
    width = max(box.x for box in boxes) + WIDTH + EDGE
    return Drawing(boxes, width, max(box.y for box in boxes) + HEIGHT + EDGE)


def place(root: Tree) -> dict[int, float]:
    """Return the row of each node by its id(); neighbours of a generation are at least one row apart."""
    moved: dict[int, float] = {}  # how far below its teacher each node stands
    outlines: dict[
        int, tuple[list[float], list[float]]
    ] = {}  # the first and last row of a branch by generation
    for node in list_upwards(root):
        at: list[float] = []
        upper: list[float] = []
        lower: list[float] = []
        for child in node.children:
            above, below = outlines.pop(id(child))
            shift = max((last + 1 - first for last, first in zip(lower, above, strict=False)), default=0.0)
            at.append(shift)
            upper += [row + shift for row in above[len(upper) :]]
            lower[: len(below)] = [row + shift for row in below]
        middle = (at[0] + at[-1]) / 2 if at else 0.0
        for child, row in zip(node.children, at, strict=True):
            moved[id(child)] = row - middle
        outlines[id(node)] = [0.0, *(row - middle for row in upper)], [0.0, *(row - middle for row in lower)]
    rows = {id(root): 0.0}
    for node in reversed(list(list_upwards(root))):
        for child in node.children:
            rows[id(child)] = rows[id(node)] + moved[id(child)]
    return rows


def list_upwards(root: Tree) -> Iterator[Any]:
    """Yield every node after its children, without recursion: a line of teachers may be long."""
    ordered, waiting = [], [root]
    while waiting:
        node = waiting.pop()
        ordered.append(node)
        waiting += node.children
    yield from reversed(ordered)
