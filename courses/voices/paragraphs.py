"""Cut a lesson's text into what is recorded in one go: headings, paragraphs, items of lists, rows of tables. No database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from typing import NamedTuple

# The elements that a page counts to find a paragraph again (progress/voices.js); tests compare the two lists.
BLOCKS = ("h2", "h3", "h4", "p", "li", "tr")
CELLS = ("td", "th")
CELL = "\x1f"  # between the words of two cells; HTML cannot contain it
# A recording may take 90 seconds; people say 200 characters a minute, and some pause.
CHARACTERS_A_MINUTE = 200
MOST_CHARACTERS = 250
# So many letters of other scripts take as long as one Chinese character.
LETTERS = 4
HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"\w")
SPACE = re.compile(r"\s+")
SENTENCE = re.compile(r"[^。！？!?；;]+[。！？!?；;]*[”’」』）)\"']*|[。！？!?；;]+")
CLAUSE = re.compile(r"[^，,、：:]+[，,、：:]*|[，,、：:]+")
DIGEST_LENGTH = 16


class Paragraph(NamedTuple):
    """`block`: which of the text's BLOCKS it stands in, counted from 0."""

    digest: str
    text: str
    block: int


class Reader(HTMLParser):
    """Collects the words of each block. A block inside another ends the words before it."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.open: list[int] = []
        self.words: list[str] = []
        self.hidden = 0
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.end_words()
            self.open.append(self.count)
            self.count += 1
        elif tag in CELLS:
            self.words.append(CELL)
        elif tag == "br":
            self.words.append(" ")
        elif tag == "span" and (self.hidden or "data-waiting" in dict(attrs)):
            self.hidden += 1  # the place of a photo that is not ready

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS and self.open:
            self.end_words()
            self.open.pop()
        elif tag == "span" and self.hidden:
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if self.open and not self.hidden:
            self.words.append(data)

    def end_words(self) -> None:
        cells = [SPACE.sub(" ", cell).strip() for cell in "".join(self.words).split(CELL)]
        text = "，".join(cell for cell in cells if cell)
        if self.open and WORD.search(text):
            self.found.append((self.open[-1], text))
        self.words = []


@lru_cache(100)
def list_paragraphs(html: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a lesson's stored HTML in their order; none takes more than 90 seconds to say."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return tuple(
        Paragraph(make_digest(text), text, block)
        for block, whole in reader.found
        for text in split_long(whole)
    )


def make_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def measure(text: str) -> float:
    """Return how many Chinese characters take as long to say as this text."""
    han = len(HAN.findall(text))
    return han + (len(text) - han) / LETTERS


def estimate_seconds(text: str) -> int:
    return max(1, round(measure(text) * 60 / CHARACTERS_A_MINUTE))


def split_long(text: str) -> Iterator[str]:
    """Yield the text in parts that are short enough: at ends of sentences, else at commas, else anywhere."""
    if measure(text) <= MOST_CHARACTERS:
        yield text
        return
    part = ""
    for piece in list_pieces(text):
        if part and measure(part + piece) > MOST_CHARACTERS:
            yield part.strip()
            part = ""
        part += piece
    if part.strip():
        yield part.strip()


def list_pieces(text: str) -> Iterator[str]:
    for sentence in SENTENCE.findall(text):
        if measure(sentence) <= MOST_CHARACTERS:
            yield sentence
            continue
        for clause in CLAUSE.findall(sentence):
            for start in range(0, len(clause), MOST_CHARACTERS):
                yield clause[start : start + MOST_CHARACTERS]
