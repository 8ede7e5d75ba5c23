"""Make the three tables in this folder: `python -m wording.tables.make`.

Needs jieba 0.42.1 (MIT), OpenCC 1.4.2 (Apache-2.0) and pypinyin 0.55 (MIT); the site itself needs only pypinyin.
Install the others: `.venv/bin/uv pip install --python .venv/bin/python jieba==0.42.1 opencc==1.4.2`. Run it again
after adding a term that is to be found by its sound (`homophones = true`): words.txt contains only what those need.
"""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
HAN = [chr(code) for code in range(0x4E00, 0xA000)]
RARE_WORD = 10  # occurrences in jieba's corpus


def main() -> None:
    from pypinyin import Style, lazy_pinyin

    readings = {char: lazy_pinyin(char, style=Style.NORMAL, errors="ignore") for char in HAN}
    syllable = {char: got[0].replace("ü", "v") for char, got in readings.items() if got}
    write("syllables.txt", [f"{name} {''.join(chars)}" for name, chars in sorted(invert(syllable).items())])
    write("simplified.txt", list_simplified())
    write("words.txt", list_words(syllable))


def invert(syllable: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for char, name in syllable.items():
        found.setdefault(name, []).append(char)
    return found


def list_simplified() -> list[str]:
    """Return two characters a line: as written in Hong Kong or Taiwan, and as written on the mainland."""
    import opencc

    convert = opencc.OpenCC("t2s").convert
    return [char + now for char in HAN if (now := convert(char)) != char and len(now) == 1]


def list_words(syllable: dict[str, str]) -> list[str]:
    """Return normal words with a character that sounds like one of a sensitive term: in them it is no disguise."""
    import jieba

    from wording.rulebook.loader import load_rules
    from wording.tables.reader import read_everyday, read_tricks

    terms = [word for rule in load_rules().rules for entry in rule.entries for word in entry.sounded]
    sounds = {
        syllable[char] for term in (*terms, *read_tricks()["also_heard"]) for char in term if char in syllable
    }
    disguises = {
        char
        for char, name in syllable.items()
        if name in sounds and char not in read_everyday() and is_common(char)
    }
    found = []
    for line in Path(jieba.__file__).with_name("dict.txt").read_text().splitlines():
        word, times = line.split(" ")[:2]
        known = 2 <= len(word) <= 3 and int(times) >= RARE_WORD and set(word) <= syllable.keys()
        if known and not disguises.isdisjoint(word):
            found.append(word)
    return sorted(set(found) - set(terms))


def is_common(char: str) -> bool:
    """Return whether the character is in GB 2312, as nearly every character of a normal word is."""
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def write(name: str, lines: list[str]) -> None:
    (HERE / name).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
