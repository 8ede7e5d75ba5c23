import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from courses.authoring import publication
from courses.models import Course, CourseVersion, Lesson, State
from progress.enrolment.services import enrol
from progress.models import Enrolment, LessonDone
from tests.factories import make_course, make_lesson
from ui.responses import page_cache


@pytest.fixture
def draft(county):
    return make_course(county, state=State.DRAFT, title="课")


def test_a_course_goes_out_with_its_audit_row(draft, trainer, county):
    before = page_cache.get_version("courses")
    publication.publish_course(draft, trainer)
    draft.refresh_from_db()
    assert (draft.state, draft.version) == (State.PUBLISHED, 1)
    entry = AuditEntry.objects.get(verb="course_published")
    assert (entry.actor, entry.place, entry.detail) == (trainer, county, {"name": "课"})
    assert page_cache.get_version("courses") != before


def test_a_course_without_a_published_lesson_stays_a_draft(draft, trainer):
    Lesson.objects.update(state=State.DRAFT)
    with pytest.raises(publication.NotReady) as problem:
        publication.publish_course(draft, trainer)
    assert problem.value.reasons == ["还没有一课是发布的，先发布几课"]
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_publishing_again_counts_a_version_for_those_who_enrolled_before(draft, trainer, trainee):
    publication.publish_course(draft, trainer)
    Enrolment.objects.create(user=trainee, course=draft, course_version=draft.version)
    publication.withdraw_course(draft, trainer)
    publication.publish_course(draft, trainer)
    draft.refresh_from_db()
    assert (draft.version, draft.enrolments.get().course_version) == (2, 1)


def test_what_is_so_already_writes_nothing(draft, trainer):
    publication.withdraw_course(draft, trainer)
    publication.publish_course(draft, trainer)
    publication.publish_course(draft, trainer)
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["course_published"]


def test_lessons_change_together_and_are_rendered_anew(draft, trainer):
    lessons = list(Lesson.objects.all())
    Lesson.objects.filter(pk=lessons[0].pk).update(html="旧")
    assert publication.set_lesson_state(Lesson.objects.all(), State.DRAFT, trainer) == 2
    assert publication.set_lesson_state(Lesson.objects.all(), State.DRAFT, trainer) == 0
    assert set(Lesson.objects.values_list("state", "html")) == {(State.DRAFT, lessons[0].html)}


def test_a_lesson_that_was_taken_back_has_been_out(draft, trainer):
    taken_back, never_out = Lesson.objects.all()
    publication.set_lesson_state([taken_back], State.DRAFT, trainer)
    Lesson.objects.filter(pk=never_out.pk).update(state=State.DRAFT, was_out=False)
    assert Lesson.objects.get(was_out=True) == taken_back
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject, entry.place) == (
        "lesson_withdrawn",
        f"lesson {taken_back.pk}",
        draft.place,
    )


def test_a_second_tap_is_the_same_version(draft, trainer):
    publication.publish_course(draft, trainer)
    first = publication.publish_changes(draft, trainer, "加了一段话术。")
    assert publication.publish_changes(draft, trainer, "加了一段话术。") == first
    lesson = Lesson.objects.first()
    lesson.body += "\n\n又一段。"
    lesson.save()
    assert publication.publish_changes(draft, trainer, "加了一段话术。").number == first.number + 1
    draft.refresh_from_db()
    assert draft.version == first.number + 1


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(county, trainer) -> Course:
    course = make_course(county, lessons=2, state=State.DRAFT)
    publication.publish_course(course, trainer)
    return course


def test_first_publication_is_version_one(course, trainer):
    row = CourseVersion.objects.get()
    lessons = Lesson.objects.order_by("pk")
    assert (row.number, row.published_by, list(row.lessons)) == (1, trainer, [str(one.pk) for one in lessons])


