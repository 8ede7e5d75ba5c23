"""Tasks on a phone without a signal: each kind is stored, handed in when the signal is back, answered, and done again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from courses.models import Assignment
from media import cleanup
from media.models import Photo, Upload
from outbox.models import Event
from progress.enrolment.services import enrol
from rehearsals.models import TaskItem, TaskVersion
from rehearsals.tasks.services import accept_task, return_task
from tests.browser.conftest import expect
from tests.browser.kept_lessons import cut, mend, until
from tests.factories import make_cohort, make_course, make_product, make_shop
from tests.media.pictures import jpeg
from tests.media.videos.films import film
from tests.rehearsals.tasks.worlds import make_task
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.fixture
def course(county, village, trainer, trainee, no_second_factor):
    course = make_course(county, title="直播课")
    enrol(trainee, course, make_cohort(course, village, trainer))
    return course


@pytest.fixture
def opened(sign_in, live_server):
    def open_task(person, task: Assignment):
        page = sign_in(person)
        page.goto(f"{live_server.url}/learn/tasks/{task.pk}/")
        page.wait_for_load_state("networkidle")
        return page

    return open_task


def photo(name: str, width: int = 400) -> dict:
    return {"name": name, "mimeType": "image/jpeg", "buffer": jpeg(width)}


def hand_in(page) -> None:
    """Where nothing is ticked the page asks once."""
    is_ticked = page.locator("[name=ticks]:checked").count() > 0
    page.get_by_role("button", name="交给老师").click()
    if not is_ticked:
        expect(page.get_by_text("一条都没勾，交之前对一遍。")).to_be_visible()
        page.get_by_role("button", name="交给老师").click()


def offline_then_sent(page, where: str = "存在手机里了。") -> str:
    """Hand in without a signal; return the receipt that the page shows when it is back."""
    cut(page.context)
    hand_in(page)
    expect(page.get_by_text(where)).to_be_visible()
    assert not TaskVersion.objects.exists()
    mend(page.context)
    receipt = page.locator(".code[data-receipt]")
    expect(receipt).to_be_visible()
    return receipt.inner_text()


@pytest.mark.long
def test_a_text_is_handed_in_offline_returned_done_again_and_accepted(opened, trainee, trainer, course, axe):
    page = opened(trainee, make_task(course))
    axe()
    page.get_by_label("写在这里").fill("坏 4 个退 9.97 元。")
    page.get_by_text("五条都竖着拍").click()
    receipt = offline_then_sent(page)
    version = TaskVersion.objects.get()
    assert (version.receipt, version.text) == (receipt, "坏 4 个退 9.97 元。")
    assert [row["ticked"] for row in version.ticks] == [True, False, False]
    return_task(trainer, version, next_step="第 3 条补上算式")
    page.reload()
    expect(page.get_by_role("heading", name="先做这一件")).to_be_visible()
    axe()
    page.get_by_role("link", name="再交一次").click()
    expect(page.get_by_label("写在这里")).to_have_value("")
    page.get_by_label("写在这里").fill("补好了")
    hand_in(page)
    expect(page.locator(".code[data-receipt]")).not_to_have_text(receipt)
    accept_task(trainer, TaskVersion.objects.get(number=2))
    page.reload()
    expect(page.get_by_role("heading", name="老师看过，通过了")).to_be_visible()
    axe()


@pytest.mark.long
def test_photos_wait_on_the_phone_through_a_reload_and_keep_their_order(opened, trainee, course, axe):
    page = opened(trainee, make_task(course, "photo"))
    page.locator("input[type=file]").set_input_files(
        [photo("a.jpg"), photo("b.jpg", 500), photo("c.jpg", 600)]
    )
    expect(page.locator("[data-pick]")).to_have_count(3)
    expect(page.locator("[data-cost]")).to_contain_text("3 样存在手机里了")
    page.locator("[data-pick]").nth(1).get_by_role("button", name="往前移").click()
    page.locator("[data-pick]").nth(2).get_by_role("button", name="拿掉这一样").click()
    page.reload()  # as when the camera closes the browser
    expect(page.locator("[data-pick]")).to_have_count(2)
    axe()
    offline_then_sent(page)
    widths = [item.photo.width for item in TaskItem.objects.order_by("position")]
    assert widths == [500, 400]


@pytest.mark.long
def test_a_film_goes_on_where_it_was_cut(opened, trainee, course, tmp_path):
    page = opened(trainee, make_task(course, "video"))
    source = film("task.mp4", seconds=12)
    page.locator("input[type=file]").set_input_files(str(source))
    expect(page.locator("[data-pick]")).to_have_count(1)
    expect(page.locator("[data-pick]")).to_contain_text("这段是横着拍的。")
    sent = []

    def break_off(route) -> None:
        sent.append(route.request.headers.get("upload-offset"))
        if len(sent) == 2:
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/video/*/**", break_off)
    hand_in(page)
    expect(page.locator(".code[data-receipt]")).to_be_visible()
    upload = Upload.objects.get()
    assert (upload.state, upload.whole_size) == (Upload.State.WHOLE, Path(source).stat().st_size)
    assert TaskItem.objects.get().video.parts.get().upload == upload


WORKS_KEPT = """() => new Promise((done) => {
  indexedDB.open("farm-tasks").onsuccess = ({ target: { result } }) => {
    const found = result.transaction("works").objectStore("works").getAll();
    found.onsuccess = () => (result.close(), done(found.result.map((row) => row.state)));
  };
})"""


@pytest.mark.long
def test_photos_whose_event_was_cut_off_are_sent_again_when_the_server_has_cleared_them_away(
    opened, trainee, course
):
    task = make_task(course, "photo")
    page = opened(trainee, task)
    page.locator("input[type=file]").set_input_files([photo("a.jpg"), photo("b.jpg", 500)])
    expect(page.locator("[data-pick]")).to_have_count(2)

    def cut_event(route) -> None:
        if route.request.method == "POST":
            route.abort()
        else:
            route.continue_()

    page.route("**/sync/", cut_event)
    hand_in(page)
    expect(page.get_by_text("存在手机里了。")).to_be_visible()
    until(lambda: page.evaluate(WORKS_KEPT) == ["named"])
    Photo.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert cleanup.drop_unused_photos() == 2
    page.unroute("**/sync/")
    page.reload()
    expect(page.locator(".code[data-receipt]")).to_be_visible()
    assert [item.photo.width for item in TaskItem.objects.order_by("position")] == [400, 500]
    assert not Event.objects.filter(state="rejected").exists()
    assert page.evaluate(WORKS_KEPT) == []


@pytest.mark.long
def test_what_is_no_film_is_said_at_once(opened, trainee, course):
    page = opened(trainee, make_task(course, "video"))
    choose = page.locator("input[type=file]").set_input_files
    problem = page.locator("[data-problem]")
    for name, content, said in (
        ("讲稿.mp4", b"PK\x03\x04" + bytes(99), "“讲稿.mp4”是文档改了名字，不是视频。"),
        ("空的.mp4", b"", "“空的.mp4”是空的，重新选一次"),
        ("录音.txt", b"hello, not a film", "“录音.txt”不是视频，重新选"),
        (
            "半截.mp4",
            Path(film("half.mp4", seconds=2)).read_bytes()[:-900],
            "“半截.mp4”没存完整，后半截不见了",
        ),
    ):
        choose({"name": name, "mimeType": "video/mp4", "buffer": content})
        expect(problem).to_contain_text(said)
    choose([{"name": name, "mimeType": "video/mp4", "buffer": b"?"} for name in ("甲.mp4", "乙.mp4")])
    expect(problem).to_have_text("“甲.mp4”不是视频，重新选；“乙.mp4”不是视频，重新选")
    expect(problem).to_be_in_viewport()
    expect(page.locator("[data-pick]")).to_have_count(0)


@pytest.mark.long
def test_a_phone_without_room_says_so_and_sends_all_the_same(opened, trainee, course):
    page = opened(trainee, make_task(course, "video"))
    page.evaluate("navigator.storage.estimate = async () => ({ quota: 1e9, usage: 1e9 - 2e7 })")
    page.locator("input[type=file]").set_input_files(str(film("full.mp4", seconds=2)))
    expect(page.locator("[data-problem]")).to_contain_text("手机里只剩 20 MB")
    hand_in(page)
    expect(page.locator(".code[data-receipt]")).to_be_visible()
    assert TaskItem.objects.get().video is not None


@pytest.mark.long
def test_a_file_and_own_things_are_handed_in_offline(opened, seller, trainee, village, course, work_off):
    paper = opened(trainee, make_task(course, "file"))
    paper.locator("input[type=file]").set_input_files(photo("成本单.jpg"))
    expect(paper.locator("[data-pick]")).to_have_count(1)
    offline_then_sent(paper)
    assert TaskItem.objects.get().document is not None
    TaskVersion.objects.all().delete()
    enrol(seller, course, course.cohorts.get())
    product = make_product(make_shop(seller, village), name="冰糖橙")
    plan = make_plan(seller, make_drill(course))
    submission = make_submission(seller, make_rehearsal(seller, plan))
    for kind, label, name in (
        ("listing", "冰糖橙", "product"),
        ("rundown", plan.title, "rundown"),
        ("rehearsal", plan.title, "submission"),
    ):
        page = opened(seller, make_task(course, kind))
        page.locator("form fieldset label", has_text=label).first.click()
        offline_then_sent(page)
        assert (
            getattr(TaskItem.objects.get(), name)
            == {"product": product, "rundown": plan, "submission": submission}[name]
        )
        TaskVersion.objects.all().delete()


@pytest.mark.long
def test_another_page_sends_what_waits(opened, trainee, course, live_server):
    page = opened(trainee, make_task(course, "photo"))
    page.locator("input[type=file]").set_input_files(photo("a.jpg"))
    expect(page.locator("[data-pick]")).to_have_count(1)
    cut(page.context)
    hand_in(page)
    expect(page.get_by_text("存在手机里了。")).to_be_visible()
    page.goto("about:blank")
    mend(page.context)
    page.goto(f"{live_server.url}/practise/")
    expect(page.get_by_text("手机里的任务都交到了")).to_be_visible()
    until(lambda: TaskVersion.objects.count() == 1)


@pytest.mark.long
@pytest.mark.own_phone
def test_a_browser_that_stores_nothing_hands_in_all_the_same(page, opened, trainee, course):
    page.add_init_script("""IDBFactory.prototype.open = () => {
        const asked = { error: new DOMException("private", "InvalidStateError") };
        setTimeout(() => asked.onerror?.());
        return asked;
    }""")
    page = opened(trainee, make_task(course, "photo"))
    page.locator("input[type=file]").set_input_files(photo("a.jpg"))
    expect(page.locator("[data-pick]")).to_contain_text("这一样没存进去")
    hand_in(page)
    expect(page.locator(".code[data-receipt]")).to_be_visible()
    assert TaskItem.objects.get().photo.width == 400
