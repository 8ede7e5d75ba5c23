import pytest

from shops.products.search import list_required_terms, list_spellings, make_terms, normalize, split_words


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("红心蜜柚", ("红心蜜柚", "hongxinmiyou", "hxmy")),
        ("柚子", ("柚子", "youzi", "yz")),
        ("重庆", ("重庆", "chongqing", "cq")),
        ("绿茶", ("绿茶", "lvcha", "lucha", "lc")),
        ("Ａ级 橙·大", ("a级 橙·大", "ajichengda", "ajcd")),
        ("5斤装", ("5斤装", "5jinzhuang", "5jz")),
        ("OK Fruit", ("ok fruit",)),
        ("蜜桔", ("蜜橘", "miju", "mj", "橘子", "juzi")),
        ("橘子", ("橘子", "juzi", "jz")),
        ("桔梗", ("桔梗", "jiegeng", "jg")),
        ("", ()),
        (" 　 ", ()),
    ],
)
def test_spellings_are_as_typed_in_pinyin_and_in_initials(name, spelt):
    assert list_spellings(name) == spelt


def test_terms_are_pairs_and_single_characters():
    assert make_terms("红心柚 5a") == "红 心 柚 红心 心柚 5a"
    assert make_terms("yz") == "yz"


def test_terms_never_cross_a_blank_or_a_dot():
    assert make_terms("a柚·子b") == "柚 a柚 子 子b"


@pytest.mark.parametrize(
    ("word", "asked"),
    [
        ("柚", ["柚"]),
        ("柚子", ["柚子"]),
        ("红心柚", ["红心", "心柚"]),
        ("yz", ["yz"]),
        ("y", []),
        ("5.9", []),
        ("·", []),
        ("柚·子", ["柚", "子"]),
    ],
)
def test_asked_terms_are_among_the_terms_of_what_holds_the_word(word, asked):
    assert list_required_terms(word) == asked
    assert set(asked) <= set(make_terms(f"大{word}小").split())


def test_plain_drops_what_cannot_be_printed():
    assert normalize("柚\u200b\x00子　Ｙ\u202eZ\n") == "柚 子 y z"


def test_words_are_cut_at_blanks_once_each_and_not_endless():
    assert split_words(" 柚子　ＹＺ 柚子 ") == ("柚子", "yz")
    assert split_words("") == split_words("\x00\x01") == ()
    assert len(split_words(" ".join(str(n) for n in range(100)))) == 6
    assert [len(word) for word in split_words("柚" * 300)] == [40]
