"""The trainee's page of a task by plain forms: hand in each kind, read the answer, hand in again, share."""

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from courses.models import Assignment, Cohort
from media.models import Upload
from progress.enrolment.services import enrol
from rehearsals.models import TaskItem, TaskNote, TaskVersion, TaskWork
from rehearsals.tasks.forms import store_film
from rehearsals.tasks.page import get_script_data
from rehearsals.tasks.services import accept_task, return_task
from tests.factories import make_person, make_photo, make_product, make_shop
from tests.media import papers
from tests.media.pictures import jpeg
from tests.pages import squeeze
from tests.rehearsals.tasks.worlds import hand_in, make_task, make_whole_upload
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission

KEY = "0b1c7d8a-0000-4000-8000-0000000000aa"


@pytest.fixture
def task(course) -> Assignment:
    return make_task(course)


@pytest.fixture
def mine(as_user, learner):
    return as_user(learner)


def page_of(task) -> str:
    return reverse("rehearsals:task", args=[task.pk])


def text(response) -> str:
    return squeeze(re.sub(r"<[^>]+>", " ", response.content.decode()))


def post(client, task, **data):
    return client.post(page_of(task), {"client_id": KEY, "text": "", "unticked": "1", **data})


def test_a_text_is_handed_in_with_its_ticks_and_gets_a_receipt(mine, task):
    shown = mine.get(page_of(task))
    assert "五条都竖着拍" in text(shown)
    answer = post(mine, task, text="一、坏 4 个。\r\n二、退 9.97 元。", ticks=["c1", "c3"])
    assert (answer.status_code, answer.url) == (302, page_of(task))
    version = TaskVersion.objects.get()
    assert (version.client_id, version.text) == (UUID(KEY), "一、坏 4 个。\n二、退 9.97 元。")
    assert [row["ticked"] for row in version.ticks] == [True, False, True]
    assert post(mine, task, text="坏 4 个退 9.97 元。").status_code == 302  # sent twice
    assert TaskVersion.objects.count() == 1
    assert version.receipt in text(mine.get(page_of(task)))


def test_nothing_ticked_is_asked_about_once(mine, task, course):
    answer = post(mine, task, text="坏 4 个。", unticked="")
    assert "一条都没勾，交之前对一遍。都没做到也能交，再按一次“交给老师”。" in text(answer)
    html = answer.content.decode()
    assert ("坏 4 个。" in html, 'name="unticked" value="1"' in html) == (True, True)
    assert not TaskVersion.objects.exists()
    assert post(mine, task, text="坏 4 个。").status_code == 302
    assert "交视频，最多 6 段" in text(mine.get(page_of(make_task(course, "video"))))


def test_nothing_typed_is_lost_where_something_is_missing(mine, task, course):
    assert "这一项要填" in text(post(mine, task, ticks=["c2"]))
    photo = make_task(course, "photo")
    answer = post(mine, photo, text="照片在后面", ticks=["c2"])
    assert "先拍一张照片" in text(answer)
    html = answer.content.decode()
    assert "照片在后面" in html
    assert re.search(r'value="c2"[^>]*checked', html)
    assert not TaskVersion.objects.exists()


def test_photos_stay_in_their_order(mine, learner, course):
    task = make_task(course, "photo")
    first, second = make_photo(learner), make_photo(learner)
    answer = mine.post(
        page_of(task),
        {"client_id": KEY, "text": "", "given": [first.key, second.key], "given_do": f"up:{second.key}"},
    )
    assert answer.status_code == 200  # a button moved it, nothing is handed in yet
    file = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    post(mine, task, given=[second.key, first.key], given_new=file)
    assert [item.photo for item in TaskItem.objects.order_by("position")][:2] == [second, first]
    assert TaskItem.objects.count() == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04" + b"x" * 100, "“film.mp4”是文档改了名字，不是视频。"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "“film.mp4”是文档改了名字，不是视频。"),
        (b"hello world, not a film", "“film.mp4”不是视频，能收手机拍的"),
        (b"", "这个文件是空的，重新选一次"),
    ],
)
def test_a_file_that_is_no_film_is_refused_by_name(mine, course, content, said):
    task = make_task(course, "video")
    answer = post(mine, task, given=SimpleUploadedFile("film.mp4", content, "video/mp4"))
    assert said in text(answer)
    assert not Upload.objects.exists()


