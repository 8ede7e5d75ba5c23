"""How a lesson is taught: the page of its plan and the list of a course's, for those who teach the course."""

import pytest
from django.urls import reverse

from accounts.models import Membership
from courses.models import Assignment, Drill, State
from courses.permissions import can_teach
from progress.enrolment.services import enrol
from tests.factories import make_cohort, make_course, make_lesson, make_person, make_plan
from tests.pages import squeeze

Role = Membership.Role


@pytest.fixture
def course(county, settings):
    settings.DEMO = True
    course = make_course(county, lessons=3, slug="live", title="直播课")
    course.modules.get().lessons.update(minutes=40)
    return course


@pytest.fixture
def lessons(course):
    return list(course.modules.get().lessons.order_by("position"))


def page_of(lesson) -> str:
    return reverse("courses:plan", args=["live", lesson.pk])


def test_trainer_reads_how_to_teach_the_lesson(as_user, trainer, lessons):
    plan = make_plan(lessons[1], simple="拿果子数，不写字")
    page = squeeze(as_user(trainer).get(page_of(lessons[1])).text)
    for text in (
        *("小刀朝外划", "每人装好一箱", "秤 4 台", "纸箱 8 个", "<li>摇一摇</li>", "“show，看我的手。”"),
        *(
            "看见1",
            "就这么办3",
            "箱子摇得响，先查哪儿？",
            "查空隙；说胶带没缠够的，是没懂",
            "拿果子数，不写字",
        ),
    ):
        assert text in page
    assert (
        page.index("小刀朝外划") < page.index("秤 4 台") < page.index("导入</h2>") < page.index("讲评</h2>")
    )
    assert '<rect class="f-practise" x="2" width="37" height="1"/>' in page
    assert '<p class="big num">37<small>分钟</small></p>' in page
    assert [f'href="{page_of(lesson)}"' in page for lesson in lessons] == [True, False, True]
    assert reverse("admin:courses_lessonplan_change", args=[plan.pk]) in page


def test_lesson_without_a_plan_says_so_and_where_to_write_it(as_user, trainer, lessons):
    page = squeeze(as_user(trainer).get(page_of(lessons[0])).text)
    assert "这一课还没有教案。" in page
    assert f"{reverse('admin:courses_lessonplan_add')}?lesson={lessons[0].pk}" in page


@pytest.mark.long
def test_who_teaches_the_course_sees_its_plans_and_nobody_else(
    as_user, course, lessons, county, village, trainer, organiser, trainee, stranger
):
    far = make_person("外村老师", (Role.TRAINER, village))
    guest = make_person("来上课的老师", (Role.TRAINER, village))
    head = make_person("村里的管理员", (Role.ORGANISER, village))
    mentor, other = (make_person(name, (Role.MENTOR, village)) for name in ("师傅", "别班师傅"))
    assert [can_teach(one, course) for one in (far, guest, head, mentor)] == [False] * 4
    make_cohort(course, county, guest)
    own = make_cohort(course, village, mentor=mentor)
    make_plan(lessons[0])
    expected = {trainer: 200, organiser: 200, guest: 200, head: 200, mentor: 200}
    expected |= {
        far: 200,
        trainee: 404,
        stranger: 404,
        other: 404,
    }  # far leads the village's class by the role
    for url in (page_of(lessons[0]), reverse("courses:plans", args=["live"])):
        assert {who: as_user(who).get(url).status_code for who in expected} == expected
    own.mentor = None
    own.save()
    assert as_user(mentor).get(page_of(lessons[0])).status_code == 404


def test_mentor_cannot_change_a_plan_nor_see_that_of_a_draft(as_user, course, village, lessons):
    mentor = make_person("师傅", (Role.MENTOR, village))
    make_cohort(course, village, mentor=mentor)
    draft = make_lesson(course.modules.get(), state=State.DRAFT)
    for lesson in (lessons[0], draft):
        make_plan(lesson)
    page = as_user(mentor).get(page_of(lessons[0])).text
    assert "改教案" not in page
    assert as_user(mentor).get(page_of(draft)).status_code == 404