def test_next_version_tells_what_is_new_and_changed(course, trainer):
    first, second = Lesson.objects.in_order()
    first.body = "改过"
    first.save()
    third = make_lesson(second.module, position=9, title="新来的")
    row = publication.publish_changes(course, trainer, "加了一课")
    course.refresh_from_db()
    assert (row.number, course.version, row.note) == (2, 2, "加了一课")
    assert publication.list_changes_since(course, 1) == ([row], {first.pk: "changed", third.pk: "new"})
    assert publication.list_changes_since(course, 2) == ([], {})
    assert AuditEntry.objects.filter(verb="course_version").count() == 1


def test_news_are_told_since_the_version_one_knows(course, trainer, django_assert_num_queries):
    for note in ("二", "三"):
        publication.publish_changes(course, trainer, note)
    with django_assert_num_queries(1):
        later, _news = publication.list_changes_since(course, 1)
    assert [(row.number, row.note) for row in later] == [(3, "三"), (2, "二")]


def test_old_version_that_was_not_recorded_leaves_the_notes(course, trainer):
    CourseVersion.objects.all().delete()
    publication.publish_changes(course, trainer, "二")
    later, news = publication.list_changes_since(course, 1)
    assert ([row.note for row in later], news) == (["二"], {})


@pytest.mark.long
def test_trainee_keeps_what_was_done_and_is_told_once(as_user, trainee, trainer, course):
    enrol(trainee, course)
    first, _second = Lesson.objects.in_order()
    client = as_user(trainee)
    client.post(reverse("progress:done", args=[first.pk]))
    first.body = "改过"
    first.save()
    publication.publish_changes(course, trainer, "第一课重写了")
    url = reverse("progress:course", args=[course.slug])
    page = client.get(url)
    assert ([row.note for row in page.context["versions"]], page.context["count"]) == (["第一课重写了"], 1)
    assert page.context["news"] == {first.pk: "changed"}
    assert LessonDone.objects.get().course_version == 1
    assert client.post(reverse("progress:seen", args=[course.slug])).url == url
    assert Enrolment.objects.get().course_version == 2
    assert "versions" not in client.get(url).context


def test_who_is_not_enrolled_has_seen_nothing(as_user, stranger, course):
    assert as_user(stranger).post(reverse("progress:seen", args=[course.slug])).status_code == 404


@pytest.mark.long
def test_admin_asks_what_changed_and_publishes(as_user, trainer, course):
    url = reverse("admin:courses_course_publish_changes", args=[course.pk])
    client = as_user(trainer)
    page = client.post(url)
    assert page.context["form"].fields["reason"].label == "改了什么（学员会看到）"
    assert client.post(url, {"reason": ""}).context["form"].errors
    client.post(url, {"reason": "补了字幕"})
    assert CourseVersion.objects.filter(number=2, note="补了字幕", published_by=trainer).exists()


def test_broken_course_gets_no_new_version(as_user, trainer, course):
    lesson = Lesson.objects.in_order().first()
    lesson.body = "![看](picture:gone)\n"
    lesson.save()
    url = reverse("admin:courses_course_publish_changes", args=[course.pk])
    as_user(trainer).post(url, {"reason": "改了"})
    course.refresh_from_db()
    assert (course.version, CourseVersion.objects.count()) == (1, 1)


@pytest.mark.long
def test_words_of_a_new_version_are_asked_for_and_cancelled_in_their_own_terms(
    as_user, trainer, course, settings
):
    settings.DEMO = True
    client, url = as_user(trainer), reverse("admin:courses_course_publish_changes", args=[course.pk])
    back = reverse("admin:courses_course_change", args=[course.pk])
    page = client.get(url)
    assert (page.status_code, page.context["back_url"], course.version) == (200, back, 1)
    answer = client.post(url, {"reason": " "})
    assert answer.context["form"].errors["reason"] == ["写一句改了什么，学员会看到"]
    assert answer.context["back_url"] == back
    course.refresh_from_db()
    assert course.version == 1