def test_a_film_whose_form_was_cut_is_begun_anew_with_whatever_film_comes_again(mine, learner, course):
    task = make_task(course, "video")
    for offset in (700, 1000):
        part = make_whole_upload(learner, task, UUID(KEY), offset=offset, state=Upload.State.OPEN)
        film = SimpleUploadedFile("film.mp4", b"\0\0\0\x18ftypmp42".ljust(offset, b"\0"), "video/mp4")
        whole = store_film(learner, task, UUID(KEY), 1, film)
        part.refresh_from_db()
        assert (part.state, whole.state, whole.size) == (Upload.State.GONE, Upload.State.WHOLE, offset)
        assert store_film(learner, task, UUID(KEY), 1, film) == whole
        Upload.objects.filter(pk=whole.pk).update(state=Upload.State.GONE)


def test_a_form_takes_twenty_hand_ins_an_hour_of_a_person_and_a_hundred_in_all(mine, learner, task, settings):
    version = hand_in(learner, task)
    TaskVersion.objects.filter(pk=version.pk).update(number=100)
    assert "这个任务已经交了 100 遍，不能再交了，先问老师。" in text(post(mine, task, text="第 101 遍"))
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"task": "0/h/user"}
    answer = post(mine, task, text="又一遍")
    assert "一个小时里交得太多了，过一会儿再交。" in text(answer)
    assert "又一遍" in answer.content.decode()
    assert TaskVersion.objects.count() == 1


def test_an_office_file_is_handed_in_and_the_trainer_downloads_it(mine, as_user, learner, trainer, course):
    task = make_task(course, "file")
    shown = text(mine.get(page_of(task)))
    assert "（.docx、.xlsx、.pptx，WPS 存的也行）最多 10 MB" in shown
    macros = SimpleUploadedFile("成本单.xlsx", papers.office(papers.MACRO_EXCEL))
    assert "“成本单.xlsx”里头有宏，宏会自己运行，不收。" in text(
        post(mine, task, given_new=macros, text="留着")
    )
    content = papers.office(papers.EXCEL, xl__workbook_xml="x" * 3000)
    assert post(mine, task, given_new=SimpleUploadedFile("成本单.xlsx", content)).status_code == 302
    item = TaskItem.objects.select_related("version__work").get()
    page = as_user(trainer).get(reverse("rehearsals:task_review", args=[item.version.work_id]))
    assert "成本单.xlsx 1 KB 下载交的文件" in text(page)
    url = reverse("rehearsals:task_document", args=[item.pk])
    answer = as_user(trainer).get(url)
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment;")
    assert as_user(make_person("外人")).get(url).status_code == 404


def test_a_phone_sends_an_office_file_for_a_task_only(mine, learner, course):
    url = json.loads(get_script_data(learner, make_task(course, "file")))["documents"]
    sent = mine.post(url, {"photo": SimpleUploadedFile("三栏账.csv", "日期,收入\n11-02,598\n".encode())})
    assert (sent.status_code, sent.json()["status"]) == (200, "ready")
    plain = url.partition("?")[0]
    refused = mine.post(plain, {"photo": SimpleUploadedFile("三栏账.csv", "日期,支出\n".encode())})
    assert "不是照片也不是 PDF" in refused.json()["error"]


def test_who_has_nothing_to_choose_from_is_led_to_making_it(mine, course):
    for kind, url in (
        ("listing", "shops:mine"),
        ("rundown", "live:new_plan"),
        ("rehearsal", "rehearsals:practise"),
    ):
        html = mine.get(page_of(make_task(course, kind))).content.decode()
        assert f'class="btn btn--main" href="{reverse(url)}"' in html, kind


@pytest.mark.long
def test_own_product_plan_and_rehearsals_are_handed_in_but_nobody_elses(
    as_user, seller, stranger, village, course, cohort
):
    enrol(seller, course, cohort)
    client = as_user(seller)
    product = make_product(make_shop(seller, village), name="冰糖橙")
    theirs = make_product(make_shop(make_person("别家"), village), name="别家的")
    listing = make_task(course, "listing")
    assert "没有这一项，重新选一个" in text(post(client, listing, given=theirs.pk))
    assert post(client, listing, given=product.pk).status_code == 302
    plan = make_plan(seller, make_drill(course))
    assert (
        client.post(
            page_of(make_task(course, "rundown")),
            {
                "client_id": "0b1c7d8a-0000-4000-8000-0000000000ab",
                "text": "",
                "ticks": ["c1"],
                "given": plan.pk,
            },
        ).status_code
        == 302
    )
    tries = [make_submission(seller, make_rehearsal(seller, plan), number=n) for n in (1, 2)]
    rehearsal = make_task(course, "rehearsal")
    answer = client.post(
        page_of(rehearsal),
        {
            "client_id": "0b1c7d8a-0000-4000-8000-0000000000ac",
            "text": "",
            "ticks": ["c1"],
            "given": [one.pk for one in tries[::-1]],
        },
    )
    assert answer.status_code == 302
    items = list(TaskItem.objects.order_by("version_id", "position"))
    assert [(item.product, item.rundown, item.submission) for item in items] == [
        (product, None, None),
        (None, plan, None),
        (None, None, tries[0]),
        (None, None, tries[1]),
    ]
    assert items[0].label == "冰糖橙"


