"""The pictures of a lesson in the admin: added, kept, replaced and removed, and the text is rendered at once."""

import pytest
from django.urls import reverse

from courses.models import Lesson, LessonPicture, State
from media.models import Photo
from media.photos.conversion import process_photo
from tests.courses.admin.lesson_form import ADD, change_url, facts, form_errors, picture, with_photo
from tests.factories import make_course, make_lesson, make_photo
from tests.media.pictures import jpeg, upload

WAITING = '<span data-waiting class="note">'


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def module(village):
    return make_course(village, lessons=1, title="课程", state=State.DRAFT).modules.get()


def picture_errors(answer) -> list[dict]:
    formset = answer.context["inline_admin_formsets"][0].formset
    return [dict(form.errors) for form in formset.forms]


def test_a_lesson_is_written_with_a_picture_in_its_text(trainer, module, client):
    client.force_login(trainer)
    answer = client.post(reverse(ADD), with_photo(module))
    lesson = Lesson.objects.get(title="手机拿稳")
    assert answer.url == change_url(lesson)
    row = lesson.pictures.select_related("photo").get()
    assert (row.name, row.alt, row.photo.owner, row.photo.status) == ("hold", "夹紧胳膊", trainer, "waiting")
    assert lesson.position == 2
    assert lesson.html.startswith("<h2>为什么会晃</h2>")
    assert WAITING in lesson.html
    process_photo(row.photo_id)
    lesson.refresh_from_db()
    lesson.render()
    assert f'src="{Photo.objects.get(pk=row.photo_id).src}"' in lesson.shown_html
    assert 'alt="夹紧胳膊"' in lesson.html


def test_a_picture_added_later_is_in_the_html_at_once(trainer, module, client):
    """Pictures are saved after their lesson, so the text is rendered once more when they are there."""
    lesson = make_lesson(module, body="![](picture:hold)", position=2)
    assert lesson.html == ""
    client.force_login(trainer)
    assert client.post(change_url(lesson), with_photo(module)).status_code == 302
    lesson.refresh_from_db()
    assert WAITING in lesson.html


def test_a_picture_taken_out_leaves_the_html_at_once(trainer, module, client):
    lesson = make_lesson(module, body="![](picture:hold)")
    row = LessonPicture.objects.create(lesson=lesson, photo=make_photo(trainer), name="hold", alt="图")
    lesson.save()
    client.force_login(trainer)
    gone = picture(id=row.pk, lesson=lesson.pk, photo=row.photo.key, name="hold", alt="图", DELETE="on")
    assert client.post(change_url(lesson), facts(module, pictures=1, first=1, **gone)).status_code == 302
    lesson.refresh_from_db()
    assert "<img" not in lesson.html


def test_a_picture_stays_when_only_words_change(trainer, stranger, module, client):
    """Also one that a colleague put there: what a lesson has is its own."""
    lesson = make_lesson(module, body="![](picture:hold)")
    photo = make_photo(stranger)
    row = LessonPicture.objects.create(lesson=lesson, photo=photo, name="hold", alt="图")
    client.force_login(trainer)
    kept = picture(id=row.pk, lesson=lesson.pk, photo=photo.key, name="hold", alt="新的说法")
    assert client.post(change_url(lesson), facts(module, pictures=1, first=1, **kept)).status_code == 302
    row.refresh_from_db()
    lesson.refresh_from_db()
    assert (row.photo, row.alt) == (photo, "新的说法")
    assert 'alt="新的说法"' in lesson.html


def test_a_new_file_takes_the_place_of_the_old(trainer, module, client):
    lesson = make_lesson(module)
    old = make_photo(trainer)
    row = LessonPicture.objects.create(lesson=lesson, photo=old, name="hold", alt="图")
    client.force_login(trainer)
    new = picture(id=row.pk, lesson=lesson.pk, photo=old.key, name="hold", alt="图", photo_new=upload(jpeg()))
    assert client.post(change_url(lesson), facts(module, pictures=1, first=1, **new)).status_code == 302
    row.refresh_from_db()
    assert row.photo != old


