import pytest

from accounts.people import memberships as roles
from courses.models import Cohort, Course, State
from progress.enrolment import join_codes
from progress.lessons.completion import mark_done
from progress.models import Enrolment, LessonDone
from tests.pages import squeeze


def text(response) -> str:
    return response.content.decode()


def said(client) -> list[str]:
    return [str(message) for message in client.get("/learn/").context["messages"]]


def enrolled(user) -> list[tuple]:
    return list(Enrolment.objects.active().filter(user=user).values_list("course__slug", "cohort__name"))


def test_enrolling_alone_leads_into_the_course(as_user, trainee, course):
    response = as_user(trainee).post("/learn/live/enrol/")
    assert (response.status_code, response["Location"]) == (302, "/learn/live/")
    assert enrolled(trainee) == [("live", None)]


def test_enrolling_from_a_lesson_comes_back_to_it(as_user, trainee, course, lessons):
    target = f"/learn/lessons/{lessons[2].pk}/"
    assert as_user(trainee).post("/learn/live/enrol/", {"next": target})["Location"] == target


@pytest.mark.parametrize("target", ["https://evil.cn/", "//evil.cn", "javascript:alert(1)", "evil"])
def test_enrolling_never_leads_away(as_user, trainee, course, target):
    assert as_user(trainee).post("/learn/live/enrol/", {"next": target})["Location"] == "/learn/live/"


def test_enrolling_needs_a_published_course_and_a_post(as_user, trainee, course):
    client = as_user(trainee)
    assert client.get("/learn/live/enrol/").status_code == 405
    assert client.post("/learn/none/enrol/").status_code == 404
    Course.objects.update(state=State.DRAFT)
    assert client.post("/learn/live/enrol/").status_code == 404
    assert enrolled(trainee) == []


def test_leaving_asks_first_and_keeps_the_ticks(as_user, learner, lessons):
    mark_done(learner, lessons[0])
    client = as_user(learner)
    assert "学完的课都还记着" in text(client.get("/learn/live/leave/"))
    assert enrolled(learner) == [("live", "秋季班")]
    assert client.post("/learn/live/leave/")["Location"] == "/learn/"
    assert (enrolled(learner), LessonDone.objects.count()) == ([], 1)
    assert client.get("/learn/live/leave/").status_code == 404


def test_nobody_leaves_for_another(as_user, stranger, learner):
    assert as_user(stranger).post("/learn/live/leave/").status_code == 404
    assert enrolled(learner) == [("live", "秋季班")]


def test_code_box_is_shown_empty(as_user, trainee):
    assert 'name="code"' in text(as_user(trainee).get("/learn/join/"))


def test_code_shows_which_class_before_joining(as_user, trainee, cohort):
    html = text(as_user(trainee).get("/learn/join/?code=abc-234"))
    assert ("秋季班" in html, "直播课" in html, "石榴冲村" in html, "李老师" in html) == (True,) * 4
    assert "能看到你的手机号" in html
    assert '<input type="hidden" name="code" value="abc-234">' in html
    assert enrolled(trainee) == []


def test_code_that_is_too_long_says_so_and_stays_in_its_box(as_user, trainee):
    typed = "李老师发的进班码是 ABC234，快来报名，周五前要报完"
    html = text(as_user(trainee).post("/learn/join/", {"code": typed}))
    assert "最多 20 个字，多了 8 个" in html
    assert f'value="{typed}"' in html


@pytest.mark.long
def test_code_sent_joins_the_class(as_user, trainee, cohort):
    client = as_user(trainee)
    assert client.post("/learn/join/", {"code": "abc234"})["Location"] == "/learn/"
    assert enrolled(trainee) == [("live", "秋季班")]
    assert said(client) == ["进了“秋季班”，接着学吧。"]


@pytest.mark.long
def test_code_of_ones_own_class_just_goes_on(as_user, learner, cohort):
    client = as_user(learner)
    assert client.get("/learn/join/?code=ABC234")["Location"] == "/learn/"
    assert said(client) == ["你已经在“秋季班”里了。"]
    assert client.post("/learn/join/", {"code": "ABC234"})["Location"] == "/learn/"
    assert enrolled(learner) == [("live", "秋季班")]