@pytest.mark.long
def test_returned_shows_the_one_thing_first_then_handed_in_again_and_accepted(mine, learner, trainer, task):
    version = hand_in(learner, task)
    TaskNote.objects.create(version=version, author=trainer, text="这里少一个算式")
    assert "这里少一个算式" not in text(mine.get(page_of(task)))  # not before the answer
    return_task(trainer, version, next_step="第 3 条补上算式", marks={"c2": "not_yet"})
    html = text(mine.get(page_of(task)))
    assert "先做这一件 第 3 条补上算式" in html
    assert "还没做到的 每条不超过 20 秒" in html
    assert "这里少一个算式" in html
    assert "再交一次" in html
    post(mine, task, text="补好了")
    accept_task(trainer, TaskVersion.objects.get(number=2))
    html = text(mine.get(page_of(task)))
    assert "老师看过，通过了" in html
    assert 'name="client_id"' not in mine.get(page_of(task)).content.decode()


def test_late_and_outside_a_class_are_said_plainly(as_user, mine, task, cohort, course, stranger):
    today = timezone.localdate()
    Cohort.objects.filter(pk=cohort.pk).update(starts_on=today - timedelta(9), ends_on=today - timedelta(1))
    post(mine, task, text="晚了")
    assert "班已经结业了。交的照样存着" in text(mine.get(page_of(task)))
    enrol(stranger, course)
    assert "你现在不在班里，没有老师看。" in text(as_user(stranger).get(page_of(task)))


@pytest.mark.long
def test_sharing_takes_one_tap_and_so_does_taking_it_back(
    as_user, mine, learner, trainer, task, cohort, course
):
    version = hand_in(learner, task, text="写得好的六条")
    accept_task(trainer, version)
    mate = make_person("同学")
    enrol(mate, course, cohort)
    share = reverse("rehearsals:task_share", args=[task.pk])
    as_user(learner).post(share, {"share": "1"})
    assert "写得好的六条" not in text(as_user(mate).get(page_of(task)))  # not chosen
    TaskWork.objects.update(is_chosen=True)
    assert "写得好的六条" in text(as_user(mate).get(page_of(task)))
    as_user(learner).post(share)
    assert "写得好的六条" not in text(as_user(mate).get(page_of(task)))


def test_a_film_on_its_way_is_shown_on_every_phone(mine, learner, course):
    task = make_task(course, "video")
    ticket = reverse("rehearsals:task_ticket", args=[task.pk, KEY, 1])
    assert mine.post(ticket).json()["ticket"]
    assert mine.post(reverse("rehearsals:task_ticket", args=[task.pk, KEY, 7])).status_code == 404
    Upload.objects.create(
        owner=learner, purpose="take", reference=f"task {task.pk} {UUID(KEY).hex} 1", size=1000, offset=990,
        expires_at="2999-01-01T00:00Z",
    )  # fmt: skip
    assert "有一段视频传到了 99%" in text(mine.get(page_of(task)))


@pytest.mark.long
def test_the_page_costs_the_same_for_one_version_and_for_eight(
    mine, learner, trainer, task, django_assert_num_queries, cohort
):
    hand_in(learner, task)
    mine.get(page_of(task))
    with django_assert_num_queries(QUERIES):
        mine.get(page_of(task))
    for _n in range(7):
        return_task(trainer, TaskVersion.objects.newest().get(), next_step="再来")
        hand_in(learner, task)
    return_task(trainer, TaskVersion.objects.newest().get(), next_step="再来")
    with django_assert_num_queries(QUERIES):
        mine.get(page_of(task))


QUERIES = 12
