"""Photos chosen on a phone: shrunk, sent, shown, refused, put in order, and all of it without scripts too."""

import io
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Page, expect

from media.models import Photo
from tests.browser.photos.shots import choose, file, keys, original, shots, state_of
from tests.factories import make_photo
from tests.media import pictures

pytestmark = [pytest.mark.urls("tests.browser.photo_page"), pytest.mark.one_phone]


def test_photo_is_chosen_in_one_tap_shrunk_sent_and_shown(form, work_off, axe):
    content = pictures.phone_jpeg(4000, 3000, turn=6)
    with form.expect_file_chooser() as chooser:
        form.get_by_text("拍照或选照片").tap()
    assert chooser.value.is_multiple()
    chooser.value.set_files([file(content)])
    expect(state_of(form)).to_have_text("传好了，正在处理")
    photo = Photo.objects.get()
    assert keys(form) == [photo.key]
    small = Image.open(io.BytesIO(original(photo)))
    assert small.size == (1200, 1600)
    assert photo.bytes < len(content)
    assert pictures.SERIAL not in original(photo)
    picture = shots(form).locator("img")
    expect(picture).to_have_attribute("alt", "第 1 张照片")
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") == 1200
    axe()
    work_off()
    expect(state_of(form)).to_have_text("")
    expect(shots(form)).to_have_attribute("data-shot", "ready")
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (1200, 1600)
    axe()


@pytest.mark.long
def test_small_photo_and_heic_are_sent_as_they_are_and_the_same_twice_is_said(form, work_off):
    content = pictures.jpeg(300, 200)
    choose(form, file(content), file(content, "again.jpg"))
    expect(form.locator("[data-message]")).to_have_text("这张已经有了")
    expect(shots(form)).to_have_count(1)
    expect(state_of(form)).to_have_text("传好了，正在处理")
    assert original(Photo.objects.get()) == content
    # What the phone cannot draw itself is shown once it is ready.
    heic = pictures.HEIC.read_bytes()
    choose(form, file(heic, "IMG_2.HEIC", "image/heic"))
    expect(state_of(form, 1)).to_have_text("传好了，正在处理")
    second = shots(form).nth(1)
    expect(second.locator("img")).to_have_count(0)
    assert original(Photo.objects.latest("id")) == heic
    work_off()
    expect(second.locator("img")).to_have_count(1)
    expect(second.locator("svg[data-photo]")).to_have_count(0)
    assert second.locator("img").get_attribute("src").endswith("-320.webp")


@pytest.mark.long
def test_photo_that_turns_out_broken_says_why_and_holds_the_form(form, work_off):
    broken = pictures.png_with(b"IDAT", b"nonsense")
    choose(form, file(broken, "IMG_3.png", "image/png"))
    expect(state_of(form)).to_have_text("传好了，正在处理")
    work_off()
    expect(state_of(form)).to_have_text("这张照片打不开，可能没存完整，重拍一张")
    form.get_by_label("名称").fill("橙")
    form.get_by_role("button", name="发布").tap()
    expect(form.locator("[data-message]")).to_have_text("有照片没传上，重传或者拿掉")
    expect(form.get_by_role("button", name="拿掉这张")).to_be_focused()


@pytest.mark.long
def test_refused_photo_is_named_and_can_be_taken_out(form, axe):
    choose(form, file(b"%PDF-1.7", "合同.jpg"), file(pictures.jpeg(300, 200)))
    expect(state_of(form, 0)).to_have_text("“合同.jpg”是 PDF，把那一页拍下来再传")
    expect(state_of(form, 1)).to_have_text("传好了，正在处理")
    axe()
    shots(form).nth(0).get_by_role("button", name="拿掉这张").tap()
    expect(shots(form)).to_have_count(1)
    expect(form.locator("[data-cover]:visible")).to_have_count(1)
    form.get_by_label("名称").fill("橙")
    form.get_by_role("button", name="发布").tap()
    expect(form).to_have_title("好")
    assert Photo.objects.get().key in form.content()


@pytest.mark.long
def test_nine_of_fifty_are_taken(form):
    choose(form, *[file(pictures.jpeg(100, 50 + number), f"{number}.jpg") for number in range(50)])
    expect(form.locator("[data-message]")).to_have_text("一次最多 9 张，多的没传上")
    expect(shots(form)).to_have_count(9)
    expect(form.locator("[data-more]")).to_be_hidden()
    expect(form.locator("[data-shot=waiting]")).to_have_count(9)
    assert Photo.objects.count() == 9


@pytest.mark.long
def test_photos_are_put_in_order_by_keyboard(form, live_server, seller):
    made = [make_photo(seller).key for _number in range(3)]
    form.goto(f"{live_server.url}/photo-page/?old")
    expect(form.locator("[data-act]").first).to_have_attribute("type", "button")
    shots(form).nth(2).get_by_role("button", name="往前移").press("Enter")
    assert keys(form) == [made[0], made[2], made[1]]
    expect(form.locator("[data-message]")).to_have_text("现在是第 2 张")
    form.keyboard.press("Enter")
    assert keys(form) == [made[2], made[0], made[1]]
    expect(shots(form).nth(0).locator("[data-cover]")).to_be_visible()
    expect(form.locator("[data-cover]:visible")).to_have_count(1)
    expect(shots(form).nth(0).locator("img")).to_have_attribute("alt", "第 1 张照片")


@pytest.fixture
def without_script(browser, live_server, client, seller) -> Page:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN"
    )
    client.force_login(seller)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}/photo-page/")
    yield page
    context.close()


@pytest.mark.long
def test_without_javascript_photos_go_with_the_form(without_script):
    page = without_script
    choose(page, file(pictures.jpeg(300, 200)), file(b"%PDF", "合同.jpg"), file(pictures.jpeg(300, 201)))
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("“合同.jpg”是 PDF，把那一页拍下来再传").first).to_be_visible()
    first, second = Photo.objects.order_by("id")
    assert keys(page) == [first.key, second.key]
    shots(page).nth(1).get_by_role("button", name="往前移").click()
    expect(page.locator("[data-shots] input[type=hidden]").first).to_have_value(second.key)
    assert keys(page) == [second.key, first.key]
    expect(page.locator(".error:visible")).to_have_count(0)
    page.get_by_label("名称").fill("橙")
    page.get_by_label("名称").press("Enter")
    expect(page).to_have_title("好")
    assert f"{second.key} {first.key}" in page.content()
    assert Path(settings.INTAKE_ROOT, "photos", first.key).exists()
