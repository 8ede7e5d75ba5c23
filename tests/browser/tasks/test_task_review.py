"""A trainer answers tasks on a phone: from the queue, a tap on a photo, criteria, returned; handed in again, accepted."""

import time
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from courses.models import Assignment, Cohort
from media.models import Video
from progress.enrolment.services import enrol
from rehearsals.models import TaskNote, TaskReview, TaskVersion
from rehearsals.tasks.services import HandedIn, hand_in_task
from tests.browser.conftest import expect
from tests.browser.test_review import real_video
from tests.factories import make_cohort, make_course, make_person, make_photo, make_product, make_shop
from tests.rehearsals.tasks.worlds import hand_in, make_task, make_whole_upload
from tests.rehearsals.worlds import make_plan
from tests.reviews import make_submission
from tests.shops.orders.seller_side import make_document

pytestmark = [pytest.mark.one_phone, pytest.mark.usefixtures("no_second_factor")]

PACE = 0.7  # seconds that a person needs for a tap
SEEK = """async (video) => {
    const begun = new Promise((done, fail) => {
        video.addEventListener("loadedmetadata", done, { once: true });
        video.addEventListener("error", () => fail(new Error("the film does not load")), { once: true });
    });
    video.preload = "auto";
    video.load();
    await begun;
    video.currentTime = 7.4;
}"""
NEXT_STEP = "第二张往有光的地方挪一步"


@pytest.fixture
def cohort(village, trainer, trainee) -> Cohort:
    cohort = make_cohort(make_course(village, title="直播课", slug="live"), village, trainer, name="秋季班")
    enrol(trainee, cohort.course, cohort)
    return cohort


def take(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"点评{name}").tap()
    expect(page.get_by_role("button", name="退回改一处")).to_be_visible()


def mark(page: Page, criterion: str, label: str) -> None:
    page.get_by_role("group", name=criterion).get_by_label(label, exact=True).tap()


def test_returned_with_a_note_on_a_spot_then_handed_in_again_and_accepted(
    sign_in, live_server, trainer, trainee, cohort, axe
):
    task = make_task(cohort.course, "photo", title="一好一坏两张光")
    photos = [make_photo(trainee, is_private=True) for _n in range(2)]
    hand_in(trainee, task, photos=photos, ticks=frozenset({"c1"}))
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/")
    axe()
    take(page, trainee.name)
    # A tap on the second photo, a quarter from the left and half way down, and a few words.
    picture = page.locator("[data-spot] img").nth(1)
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert page.viewport_size["width"] == 360
    assert picture.evaluate(
        "picture => [picture.naturalWidth > 0, new URL(picture.currentSrc).pathname.split('/')[1]]"
    ) == [
        True,
        "learn",
    ]
    box = picture.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(page.get_by_label("记在哪一样上")).to_have_value(
        str(task.works.get().versions.get().items.last().pk)
    )
    expect(page.get_by_label("说什么")).to_be_focused()
    page.keyboard.type("脸上黑")
    mark(page, "五条都竖着拍", "做到了")
    page.get_by_role("button", name="记下").tap()
    expect(page.locator("#notes")).to_contain_text("脸上黑")
    note = TaskNote.objects.get()
    assert abs(note.x - 250) < 10
    assert abs(note.y - 500) < 10
    expect(page.locator(".item__spots circle")).to_have_count(1)
    # Returned without saying what: named, and the mark stays.
    page.get_by_role("button", name="退回改一处").tap()
    expect(page.get_by_role("link", name="先写要改的一处，再点“退回改一处”。")).to_be_visible()
    expect(page.get_by_role("group", name="五条都竖着拍").get_by_label("做到了", exact=True)).to_be_checked()
    axe()
    page.get_by_label("要改的一处").fill(NEXT_STEP)
    page.get_by_role("button", name="退回改一处").tap()
    expect(page.locator("#main").get_by_text("退回了，")).to_be_visible()
    axe()
    # The trainee reads it, with the number on the photo; then hands in again.
    page = sign_in(trainee)
    page.goto(f"{live_server.url}/learn/tasks/{task.pk}/")
    expect(page.locator("#answer")).to_contain_text(NEXT_STEP)
    expect(page.locator(".item__spots circle")).to_have_count(1)
    hand_in(trainee, task, photos=photos)
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/")
    expect(page.get_by_text("又交了一遍")).to_be_visible()
    take(page, trainee.name)
    expect(page.get_by_text(NEXT_STEP).first).to_be_visible()
    page.get_by_role("button", name="通过", exact=True).tap()
    expect(page.locator("#main").get_by_text("通过了，")).to_be_visible()
    assert list(TaskReview.objects.order_by("pk").values_list("decision", flat=True)) == [
        "returned",
        "accepted",
    ]


# --- long: every kind, without a pointer, the time it takes, both languages and screens ---


