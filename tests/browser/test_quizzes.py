"""A quiz on a phone: with and without scripts, in two tabs, and without a connection."""

import pytest

from courses.models import Objective, QuestionPicture, Quiz
from progress.enrolment.services import enrol
from progress.models import Answer, Attempt
from progress.quizzes import attempts as doing
from progress.quizzes.offline_events import apply_attempts as received
from tests.browser.conftest import expect
from tests.browser.kept_lessons import caches_of, open_page, until
from tests.factories import make_cohort, make_course, make_photo
from tests.progress.quizzes.test_offline_events import Event
from tests.quizzes import RIGHT, WRONG, make_question, make_quiz

pytestmark = pytest.mark.one_phone

# Null until each is drawn or has failed.
SHOWN_PICTURES = """() => {
    const all = [...document.querySelectorAll(".q__pics img")];
    return all.every((one) => one.complete) ? all.map((one) => one.naturalWidth > 0) : null;
}"""
KINDS = ["single", "multiple", "true_false", "picture", "order", "number", "spot"]


@pytest.fixture
def quiz(trainee, trainer, village) -> Quiz:
    course = make_course(village, lessons=2, title="直播课", slug="live")
    enrol(trainee, course, make_cohort(course, village, trainer, name="秋季班"))
    module = course.modules.get()
    quiz = make_quiz(course, module=module, title="第1单元小测", pass_percent=60)
    aims = [Objective.objects.create(course=course, code=f"1.{n}", text=f"会做第{n}件事") for n in (1, 2)]
    for n, kind in enumerate(KINDS):
        question = make_question(quiz.bank, kind, objective=aims[n % 2])
        if kind == "picture":
            for name in ("window", "lamp"):
                QuestionPicture.objects.create(question=question, photo=make_photo(trainer), name=name)
    return quiz


def fill(page, kind: str, answers: dict = WRONG) -> None:
    """Answers the question that stands on the page."""
    given = answers[kind]
    if kind == "number":
        page.get_by_label("你的答案").fill(given["answer"])
    elif kind == "order":
        boxes = page.locator("input[name=order]")
        expect(boxes).to_have_count(len(given["order"]))
        for at, step in enumerate(given["order"]):
            for place in range(order_of(page).index(step) - 1, at - 1, -1):
                page.locator(f'button[value="{step}:up"]').click()
                expect(boxes.nth(place)).to_have_value(step)  # without scripts it is a page of the server's
    else:
        wanted = given["answer"] if isinstance(given["answer"], list) else [given["answer"]]
        for one in wanted:
            page.locator(f'input[name=answer][value="{one}"]').check(force=True)


def order_of(page) -> list[str]:
    return page.locator("input[name=order]").evaluate_all("all => all.map((one) => one.value)")


def kinds_of(attempt: Attempt) -> list[str]:
    return [attempt.paper["items"][n]["kind"] for n in attempt.paper["order"]]


def walk(page, live_server, quiz, answers: dict, check=lambda: None) -> Attempt:
    """From the start page to the result."""
    page.goto(f"{live_server.url}/learn/quizzes/{quiz.pk}/")
    check()
    page.get_by_role("button", name="开始答题").click()
    expect(page.get_by_role("button", name="交答案")).to_be_visible()
    attempt = Attempt.objects.get(finished_at__isnull=True)
    for at, kind in enumerate(kinds_of(attempt), 1):
        page.wait_for_url(f"**/learn/attempts/*/{at}/")  # the question before has the same kinds of boxes
        fill(page, kind, answers)
        check()
        page.get_by_role("button", name="交答案").click()
        expect(page.locator(".verdict")).to_be_visible()
        check()
        page.get_by_role("link", name="下一题").or_(page.get_by_role("link", name="看成绩")).click()
    page.wait_for_url(f"**/learn/attempts/{attempt.key}/")
    check()
    attempt.refresh_from_db()
    return attempt


@pytest.mark.long
def test_all_kinds_on_a_phone(sign_in, live_server, trainee, quiz, axe):
    """Every other one right: four of seven are too few."""
    page = sign_in(trainee)
    answers = {kind: (RIGHT, WRONG)[n % 2][kind] for n, kind in enumerate(KINDS)}
    attempt = walk(page, live_server, quiz, answers, axe)
    assert (attempt.right, attempt.total, attempt.passed) == (4, 7, False)
    expect(page.get_by_role("heading", level=1)).to_have_text("还没通过")


