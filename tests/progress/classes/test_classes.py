import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.people import memberships
from courses.models import Cohort, Lesson, State
from progress.classes.board import TRAINEES_A_PAGE, load_board
from progress.enrolment.services import enrol, leave
from progress.lessons.completion import mark_done
from progress.models import Enrolment, LessonDone
from tests.factories import make_cohort, make_course, make_lesson, make_person
from tests.pages import squeeze


def text(response) -> str:
    return response.content.decode()


def fill(cohort: Cohort, count: int) -> list:
    people = [make_person(f"学员{n}") for n in range(count)]
    Enrolment.objects.bulk_create(
        Enrolment(user=user, course=cohort.course, cohort=cohort) for user in people
    )
    return people


@pytest.fixture
def pages(cohort, learner, lessons) -> list[str]:
    """Every page of the class."""
    base = f"/classes/{cohort.pk}/"
    return [
        base,
        f"{base}qr.svg",
        f"{base}poster/",
        f"{base}phones/",
        f"{base}lessons/",
        f"{base}lessons/{lessons[0].pk}/",
        f"{base}trainees/{learner.pk}/",
    ]


@pytest.fixture
def guest_trainer(cohort, other_village):
    """Teaches this class and holds nothing at its place."""
    person = make_person("代课老师", (Membership.Role.TRAINER, other_village))
    cohort.trainers.set([person])
    return person


def test_class_is_seen_by_its_trainer_and_who_holds_its_place(
    as_user, pages, trainer, organiser, guest_trainer
):
    for person in (trainer, organiser, guest_trainer):
        assert [as_user(person).get(page).status_code for page in pages] == [200] * 7


@pytest.mark.long
def test_class_is_there_for_nobody_else(client, as_user, pages, learner, seller, stranger, cohort):
    assert all(client.get(page)["Location"].startswith("/accounts/login/") for page in pages)
    for person in (learner, seller, stranger):
        assert [as_user(person).get(page).status_code for page in pages] == [404] * 7
        assert as_user(person).post(f"/classes/{cohort.pk}/export/").status_code == 404
    assert as_user(learner).get("/classes/987654/").status_code == 404


@pytest.mark.long
def test_who_is_a_trainer_no_more_sees_nothing_of_the_class(as_user, pages, guest_trainer, cohort, learner):
    memberships.end_role(None, guest_trainer.memberships.get())
    client = as_user(guest_trainer)
    assert [client.get(page).status_code for page in pages] == [404] * 7
    assert client.get("/classes/").status_code == 404
    assert client.post(f"/classes/{cohort.pk}/export/").status_code == 404
    assert client.post(f"/me/people/{learner.pk}/password/").status_code == 404
    assert not Enrolment.objects.visible_to(guest_trainer).exists()


@pytest.mark.long
def test_list_shows_ones_own_classes_with_their_people(
    as_user, trainer, cohort, learner, village, other_village
):
    make_cohort(cohort.course, other_village, name="外县班")
    gone = make_person("退了的")
    enrol(gone, cohort.course, cohort)
    leave(gone, cohort.course)
    today = timezone.localdate()
    make_cohort(
        cohort.course,
        village,
        name="去年的班",
        starts_on=today - timedelta(days=400),
        ends_on=today - timedelta(days=300),
    )
    response = as_user(trainer).get("/classes/")
    assert [(row.name, row.people) for row in response.context["page"].items] == [
        ("秋季班", 1),
        ("去年的班", 0),
    ]
    assert text(response).count("结业了") == 1


@pytest.mark.long
def test_list_is_for_trainers(as_user, learner, stranger, organiser):
    assert as_user(learner).get("/classes/").status_code == 404
    assert "秋季班" not in text(as_user(stranger).get("/classes/"))
    assert "秋季班" in text(as_user(organiser).get("/classes/"))


@pytest.mark.long
def test_list_pages_by_24(as_user, trainer, cohort, village):
    for _n in range(24):
        make_cohort(cohort.course, village)
    first = as_user(trainer).get("/classes/").context["page"]
    second = as_user(trainer).get("/classes/", {"after": first.after}).context["page"]
    assert (len(first.items), len(second.items), second.after) == (24, 1, "")


