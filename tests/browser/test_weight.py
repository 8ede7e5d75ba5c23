"""What a lesson costs on the line: everything that the phone asks for by itself, its worker's requests too."""

from __future__ import annotations

import gzip

import pytest
import rcssmin
from django.contrib.staticfiles import finders

from progress.enrolment.services import enrol
from tests.browser.film import give_film
from tests.browser.kept_lessons import NOTE, path_of, until
from tests.browser.line import Line
from tests.factories import make_course

pytestmark = pytest.mark.one_phone

HEADERS = 600  # bytes, of an answer; ours have about 300 to 550
FIRST_KIB, FIRST_REQUESTS, LATER_KIB = 40, 5, 12
TEXT = "先把果子擦干净，再摆到灯下面，镜头离果子一尺远。" * 3


@pytest.fixture
def line(live_server):
    made = Line(live_server.url)
    yield made
    made.close()


@pytest.fixture
def lesson(county, trainee):
    """With a film, and as much to read as a real one."""
    course = make_course(county, lessons=3)
    lesson = course.modules.first().lessons.first()
    lesson.body = "\n\n".join(f"## 第{n}步\n\n{TEXT}{n}" for n in range(1, 9))
    lesson.render()
    enrol(trainee, course)
    return give_film(lesson)


def kib(client, paths: set[str]) -> float:
    """As the front server would send them; the poster is a picture, and pictures are counted apart."""
    whole = 0
    for path in paths:
        if path.startswith("/static/"):
            with open(finders.find(path.removeprefix("/static/")), "rb") as file:
                body = file.read()
            if path.endswith(".css"):
                body = rcssmin.cssmin(body.decode()).encode()
        else:
            answer = client.get(path)
            assert answer.status_code == 200, path
            body = answer.content
        whole += len(gzip.compress(body, 5)) + HEADERS
    return whole / 1024


def asked_of(line: Line) -> set[str]:
    paths = {path for path in line.asked if "/video/" not in path}
    line.asked.clear()
    return paths


def test_first_visit_to_a_lesson_is_forty_kilobytes_in_five_requests(sign_in, line, trainee, lesson, client):
    page = sign_in(trainee, line.url)
    page.goto(line.url + path_of(lesson), wait_until="networkidle")
    until(lambda: page.evaluate(NOTE, "who") == trainee.pk)
    page.wait_for_timeout(1500)  # what would come by itself a little later
    first = asked_of(line)
    assert first == {
        path_of(lesson),
        *(
            f"/static/{name}"
            for name in ("ui/whole.css", "ui/start.js", "ui/app.js", "progress/signed_in.js")
        ),
    }
    assert len(first) <= FIRST_REQUESTS
    assert kib(client, first) <= FIRST_KIB


@pytest.mark.long
def test_second_page_brings_the_worker_and_stays_light(sign_in, line, trainee, lesson, client):
    page = sign_in(trainee, line.url)
    page.goto(line.url + path_of(lesson), wait_until="networkidle")
    until(lambda: page.evaluate(NOTE, "who") == trainee.pk)
    first = asked_of(line)
    page.goto(line.url + path_of(lesson), wait_until="networkidle")
    until(lambda: page.evaluate("Boolean(navigator.serviceWorker.controller)"))
    page.wait_for_timeout(500)
    # Under their hashed names what the first page brought is not asked for again.
    later = {path_of(lesson)} | asked_of(line) - first
    assert later == {path_of(lesson), "/sw.js", "/static/outbox/service_worker.js", "/offline/"}
    assert kib(client, later) <= LATER_KIB


MOVED = """() => new Promise((done) => {
  let sum = 0;
  const seen = (list) => list.getEntries().forEach((one) => (sum += one.value));
  new PerformanceObserver(seen).observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(sum), 300);
})"""


@pytest.mark.long
def test_nothing_of_a_lesson_moves_while_it_loads(sign_in, live_server, trainee, lesson):
    page = sign_in(trainee)
    page.goto(live_server.url + path_of(lesson), wait_until="networkidle")
    assert page.evaluate(MOVED) == 0
    blocking = (
        "performance.getEntriesByType('resource').filter((one) => one.renderBlockingStatus == 'blocking')"
    )
    assert page.evaluate(f"{blocking}.map((one) => new URL(one.name).pathname)") == ["/static/ui/whole.css"]
