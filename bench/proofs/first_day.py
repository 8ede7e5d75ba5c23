"""A class of twenty on its first day, on a running site: what each person taps, and what waits for the trainer at five o'clock.

The day is that of the timetable of six days: signing in to the morning's session by the digits that the trainer reads out,
the first two lessons of module 1, the first task, which is a film. Everybody has a phone's browser (360 × 740) of their own and
acts at a moment of their own: people read at 200 to 400 characters a minute and wait `PACE` times shorter than they would
(600: the day from half past eight to five takes under a minute, besides what the site and Chromium take). Four of them have no
signal at noon, hand in then and come back to the site by the evening's Wi-Fi. Run `python -m bench.proofs.first_day`.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.harness.people import People, come_to
from bench.harness.servers import whole_site
from bench.harness.site import run_code, temporary_site

PACE = float(os.environ.get("PACE", "600"))
TRAINEES, WITHOUT_SIGNAL = 20, 4
PASSWORD, TRAINER, DEMO_PASSWORD = "nonghuo-first-day", "13800000002", "nonghuo-demo"
FILM = Path(__file__).resolve().parents[2] / "demo" / "media" / "rehearsal.240.mp4"
BEGIN, NOON, FIVE = 8 * 60 + 30, 12 * 60, 17 * 60  # minutes of the day

PREPARE = """
import json
from datetime import timedelta
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from accounts.models import Membership, Place, User
from courses.models import Assignment, Cohort, Course, Lesson
from programme.models import TrainingSession
from progress.enrolment.services import enrol
course = Course.objects.get(slug="live-selling")
trainer = User.objects.get(phone="+86{trainer}")
village = Place.objects.filter(kind="village", name="石榴冲村").first() or Place.objects.filter(kind="village").first()
today = timezone.localdate()
cohort = Cohort.objects.create(course=course, place=village, name="第一天", starts_on=today, ends_on=today + timedelta(days=60))
cohort.trainers.add(trainer)
password = make_password("{password}")
people = [User(phone=f"+86186{{n:08d}}", name=f"学员{{n + 1:02d}}", password=password) for n in range({trainees})]
User.objects.bulk_create(people)
for person in people:
    Membership.objects.create(user=person, place=village, role="trainee", status="granted")
    enrol(person, course, cohort)
session = TrainingSession.objects.create(cohort=cohort, created_by=trainer, trainer=trainer, topic="拿稳、竖着拍",
    place="村部会议室", minutes=210, starts_at=timezone.now() - timedelta(minutes=2))
module = course.modules.order_by("position").first()
lessons = list(Lesson.objects.filter(module=module).in_order()[:2])
task = Assignment.objects.filter(module=module).first()
print(json.dumps({{"class": cohort.pk, "session": session.pk, "task": task.pk, "phones": [str(p.phone)[3:] for p in people],
    "lessons": [[lesson.get_absolute_url(), len(lesson.body)] for lesson in lessons]}}))
"""
COUNT = """
import json
from programme.models import Attendance
from progress.models import LessonDone
from rehearsals.models import TaskVersion
people = [f"+86{{phone}}" for phone in {phones}]
rows = dict(signed=Attendance.objects.filter(user__phone__in=people).count(),
    lessons=LessonDone.objects.filter(user__phone__in=people).count(),
    tasks=TaskVersion.objects.filter(work__user__phone__in=people).count())
