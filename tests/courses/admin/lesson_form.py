"""The admin's form of a lesson as a trainer fills it in, with pictures, and its error messages."""

from django.urls import reverse

from courses.models import Lesson
from tests.media.pictures import jpeg, upload

ADD, LIST = "admin:courses_lesson_add", "admin:courses_lesson_changelist"


def change_url(lesson: Lesson) -> str:
    return reverse("admin:courses_lesson_change", args=[lesson.pk])


def picture(i: int = 0, **more) -> dict:
    return {f"pictures-{i}-{key}": value for key, value in more.items()}


def facts(module, *, pictures: int = 0, first: int = 0, **more) -> dict:
    return {
        "module": module.pk, "title": "手机拿稳", "phrases": "", "minutes": 5, "state": "published",
        "body": "## 为什么会晃\n\n![](picture:hold)", "do_now": "",
        "pictures-TOTAL_FORMS": pictures, "pictures-INITIAL_FORMS": first,
        "pictures-MIN_NUM_FORMS": 0, "pictures-MAX_NUM_FORMS": 1000,
    } | more  # fmt: skip


def with_photo(
    module, content: bytes | None = None, name: str = "hold", alt: str = "夹紧胳膊", **more
) -> dict:
    file = upload(content if content is not None else jpeg())
    return facts(module, pictures=1, **picture(photo_new=file, name=name, alt=alt), **more)


def form_errors(answer) -> dict:
    return dict(answer.context["adminform"].form.errors)