def test_board_says_who_has_done_what(cohort, learner, lessons, course):
    ahead, idle = make_person("走得快"), make_person("没开始")
    enrol(ahead, course, cohort)
    enrol(idle, course, cohort)
    Enrolment.objects.filter(user=idle).update(enrolled_at=timezone.now() - timedelta(days=8))
    outsider = make_person("自己学的")
    enrol(outsider, course)
    for lesson in lessons:
        mark_done(ahead, lesson)
    mark_done(learner, lessons[0])
    mark_done(outsider, lessons[1])
    mark_done(learner, lessons[2])
    draft = make_lesson(course.modules.first(), position=9, state=State.DRAFT)
    elsewhere = make_course(course.place).modules.get().lessons.first()
    for lesson in (draft, elsewhere):
        LessonDone.objects.create(user=idle, lesson=lesson, happened_at=timezone.now())
    seen = load_board(cohort)
    assert (seen.people, seen.after, [lesson.title for lesson in seen.lessons]) == (
        3,
        "",
        ["第1-1课", "第1-2课", "第1-3课", "第2-1课", "第2-2课", "第2-3课"],
    )
    assert [
        (row.name, row.count, row.next and row.next.title, row.is_finished, row.is_quiet)
        for row in seen.trainees
    ] == [
        ("没开始", 0, "第1-1课", False, True),
        ("田巧云", 2, "第1-2课", False, False),
        ("走得快", 6, None, True, False),
    ]
    assert [[(lesson.title, seen.counts[lesson.pk]) for lesson in unit.lessons] for unit in seen.units] == [
        [("第1-1课", 2), ("第1-2课", 1), ("第1-3课", 2)],
        [("第2-1课", 1), ("第2-2课", 1), ("第2-3课", 1)],
    ]
    last = LessonDone.objects.filter(user=learner).latest("happened_at").happened_at
    assert seen.trainees[1].last_at == last


def test_board_lists_the_trainees_and_leads_to_the_lessons(as_user, trainer, cohort, learner, lessons):
    mark_done(learner, lessons[0])
    html = text(as_user(trainer).get(f"/classes/{cohort.pk}/"))
    assert html.count(f'href="/classes/{cohort.pk}/trainees/{learner.pk}/"') == 1
    assert (html.count("1/6"), html.count("第1-2课"), html.count("✓")) == (1, 1, 0)
    assert "ABC234" in html
    # Without scripts the page of the lessons is a link; a wide screen loads it into the board.
    assert html.count(f'href="/classes/{cohort.pk}/lessons/"') == 1
    assert html.count(f'hx-get="/classes/{cohort.pk}/lessons/"') == 1


def test_lessons_of_a_class_are_a_page_and_for_htmx_a_part_of_the_board(
    as_user, trainer, cohort, learner, lessons
):
    mark_done(learner, lessons[0])
    client, url = as_user(trainer), f"/classes/{cohort.pk}/lessons/"
    whole, part = client.get(url), client.get(url, headers={"HX-Request": "true"})
    for answer in (whole, part):
        html = text(answer)
        assert "HX-Request" in answer["Vary"]
        assert html.count(f'href="/classes/{cohort.pk}/trainees/{learner.pk}/"') == 1
        assert (html.count("✓"), html.count("<td></td>")) == (1, 5)
        assert (html.count("1/1 人"), html.count("0/1 人")) == (1, 5)
        # Each is linked from the head of its column and from the list.
        assert [html.count(f'href="{url}{lesson.pk}/"') for lesson in lessons] == [2] * 6
    assert (text(whole).count("<h1"), text(whole).count("<h2>"), text(whole).count("<h3>")) == (1, 2, 0)
    # The board has the h2 above the part.
    assert (text(part).count("<h1"), text(part).count("<h2>"), text(part).count("<h3>")) == (0, 0, 2)
    assert "<html" not in text(part)
    assert f'href="/classes/{cohort.pk}/"' in text(whole)


def test_lessons_of_an_empty_class_say_so(as_user, trainer, cohort, lessons):
    assert "班里还没人" in text(as_user(trainer).get(f"/classes/{cohort.pk}/lessons/"))


def test_board_escapes_names_and_titles(as_user, trainer, cohort, learner, course, lessons):
    enrol(make_person('<u>甲"'), course, cohort)
    Lesson.objects.filter(pk=lessons[0].pk).update(title='<u>课"')
    pages = [text(as_user(trainer).get(f"/classes/{cohort.pk}/{part}")) for part in ("", "lessons/")]
    assert all("<u>" not in html for html in pages)
    # The next lesson of both trainees; its column's two labels and its row.
    assert [(html.count("&lt;u&gt;甲&quot;"), html.count("&lt;u&gt;课&quot;")) for html in pages] == [
        (1, 2),
        (1, 3),
    ]


def test_closed_class_shows_no_code(as_user, trainer, cohort):
    Cohort.objects.update(is_open=False)
    html = text(as_user(trainer).get(f"/classes/{cohort.pk}/"))
    assert "ABC234" not in html
    assert "这个班不收人了" in html


@pytest.mark.parametrize("count", [1, 24])
def test_board_takes_the_same_queries_for_any_number(
    as_user, trainer, cohort, lessons, count, django_assert_num_queries
):
    for user in fill(cohort, count):
        mark_done(user, lessons[0])
    client = as_user(trainer)
    # session, person, roles; class; lessons, page of people, what they did; the board: trainers, what phones hold,
    # who waits for a talk, tasks that wait, how everybody stands with theirs and who did any elsewhere; the table: modules
    for part, queries in (("", 12), ("lessons/", 8)):
        with django_assert_num_queries(queries):
            client.get(f"/classes/{cohort.pk}/{part}")