def give(kind: str, person, task: Assignment, cohort: Cohort) -> TaskVersion:
    """Hand in what the task asks for; a film is ready at once."""
    if kind == "video":
        key = uuid4()
        upload = make_whole_upload(person, task, key, position=TaskVersion.objects.count() + 1)
        version = hand_in(person, task, key, uploads=[upload])
        version.items.update(video=real_video())
        Video.objects.filter(status=Video.Status.WAITING).delete()
        return version
    given = {
        "photo": lambda: {"photos": [make_photo(person)]},
        "text": lambda: {"text": "坏 4 个退 9.97 元。"},
        "file": lambda: {"document": make_document(person)},
        "listing": lambda: {"product": make_product(make_shop(person, cohort.place))},
        "rundown": lambda: {"rundown": make_plan(person, items=2, place=cohort.place)},
        "rehearsal": lambda: {"submissions": [make_submission(person, cohort)]},
    }
    return hand_in(person, task, **given[kind]())


@pytest.mark.long
@pytest.mark.parametrize("kind", Assignment.HandIn.values)
def test_every_kind_is_returned_handed_in_again_and_accepted(
    kind, sign_in, live_server, trainer, trainee, cohort, axe, languages
):
    task = make_task(cohort.course, kind)
    version = give(kind, trainee, task, cohort)
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/?kind={kind}")
    take(page, trainee.name)
    axe()
    if kind == "video":
        page.locator("video").evaluate(SEEK)
        expect(page.locator("[data-second] [data-clock]")).to_have_text("0:07")
        page.locator("[data-second]").tap()
        page.get_by_label("说什么").fill("手抖")
        page.get_by_role("button", name="记下").tap()
        expect(page.locator("#notes")).to_contain_text("0:07")
        assert TaskNote.objects.get().at_ms == 7000
        assert page.locator("video").evaluate("video => video.currentTime") > 7  # the film stays where it was
    page.get_by_label("要改的一处").fill("再来一遍")
    page.get_by_role("button", name="退回改一处").tap()
    expect(page.locator("#main").get_by_text("退回了，")).to_be_visible()
    again = give(kind, trainee, task, cohort)
    assert again.number == version.number + 1
    page.goto(f"{live_server.url}/review/tasks/{again.work_id}/")
    page.get_by_role("button", name="开始看").tap()
    page.get_by_role("button", name="通过", exact=True).tap()
    expect(page.locator("#main").get_by_text("通过了，")).to_be_visible()
    for _language in languages():
        page.goto(f"{live_server.url}/review/tasks/{again.work_id}/")
        axe()


@pytest.mark.long
def test_a_place_on_a_photo_is_noted_by_the_keyboard_alone(sign_in, live_server, trainer, trainee, cohort):
    task = make_task(cohort.course, "photo")
    hand_in(trainee, task, photos=[make_photo(trainee), make_photo(trainee)])
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/")
    take(page, trainee.name)
    page.locator("#note summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("记在哪一样上").focus()
    for key in ("ArrowDown", "ArrowDown", "Tab", "ArrowDown", "ArrowDown", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("太暗")
    page.keyboard.press("Enter")
    expect(page.locator("#notes")).to_contain_text("太暗")
    note = TaskNote.objects.get()
    assert (note.item.position, note.x, note.y) == (2, 500, 167)


@pytest.mark.long
def test_twenty_tasks_one_after_the_other_and_the_seconds_each_takes(
    sign_in, live_server, trainer, trainee, cohort, capsys
):
    """A person's pace: a tap in 0.7 s, a character of the one thing in a quarter of a second. The page adds to that."""
    task = make_task(cohort.course)
    for number in range(20):
        enrol(person := make_person(f"学员{number}"), cohort.course, cohort)
        hand_in_task(
            person, task, HandedIn(uuid4(), text="坏 4 个退 9.97 元。"), timezone.now(), timezone.now()
        )
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/review/")
    page.locator("form .btn--main").first.tap()
    begun, hand = time.monotonic(), 0.0
    for number in range(20):
        for criterion in ("五条都竖着拍", "每条不超过 20 秒", "不拍孩子"):
            mark(page, criterion, "做到了")
            hand += PACE
        if number % 5 == 4:
            page.get_by_label("要改的一处").fill("第三条写退多少钱")
            hand += PACE + 8 / 4
            page.get_by_role("button", name="退回改一处").tap()
        else:
            page.get_by_role("button", name="通过", exact=True).tap()
        hand += PACE
        expect(page.locator(".toasts")).to_contain_text("退回了" if number % 5 == 4 else "通过了")
    took = time.monotonic() - begun
    with capsys.disabled():
        print(f"\n20 tasks: the page {took / 20:.2f} s each, a hand {hand / 20:.2f} s, reading apart")
    assert TaskReview.objects.count() == 20
    assert took / 20 < 5
