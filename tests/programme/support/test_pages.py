import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.worklist.items import list_items
from programme.models import SupportAct, SupportCase
from programme.support import cases
from programme.support.causes import find_facts
from tests.factories import make_person
from tests.pages import squeeze
from tests.programme.support.rows import ago, do, fail, join
from tests.programme.support.test_causes import put_aside
from tests.quizzes import make_quiz


@pytest.fixture
def base(cohort) -> str:
    return f"/classes/{cohort.pk}/support/"


@pytest.fixture
def quiz(course):
    return make_quiz(course, title="讲货小测")


@pytest.fixture
def stuck(learner, quiz):
    fail(learner, quiz, 3)
    return learner


def read_names(page) -> list[str]:
    return re.findall(r"<h2><a [^>]*>(.*?)</a></h2>", page.text)


def test_an_empty_board_says_so(as_user, base, trainer, learner):
    assert "现在没人卡住" in as_user(trainer).get(base).text


@pytest.mark.long
def test_one_line_a_person_the_most_pressing_first_and_who_is_taken_last(
    as_user, base, cohort, course, trainer, stuck, other, quiz
):
    late = join(make_person("石阿妹"), cohort, days=20)
    put_aside(other)
    put_aside(stuck)
    page = as_user(trainer).get(base)
    assert read_names(page) == [stuck.name, other.name, late.name]
    assert "3 个人卡住了。 3 个还没人管，排在前面。" in squeeze(page.text)
    assert page.text.count(f'href="tel:{stuck.phone}"') == 1
    cases.take_all(trainer, cohort, stuck)
    page = as_user(trainer).get(base)
    assert read_names(page) == [other.name, late.name, stuck.name]
    assert f"在管：{trainer.name}" in squeeze(page.text)


@pytest.mark.long
def test_taking_from_the_board_leads_back_to_it_and_a_script_gets_the_line(
    as_user, base, trainer, stuck, cohort
):
    client = as_user(trainer)
    answer = client.post(f"{base}{stuck.pk}/?next={base}", {"do": "take"}, follow=True)
    assert answer.redirect_chain == [(base, 302)]
    assert "1 件归你管了。" in answer.text
    second = make_person("王老师")
    SupportCase.objects.update(taken_by=second)
    line = client.post(f"{base}{stuck.pk}/", {"do": "take"}, headers={"HX-Request": "true"})
    assert "在管：王老师" in squeeze(line.text)
    assert "<html" not in line.text
    told = client.post(f"{base}{stuck.pk}/", {"do": "take"}, follow=True)
    assert "王老师已经在管了。" in told.text


def read_form(page) -> dict:
    fields = re.findall(r'<input[^>]*name="(key|cause|subject)"[^>]*value="([^"]*)"', page.text)
    return dict(fields) | {"do": "act", "act": "call", "outcome": "", "note": "", "look_again": ""}


@pytest.mark.long
def test_what_was_done_is_noted_on_the_person_s_page_and_read_there(as_user, base, trainer, stuck):
    client, url = as_user(trainer), f"{base}{stuck.pk}/"
    sent = read_form(client.get(url)) | {"outcome": "unmet", "note": "晚上再打。"}
    for _time in range(2):
        assert "记下了。" in client.post(url, sent, follow=True).text
    page = squeeze(client.get(url).text)
    assert "打了电话 · 没联系上" in page
    assert SupportAct.objects.get().note == "晚上再打。"


@pytest.mark.long
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"act": "pair"}, "没有这一项，重新选一个"),  # nobody has passed it yet
        ({"act": "other"}, "写一句做了什么。"),
        ({"look_again": "2000-01-01"}, "选明天以后、90 天以内的一天。"),
    ],
)
def test_what_is_wrong_with_a_note_is_said_and_nothing_typed_is_lost(
    as_user, base, trainer, stuck, change, said
):
    client, url = as_user(trainer), f"{base}{stuck.pk}/"
    sent = read_form(client.get(url)) | {"note": "打过电话了"} | change
    if change.get("act") == "other":
        sent["note"] = ""
    answer = client.post(url, sent)
    assert said in answer.text
    assert sent["note"] in answer.text
    assert SupportCase.objects.count() == 0