print(json.dumps(rows))
"""


@dataclass
class Person:
    phone: str
    name: str
    page: Page
    minute: float  # of the day
    taps: list[str] = field(default_factory=list)

    def act(self, what: str, minutes: float) -> None:
        """Note a tap that comes so many minutes after the last one."""
        self.minute += minutes
        time.sleep(minutes * 60 / PACE)
        self.taps.append(f"{int(self.minute) // 60}:{int(self.minute) % 60:02d} {what}")


class Day:
    def __init__(self, people: People, site: dict, chance: random.Random) -> None:
        self.people, self.site, self.chance = people, site, chance

    def come(self, place: int, phone: str) -> Person:
        """Sign in on arrival, one after the other, each two or three minutes after the one before."""
        person = Person(
            phone,
            f"学员{place + 1:02d}",
            self.people.open_browser(),
            BEGIN + place * self.chance.uniform(0.5, 1),
        )
        self.people.sign_in(person.page, phone, PASSWORD)
        person.act("登录", self.chance.uniform(1, 3))
        return person

    def sign_in_to_session(self, person: Person, trainer: Page) -> None:
        """Type the digits that stand on the trainer's phone."""
        self.people.go(person.page, f"/classes/sign-in/{self.site['session']}/")
        person.page.locator("main input[inputmode=numeric]").fill(trainer.locator("b.code").inner_text())
        person.page.get_by_role("button", name="我到了，签到").click()
        expect(person.page.get_by_text("你签到了").first).to_be_visible()
        person.act("输四位数，签到", self.chance.uniform(0.5, 2))

    def read(self, person: Person, lesson: str, characters: int) -> None:
        self.people.go(person.page, lesson)
        person.act("打开课文", 0.3)
        person.page.mouse.wheel(0, 2000)
        person.page.get_by_role("button", name="学完了").click()
        person.act("看完，点学完了", characters / self.chance.uniform(200, 400))
        expect(person.page.get_by_text("学完了").first).to_be_visible()

    def hand_in(self, person: Person, *, has_signal: bool) -> None:
        page = self.people.go(person.page, f"/learn/tasks/{self.site['task']}/")
        page.wait_for_load_state("networkidle")
        person.act("打开练习任务", 0.5)
        if not has_signal:
            page.context.set_offline(True)
        page.locator("input[type=file]").first.set_input_files(str(FILM))
        for line in page.locator("label", has=page.locator("input[name=ticks]")).all()[
            : self.chance.randint(4, 6)
        ]:
            line.click()
        person.act("选视频，一条条对一遍", self.chance.uniform(4, 9))
        page.get_by_role("button", name="交给老师").click()
        person.act("交给老师" if has_signal else "交给老师（没信号，存在手机里）", 0.3)
        if has_signal:
            expect(page.locator(".code[data-receipt]")).to_be_visible()
        else:
            expect(page.get_by_text("存在手机里了").first).to_be_visible()

    def come_back_to_signal(self, person: Person) -> None:
        person.page.context.set_offline(False)
        expect(person.page.locator(".code[data-receipt]")).to_be_visible()
        person.act("回到有网的地方，自己送到", 30)

    def review(self, trainer: Page, decision: str) -> float:
        """Review the work that waits longest; return the seconds from the list to the decision."""
        self.people.go(trainer, f"/review/?class={self.site['class']}")
        begin = time.monotonic()
        trainer.locator("main .list a").first.click()
        dock = trainer.locator(".dock")
        start = dock.get_by_role("button", name=re.compile("开始看|接着看"))
        # The one after the last decision is open already.
        expect(start.or_(dock.get_by_role("button", name=decision)).first).to_be_visible()
        if start.count():
            start.first.click()
        for line in trainer.locator(".criterion").all():
            line.locator("input").first.check(force=True)
        if decision == "退回改一处":
            trainer.locator("#review textarea[name=next_step]").fill("切果那条，切面停满五秒再收")
        dock.get_by_role("button", name=decision).click()
        trainer.wait_for_load_state("networkidle")
        return time.monotonic() - begin


def spend(day: Day, trainer: Page) -> list[Person]:
    """Let everybody have the day; return them with what they tapped."""
    coming = [day.come(place, phone) for place, phone in enumerate(day.site["phones"])]
    for person in coming:
        day.sign_in_to_session(person, trainer)
    for lesson, characters in day.site["lessons"]:
        for person in coming:
            day.read(person, lesson, characters)
    for place, person in enumerate(coming):
        person.minute = max(person.minute, NOON + 120)  # they filmed after lunch
        day.hand_in(person, has_signal=place >= WITHOUT_SIGNAL)
    for person in coming[:WITHOUT_SIGNAL]:
        day.come_back_to_signal(person)
    return coming


def main() -> bool:
    with temporary_site("first-day") as env:
        code = PREPARE.format(trainer=TRAINER, password=PASSWORD, trainees=TRAINEES)
        site = json.loads(run_code(env, code).splitlines()[-1])
        with whole_site(env) as url, come_to(url) as people:
            day = Day(people, site, random.Random(20))
            trainer = people.open_browser()
            people.sign_in(trainer, TRAINER, DEMO_PASSWORD)
            people.go(trainer, f"/classes/{site['class']}/sessions/{site['session']}/code/")
            came = spend(day, trainer)
            stored = json.loads(run_code(env, COUNT.format(phones=site["phones"])).splitlines()[-1])
            waiting = count_waiting(people, trainer, f"/review/?class={site['class']}", stored["tasks"])
            took = [day.review(trainer, "退回改一处" if n == 1 else "通过") for n in range(6)]
        return report(came, stored, waiting, took)


def count_waiting(people: People, trainer: Page, queue: str, handed_in: int) -> int:
    """Return what the queue counts: a work is in it once its film is made, for which the worker has a minute."""
    until = time.monotonic() + 60
    while True:
        people.go(trainer, queue)
        waiting = int(trainer.locator("nav.filters a[aria-current] .num").first.inner_text())
        if waiting >= handed_in or time.monotonic() > until:
            return waiting
        trainer.wait_for_timeout(1000)


def report(came: list[Person], stored: dict[str, int], waiting: int, took: list[float]) -> bool:
    for person in (came[0], came[-1]):
        print(f"\n{person.name}: {'; '.join(person.taps)}")
    taps = Counter(tap.partition(" ")[2] for person in came for tap in person.taps)
    print(f"\ntaps of all {len(came)}: {dict(taps)}")
    print(
        f"stored: {stored['signed']} signed in, {stored['lessons']} lessons done, {stored['tasks']} tasks handed in"
    )
    print(f"at five o'clock {waiting} tasks wait for the trainer")
    print(f"reviewing six: {statistics.median(took):.1f} s each by machine, the slowest {max(took):.1f} s")
    last = max(person.minute for person in came)
    is_right = stored == {
        "signed": len(came),
        "lessons": 2 * len(came),
        "tasks": len(came),
    } and waiting == len(came)
    print("ok" if is_right and last < FIVE else "NOT as expected")
    return is_right and last < FIVE


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