def test_plan_of_another_course_or_of_no_lesson_is_not_there(as_user, trainer, county, lessons):
    other = make_course(county, lessons=1).modules.get().lessons.get()
    for pk in (other.pk, 0):
        assert as_user(trainer).get(reverse("courses:plan", args=["live", pk])).status_code == 404


def test_what_was_typed_is_no_html(as_user, trainer, lessons):
    plan = make_plan(lessons[0], safety="<b>刀</b>")
    plan.parts[0] |= {"do": "<script>x</script>摆", "say": "<i>看</i>"}
    plan.save()
    page = as_user(trainer).get(page_of(lessons[0])).text
    assert "&lt;b&gt;刀&lt;/b&gt;" in page
    assert "&lt;i&gt;看&lt;/i&gt;" in page
    assert "<script>x" not in page


def test_hours_of_a_course_are_its_lessons_tasks_and_drills(as_user, client, trainer, course, lessons):
    module = course.modules.get()
    for minutes in (90, 40):
        Assignment.objects.create(module=module, title="任务", text="做", minutes=minutes)
    make_lesson(module, minutes=240, state=State.DRAFT)
    assert client.get("/courses/live/").context["minutes"].total == 120 + 130
    Drill.objects.create(course=course, code="one", title="练", minutes=3)
    facts = "<dt>上课</dt><dd>2 小时</dd><dt>课后任务</dt><dd>2 小时 10 分</dd>"
    whole = f"{facts}<dt>彩排，每样练一遍</dt><dd>3 分钟</dd><dt>加起来</dt><dd>4 小时 13 分</dd>"
    public = plain(client.get("/courses/live/").text)
    index = plain(as_user(trainer).get("/courses/live/plans/").text)
    assert whole in public  # the cached page of a moment ago was dropped
    assert whole in index
    assert f"{facts}<dt>加起来</dt><dd>4 小时 10 分</dd>" in index


def plain(page: str) -> str:
    return (
        squeeze(page).replace(' class="num"', "").replace("<b>", "").replace("</b>", "").replace("> <", "><")
    )


@pytest.mark.parametrize("lessons_each", [1, 24])
def test_list_of_plans_costs_the_same_for_any_length(
    as_user, trainer, county, lessons_each, settings, django_assert_num_queries
):
    settings.DEMO = True
    course = make_course(county, lessons=lessons_each, modules=2, slug="long")
    for lesson in course.modules.first().lessons.all():
        make_plan(lesson)
    client = as_user(trainer)
    client.get("/courses/long/plans/")
    with django_assert_num_queries(8):  # session, person, roles; course, lessons, twin, plans, tasks
        page = client.get("/courses/long/plans/").text
    assert page.count("还没写") == lessons_each


def test_asking_who_teaches_costs_a_trainee_nothing(trainee, course, django_assert_num_queries):
    assert trainee.granted
    with django_assert_num_queries(0):
        assert not can_teach(trainee, course)


@pytest.mark.long
def test_lesson_and_class_lead_to_the_plan_those_who_teach_and_nobody_else(
    as_user, course, village, trainer, trainee, lessons
):
    mentor = make_person("师傅", (Role.MENTOR, village))
    cohort = make_cohort(course, village, mentor=mentor)
    enrol(trainee, course, cohort)
    lesson = f"/learn/lessons/{lessons[0].pk}/"
    shown = {who: page_of(lessons[0]) in as_user(who).get(lesson).text for who in (trainer, mentor, trainee)}
    assert shown == {trainer: True, mentor: True, trainee: False}
    for who in (trainer, mentor):
        assert 'href="/courses/live/plans/"' in as_user(who).get(f"/classes/{cohort.pk}/").text
