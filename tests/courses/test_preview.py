import pytest

from courses.models import Lesson, LessonPicture, State
from tests.factories import make_course, make_lesson, make_photo


@pytest.fixture
def draft(village) -> Lesson:
    course = make_course(village, lessons=0, state=State.DRAFT)
    return make_lesson(course.modules.get(), title="草稿课", do_now="去拍一条", state=State.DRAFT)


def preview(client, lesson: Lesson):
    return client.get(f"/courses/lessons/{lesson.pk}/preview/")


def test_author_sees_the_draft_as_it_will_be(as_user, trainer, draft):
    page = preview(as_user(trainer), draft).content.decode()
    assert draft.html in page
    assert "去拍一条" in page
    assert "预览，还没发布" in page


def test_picture_added_after_the_text_is_there(as_user, trainer, draft):
    Lesson.objects.filter(pk=draft.pk).update(body="![一双手](picture:grip)")
    LessonPicture.objects.create(lesson=draft, photo=make_photo(), name="grip", alt="手")
    assert 'alt="一双手"' in preview(as_user(trainer), draft).content.decode()
    assert "grip" not in Lesson.objects.get().html  # looking at it has written nothing


def test_published_lesson_does_not_say_draft(as_user, organiser, village):
    lesson = make_course(village).modules.get().lessons.first()
    page = preview(as_user(organiser), lesson).content.decode()
    assert "预览，还没发布" not in page
    assert "这一课已经发布" in page


def test_nobody_else_may_look(client, as_user, draft, trainee, seller, stranger):
    login = f"/accounts/login/?next=%2Fcourses%2Flessons%2F{draft.pk}%2Fpreview%2F"
    assert preview(client, draft)["Location"] == login
    assert [preview(as_user(person), draft).status_code for person in (trainee, seller, stranger)] == [
        404
    ] * 3
