"""A class begins: sixty trainees behind one Wi-Fi sign in and open the lesson, with rate limits on and Caddy in front.

Each trainee has a browser of their own: the sign-in page, the password, the next page, the lesson, its poster. They come
first spread over ten seconds, then all at the same moment. The phones are threads on the same two cores as the site.
"""

from __future__ import annotations

import http.client
import json
import re
import statistics
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from bench.harness.servers import whole_site
from bench.harness.site import run_code, temporary_site
from bench.scenarios.pages import COUNT

TRAINEES, SECONDS = 60, 10
PASSWORD = "nonghuo-class-start"
LENGTHS = (10, 200)

PREPARE = """
import json
from django.contrib.auth.hashers import make_password
from bench.harness.sessions import create_session
from accounts.models import Membership, Place, User
from courses.models import Course, Lesson, Module
from progress.models import Enrolment
course = Course.objects.get(slug="live-selling")
lesson = Lesson.objects.filter(module__course=course).exclude(video=None).in_order().first()
village = Place.objects.filter(kind="village").first()
password = make_password({password!r})
people = [User(phone=f"+86187{{n:08d}}", name="学员", password=password) for n in range({people})]
User.objects.bulk_create(people)
granted = {{"place": village, "role": "trainee", "status": "granted"}}
Membership.objects.bulk_create(Membership(user=p, **granted) for p in people)
Enrolment.objects.bulk_create(Enrolment(user=p, course=course) for p in people)
session = create_session(people[0])
found = {{}}
for length in {lengths}:
    long = Course.objects.create(title="long", slug=f"long-{{length}}", place=village, summary="x", state="published")
    module = Module.objects.create(course=long, title="m")
    Lesson.objects.bulk_create(
        Lesson(module=module, title="l", position=n, body="x", html="<p>x</p>", state="published",
            video=lesson.video, captions=lesson.captions) for n in range(length)
    )
    Enrolment.objects.create(user=people[0], course=long)
    found[length] = Lesson.objects.filter(module=module).in_order()[length // 2].get_absolute_url()
print(json.dumps({{"lesson": lesson.get_absolute_url(), "phones": [str(p.phone) for p in people],
    "session": session, "lengths": found}}))
"""


@dataclass
class Phone:
    """One browser: its cookies, and the duration of each of its requests."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    times: list[tuple[str, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def send(self, what: str, path: str, form: dict[str, str] | None = None, expect: int = 200) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://{self.host}"}
        begin = time.perf_counter()
        try:
            line = http.client.HTTPConnection(self.host, self.port, timeout=60)
            line.request("POST" if form is not None else "GET", path, form and urlencode(form), headers)
            response = line.getresponse()
            body = response.read().decode("utf-8", "replace")
            status, came = response.status, response.headers
            line.close()
        except OSError as error:
            self.wrong.append(f"{what}: {error}")
            raise
        self.times.append((what, time.perf_counter() - begin))
        for cookie in came.get_all("Set-Cookie", []):
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if status != expect:
            self.wrong.append(f"{what}: {status}")
            raise ValueError(f"{path} answered {status}")
        return came.get("Location", "") if status == 302 else body

    def begin_class(self, number: str, lesson: str) -> None:
        page = self.send("sign-in page", f"/accounts/login/?{urlencode({'next': lesson})}")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        form = {"csrfmiddlewaretoken": token, "login": number, "password": PASSWORD, "next": lesson}
        onwards = self.send("signing in", "/accounts/login/", form, expect=302)
        page = self.send("lesson", onwards)
        poster = re.search(r'src="([^"]+/poster\.webp[^"]*)"', page)[1].replace("&amp;", "&")
        self.send("poster", poster)


def rush(site_url: str, numbers: list[str], lesson: str, seconds: float) -> list[Phone]:
    """Start all phones evenly over `seconds` seconds."""
    parts = urlsplit(site_url)
    phones = [Phone(parts.hostname, parts.port) for _number in numbers]
    start = time.monotonic() + 0.5

    def come(nth: int) -> None:
        time.sleep(max(0, start + seconds * nth / len(numbers) - time.monotonic()))
        try:
            phones[nth].begin_class(numbers[nth], lesson)
        except (OSError, ValueError, TypeError) as error:
            phones[nth].wrong.append(repr(error))

    threads = [threading.Thread(target=come, args=(nth,)) for nth in range(len(numbers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return phones


def report(name: str, phones: list[Phone]) -> bool:
    """Print the results; return whether everybody could sign in."""
    wrong = [problem for phone in phones for problem in phone.wrong]
    every = [taken for phone in phones for _what, taken in phone.times]
    print(f"\n{name}: {len(phones)} trainees, {len(every)} requests, {len(wrong)} refused or failed")
    for what in ("sign-in page", "signing in", "lesson", "poster"):
        times = sorted(taken for phone in phones for kind, taken in phone.times if kind == what)
        if len(times) > 1:
            p95 = statistics.quantiles(times, n=20)[18]
            print(f"{what:22}p50{statistics.median(times):7.2f} s  p95{p95:7.2f} s  worst{times[-1]:7.2f} s")
    for problem in sorted(set(wrong))[:5]:
        print(f"  {problem} × {wrong.count(problem)}")
    return not wrong


def main() -> bool:
    with temporary_site("class-start") as env:
        code = PREPARE.format(password=PASSWORD, people=2 * TRAINEES, lengths=LENGTHS)
        site = json.loads(run_code(env, code).splitlines()[-1])
        for length, path in site["lengths"].items():
            count = run_code(env | {"PAGE_CACHE": "0"}, COUNT.format(path=path, session=site["session"]))
            print(f"lesson of a course of {length:>3}: {count.splitlines()[-1]} queries", flush=True)
        with whole_site(env) as site_url:
            for _once in range(8):  # both workers have answered somebody that morning
                Phone(*urlsplit(site_url).netloc.split(":")).send("warm", "/accounts/login/")
            spread = rush(site_url, site["phones"][:TRAINEES], site["lesson"], SECONDS)
            is_good = report(f"A class begins, within {SECONDS} s", spread)
            at_once = rush(site_url, site["phones"][TRAINEES:], site["lesson"], 0)
            return report("The same, all at once", at_once) and is_good


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
