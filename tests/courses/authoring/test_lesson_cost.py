import pytest

from courses.authoring import lesson_cost
from courses.models import LessonPicture
from media.models import Photo, Video
from tests.factories import make_course, make_lesson, make_photo


@pytest.mark.parametrize(
    ("body", "signs", "words", "minutes"),
    [
        ("", 0, 0, 0),
        ("字" * 250, 250, 0, 1),
        ("字" * 251, 251, 0, 2),
        ("## 拿稳手机\n\n用 iPhone 12 拍 1,080.5 格。", 7, 3, 1),
        ("Don’t shake the phone", 0, 4, 1),
        ("![夹紧胳膊](picture:photo-1)[看课](/learn/lessons/1/)", 6, 0, 1),
        ("word " * 300, 0, 300, 2),
    ],
)
def test_length_counts_what_is_read(body, signs, words, minutes):
    found = lesson_cost.measure_text(body)
    assert (found.signs, found.words, found.minutes) == (signs, words, minutes)


def test_photo_weighs_as_its_picture_of_720():
    assert lesson_cost.estimate_photo_bytes(Photo(width=1440, height=1080)) == round(720 * 540 * 0.09)
    assert lesson_cost.estimate_photo_bytes(Photo(width=400, height=300)) == round(400 * 300 * 0.09)
    assert lesson_cost.estimate_photo_bytes(Photo()) == 0


def test_weight_is_text_photos_and_a_rung_of_the_video(county):
    video = Video(
        renditions={"480": {"bytes": 9_000_000}, "240": {"bytes": 4_000_000}, "listen": {"bytes": 1_000_000}}
    )
    found = lesson_cost.calculate_weight(1000, [Photo(width=720, height=720)], video)
    page = 3000 + 46_656
    assert (found.page, found.least, found.most, found.heard) == (
        page, page + 4_000_000, page + 9_000_000, page + 1_000_000
    )  # fmt: skip
    assert not found.is_heavy


def test_lesson_without_video_weighs_its_page(county, django_assert_num_queries):
    lesson = make_lesson(make_course(county, lessons=0).modules.get(), body="字" * 100)
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(), name="a", alt="图")
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(), name="b", alt="图")
    ready = type(lesson).objects.select_related("video").prefetch_related("pictures__photo").get()
    with django_assert_num_queries(0):
        found = lesson_cost.weigh_lesson(ready)
    assert (found.page, found.least, found.most) == (300 + 2 * 34_992, 70_284, 70_284)


def test_ten_megabytes_on_the_smallest_rung_are_heavy():
    assert lesson_cost.calculate_weight(0, [], Video(renditions={"240": {"bytes": 10_000_001}})).is_heavy
    assert not lesson_cost.calculate_weight(0, [], Video(renditions={"240": {"bytes": 10_000_000}})).is_heavy


@pytest.mark.parametrize(("size", "said"), [(0, "0.0"), (3, "0.1"), (350_000, "0.3"), (12_340_000, "12.3")])
def test_megabytes_are_never_nothing_where_there_is_something(size, said):
    assert lesson_cost.format_megabytes(size) == said