@pytest.mark.long
def test_a_classmate_who_passed_helps_only_where_both_agreed(as_user, base, trainer, stuck, other, quiz):
    fail(other, quiz, passed=True)
    client, url = as_user(trainer), f"{base}{stuck.pk}/"
    page = client.get(url)
    assert f'<option value="{other.pk}">曾春生</option>' in page.text
    sent = read_form(page) | {"act": "pair", "peer": str(other.pk)}
    assert "先问过两个人，都愿意再记。" in client.post(url, sent).text
    client.post(url, sent | {"agreed": "on"})
    assert SupportAct.objects.get().peer == other


@pytest.mark.long
def test_a_note_for_what_is_solved_meanwhile_is_shown_again(as_user, base, trainer, stuck, quiz):
    client, url = as_user(trainer), f"{base}{stuck.pk}/"
    sent = read_form(client.get(url)) | {"note": "讲了第三题。"}
    fail(stuck, quiz, passed=True)
    answer = client.post(url, sent)
    assert "他已经不卡在这儿了，不用再记。你写的还在这儿。" in answer.text
    assert "讲了第三题。" in answer.text


@pytest.mark.long
def test_taking_over_says_when_somebody_was_faster(as_user, base, trainer, stuck, cohort):
    second, third = make_person("王老师"), make_person("田老师")
    cases.take_all(second, cohort, stuck)
    case = SupportCase.objects.get()
    client, url = as_user(trainer), f"{base}{stuck.pk}/"
    sent = {"do": "over", "case": case.pk, "before": second.pk}
    SupportCase.objects.update(taken_by=third)
    assert "刚才有人先接了，看下面是谁。" in client.post(url, sent, follow=True).text
    assert "归你管了。" in client.post(url, sent | {"before": third.pk}, follow=True).text
    assert SupportCase.objects.get().taken_by == trainer


@pytest.mark.long
def test_who_leads_a_class_they_learn_in_cannot_look_after_themselves(as_user, base, cohort, trainer, quiz):
    join(trainer, cohort, days=1)
    fail(trainer, quiz, 3)
    client, url = as_user(trainer), f"{base}{trainer.pk}/"
    assert 'value="take"' not in client.get(url).text
    for verb in ("take", "message", "act"):
        assert "自己的事请班里别的老师来管。" in client.post(url, {"do": verb}, follow=True).text
    assert SupportCase.objects.count() == 0


@pytest.mark.long
def test_what_somebody_took_waits_for_them_from_the_day_to_look_again(cohort, trainer, stuck, other, quiz):
    fail(other, quiz, 3)
    for person in (stuck, other):
        cases.take_all(trainer, cohort, person)
    day = timezone.localdate() + timedelta(days=2)
    cases.record_act(trainer, cohort, stuck, "quiz", quiz.pk, key=uuid4(), act="call", look_again=day)
    [item] = [one for one in list_items(trainer) if one.kind == "support"]
    assert (item.count, item.sentence, item.url) == (
        1,
        "你在管的 1 个人还卡着",
        f"/classes/{cohort.pk}/support/",
    )
    assert [one for one in list_items(stuck) if one.kind == "support"] == []


@pytest.mark.long
def test_a_class_of_many_costs_as_many_queries_as_one_of_few_and_is_cut_into_pages(
    as_user,
    base,
    cohort,
    course,
    trainer,
    stuck,
    quiz,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    lessons = list(course.modules.get().lessons.order_by("position"))

    def add(number: int) -> None:
        for n in range(number):
            person = join(make_person(f"学员{n:02d}"), cohort, days=20)
            do(person, lessons[0], days=20)
            put_aside(person)
            fail(person, quiz, 3, days=1)

    add(2)
    cases.take_all(trainer, cohort, stuck)
    client = as_user(trainer)
    client.get(base)
    with django_assert_max_num_queries(40) as few:
        client.get(base)
    add(50)
    with django_assert_num_queries(len(few)):
        first = client.get(base)
    assert len(read_names(first)) == 50
    assert "1/2" in first.text
    assert len(read_names(client.get(f"{base}?page=2"))) == 3
    assert len(read_names(client.get(f"{base}?page=99999999"))) == 50
    assert len(find_facts(cohort)) == 53


@pytest.mark.long
def test_the_history_of_a_person_has_every_case(as_user, base, cohort, trainer, stuck, quiz):
    cases.take_all(trainer, cohort, stuck)
    SupportCase.objects.update(opened_at=ago(0.5))
    fail(stuck, quiz, passed=True)
    page = squeeze(as_user(trainer).get(f"{base}{stuck.pk}/").text)
    assert "现在没卡住。" in page
    assert "刚刚解决了" in page
    assert f"谁管的：{trainer.name}" in page