@pytest.mark.parametrize("code", ["ABC235", "<script>"])
def test_wrong_code_is_told_beside_the_box(as_user, trainee, cohort, code):
    response = as_user(trainee).post("/learn/join/", {"code": code})
    assert response.status_code == 200
    assert response.context["form"].errors["code"] == ["没有这个进班码，再看一眼，或者问问老师。"]
    assert enrolled(trainee) == []


def test_empty_code_is_told_beside_the_box(as_user, trainee):
    assert as_user(trainee).post("/learn/join/").context["form"].errors == {"code": ["这一项要填"]}


def test_closed_class_takes_nobody(as_user, trainee, cohort):
    Cohort.objects.update(is_open=False)
    assert as_user(trainee).post("/learn/join/", {"code": "ABC234"}).context["form"].errors
    assert enrolled(trainee) == []


@pytest.mark.long
def test_who_is_a_trainee_no_more_is_told_what_to_do(as_user, trainee, organiser, cohort):
    client, held = as_user(trainee), trainee.memberships.get()
    roles.end_role(organiser, held)
    told = text(client.post("/learn/join/", {"code": "ABC234"}))
    assert "你在石榴冲村的学员身份结束了" in told
    assert '<a class="btn btn--main btn--wide" href="/me/roles/?role=trainee">重新申请</a>' in squeeze(told)
    roles.ask_for_role(trainee, held.role, held.place)
    assert "还在等管理员同意" in text(client.post("/learn/join/", {"code": "ABC234"}))
    held.refresh_from_db()
    roles.decline_role(organiser, held, "<没来上课>")
    told = text(client.post("/learn/join/", {"code": "ABC234"}))
    assert ("管理员没有同意你做石榴冲村的学员" in told, "管理员说：&lt;没来上课&gt;" in told) == (True, True)
    assert enrolled(trainee) == []
    roles.grant_declined_role(organiser, held)
    assert client.post("/learn/join/", {"code": "ABC234"})["Location"] == "/learn/"


def test_class_closed_this_very_moment_is_no_error(as_user, trainee, cohort, monkeypatch):
    def closed(user, code):
        raise join_codes.WrongCode(code)

    monkeypatch.setattr(join_codes, "redeem", closed)
    response = as_user(trainee).post("/learn/join/", {"code": "ABC234"})
    assert response["Location"] == "/learn/join/?code=ABC234"


@pytest.mark.long
def test_guessing_comes_to_an_end(as_user, trainee, cohort):
    client = as_user(trainee)
    for n in range(join_codes.WRONG_TRIES):
        assert client.post("/learn/join/", {"code": f"WRONG{n}"}).status_code == 200
    response = client.post("/learn/join/", {"code": "ABC234"})
    assert response.status_code == 429
    assert "过十分钟再来" in text(response)
    assert enrolled(trainee) == []


def test_visitor_takes_the_code_along_to_the_sign_up(client, cohort):
    assert client.get("/learn/join/?code=ABC234")["Location"] == (
        "/accounts/signup/?code=ABC234&next=%2Flearn%2Fjoin%2F%3Fcode%3DABC234"
    )
    assert client.post("/learn/join/", {"code": "ABC234"})["Location"] == (
        "/accounts/signup/?code=ABC234&next=%2Flearn%2Fjoin%2F%3Fcode%3DABC234"
    )
    assert client.get("/learn/join/")["Location"] == "/accounts/signup/?next=%2Flearn%2Fjoin%2F"


@pytest.mark.long
def test_sign_up_by_code_ends_in_the_class(client, cohort):
    page = client.get("/learn/join/?code=ABC234", follow=True)
    assert "秋季班" in text(page)
    path = page.redirect_chain[-1][0]
    fields = {
        "name": "新来的",
        "phone": "138 1234 5678",
        "password1": "lianxi2026nong",
        "birth_month": "198506",
        "join_code": "ABC234",
        "agrees": "on",
        "next": "/learn/join/?code=ABC234",
    }
    response = client.post(path, fields, follow=True)
    assert [url for url, _status in response.redirect_chain] == ["/learn/join/?code=ABC234", "/learn/"]
    assert "秋季班" in text(response)
    enrolment = Enrolment.objects.get()
    assert (enrolment.user.name, enrolment.cohort) == ("新来的", cohort)
    assert [(held.role, held.place) for held in enrolment.user.granted] == [("trainee", cohort.place)]