@pytest.mark.long
def test_board_pages_beyond_fifty(as_user, trainer, cohort, course, lessons):
    people = fill(cohort, TRAINEES_A_PAGE + 3)
    for user in people[:2] + people[-1:]:
        mark_done(user, lessons[0])
    client, url = as_user(trainer), f"/classes/{cohort.pk}/"
    first = client.get(url).context["board"]
    answer = client.get(url, {"after": first.after})
    second = answer.context["board"]
    assert (len(first.trainees), len(second.trainees), second.after, second.people) == (50, 3, "", 53)
    assert not {row.pk for row in first.trainees} & {row.pk for row in second.trainees}
    # The table has the same people as the list above it; lessons are counted over the whole class.
    lessons_url = f"{url}lessons/?after={first.after}"
    assert f'hx-get="{lessons_url}"' in text(answer)
    table = client.get(lessons_url)
    assert [row.pk for row in table.context["board"].trainees] == [row.pk for row in second.trainees]
    assert "3/53 人" in text(table)


def test_lesson_of_a_class_shows_who_is_missing(as_user, trainer, cohort, learner, course, lessons):
    done = make_person("学完的人")
    enrol(done, course, cohort)
    mark_done(done, lessons[1])
    context = as_user(trainer).get(f"/classes/{cohort.pk}/lessons/{lessons[1].pk}/").context
    assert [row.user.name for row in context["missing"]] == ["田巧云"]
    assert [row.user.name for row in context["through"]] == ["学完的人"]
    assert context["through"][0].done_at == LessonDone.objects.get().happened_at


@pytest.mark.long
def test_lesson_of_a_class_pages_beyond_fifty(as_user, trainer, cohort, lessons):
    people = fill(cohort, 55)
    for user in people[:52]:
        mark_done(user, lessons[0])
    url = f"/classes/{cohort.pk}/lessons/{lessons[0].pk}/"
    first = as_user(trainer).get(url).context
    second = as_user(trainer).get(url, {"after": first["page"].after}).context
    assert (len(first["missing"]), len(first["through"])) == (3, 47)
    assert (len(second["missing"]), len(second["through"]), second["page"].after) == (0, 5, "")


def test_lesson_of_another_course_is_not_in_the_class(as_user, trainer, cohort, county):
    other = make_course(county).modules.get().lessons.first()
    assert as_user(trainer).get(f"/classes/{cohort.pk}/lessons/{other.pk}/").status_code == 404
    Lesson.objects.filter(pk__in=cohort.course.modules.first().lessons.values("pk")).update(state=State.DRAFT)
    draft = cohort.course.modules.first().lessons.first()
    assert as_user(trainer).get(f"/classes/{cohort.pk}/lessons/{draft.pk}/").status_code == 404


def test_trainee_page_shows_dates_number_and_a_new_password(as_user, trainer, cohort, learner, lessons):
    mark_done(learner, lessons[0])
    at = LessonDone.objects.get().happened_at
    response = as_user(trainer).get(f"/classes/{cohort.pk}/trainees/{learner.pk}/")
    html = text(response)
    digits = str(learner.phone).removeprefix("+86")
    assert f"{digits[:3]} {digits[3:7]} {digits[7:]}</a>" in html
    assert f'href="tel:{learner.phone}"' in html
    assert f'href="/me/people/{learner.pk}/password/"' in html
    assert response.context["trainee"].done == {lessons[0].pk: at}
    assert html.count("还没学") == 5
    # What is next stands first; of the units only the one that it is in is open.
    page = squeeze(html)
    assert page.index("下一课<b") < page.index("手机号") < page.index("给新密码")
    assert re.search(r"下一课<b[^>]*>([^<]*)<", page)[1] == lessons[1].title
    folded = re.findall(r'<details class="card card--flush part"( open)?>', page)
    assert folded == [" open", ""]
    assert "已学 1 节，共 3 节" in html


def test_trainer_of_the_class_alone_may_give_a_new_password(as_user, guest_trainer, cohort, learner):
    html = text(as_user(guest_trainer).get(f"/classes/{cohort.pk}/trainees/{learner.pk}/"))
    assert f'href="/me/people/{learner.pk}/password/"' in html


def test_new_password_is_not_offered_for_staff_who_learn_along(as_user, trainer, organiser, cohort, course):
    enrol(organiser, course, cohort)
    html = text(as_user(trainer).get(f"/classes/{cohort.pk}/trainees/{organiser.pk}/"))
    assert "/password/" not in html


def test_who_is_not_in_the_class_is_not_shown(as_user, trainer, cohort, learner, course, village):
    alone = make_person("自己学的")
    enrol(alone, course)
    other = make_cohort(course, village, trainer)
    assert as_user(trainer).get(f"/classes/{cohort.pk}/trainees/{alone.pk}/").status_code == 404
    assert as_user(trainer).get(f"/classes/{other.pk}/trainees/{learner.pk}/").status_code == 404
    leave(learner, course)
    assert as_user(trainer).get(f"/classes/{cohort.pk}/trainees/{learner.pk}/").status_code == 404
