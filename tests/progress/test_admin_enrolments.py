import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from progress.models import Enrolment, LessonDone
from tests.factories import make_cohort, make_course, make_lesson, make_person

LIST = "admin:progress_enrolment_changelist"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(county):
    return make_course(county, lessons=3, title="入门")


@pytest.fixture
def enrolment(course, village, trainer, trainee) -> Enrolment:
    cohort = make_cohort(course, village, trainer, name="一班")
    return Enrolment.objects.create(user=trainee, course=course, cohort=cohort)


def done(person, lesson) -> LessonDone:
    return LessonDone.objects.create(user=person, lesson=lesson, happened_at=timezone.now())


def test_the_list_says_how_far_each_is(trainer, trainee, seller, course, enrolment, client):
    module = course.modules.get()
    make_lesson(module, state="draft", position=9)
    for lesson in module.lessons.all()[:2]:
        done(trainee, lesson)
    done(seller, module.lessons.first())
    done(trainee, make_course(course.place, lessons=1).modules.get().lessons.get())
    client.force_login(trainer)
    row = client.get(reverse(LIST)).context["cl"].queryset.get()
    assert (row.done, row.lessons) == (2, 3)


def test_a_trainer_sees_the_classes_taught_and_those_of_the_places_held(
    trainer, enrolment, course, other_village, seller, client
):
    elsewhere = make_cohort(make_course(other_village), other_village, trainer)
    invited = Enrolment.objects.create(user=seller, course=elsewhere.course, cohort=elsewhere)
    theirs = make_cohort(make_course(other_village), other_village)
    Enrolment.objects.create(user=seller, course=theirs.course, cohort=theirs)
    Enrolment.objects.create(user=seller, course=course)  # learns alone
    client.force_login(trainer)
    assert set(client.get(reverse(LIST)).context["cl"].queryset) == {enrolment, invited}


def test_lessons_done_are_those_of_the_enrolments_one_sees(
    trainer, trainee, enrolment, course, county, client
):
    """A learner's work in another course is not this trainer's business."""
    lesson = course.modules.get().lessons.first()
    mine = done(trainee, lesson)
    alone = make_course(county, lessons=1)
    Enrolment.objects.create(user=trainee, course=alone)
    done(trainee, alone.modules.get().lessons.get())
    client.force_login(trainer)
    url = reverse("admin:progress_lessondone_changelist")
    assert list(client.get(url).context["cl"].queryset) == [mine]


def test_a_class_is_changed_but_not_taken_away(trainer, enrolment, course, village, client):
    second = make_cohort(course, village, name="二班")
    client.force_login(trainer)
    url = reverse("admin:progress_enrolment_change", args=[enrolment.pk])
    assert client.post(url, {"cohort": ""}).context["adminform"].form.errors == {"cohort": ["选一个"]}
    assert client.post(url, {"cohort": second.pk}).status_code == 302
    enrolment.refresh_from_db()
    assert enrolment.cohort == second


@pytest.mark.long
def test_who_has_left_has_taken_their_number_along(trainer, trainee, enrolment, client):
    number = str(trainee.phone).removeprefix("+86")
    shown = f"{number[:3]} {number[3:7]} {number[7:]}"
    client.force_login(trainer)
    pages = [reverse(LIST), reverse("admin:progress_enrolment_change", args=[enrolment.pk])]
    facts = {"action": "export", "index": "0", "_selected_action": [enrolment.pk]}
    assert all(shown in client.get(page).content.decode() for page in pages)
    assert number in client.post(reverse(LIST), facts).getvalue().decode()
    Enrolment.objects.update(left_at=timezone.now())
    assert not any(shown in client.get(page).content.decode() for page in pages)
    assert number not in client.post(reverse(LIST), facts).getvalue().decode()


def test_filters_name_only_what_one_sees(trainer, enrolment, course, other_village, client):
    make_cohort(make_course(other_village, title="外县的课"), other_village, name="外县的班")
    client.force_login(trainer)
    html = client.get(reverse(LIST)).content.decode()
    assert "外县" not in html
    assert "一班" in html


def test_the_table_of_a_class(trainer, trainee, enrolment, course, other_village, client):
    stranger = make_person("外县学员", (Membership.Role.TRAINEE, other_village))
    theirs = Enrolment.objects.create(user=stranger, course=course)
    done(trainee, course.modules.get().lessons.first())
    client.force_login(trainer)
    facts = {"action": "export", "index": "0", "_selected_action": [enrolment.pk, theirs.pk]}
    lines = client.post(reverse(LIST), facts).getvalue().decode("utf-8-sig").splitlines()
    assert lines == [
        "姓名,手机号,课程,班,在哪儿办,报名时间,退出时间,学完,一共",
        f"田巧云,{str(trainee.phone)[3:]},入门,一班,石榴冲村,{enrolment.enrolled_at:%Y-%m-%d},,1,3",
    ]