@pytest.mark.long
def test_all_kinds_without_scripts(browser, live_server, trainee, quiz, client):
    client.force_login(trainee)
    context = browser.new_context(
        java_script_enabled=False, locale="zh-CN", viewport={"width": 360, "height": 740}
    )
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/learn/quizzes/{quiz.pk}/")
    page.get_by_role("button", name="开始答题").click()
    expect(page.get_by_role("button", name="交答案")).to_be_visible()
    attempt = Attempt.objects.get()
    for at, kind in enumerate(kinds_of(attempt), 1):
        page.wait_for_url(f"**/learn/attempts/*/{at}/")
        fill(page, kind, RIGHT)
        page.get_by_role("button", name="交答案").click()
        page.get_by_role("link", name="下一题").or_(page.get_by_role("link", name="看成绩")).click()
    page.wait_for_url(f"**/learn/attempts/{attempt.key}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("通过了")
    attempt.refresh_from_db()
    assert (attempt.right, attempt.passed) == (7, True)
    context.close()


@pytest.mark.long
def test_two_tabs_of_one_try_agree(sign_in, live_server, trainee, quiz):
    page = sign_in(trainee)
    attempt = doing.start_attempt(trainee, quiz)
    first = kinds_of(attempt)[0]
    url = f"{live_server.url}/learn/attempts/{attempt.key}/1/"
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(url)
    fill(page, first, RIGHT)
    page.get_by_role("button", name="交答案").click()
    expect(page.get_by_text("答对了").first).to_be_visible()
    fill(other, first, WRONG)
    other.get_by_role("button", name="交答案").click()
    expect(other.get_by_text("答对了").first).to_be_visible()
    assert list(Answer.objects.values_list("position", "right")) == [(1, True)]


@pytest.mark.parametrize(("answers", "right"), [(RIGHT, 7), pytest.param(WRONG, 0, marks=pytest.mark.long)])
def test_paper_is_answered_without_a_line(sign_in, live_server, trainee, quiz, axe, answers, right):
    page = sign_in(trainee)
    open_page(page, live_server, f"/learn/quizzes/{quiz.pk}/")
    page.get_by_role("button", name="存到手机里，没信号也能答").click()
    expect(page.get_by_role("button", name="交答案")).to_be_visible()
    expect(page.get_by_role("button", name="开始答题")).to_be_hidden()
    page.context.set_offline(True)
    attempt = Attempt.objects.get()
    for n, kind in enumerate(kinds_of(attempt), 1):
        expect(page.get_by_text(f"第 {n} 题，共 7 题")).to_be_visible()
        if kind == "picture":
            assert until(lambda: page.evaluate(SHOWN_PICTURES)) == [True, True]
        fill(page, kind, answers)
        axe()
        page.get_by_role("button", name="交答案").click()
        expect(page.locator(".verdict")).to_have_text("答对了" if right else "答错了")
        axe()
        page.get_by_role("button", name="下一题").or_(page.get_by_role("button", name="答完了，交卷")).click()
    expect(page.get_by_text(f"答对 {right} 题，共 7 题")).to_be_visible()
    expect(page.get_by_role("heading", name="通过了" if right else "还没通过")).to_be_visible()
    axe()
    # What the paper needed is gone from the phone with it.
    assert until(
        lambda: not [url for url in caches_of(page).get(f"farm-kept-{trainee.pk}", []) if "/photos/" in url]
    )


NUMBERS = ["5.98", " 5.98 元/斤 ", "５．９８元", "￥5.98", "5。98块钱", "5,98", "5，98", "1,234.5", "1,23,4", "5.9.8", "五", "-5",
           "−5", "+5", ".5", "5.", "5公斤", "1e3", "", "9" * 21, "5.97", "5.969", "5.99", "5.991", "0.00"]  # fmt: skip


@pytest.mark.long
def test_phone_and_server_read_numbers_alike(sign_in, live_server, trainee, quiz):
    from courses import questions
    from courses.questions import number

    page = sign_in(trainee)
    page.goto(f"{live_server.url}/learn/quizzes/{quiz.pk}/")
    units, key = number.list_unit_words("元/斤"), {"right": "5.98", "tolerance": "0.01"}
    script = """async ([url, typed, units, key]) => {
      const { number, judge } = await import(url);
      return typed.map((one) => { const given = number(one, units); return given && judge({ kind: "number", key }, given); });
    }"""
    url = page.locator("[data-judge]").get_attribute("data-judge")
    on_phone = page.evaluate(script, [url, NUMBERS, units, key])
    on_server = []
    for typed in NUMBERS:
        try:
            on_server.append(number.grade(key, number.parse_json({"unit": "元/斤"}, typed)))
        except (questions.Unanswered, questions.InvalidAnswer):
            on_server.append(None)
    assert on_phone == on_server


@pytest.mark.long
def test_trainer_sees_the_gain_and_the_questions(
    no_second_factor, sign_in, live_server, trainer, trainee, quiz, axe
):
    page = sign_in(trainer)
    pre = make_quiz(quiz.course, bank=quiz.bank, kind="pre", title="学前测验")
    post = make_quiz(quiz.course, bank=quiz.bank, kind="post", title="学后测验")
    for test, given in ((pre, "a"), (post, "b")):
        attempt = doing.start_attempt(trainee, test)
        position = kinds_of(attempt).index("single") + 1
        received(
            trainee,
            [Event({"attempt": str(attempt.key), "answers": {str(position): given}, "finished": True})],
        )
    page.goto(f"{live_server.url}/classes/")
    page.get_by_role("link", name="秋季班").click()
    page.get_by_role("link", name="学前学后，长进多少").click()
    expect(page.get_by_text("只算两次都做了的 1 人")).to_be_visible()
    axe()
    page.goto(f"{live_server.url}/learn/quizzes/{pre.pk}/statistics/")
    axe()
