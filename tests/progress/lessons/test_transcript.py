from progress.lessons.transcript import Part, join_texts, list_chapters, split_paragraphs
from tests.progress.lessons.videos import CAPTIONS


def test_named_cues_open_chapters():
    assert list_chapters(CAPTIONS, 90_000) == (
        Part(0, 60_000, "买家先看每斤"),
        Part(60_000, 90_000, "毛重净重"),
    )


def test_chapter_beyond_the_video_is_none():
    assert list_chapters(CAPTIONS, 60_000) == (Part(0, 60_000, "买家先看每斤"),)


def test_numbers_and_nothing_name_no_chapter():
    assert (
        list_chapters("WEBVTT\n\n1\n00:00.000 --> 00:01.000\n一\n\n00:01.000 --> 00:02.000\n二\n", 5000) == ()
    )


def test_paragraphs_join_cues_until_a_sentence_ends():
    assert split_paragraphs(CAPTIONS) == (
        Part(0, 20_000, "同样一箱橙子，先换成一斤多少钱。"),
        Part(60_000, 70_000, "空箱 & 内衬先去皮。"),
    )


def test_english_words_are_joined_with_a_space():
    assert join_texts("Weigh the box,", "then the fruit.") == "Weigh the box, then the fruit."
    assert join_texts("先称箱子，", "", "再称果") == "先称箱子，再称果"


def test_no_captions_no_text():
    assert (split_paragraphs(""), list_chapters("", 1000)) == ((), ())
