"""The packs of goods: complete, of true length, passed by the checker, none like another; and how goods find theirs."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pytest

from courses.crops.pack import PARTS, Pack, UnreadablePack, count_spoken, read_pack
from courses.crops.packs import FIRST_LANGUAGE, ROOT, find_pack_of, load_packs
from tests.wording.test_course import read_listed
from ui.text import HAN
from wording.checker import check
from wording.facts import Facts

CHINESE = ROOT / "zh-hans" / "crops"
BLANK = re.compile(r"\{[^{}]*\}")
# What is lawful passes where the freight is known; what is not, is found on the page of a seller of this village.
LAWFUL = Facts(freight_known=True)
OF_THE_VILLAGE = Facts(
    origin="湖南省怀化市麻阳县青石村", unit="box", net_grams=2500, price_fen=2990, freight_known=True
)
LANGUAGES = (FIRST_LANGUAGE, "en")
# Where a sentence ends, and how long one may be that stands twice: characters as spoken in Chinese, letters in English.
ENDS = {FIRST_LANGUAGE: r'[。！？；\n"]', "en": r'(?<=[.!?;])[”’"]?\s+|[\n"]'}
LONGEST_REPEATED = {FIRST_LANGUAGE: 12, "en": 40}


def list_lawful(pack: Pack) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of everything that a seller says or writes by the pack, a line each; gaps filled by a figure."""
    for script in pack.scripts:
        yield "script", "\n".join(script.parts[part] for part in PARTS)
    yield "script", "\n".join(fault.say for fault in pack.faults)
    yield "script", "\n".join(one.answer for one in pack.questions)
    yield "script", "\n".join(one.yes for one in pack.forbidden)
    yield "listing", pack.listing.title + "\n" + re.sub("＿+", "3", pack.listing.text)


def find_faults(pack: Pack, most: int | None = None) -> list[tuple[str, str, str]]:
    return [
        (pack.code, one.rule, one.words)
        for kind, text in islice(list_lawful(pack), most)
        for one in check(text, kind, LAWFUL)
        if one.severity == "block"
    ]


def list_unfound(pack: Pack) -> list[str]:
    return [one.no for one in pack.forbidden if not check(one.no, "script", OF_THE_VILLAGE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_fifteen_packs_have_every_part(language):
    packs = load_packs(language)
    assert len(packs) == 15
    assert sorted(code for code, pack in packs.items() if pack.papers) == [
        "cured-meat",
        "honey",
        "pomelo-tea",
    ]
    for pack in packs.values():
        assert [script.minutes for script in pack.scripts] == [1, 3, 5]
        assert (len(pack.questions), len(pack.comments)) == (15, 12)
        for script in pack.scripts:
            spoken = count_spoken("".join(script.parts.values()))
            assert abs(spoken / (200 * script.minutes) - 1) <= 0.15, (pack.code, script.minutes, spoken)


def test_pack_in_another_language_is_of_the_same_goods_and_papers_with_as_many_rows_and_blanks():
    assert load_packs("en").keys() == load_packs().keys()
    for code, pack in load_packs("en").items():
        ours = load_packs()[code]
        assert (pack.goods, pack.kinds, pack.papers) == (ours.goods, ours.kinds, ours.papers)
        assert [row.fact for row in pack.spec] == [row.fact for row in ours.spec]
        assert [one.hard for one in pack.comments] == [one.hard for one in ours.comments]
        assert [bool(one.yes) for one in pack.forbidden] == [bool(one.yes) for one in ours.forbidden]
        assert count_rows(pack) == count_rows(ours)
        assert count_blanks(pack) == count_blanks(ours)


def count_rows(pack: Pack) -> list[int]:
    rows = (pack.needs, pack.sources, pack.spec, pack.faults, pack.packing, pack.months, pack.listing.photos)
    return [len(each) for each in rows]


def count_blanks(pack: Pack) -> list[int]:
    """Return how many blanks each script has."""
    return [len(BLANK.findall("".join(script.parts.values()))) for script in pack.scripts]


def test_english_pack_passes_the_checker_and_has_the_blanks_that_the_site_fills_by_their_english_names():
    packs = load_packs("en")
    assert [fault for pack in packs.values() for fault in find_faults(pack, most=1)] == []
    for pack in packs.values():
        text = "".join(part for script in pack.scripts for part in script.parts.values())
        assert HAN.search(text) is None
        assert {"{net}", "{price}", "{link}", "{freight}"} <= {*BLANK.findall(text)}, pack.code


@pytest.mark.parametrize(
    ("language", "sugar", "net"), [("zh-hans", "{糖度}", "{净重}"), ("en", "{sugar}", "{net}")]
)
def test_sugar_and_net_weight_that_a_script_says_have_a_row_on_the_spec_sheet(language, sugar, net):
    for pack in load_packs(language).values():
        text = "".join(part for script in pack.scripts for part in script.parts.values())
        said = {fact for fact, blank in (("sugar", sugar), ("net", net)) if blank in text}
        assert said - {row.fact for row in pack.spec} == set(), pack.code


def test_comments_are_of_three_degrees():
    hard = Counter(comment.hard for pack in load_packs().values() for comment in pack.comments)
    print(f"{hard.total()} comments of viewers: {dict(sorted(hard.items()))}")
    assert hard.total() >= 150
    assert min(hard.values()) >= 45
    for pack in load_packs().values():
        assert {comment.hard for comment in pack.comments} == {1, 2, 3}


def test_script_of_one_pack_passes_the_checker_and_what_the_pack_forbids_is_found():
    pack = load_packs()["pomelo"]
    assert find_faults(pack, most=1) == []
    assert list_unfound(pack) == []


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pack_passes_the_checker_and_what_it_forbids_is_found_or_needs_a_person(language):
    listed, unfound = read_listed(), []
    for pack in load_packs(language).values():
        assert find_faults(pack) == []
        unfound += list_unfound(pack)
    forbidden = {one.no for pack in load_packs(language).values() for one in pack.forbidden}
    print(f"{language}: {len(forbidden) - len(unfound)} of {len(forbidden)} forbidden lines found")
    assert [text for text in unfound if text not in listed] == []
    assert [text for text in listed if text in forbidden and text not in unfound] == []


def test_what_an_english_pack_forbids_is_found():
    forbidden = [one.no for pack in load_packs("en").values() for one in pack.forbidden]
    assert len(forbidden) == sum(len(pack.forbidden) for pack in load_packs().values()) > 100
    unfound = [text for pack in load_packs("en").values() for text in list_unfound(pack)]
    assert [text for text in unfound if text not in read_listed()] == []


@pytest.mark.parametrize("language", [FIRST_LANGUAGE, pytest.param("en", marks=pytest.mark.long)])
def test_no_sentence_is_repeated_between_packs_or_from_a_lesson(language):
    folder = ROOT / language
    lessons = "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*.md"))
    whose: dict[str, str] = {}
    repeated = []
    for path in sorted(folder.glob("crops/*.toml")):
        read = path.read_text(encoding="utf-8").partition("season =")[2]
        for sentence in set(re.split(ENDS[language], read)):
            kept = BLANK.sub("", sentence)
            size = count_spoken(kept) if language == FIRST_LANGUAGE else len(kept)
            if size <= LONGEST_REPEATED[language]:
                continue
            if whose.setdefault(sentence, path.stem) != path.stem or sentence in lessons:
                repeated.append((path.stem, sentence))
    assert repeated == []


