"""The measured pages, as paths with the headers of their readers, and the number of queries of each."""

import json
from dataclasses import dataclass

from bench.harness.site import run_code

FIND = """
import json
from accounts.models import User
from courses.models import Cohort, Course, Lesson
from shops.models import Product
from bench.harness.sessions import create_session
sessions = {name: create_session(User.objects.get(phone=f"+861380000000{n}"))
    for n, name in enumerate(("trainee", "trainer", "seller"), 1)}
cohort = Cohort.objects.filter(trainers__phone="+8613800000002").latest("starts_on")
course = Course.objects.get(slug="live-selling")
lesson = Lesson.objects.filter(module__course=course).in_order()[1]
print(json.dumps({"sessions": sessions, "course": course.get_absolute_url(),
    "lesson": lesson.get_absolute_url(), "class": cohort.get_absolute_url(),
    "products": [p.get_absolute_url() for p in Product.objects.published().order_by("-pk")[:24]]}))
"""

COUNT = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(headers={{"host": "127.0.0.1"}})
if {session!r}:
    client.cookies["sessionid"] = {session!r}
client.get({path!r})
with CaptureQueriesContext(connection) as queries:
    response = client.get({path!r})
assert response.status_code == 200, response.status_code
print(len(queries))
"""


@dataclass
class Page:
    name: str
    paths: list[str]
    headers: dict[str, str]


def pages(env: dict[str, str]) -> list[Page]:
    found = json.loads(run_code(env, FIND).splitlines()[-1])
    as_trainee, as_trainer, as_seller = ({"Cookie": f"sessionid={key}"} for key in found["sessions"].values())
    return [
        Page("home", ["/"], {}),
        Page("course", [found["course"]], {}),
        Page("lesson (signed in)", [found["lesson"]], as_trainee),
        Page("product list", ["/products/"], {}),
        Page("product", found["products"], {}),
        Page("seller's orders", ["/me/shop/orders/"], as_seller),
        Page("class board", [found["class"]], as_trainer),
    ]


def queries(env: dict[str, str], page: Page) -> int:
    """Return the number of SQL statements of a page's second request, with the page cache off."""
    session = page.headers.get("Cookie", "").removeprefix("sessionid=")
    answer = run_code(env | {"PAGE_CACHE": "0"}, COUNT.format(path=page.paths[0], session=session))
    return int(answer.splitlines()[-1])
