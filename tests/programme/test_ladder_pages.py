"""One's own steps, those of the people below one's place, and what their reader may open."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from live.models import Livestream
from programme import permissions
from programme.ladder import next_act, overview, steps
from programme.ladder.lineage import record_teaching
from programme.models import CertificateRule, Step, find_people_below
from progress.enrolment import services as enrolment
from shops.models import Product
from tests import reviews
from tests.factories import make_person
from tests.lives import make_live
from tests.pages import squeeze
from tests.programme.evidence import (
    earn,
    enrol,
    finish_lessons,
    graduate,
    list_lessons,
    make_programme,
    open_shop,
    pass_examination,
    pass_rehearsal,
    receive_order,
    run_live,
)
from tests.shops.orders.seller_side import order_at

Role = Membership.Role


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def cohort(village, trainer):
    return make_programme(village, trainer)


@pytest.fixture
def stall(seller, village):
    """The seller's shop and its product."""
    return open_shop(seller, village)


def read(client, name: str, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return squeeze(answer.content.decode())


def list_links(text: str) -> list[str]:
    return [part.partition('"')[0] for part in text.split('class="tap link" href="')[1:]]


# --- the one thing to do ---


def test_each_thing_to_do_leads_to_where_it_is_done(trainee, trainer, cohort, village):
    def find(step: str) -> tuple[str, str]:
        act = next_act.find_next_act(User.objects.get(pk=trainee.pk), step)
        return act.sentence, act.url

    first, second = list_lessons(cohort.course)
    catalogue, practise = reverse("courses:catalogue"), reverse("rehearsals:practise")
    assert find("learner") == ("报一门课，学完第一课。", catalogue)
    enrol(trainee, cohort)
    assert find("learner") == (f"学完“{first.title}”。", reverse("progress:lesson", args=[first.pk]))
    [_done] = finish_lessons(trainee, cohort.course, "2026-09-02 20:00")
    assert find("graduate")[0] == f"还差 1 课没学完，接着学“{second.title}”。"
    trainee.lessons_done.create(lesson=second, happened_at=timezone.now())
    quiz = cohort.course.quizzes.get()
    assert find("graduate") == (f"考过“{quiz.title}”。", reverse("progress:quiz", args=[quiz.pk]))
    pass_examination(trainee, cohort.course, "2026-09-12 20:00")
    assert find("graduate") == find("streamer") == ("录一遍彩排交给老师，过关就行。", practise)
    submission = reviews.make_submission(trainee, cohort)
    assert find("graduate") == ("彩排交上去了，等老师点评。", practise)
    reviews.make_review(trainer, submission, total=70)
    assert find("graduate") == ("发证的条件都够了，等老师发证。", "")
    CertificateRule.objects.update(attendance_hours=8)
    mine = reverse("programme:my_class", args=[cohort.pk])
    assert find("graduate") == ("到课 0 小时，要满 8 小时。", mine)
    CertificateRule.objects.update(attendance_hours=0)
    User.objects.filter(pk=trainee.pk).update(name=" ")
    assert find("graduate") == ("还没填姓名。", reverse("accounts:name"))
    User.objects.filter(pk=trainee.pk).update(name="田巧云")
    CertificateRule.objects.update(rehearsals=2)
    assert find("graduate") == ("录一遍彩排交给老师，过关就行。", practise)
    trainee.enrolments.update(cohort=None)
    CertificateRule.objects.update(rehearsals=1)
    assert find("graduate") == ("发证的条件都够了，进个班，老师才能发证。", reverse("progress:join"))
    CertificateRule.objects.all().delete()
    assert find("graduate") == ("这门课还没定发证条件，问问带班的老师。", "")
    mine = reverse("shops:mine")
    assert find("streamer") == ("先开一家小店，才能真直播。", mine)
    assert find("earner") == ("先开一家小店，卖货记账。", mine)
    assert find("mentor") == ("结了业，跟老师说一声，请你带几个村里人学。", reverse("programme:mentoring"))
    pupil = make_person("石小满")
    record_teaching(trainee, pupil, datetime.date(2026, 9, 1))
    assert find("mentor") == ("你带着 1 个人，帮他们卖出第一单。", "")


@pytest.mark.long
def test_what_a_seller_has_to_do(seller, trainer, cohort, stall):
    def find(step: str) -> tuple[str, str]:
        act = next_act.find_next_act(seller, step)
        return act.sentence, act.url

    shop, product = stall
    pass_rehearsal(seller, cohort, trainer, "2026-09-20 21:00")
    assert find("streamer") == ("安排第一场真直播，播满 10 分钟。", reverse("live:new_plan"))
    plan = make_live(seller, shop=shop, kind=Livestream.Kind.REAL, title="专场")
    assert find("streamer")[1] == reverse("live:plan", args=[plan.pk])
    assert find("seller") == ("把小店发给熟人看，卖出第一单。", reverse("shops:mine"))
    Product.objects.update(status=Product.Status.WITHDRAWN)
    assert find("seller")[0] == "上架第一款货。"
    Product.objects.update(status=Product.Status.PUBLISHED)
    live = run_live(shop, product, "2026-10-01 19:00", units=1)
    began = timezone.now() - datetime.timedelta(days=1)
    Livestream.objects.filter(pk=live.pk).update(started_at=began, ended_at=began)
    assert find("seller")[1] == reverse("live:sales", args=[live.pk])
    orders = reverse("shops:my_orders")
    for state, sentence in (
        ("shipped", "货在路上，买家收到就成交了。"),
        ("paid", "有订单等你发货，买家收到就成交了。"),
        ("requested", "有订单等你接。"),
    ):
        order_at(state, product)
        assert find("seller") == (sentence, orders)
    earn(
        shop,
        f"{timezone.localdate():%Y-%m}-01",
        400_000 - sum(e.fen for e in shop.entries.filter(on__gte=timezone.localdate().replace(day=1))),
    )
    assert find("earner") == (
        "这个月净收入 ¥4,000.00，到 ¥5,000.00 还差 ¥1,000.00。",
        reverse("shops:ledger"),
    )
    earn(shop, f"{timezone.localdate():%Y-%m}-01", 100_000)
    assert find("earner")[0] == "这个月净收入够了，月底结清就到。"


# --- one's own page ---


def reach_all_steps(seller: User, trainer: User, cohort, stall, village) -> User:
    """Bring the seller up all six steps; return the pupil."""
    graduate(seller, cohort, trainer)
    run_live(*stall, "2026-09-25 19:30", units=1)
    receive_order(stall[1], "2026-09-30 10:00")
    earn(stall[0], "2026-10-10", 600_000)
    pupil = make_person("石小满", (Role.SELLER, village))
    record_teaching(seller, pupil, datetime.date(2026, 10, 1))
    receive_order(open_shop(pupil, village)[1], "2026-10-20 10:00")
    return pupil


@pytest.mark.long
def test_own_page_shows_the_evidence_without_any_task_having_run(
    seller, trainer, cohort, stall, village, as_user
):
    reach_all_steps(seller, trainer, cohort, stall, village)
    assert not Step.objects.exists()
    client = as_user(seller)
    with CaptureQueriesContext(connection) as asked:
        text = read(client, "programme:ladder")
    assert not [one for one in asked if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert text.count('<li class="done">') == 6
    assert "六级都到了。" in text
    assert "2026年10月净收入 ¥6,000.00，标准 ¥5,000.00" in text
    links = list_links(text)
    assert len(links) == 6
    for url in links:
        assert client.get(url.replace("&amp;", "&")).status_code == 200, url


@pytest.mark.long
def test_next_step_and_the_act_are_on_the_page_and_on_me(trainee, cohort, as_user):
    enrol(trainee, cohort)
    finish_lessons(trainee, cohort.course, "2026-09-02 20:00")
    client = as_user(trainee)
    for name in ("programme:ladder", "accounts:me"):
        text = read(client, name)
        assert text.count('<li class="done">') == 1
        assert "<b>结业</b>" in text.split('<li aria-current="step">')[1][:20]
        assert "还差 1 课没学完" in text
    client.cookies["django_language"] = "en"
    assert "Next step<b>Graduate</b>: 1 lesson is left" in read(client, "programme:ladder")


def test_step_taken_back_stands_there_with_its_reason(seller, stall, as_user):
    Step.objects.create(
        user=seller, step="seller", reached_at=timezone.now(), evidence_kind="order", evidence_id=1,
        taken_back_at=timezone.now(), why_taken_back="order",
    )  # fmt: skip
    assert "这单的钱全退了" in read(as_user(seller), "programme:ladder")


# --- staff ---


@pytest.mark.long
def test_trainer_opens_the_rows_but_not_the_income(
    seller, trainer, organiser, cohort, stall, village, as_user
):
    reach_all_steps(seller, trainer, cohort, stall, village)
    text = read(as_user(trainer), "programme:ladder_of", seller.pk)
    assert "2026年10月的净收入到了 ¥5,000.00 的标准" in text
    assert "6,000" not in text
    client = as_user(trainer)
    for url in list_links(text):
        assert client.get(url).status_code == 200, url
    told = read(as_user(organiser), "programme:ladder_of", seller.pk)
    assert "2026年10月净收入 ¥6,000.00" in told
    client = as_user(organiser)
    for url in list_links(told):
        assert client.get(url).status_code == 200, url


@pytest.mark.long
def test_others_steps_are_not_there(seller, trainee, trainer, organiser, stranger, as_user, cohort):
    url = reverse("programme:ladder_of", args=[seller.pk])
    for reader, status in ((trainee, 404), (seller, 404), (stranger, 404), (trainer, 200), (organiser, 200)):
        assert as_user(reader).get(url).status_code == status, reader
    assert as_user(organiser).get(reverse("programme:ladder_of", args=[stranger.pk])).status_code == 404


@pytest.mark.long
def test_list_and_single_answer_agree(seller, trainee, trainer, organiser, stranger, cohort, village):
    outside = make_person("外村学员")
    enrolment.enrol(outside, cohort.course, cohort)
    people = [seller, trainee, trainer, organiser, stranger, outside, make_person("没有身份")]
    for person in people:
        Step.objects.create(
            user=person, step="learner", reached_at=timezone.now(), evidence_kind="lesson", evidence_id=1
        )
    for reader in people:
        seen = set(Step.objects.visible_to(reader).values_list("user", flat=True))
        assert seen == {person.pk for person in people if permissions.can_see_steps(reader, person)}
        assert find_people_below(reader).filter(pk=reader.pk).exists() <= permissions.can_see_steps(
            reader, reader
        )
    assert {one.pk for one in people if permissions.can_see_steps(trainer, one)} == {
        seller.pk, trainee.pk, trainer.pk, organiser.pk, outside.pk,
    }  # fmt: skip


@pytest.mark.long
def test_list_is_filtered_by_village_class_and_step_and_counts_by_step(
    seller, trainee, trainer, organiser, stranger, cohort, stall, village, county, as_user
):
    other = county.children.get().children.get(name="柑子坪村")
    away = make_person("龙安平", (Role.TRAINEE, other))
    enrol(away, cohort)
    finish_lessons(away, cohort.course, "2026-09-02 20:00")
    receive_order(stall[1], "2026-10-03 10:00")
    steps.count_everybody()
    client = as_user(organiser)

    def names(**query) -> list[str]:
        page = client.get(reverse("programme:ladder_list"), query)
        return [row.person.name for row in page.context["page"].items]

    assert names() == [away.name, trainee.name, seller.name]  # by pinyin: long, tian, zhou
    assert (names(q="安 "), names(q="安", step="seller")) == ([away.name], [])
    assert names(village=other.pk) == [away.name]
    assert names(**{"class": cohort.pk}) == [away.name]
    assert names(step="seller") == [seller.name]
    assert sorted(names(step="nonsense", village="x" * 40)) == sorted([seller.name, trainee.name, away.name])
    counts = client.get(reverse("programme:ladder_list")).context["counts"]
    assert {one.step: one.people for one in counts if one.people} == {"learner": 1, "seller": 1}
    assert (
        client.get(
            reverse("programme:ladder_list"), {"village": stranger.memberships.first().place_id}
        ).context["village"]
        is None
    )


@pytest.mark.long
def test_list_costs_the_same_for_one_person_and_for_twenty_four(trainee, trainer, cohort, village, as_user):
    client, url = as_user(trainer), reverse("programme:ladder_list")

    def list_queries() -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            page = client.get(url)
        shown.append(len(page.context["page"].items))
        return [one["sql"].split(" FROM ")[-1][:60] for one in asked]

    shown: list[int] = []
    graduate(trainee, cohort, trainer)
    steps.count_everybody()
    first = list_queries()
    for n in range(24):
        person = make_person(f"学员{n:02d}", (Role.TRAINEE, village))
        graduate(person, cohort, trainer)
    steps.count_everybody()
    assert list_queries() == first
    assert shown == [1, 24]


@pytest.mark.long
def test_class_page_and_me_lead_staff_to_the_list(trainer, organiser, cohort, as_user):
    url = reverse("programme:ladder_list")
    assert f'href="{url}?class={cohort.pk}"' in read(as_user(trainer), "progress:class", cohort.pk)
    assert f'href="{url}"' in read(as_user(organiser), "accounts:me")
    assert 'class="terrace"' not in read(as_user(organiser), "accounts:me")


def test_overview_lists_villagers_alone(trainee, trainer, organiser):
    assert list(overview.find_listed(organiser)) == [trainee]
