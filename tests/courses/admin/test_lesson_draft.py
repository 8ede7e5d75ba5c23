import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import Lesson, LessonPicture, State
from media.models import Photo, Video
from tests.factories import make_course, make_lesson, make_person, make_photo
from tests.pages import list_messages, squeeze

DRAFT, LIST = "/admin/courses/lesson/draft/", "/admin/courses/lesson/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def lesson(county) -> Lesson:
    return Lesson.objects.get(module__course=make_course(county, lessons=1, state=State.DRAFT))


def facts(lesson: Lesson, **more) -> dict:
    form = {
        "lesson": lesson.pk,
        "module": lesson.module_id,
        "title": "新名字",
        "minutes": "7",
        "body": "## 看\n\n一二三。",
    }
    return form | {"do_now": "拍一条", "phrases": ""} | more


def picture(photo: str, n: int = 0, name: str = "hold", alt: str = "图") -> dict:
    row = {f"pictures-{n}-{key}": value for key, value in (("photo", photo), ("name", name), ("alt", alt))}
    return row | {"pictures-TOTAL_FORMS": str(n + 1)}


def test_a_draft_is_rendered_as_a_trainee_reads_it_and_not_stored(as_user, trainer, lesson):
    before = Lesson.objects.values().get()
    answer = as_user(trainer).post(DRAFT, facts(lesson)).json()
    for part in ("新名字", "大约 7 分钟", '<section class="prose" lang="zh-Hans"><h2>看</h2>', "拍一条"):
        assert part in answer["page"]
    assert "<script" not in answer["page"]
    assert "正文 4 个字，读完约 1 分钟。" in answer["status"]
    assert Lesson.objects.values().get() == before


def test_pictures_are_ones_own_and_the_lessons(as_user, trainer, stranger, lesson):
    mine, its, theirs = make_photo(trainer), make_photo(stranger), make_photo(stranger)
    LessonPicture.objects.create(lesson=lesson, photo=its, name="its", alt="图")
    form = facts(lesson, body="![](picture:a)![](picture:b)![](picture:c)![](picture:d)")
    for n, (photo, name) in enumerate(((mine.key, "a"), (its.key, "b"), (theirs.key, "c"), ("new", "d"))):
        form |= picture(photo, n, name)
    answer = as_user(trainer).post(DRAFT, form).json()
    assert mine.src in answer["page"]
    assert its.src in answer["page"]
    assert theirs.key not in answer["page"]
    assert "照片正在处理：图" in answer["page"]
    assert "picture:c 找不到" in answer["status"]
    assert answer["status"].count("draft__amiss") == 1


def test_pictures_that_stand_nowhere_are_pointed_out(as_user, trainer, lesson):
    answer = as_user(trainer).post(DRAFT, facts(lesson) | picture(make_photo(trainer).key)).json()
    assert "插图 hold 没放进正文" in answer["status"]
    kept = picture(make_photo(trainer).key) | {"pictures-0-DELETE": "on"}
    assert "插图" not in as_user(trainer).post(DRAFT, facts(lesson) | kept).json()["status"]


def test_the_cost_names_each_rendition_of_the_video(as_user, trainer, lesson):
    renditions = {"480": {"bytes": 9_000_000}, "240": {"bytes": 4_000_000}, "listen": {"bytes": 1_000_000}}
    lesson.video = Video.objects.create(status="ready", renditions=renditions)
    lesson.save()
    told = as_user(trainer).post(DRAFT, facts(lesson)).json()["status"]
    sizes = ["<b>0.1 MB</b>", "只听 <b>1.0 MB</b>", "240p <b>4.0 MB</b>", "480p <b>9.0 MB</b>"]
    assert squeeze(" · ".join(sizes)) in squeeze(told)


@pytest.mark.parametrize(
    "wrong",
    [{"minutes": "x"}, {"minutes": "9" * 50}, {"module": ""}, {"module": "x"}, {"pictures-TOTAL_FORMS": "9" * 99}, {"body": ""},
     {"title": ""}, {"lesson": ""}, {"body": "\ue0005\ue001"}, {"pictures-TOTAL_FORMS": "²"}],
)  # fmt: skip
def test_what_is_half_written_is_shown_as_far_as_it_goes(wrong, as_user, trainer, lesson):
    assert as_user(trainer).post(DRAFT, facts(lesson) | wrong).status_code == 200


