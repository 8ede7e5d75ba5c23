"""outbox.js by itself: how it cuts batches, what it forgets, and two tabs at once."""

import gzip
import json

import pytest

from outbox.models import Event
from tests.browser.test_outbox_plans import WAYS, BrowserPhone

ADD = """async ([url, user, n]) => {
  const outbox = await import(url);
  for (let i = 0; i < n; i += 1) await outbox.add(user, "ask", { lesson: 0, text: "问" + i });
}"""


class Open(BrowserPhone):
    """Lets everything through, and remembers how many events were in each batch."""

    is_away = False

    def pass_on(self, route) -> None:
        if self.is_away:
            return route.fulfill(
                status=503, headers={"Retry-After": "5"}, json={"error": "网站这会儿连不上自己的数据"}
            )
        if route.request.method == "POST":
            body = route.request.post_data_buffer
            packed = route.request.headers.get("content-encoding") == "gzip"
            events = json.loads(gzip.decompress(body) if packed else body)["events"]
            self.sizes.append(len(events))
            if len(events) > self.most:
                return route.fulfill(status=413, json={"error": "多了"})
        return route.continue_()


@pytest.fixture
def phone(browser, live_server, trainee):
    phone = Open(browser, live_server)
    phone.sizes, phone.most = [], 200
    phone.sign_in(trainee)
    yield phone
    phone.context.close()


def test_batches_hold_fifty(phone, trainee):
    phone.page.evaluate(ADD, [phone.script, trainee.pk, 120])
    assert phone.do("send") == ""
    assert phone.sizes == [50, 50, 20]
    assert phone.do("count", trainee.pk) == 0
    assert Event.objects.filter(user=trainee).count() == 120


@pytest.mark.long
def test_batch_that_is_too_big_is_halved_and_one_alone_keeps_nobody_back(phone, trainee):
    phone.most = 13
    phone.page.evaluate(ADD, [phone.script, trainee.pk, 30])
    assert phone.do("send") == ""
    assert phone.sizes == [30, 15, 8, 8, 8, 6]
    phone.most, phone.sizes = 0, []
    phone.page.evaluate(ADD, [phone.script, trainee.pk, 2])
    assert phone.do("send") == ""
    assert phone.do("count", trainee.pk) == 2
    phone.most = 200
    assert phone.do("send") == ""
    assert phone.do("count", trainee.pk) == 0


@pytest.mark.long
def test_nothing_is_sent_under_another_name(phone, trainee, seller):
    phone.page.evaluate(ADD, [phone.script, trainee.pk, 2])
    phone.sign_in(seller)
    assert phone.do("send") == ""
    assert (phone.sizes, phone.do("count", trainee.pk)) == ([], 2)
    phone.context.clear_cookies()
    assert phone.do("send") == "login"
    assert phone.do("count", trainee.pk) == 2
    phone.sign_in(trainee)
    assert phone.do("send") == ""
    assert (phone.sizes, phone.do("count", trainee.pk)) == ([2], 0)


@pytest.mark.long
@pytest.mark.parametrize("locks", [True, False])
def test_two_tabs_do_not_send_the_same_batch(phone, trainee, locks):
    if not locks:
        phone.context.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined})")
    phone.kill()
    other = phone.context.new_page()
    other.goto(phone.url + "/bare")
    phone.page.evaluate(ADD, [phone.script, trainee.pk, 20])
    start = f"(async () => (await import('{phone.script}')).send())(), 0"
    phone.page.evaluate(start)
    other.evaluate(start)
    assert other.evaluate(WAYS, ["send", phone.script]) == ""
    assert phone.page.evaluate(WAYS, ["send", phone.script]) == ""
    assert phone.sizes == [20]


@pytest.mark.long
def test_nothing_is_dropped_while_the_database_of_the_site_is_away(phone, trainee):
    phone.page.evaluate(ADD, [phone.script, trainee.pk, 3])
    phone.is_away = True
    assert phone.do("send") == "busy"
    assert phone.do("count", trainee.pk) == 3
    phone.is_away = False
    assert phone.do("send") == ""
    assert phone.do("count", trainee.pk) == 0
    assert Event.objects.filter(user=trainee).count() == 3
