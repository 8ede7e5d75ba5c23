"""Tasks handed in at the same moment: from two phones of one person, and by a whole class over real connections."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from functools import partial
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from progress.models import Enrolment
from rehearsals.models import TaskItem, TaskVersion, TaskWork
from tests.factories import make_person
from tests.live.on_air.helpers import Helper, all_at_once
from tests.media.pictures import jpeg
from tests.races import at_once
from tests.rehearsals.tasks.worlds import hand_in, make_task
from tests.served import served

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PEOPLE = 60
WITHIN = 120  # seconds


def test_two_phones_at_once_make_two_versions_and_the_same_id_one(learner, course):
    task, same = make_task(course), uuid4()
    keys = [same, same, uuid4(), uuid4()]
    answers = at_once(*[partial(hand_in, learner, task, key) for key in keys])
    assert [answer.client_id for answer in answers] == keys
    assert sorted(TaskVersion.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert TaskWork.objects.count() == 1
    assert TaskVersion.objects.waiting().get().number == 3


def test_control_without_the_lock_one_of_two_phones_is_lost(learner, course):
    """A site that reads the last number first and writes what it has read."""
    work, met = hand_in(learner, make_task(course)).work, threading.Barrier(2)

    def hand_in_unlocked() -> int:
        number = (work.versions.aggregate(most=Max("number"))["most"] or 0) + 1
        met.wait(30)
        with transaction.atomic():
            return TaskVersion.objects.create(work=work, number=number, receipt="ABCD-2345").number

    answers = at_once(hand_in_unlocked, hand_in_unlocked)
    assert set(answers) == {2, IntegrityError}


class Phone(Helper):
    """A phone that sends a photo, then the event that names it, as the page's script does."""

    def send_photo(self, content: bytes) -> str:
        """Send one photo and return its key."""
        edge = "edge" + uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = self.headers(f"multipart/form-data; boundary={edge}") | {"Accept": "application/json"}
        line.request("POST", "/uploads/photos/", body, headers)
        return json.loads(line.getresponse().read())["key"]


def make_event(task, **body) -> dict:
    version = str(uuid4())
    facts = {"task": task.pk, "version": version, "text": "", "ticks": ["c1"], "sealed": ""}
    return {"id": version, "kind": "task", "at": timezone.now().isoformat(), "body": facts | body}


@pytest.mark.long
def test_sixty_people_hand_in_within_two_minutes_and_nothing_is_lost(course, cohort):
    """At five o'clock: each a text and a photo, over a bad line on which every third answer is lost."""
    text, photo = make_task(course), make_task(course, "photo")
    people = [make_person(f"学员{n}") for n in range(PEOPLE)]
    Enrolment.objects.bulk_create(Enrolment(user=one, course=course, cohort=cohort) for one in people)
    with served("tests.shops.orders.served:application") as server:
        phones = [Phone(server.port, person) for person in people]

        def hand_in_both(number: int, phone: Phone) -> list[str]:
            key = phone.send_photo(jpeg(300 + number))
            events = [make_event(text, text=f"第 {number} 个人写的"), make_event(photo, photos=[key])]
            phone.bring(events, random.Random(number))
            return [one["id"] for one in events]

        begun = time.monotonic()
        sent = all_at_once([partial(hand_in_both, number, phone) for number, phone in enumerate(phones)])
        took = time.monotonic() - begun
    print(f"{PEOPLE} people handed in {2 * PEOPLE} tasks in {took:.1f} s")
    assert took < WITHIN
    ids = sorted(one for some in sent for one in some)
    assert sorted(str(one) for one in TaskVersion.objects.values_list("client_id", flat=True)) == ids
    assert len(ids) == 2 * PEOPLE
    assert TaskWork.objects.filter(cohort=cohort).count() == 2 * PEOPLE
    assert TaskVersion.objects.waiting().count() == 2 * PEOPLE
    mine = TaskItem.objects.filter(photo__owner__isnull=False).values_list(
        "photo__owner", "version__work__user"
    )
    assert {owner == user for owner, user in mine} == {True}
