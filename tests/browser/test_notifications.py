"""Notices on the phone itself: asking for them, what the worker shows, whose they are, taking them back."""

import json
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from accounts.models import PushSubscription
from tests.accounts.notifications.test_push import Browser
from tests.browser.kept_lessons import open_page, until

# The worker's own file is fetched without the page's language.
NEWS = "There is something new. Sign in to read it."
IS_ACTIVE = "async () => (await navigator.serviceWorker.ready).active?.state === 'activated'"
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map(({ title, body, tag, data }) => ({ title, body, tag, data }))"""

pytestmark = pytest.mark.usefixtures("no_second_factor")


@pytest.fixture(scope="module")
def browser(launch_browser: Callable[..., Chromium], whole_chromium: str) -> Iterator[Chromium]:
    found = launch_browser(executable_path=whole_chromium)
    yield found
    found.close()


@pytest.fixture
def settings_page(page: Page, live_server, sign_in, seller) -> Page:
    """The page as its owner opens it for the second time, when the worker answers already."""
    sign_in(seller)
    open_page(page, live_server, "/me/notifications/")
    return page


def give_subscription(page: Page, endpoint: str) -> None:
    """Stands in for the push service of the browser's maker, which cannot be reached from a test: everything else is
    the browser's own."""
    fields = {"endpoint": endpoint, "keys": Browser().keys()}
    page.add_init_script(
        f"""const given = {{
          ...{json.dumps(fields)},
          toJSON: () => given,
          unsubscribe: async () => (localStorage.removeItem("given"), true),
        }};
        PushManager.prototype.subscribe = async () => (localStorage.setItem("given", "1"), given);
        PushManager.prototype.getSubscription = async () => (localStorage.getItem("given") ? given : null);"""
    )


def refuse(page: Page, origin: str) -> None:
    """As its owner would in the browser's own settings."""
    session = page.context.new_cdp_session(page)
    context = session.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    permission = {"permission": {"name": "notifications"}, "setting": "denied", "origin": origin}
    session.send("Browser.setPermission", permission | {"browserContextId": context})


def deliver(page: Page, origin: str, message: dict) -> dict:
    """Hands the worker a message as the push service would, and gives the notification of this tag that it then shows."""
    page.context.grant_permissions(["notifications"], origin=origin)
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(row["registrationId"] for row in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    until(lambda: page.evaluate(IS_ACTIVE) and found)
    for seconds in (5, 5, 20):
        # DevTools drops a message to a worker that is just starting; a push service would send it again.
        session.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": found[-1], "data": json.dumps(message)},
        )
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            shown = {one["tag"]: one for one in page.evaluate(SHOWN)}
            if message["tag"] in shown:
                return shown[message["tag"]]
    raise AssertionError(f"{message['tag']} is not shown")


@pytest.mark.long
def test_a_phone_is_switched_on_shown_in_the_list_and_switched_off(page, live_server, sign_in, seller, axe):
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    give_subscription(page, "https://fcm.googleapis.com/fcm/send/one")
    sign_in(seller)
    page.goto(f"{live_server.url}/me/")
    page.get_by_role("link", name="手机通知").click()
    expect(page.get_by_role("status").filter(has_text="这台手机还没开通知。")).to_be_visible()
    axe()
    page.get_by_role("button", name="这台手机开通知").click()
    expect(page.get_by_role("status").filter(has_text="这台手机开着通知。")).to_be_visible()
    expect(page.locator("[data-endpoint]")).to_have_count(1)
    axe()
    assert PushSubscription.objects.get().user == seller
    page.get_by_role("button", name="这台手机关掉通知").click()
    expect(page.get_by_role("status").filter(has_text="这台手机还没开通知。")).to_be_visible()
    assert not PushSubscription.objects.exists()


@pytest.mark.long
def test_a_permission_that_is_refused_is_explained_and_what_was_on_ends(page, live_server, sign_in, seller):
    give_subscription(page, "https://fcm.googleapis.com/fcm/send/one")
    page.add_init_script("localStorage.setItem('given', '1')")
    sign_in(seller)
    PushSubscription.objects.create(
        user=seller,
        endpoint="https://fcm.googleapis.com/fcm/send/one",
        label="安卓·Chrome",
        language="zh-hans",
    )
    open_page(page, live_server, "/me/notifications/")
    refuse(page, live_server.url)
    page.reload()
    expect(page.get_by_role("status").filter(has_text="这台手机不许新农活发通知。")).to_be_visible()
    expect(page.get_by_role("button", name="这台手机开通知")).to_be_hidden()
    assert not PushSubscription.objects.exists()


@pytest.mark.long
def test_a_push_service_that_cannot_be_reached_is_said_and_can_be_tried_again(
    page, live_server, settings_page
):
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    page.reload()
    page.get_by_role("button", name="这台手机开通知").click()
    expect(page.get_by_role("status").filter(has_text="没连上手机的通知服务")).to_be_visible()
    expect(page.get_by_role("button", name="这台手机开通知")).to_be_visible()


@pytest.mark.long
def test_the_worker_shows_what_has_happened_to_its_owner_and_leads_to_this_site(
    live_server, settings_page, seller
):
    own = {
        "body": "来了新订单 1，去看看接不接。",
        "url": "/me/shop/",
        "tag": "own",
        "user": str(seller.pk),
        "title": "新农活",
    }
    assert deliver(settings_page, live_server.url, own) == {
        "title": "新农活",
        "body": own["body"],
        "tag": "own",
        "data": "/me/shop/",
    }
    # Another person's message is not told on this phone.
    other = {"body": "来了新订单 1", "url": "/me/shop/", "tag": "other", "user": str(seller.pk + 1)}
    shown = deliver(settings_page, live_server.url, other)
    assert (shown["body"], shown["data"]) == (NEWS, "/")
    # No message leads to another site.
    elsewhere = {"body": "b", "url": "//evil.example/", "tag": "elsewhere", "user": str(seller.pk)}
    assert deliver(settings_page, live_server.url, elsewhere)["data"] == "/"