# --- the reader is strict ---


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('goods = "fruit"', 'goods = "fish"', "pomelo.toml:3: goods must be one of fruit"),
        ('name = "单果重"\n', 'nome = "单果重"\n', "name is missing"),
        ('name = "单果重"\n', 'name = "单果重"\nsize = "大"\n', "size is unknown"),
        ("minutes = 3", "minutes = 4", "minutes must be 3 here"),
        ("minutes = 1", 'minutes = "1"', "minutes must be a whole number"),
        ("\nhard = 1\n", "\nhard = 4\n", "hard must be 1 to 3"),
        ('question = "籽多不多？"', 'question = ""', "question is empty"),
        ('code = "pomelo"', 'code = "pumelo"', "pomelo.toml:1: code must be the name of the file, pomelo"),
        ("[[fault]]", "[[flaw]]", "fault is missing"),
        ("papers = []", 'papers = ["visa"]', "papers: visa is none of licence, filing"),
        ("papers = []", 'papers = ["licence"]', "needs must say in words which papers these are"),
        ("跟您讲明。", "", "the five parts have"),
        ('title = "香柚"', "title = 香柚", "pomelo.toml: Invalid value"),
    ],
)
def test_file_with_a_mistake_is_refused_with_its_place(tmp_path, old, new, told):
    text = (CHINESE / "pomelo.toml").read_text(encoding="utf-8")
    assert old in text or told == "the five parts have"
    if told == "the five parts have":
        start, end = text.index('proof = """空口讲没用'), text.index('price = """好，报价钱')
        text = text[:start] + 'proof = """切开。"""\n' + text[end:]
    path = tmp_path / "zh-hans" / "crops" / "pomelo.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        text.replace(old, new, 0 if told == "the five parts have" else 1 if old != "[[fault]]" else -1)
    )
    with pytest.raises(UnreadablePack) as refused:
        read_pack(path)
    assert told in str(refused.value)
    assert re.match(r"pomelo\.toml(:\d+)?: ", str(refused.value))


def test_mistake_is_named_by_the_line_of_its_row(tmp_path):
    text = (CHINESE / "pomelo.toml").read_text(encoding="utf-8")
    path = tmp_path / "pomelo.toml"
    at = text.index("hard = 2")
    path.write_text(text[:at] + "hard = 9" + text[at + 8 :])
    with pytest.raises(
        UnreadablePack, match=rf"^pomelo\.toml:{text[:at].count(chr(10)) + 1}: hard must be 1 to 3$"
    ):
        read_pack(path)


# --- by which goods find their pack ---


@pytest.mark.parametrize(
    ("name", "kind", "code"),
    [
        ("石榴冲香柚 5 斤", "", "pomelo"),
        ("蜂蜜柚子茶", "", "pomelo-tea"),
        ("板栗红薯", "", "sweet-potato"),
        ("攸县麻鸭蛋", "", "eggs"),
        ("茶叶蛋", "", None),
        ("剁辣椒", "", None),
        ("冰糖橙", "orange", None),
        ("山里的老味道", "kiwi", "kiwi"),
        ("山里的老味道", "cured", None),
        ("Fragrant pomelos, box of two", "", "pomelo"),
        ("Steak and pomeloade", "", None),
        ("Honey pomelo tea", "", "pomelo-tea"),
        ("Honey sweet potatoes", "", "sweet-potato"),
        ("Chestnut honey, 500 g", "", "honey"),
        ("Dried bamboo shoots", "", None),
        ("", "", None),
    ],
)
def test_goods_find_their_pack_by_the_longest_word_of_their_name(name, kind, code):
    found = find_pack_of(name, kind, "en" if name.isascii() else "zh-hans")
    assert (found.code if found else None) == code