@pytest.mark.long
def test_a_picture_needs_its_words_and_its_photo(trainer, module, client):
    client.force_login(trainer)
    assert picture_errors(client.post(reverse(ADD), with_photo(module, alt=""))) == [{"alt": ["这一项要填"]}]
    nameless = facts(module, pictures=1, **picture(name="hold", alt="图"))
    assert list(picture_errors(client.post(reverse(ADD), nameless))[0]) == ["photo"]
    assert not Lesson.objects.filter(title="手机拿稳").exists()


def test_what_was_uploaded_stays_when_something_else_is_wrong(trainer, module, client):
    client.force_login(trainer)
    answer = client.post(reverse(ADD), with_photo(module, title=""))
    photo = Photo.objects.get()
    assert form_errors(answer) == {"title": ["这一项要填"]}
    assert f'<input type="hidden" name="pictures-0-photo" value="{photo.key}">' in answer.content.decode()
    again = facts(module, pictures=1, **picture(photo=photo.key, name="hold", alt="图"))
    assert client.post(reverse(ADD), again).status_code == 302
    assert LessonPicture.objects.get().photo == photo


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 not a picture", jpeg()[:900], b"GIF89a" + b"x" * 50])
def test_a_file_that_is_no_photo_is_told_beside_it(content, trainer, module, client):
    client.force_login(trainer)
    answer = client.post(reverse(ADD), with_photo(module, content))
    assert list(picture_errors(answer)[0]) == ["photo"]
    assert not Photo.objects.exists()


def test_a_name_is_given_where_none_was_typed(trainer, module, client):
    client.force_login(trainer)
    files = [upload(jpeg(width)) for width in (400, 500)]
    two = picture(0, photo_new=files[0], name="", alt="一") | picture(
        1, photo_new=files[1], name="", alt="二"
    )
    assert client.post(reverse(ADD), facts(module, pictures=2, **two)).status_code == 302
    assert list(LessonPicture.objects.values_list("name", "alt")) == [("photo-1", "一"), ("photo-2", "二")]


def test_a_given_name_avoids_those_that_are_there(trainer, module, client):
    lesson = make_lesson(module)
    row = LessonPicture.objects.create(lesson=lesson, photo=make_photo(trainer), name="photo-2", alt="图")
    client.force_login(trainer)
    both = picture(0, id=row.pk, lesson=lesson.pk, photo=row.photo.key, name="photo-2", alt="图")
    both |= picture(1, photo_new=upload(jpeg()), name="", alt="新")
    assert client.post(change_url(lesson), facts(module, pictures=2, first=1, **both)).status_code == 302
    names = set(lesson.pictures.values_list("name", flat=True))
    assert len(names) == 2
    assert "photo-2" in names


@pytest.mark.parametrize("name", ["图一", "a b", "a)b"])
def test_a_name_that_a_text_cannot_hold_is_refused(name, trainer, module, client):
    client.force_login(trainer)
    assert list(picture_errors(client.post(reverse(ADD), with_photo(module, name=name)))[0]) == ["name"]


def test_two_pictures_of_a_lesson_do_not_share_a_name(trainer, module, client):
    client.force_login(trainer)
    files = [upload(jpeg(width)) for width in (400, 500)]
    two = picture(0, photo_new=files[0], name="a", alt="一") | picture(
        1, photo_new=files[1], name="a", alt="二"
    )
    answer = client.post(reverse(ADD), facts(module, pictures=2, **two))
    assert answer.status_code == 200
    assert not LessonPicture.objects.exists()


@pytest.mark.long
def test_the_line_for_the_text_is_shown_ready_to_copy(trainer, module, client):
    lesson = make_lesson(module)
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(trainer), name="hold", alt="图")
    client.force_login(trainer)
    assert "<code>![](picture:hold)</code>" in client.get(change_url(lesson)).content.decode()
