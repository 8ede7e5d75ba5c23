"""Recordings cut, killed, reloaded and begun again by seeded plans: every second that the phone said it kept is in the
film, nothing is in it twice, and the sound stands by its picture.

The camera films a clock (clock); all else is what is shipped: recorder, IndexedDB, tus, outbox, worker, ffmpeg.
"""

from __future__ import annotations

import os
from itertools import groupby, pairwise

import pytest
from django.core.files.storage import storages

from progress.enrolment.services import enrol
from tests.browser.camera import MICROPHONE
from tests.browser.conftest import FLAGS, PHONE
from tests.browser.rehearsing.clock import Seen, look, nearest
from tests.browser.rehearsing.phone import PLAYS
from tests.browser.rehearsing.plans import BEFALLS, plan
from tests.browser.rehearsing.story import Story, tell
from tests.factories import make_cohort, make_course, make_person
from tests.rehearsals.worlds import make_drill, make_plan, make_rubric

PLANS = int(os.environ.get("STUDIO_PLANS", 1))
AT_ONCE = 3
SOUND_MS, ADDED_MS = 100, 40
BETWEEN_MS = 2 * 1000 / 15 + 1  # a phone's film has 15 pictures a second in its lower rendition


def test_first_plan_holds_every_accident():
    assert {step["do"] for step in plan(0).steps} == {*BEFALLS, "end"}
    assert plan(4) == plan(4)


def take(late_ms: float, beginning: int = 95, tenths: int = 40, each: int = 3) -> Seen:
    """A clock as it is filmed, whose sound is late; every fourth tenth was drawn late by two pictures."""
    pictures = [
        beginning + (number - 2 * (number // each % 4 == 0)) // each for number in range(tenths * each)
    ]
    seen = [(count, number * 100 / each) for number, count in enumerate(pictures)]
    beeps = [(second - beginning) * 100 + late_ms for second in range(100, beginning + tenths, 10)]
    return Seen(seen, beeps, 0)


def without(film: Seen, *counts: int) -> Seen:
    return Seen([one for one in film.tenths if one[0] not in counts], film.beeps, 0)


def test_what_the_plans_look_for_is_found():
    recorded = [take(20)]
    assert out_of_step(take(20), recorded) == out_of_step(take(-60), recorded) == []
    assert out_of_step(take(150), recorded)
    assert out_of_step(take(-130), recorded)
    assert out_of_step(take(150), [take(150)]) == []  # late already when it was recorded
    assert out_of_step(without(take(20), 110, 120), recorded) == []
    assert out_of_step(without(take(20), *range(100, 140)), recorded)
    assert lost(take(20), recorded) == []
    whole = take(20)
    assert lost(without(whole, 112), recorded) == []
    assert lost(without(whole, 112, 113), recorded)
    assert doubled(whole) == []
    assert doubled(Seen([*whole.tenths, (105, 5000.0)], whole.beeps, 0))


@pytest.fixture
def drill(county, village, trainer):
    course = make_course(county, title="直播课")
    make_rubric(course)
    found = make_drill(course, comments=0)
    found.cohort = make_cohort(course, village, trainer)
    return found


@pytest.fixture
def phones(browser_type, browser_type_launch_args):
    """start(folder): a browser whose disk is that folder."""
    facts = browser_type_launch_args | {
        "args": [*FLAGS, *MICROPHONE, PLAYS],
        "permissions": ["camera", "microphone"],
    }
    return lambda folder: browser_type.launch_persistent_context(folder, **facts, **PHONE, locale="zh-CN")


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, PLANS, AT_ONCE))
def test_every_second_kept_is_in_the_film_once(
    phones, page, live_server, drill, village, work_off, tmp_path, first
):
    stories = []
    for seed in range(first, min(first + AT_ONCE, PLANS)):
        person = make_person(f"学员{seed}", ("trainee", village))
        enrol(person, drill.course, drill.cohort)
        live = make_plan(person, drill)
        stories.append(Story(phones, tmp_path, live_server.url, plan(seed), person, live))
    try:
        tell(stories, page.wait_for_timeout)
    finally:
        for story in stories:
            story.close()
    arrived = [story.arrived() for story in stories]
    work_off()
    for story, parts in zip(stories, arrived, strict=True):
        wrong = faults(story, parts, tmp_path)
        assert wrong == [], f"seed {story.plan.seed}: {story.plan.to_json()}"


def faults(story: Story, parts: dict[str, bytes], folder) -> list[str]:
    found = []
    for key, kept in story.kept.items():
        if not parts.get(key, b"").startswith(kept):
            found.append(f"take {key}: {len(kept)} bytes were kept, {len(parts.get(key, b''))} arrived")
    video = story.submission.video
    if video.status != "ready":
        return [*found, f"film {video.status}: {video.problem}"]
    rendition = max(rendition for rendition in video.renditions if rendition.isdecimal())
    film = look(storages["private"].path(video.name_of(f"{rendition}.mp4")))
    recorded = [seen for key in parts if (seen := looked(folder, key, story.kept.get(key, b"")))]
    return found + lost(film, recorded) + doubled(film) + out_of_step(film, recorded)


def looked(folder, key: str, content: bytes) -> Seen | None:
    """What the bytes that were kept hold, by themselves; nothing when they end before the first picture."""
    path = folder / f"{key}.kept"
    path.write_bytes(content)
    return look(path) if len(content) > 2000 else None


def lost(film: Seen, recorded: list[Seen]) -> list[str]:
    """What stood for less than two pictures of the film's own rate may fall between them; what stood longer is lost."""
    found = []
    for seen in recorded:
        for there, stood in groupby(seen.stood(), key=lambda one: one[0] in film.counts):
            tenths = [*stood]
            if not there and sum(ms for _count, ms in tenths) > BETWEEN_MS:
                found.append(f"kept and not in the film (tenth, ms): {tenths}, recorded: {seen.stood()}")
    if (every := sum(len(seen.counts) for seen in recorded)) < 25:
        found.append(f"only {every} tenths were recorded")
    return found + [f"pictures that cannot be read: {film.unread}"] * (film.unread > len(film.tenths) // 5)


def doubled(film: Seen) -> list[str]:
    runs = film.runs()
    back = [(before, then) for before, then in pairwise(runs) if then <= before]
    return [f"the film goes back: {back}"] if back else []


def out_of_step(film: Seen, recorded: list[Seen]) -> list[str]:
    """Of each second that was heard when recorded. A busy machine may record it late already: joining adds nothing. Each
    take may begin and end in the middle of a second."""
    heard = {count: offset for seen in recorded for count, offset in seen.seconds().items()}
    turns = {count: film.turn(count) for count in heard}
    played = {count: None if at is None else nearest(at, film.beeps) for count, at in turns.items()}
    far = {
        count: (round(heard[count]), offset)
        for count, offset in played.items()
        if offset is None or (abs(offset) > SOUND_MS and abs(offset - heard[count]) > ADDED_MS)
    }
    found = [f"sound is off, recorded and played in ms: {far}"] if far else []
    least = max(1, sum(len(seen.counts) for seen in recorded) // 10 - 2 * len(recorded))
    return found if len(heard) >= least else [*found, f"only {len(heard)} beeps were heard of {least}"]