def test_a_text_that_is_too_long_is_shown_in_part_and_said(as_user, trainer, lesson):
    start = time.process_time()
    answer = as_user(trainer).post(DRAFT, facts(lesson, body="阿" * 20_003)).json()
    assert "正文太长，多了 3 个字，存不下。" in answer["status"]
    assert answer["page"].count("阿") == 20_000
    assert time.process_time() - start < 3


def test_another_countys_lesson_is_not_there(as_user, trainee, other_village, lesson):
    away = make_person("外", ("trainer", other_village))
    assert as_user(away).post(DRAFT, facts(lesson)).status_code == 404
    blind = as_user(away).post(DRAFT, facts(lesson) | {"lesson": ""}).json()
    assert lesson.module.title not in blind["page"]
    assert as_user(trainee).post(DRAFT, facts(lesson)).status_code in (302, 403)


def test_nothing_is_answered_to_a_get_or_to_a_post_from_elsewhere(trainer, lesson, client):
    client.force_login(trainer)
    assert client.get(DRAFT).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(trainer)
    assert strict.post(DRAFT, facts(lesson)).status_code == 403


def test_a_preview_costs_a_constant_number_of_queries(as_user, trainer, lesson, django_assert_num_queries):
    client = as_user(trainer)
    client.post(DRAFT, facts(lesson))
    for count in (1, 9):
        form = facts(lesson)
        for n in range(count):
            form |= picture(make_photo(trainer).key, n, f"a{n}")
        with django_assert_num_queries(6):
            client.post(DRAFT, form)


@pytest.mark.long
def test_the_page_says_what_is_live_before_it_is_saved(as_user, trainer, lesson):
    url = reverse("admin:courses_lesson_change", args=[lesson.pk])
    client = as_user(trainer)
    html = client.get(url).content.decode()
    assert 'value="存并预览"' in html
    assert "一存，学员马上看到" not in html
    type(lesson.module.course).objects.update(state=State.PUBLISHED)
    html = client.get(url).content.decode()
    assert 'value="存（马上上线）并预览"' in html
    assert "这一课已经发布：一存，学员马上看到新的。" in html
    assert "正文 5 个字，读完约 1 分钟。" in html


@pytest.mark.long
def test_saving_points_out_what_is_amiss(as_user, trainer, lesson):
    form = facts(lesson, body="![](picture:x)", do_now="", state="published") | {
        "pictures-TOTAL_FORMS": 0, "pictures-INITIAL_FORMS": 0
    }  # fmt: skip
    answer = as_user(trainer).post(
        reverse("admin:courses_lesson_change", args=[lesson.pk]), form, follow=True
    )
    told = list_messages(answer)
    assert told[0] == "正文里的图 picture:x 找不到，插图里没有这个图名"
    assert told[1] == "“动手做”空着：学完这一课做什么？"
    lesson.refresh_from_db()
    assert lesson.body == "![](picture:x)"


@pytest.mark.long
def test_the_list_tells_what_each_lesson_costs_in_as_many_queries(
    as_user, trainer, lesson, django_assert_num_queries
):
    LessonPicture.objects.create(
        lesson=lesson, photo=make_photo(trainer, width=720, height=20_000), name="a", alt="图"
    )
    client = as_user(trainer)
    assert "5 分钟，约 1.3 MB" in client.get(LIST).content.decode()
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _n in range(20):
        more = make_lesson(lesson.module)
        LessonPicture.objects.create(lesson=more, photo=make_photo(trainer, "waiting"), name="a", alt="图")
    assert Photo.objects.count() == 21
    with django_assert_num_queries(len(one)):
        client.get(LIST)


@pytest.mark.long
def test_numbers_that_are_none_do_no_harm(as_user, trainer, lesson):
    client, endless = as_user(trainer), "9" * 5000
    assert client.post(DRAFT, facts(lesson) | {"lesson": endless}).status_code == 404
    for wrong in ({"module": endless}, {"pictures-TOTAL_FORMS": "1234x"}, {"pictures-TOTAL_FORMS": endless}):
        assert client.post(DRAFT, facts(lesson) | wrong).status_code == 200


@pytest.mark.long
@pytest.mark.parametrize("bracket", ["](", "![", "<a:"])
def test_brackets_without_end_take_no_time(as_user, trainer, lesson, bracket):
    """A form may be a hundred times longer than a lesson."""
    begun = time.process_time()
    answer = as_user(trainer).post(DRAFT, facts(lesson) | {"body": bracket * 400_000})
    assert (answer.status_code, time.process_time() - begun < 10) == (200, True)
