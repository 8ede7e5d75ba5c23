import pytest

from accounts.models import AuditEntry
from courses import publishing
from courses.models import Lesson, State
from progress.models import Enrolment
from tests.factories import make_course
from ui import stamps

pytestmark = pytest.mark.both_databases


@pytest.fixture
def draft(county):
    return make_course(county, state=State.DRAFT, title="课")


def test_a_course_goes_out_with_its_audit_row(draft, trainer, county):
    before = stamps.numbers("courses")
    publishing.publish(draft, trainer)
    draft.refresh_from_db()
    assert (draft.state, draft.version) == (State.PUBLISHED, 1)
    entry = AuditEntry.objects.get(verb="course_published")
    assert (entry.actor, entry.place, entry.detail) == (trainer, county, {"name": "课"})
    assert stamps.numbers("courses") != before


def test_a_course_without_a_published_lesson_stays_a_draft(draft, trainer):
    Lesson.objects.update(state=State.DRAFT)
    with pytest.raises(publishing.NotReady) as problem:
        publishing.publish(draft, trainer)
    assert problem.value.reasons == ["还没有一课是发布的，先发布几课"]
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_publishing_again_counts_a_version_for_those_who_enrolled_before(draft, trainer, trainee):
    publishing.publish(draft, trainer)
    Enrolment.objects.create(user=trainee, course=draft, course_version=draft.version)
    publishing.withdraw(draft, trainer)
    publishing.publish(draft, trainer)
    draft.refresh_from_db()
    assert (draft.version, draft.enrolments.get().course_version) == (2, 1)


def test_what_is_so_already_writes_nothing(draft, trainer):
    publishing.withdraw(draft, trainer)
    publishing.publish(draft, trainer)
    publishing.publish(draft, trainer)
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["course_published"]


def test_lessons_change_together_and_are_rendered_anew(draft, trainer):
    lessons = list(Lesson.objects.all())
    Lesson.objects.filter(pk=lessons[0].pk).update(html="旧")
    assert publishing.set_lessons(Lesson.objects.all(), State.DRAFT, trainer) == 2
    assert publishing.set_lessons(Lesson.objects.all(), State.DRAFT, trainer) == 0
    assert set(Lesson.objects.values_list("state", "html")) == {(State.DRAFT, lessons[0].html)}


def test_a_lesson_that_was_taken_back_has_been_out(draft, trainer):
    taken_back, never_out = Lesson.objects.all()
    publishing.set_lessons([taken_back], State.DRAFT, trainer)
    Lesson.objects.filter(pk=never_out.pk).update(state=State.DRAFT, was_out=False)
    assert Lesson.objects.get(was_out=True) == taken_back
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.subject, entry.place) == (
        "lesson_withdrawn",
        f"lesson {taken_back.pk}",
        draft.place,
    )


def test_a_second_tap_is_the_same_version(draft, trainer):
    publishing.publish(draft, trainer)
    first = publishing.publish_changes(draft, trainer, "加了一段话术。")
    assert publishing.publish_changes(draft, trainer, "加了一段话术。") == first
    lesson = Lesson.objects.first()
    lesson.body += "\n\n又一段。"
    lesson.save()
    assert publishing.publish_changes(draft, trainer, "加了一段话术。").number == first.number + 1
    draft.refresh_from_db()
    assert draft.version == first.number + 1
