"""A URL stored in one block of a template is unknown in another: a link there would be empty."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TAG = re.compile(r"({%\s*block\s+\w+\s*%}|{%\s*endblock(?:\s+\w+)?\s*%})")
KEPT = re.compile(r"{% url [^%]*? as (\w+) %}")
TEMPLATES = sorted(
    path for path in Path(settings.BASE_DIR).glob("*/templates/**/*.html") if KEPT.search(path.read_text())
)


def blocks_of(source: str) -> dict[tuple[int, ...], str]:
    """The text of each block without that of the blocks in it, under the numbers of those around it."""
    texts, around, number = {}, (), 0
    for piece in TAG.split(source):
        if piece.startswith("{%") and "endblock" in piece:
            around = around[:-1]
        elif TAG.fullmatch(piece):
            number += 1
            around = (*around, number)
        else:
            texts[around] = texts.get(around, "") + piece
    return texts


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_an_address_is_used_in_the_block_that_keeps_it(path):
    texts = blocks_of(path.read_text())
    for around, text in texts.items():
        for name in KEPT.findall(text):
            use = re.compile(rf"{{{{ {name}\b|{{% back {name} |={name}\b")
            elsewhere = [
                other
                for block, other in texts.items()
                if block[: len(around)] != around and use.search(other) and f" as {name} %}}" not in other
            ]
            assert elsewhere == []
