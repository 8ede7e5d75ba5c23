"""The pages before a recording: drills with the person's progress, and the studio with what it contains."""

import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from live.models import Livestream
from media.models import Video
from media.uploads import recordings
from rehearsals.models import Review, Submission, Take, TimedNote
from tests.factories import make_person
from tests.rehearsals.submissions.conftest import words
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission


def signed(submission: Submission, trainer, total: int) -> Submission:
    facts = {"signed_at": timezone.now(), "total": total, "rubric_hash": "0"}
    Review.objects.create(submission=submission, reviewer=trainer, **facts)
    Submission.objects.filter(pk=submission.pk).update(status="reviewed")
    return submission


# --- the list


def test_practise_begins_with_the_first_drill_and_goes_on_while_it_waits(
    mine, drill, course, learner, trainer
):
    second = make_drill(course, position=2, title="十分钟两款")
    first = mine.get(reverse("rehearsals:practise"))
    assert first.context["practice"].next.drill == drill
    submission = make_submission(learner, make_rehearsal(learner, make_plan(learner, drill)), number=1)
    assert mine.get(reverse("rehearsals:practise")).context["practice"].next.drill == second
    signed(submission, trainer, 59)
    again = mine.get(reverse("rehearsals:practise"))
    assert again.context["practice"].next.drill == drill
    signed(
        make_submission(learner, make_rehearsal(learner, make_plan(learner, drill)), number=2), trainer, 60
    )
    passed = mine.get(reverse("rehearsals:practise"))
    assert passed.context["practice"].next.drill == second
    assert "最好60分" in words(passed)


@pytest.mark.long
def test_practise_has_the_same_queries_for_one_and_for_many(
    mine, drill, course, learner, trainer, django_assert_num_queries
):
    def several(n: int) -> None:
        for number in range(n, n + 3):
            plan = make_plan(learner, make_drill(course))
            submission = make_submission(learner, make_rehearsal(learner, plan, takes=2), number=number)
            signed(submission, trainer, 70)

    several(1)
    with django_assert_num_queries(19):
        mine.get(reverse("rehearsals:practise"))
    several(10)
    with django_assert_num_queries(19):
        mine.get(reverse("rehearsals:practise"))


@pytest.mark.long
def test_every_rehearsal_and_every_plan_is_reached_page_by_page(mine, drill, learner):
    plans = [make_plan(learner, drill) for _n in range(6)]
    rehearsals = [make_rehearsal(learner, plans[0]) for _n in range(21)]

    def reached(url: str, links: list[str]) -> list[str]:
        found, more = [], url
        while more:
            html = mine.get(more).content.decode()
            found += [link for link in links if f'href="{link}"' in html.split("</h2>")[-1]]
            rest = re.search(r'rel="next" href="([^"]+)"', html)
            more = url + rest[1] if rest else ""
        return found

    links = [reverse("rehearsals:rehearsal", args=[one.key]) for one in rehearsals]
    assert sorted(reached(reverse("rehearsals:practise"), links)) == sorted(links)
    links = [reverse("rehearsals:studio", args=[plan.pk]) for plan in plans]
    assert sorted(reached(reverse("rehearsals:drill", args=[drill.pk]), links)) == sorted(links)


def test_practise_without_a_course_says_where_to_find_one(as_user, village):
    response = as_user(make_person("黄小满", ("trainee", village))).get(reverse("rehearsals:practise"))
    assert "还没有能练的" in words(response)


def test_dropped_and_others_rehearsals_are_not_listed(mine, plan, learner, drill, village):
    make_rehearsal(learner, plan, dropped_at=timezone.now())
    other = make_person("黄小满", ("trainee", village))
    make_rehearsal(other, make_plan(other, drill))
    assert mine.get(reverse("rehearsals:practise")).context["practice"].rehearsals == []


# --- a drill


def test_drill_becomes_a_plan_by_one_tap_and_two_taps_are_one(mine, drill, learner):
    key = mine.get(reverse("rehearsals:drill", args=[drill.pk])).context["key"]
    for _tap in range(2):
        response = mine.post(reverse("rehearsals:drill", args=[drill.pk]), {"key": key})
    plan = Livestream.objects.get()
    assert (plan.key, plan.host, plan.drill, plan.kind) == (key, learner, drill, "rehearsal")
    assert response.url == reverse("rehearsals:studio", args=[plan.pk])


def test_drill_of_somebody_without_a_village_says_why_there_is_no_plan(as_user, drill, trainer, county):
    nobody = make_person("外来人")
    response = as_user(nobody).post(reverse("rehearsals:drill", args=[drill.pk]), {"key": "x"}, follow=True)
    assert "还不知道你是哪个村的" in words(response)
    assert Livestream.objects.count() == 0


def test_drill_of_a_course_that_is_not_out_is_404(mine, drill, course):
    course.state = "draft"
    course.save()
    assert mine.get(reverse("rehearsals:drill", args=[drill.pk])).status_code == 404


# --- the studio


def test_studio_brings_script_questions_and_addresses_along(mine, plan, learner, drill):
    response = mine.get(reverse("rehearsals:studio", args=[plan.pk]))
    facts = json.loads(response.context["facts"])
    assert {
        name: facts[name] for name in ("user", "live", "planned_seconds", "most_seconds", "questions")
    } == {
        "user": learner.pk,
        "live": plan.pk,
        "planned_seconds": 180,
        "most_seconds": 300,
        "questions": 2,
    }
    assert [one["text"] for one in facts["comments"]] == ["问题0？", "问题1？", "问题2？"]
    assert facts["ticket"] == "/practise/takes/{take}/ticket/"
    assert "我是石榴冲村的。" in words(response)
    rows = [(row.title, [line.name for line in row.lines]) for row in response.context["form"].rows()]
    assert rows == [("开场", ["mark_open"]), ("讲货", ["mark_talk"]), ("用语", ["mark_words"])]


def test_studio_of_anothers_or_a_removed_plan_is_404(mine, plan, drill, village):
    other = make_person("黄小满", ("trainee", village))
    theirs = make_plan(other, drill)
    plan.removed_at = timezone.now()
    plan.save()
    for pk in (theirs.pk, plan.pk, 99999):
        assert mine.get(reverse("rehearsals:studio", args=[pk])).status_code == 404


@pytest.mark.long
def test_studio_for_a_bit_that_is_asked_for_again(mine, plan, learner, trainer, drill):
    submission = make_submission(learner, make_rehearsal(learner, plan), number=1)
    review = Review.objects.create(submission=submission, reviewer=trainer, rubric_hash="0")
    facts = {"at_ms": 40_000, "until_ms": 75_500, "asks_again": True, "text": "切开再讲"}
    note = TimedNote.objects.create(review=review, **facts)
    url = f"{reverse('rehearsals:studio', args=[plan.pk])}?note={note.key}"
    assert mine.get(url).status_code == 404  # not signed yet
    Review.objects.update(signed_at=timezone.now(), total=70)
    response = mine.get(url)
    facts = json.loads(response.context["facts"])
    assert (facts["note"], facts["planned_seconds"], facts["questions"]) == (str(note.key), 35, 0)
    assert "切开再讲" in words(response)
    for wrong in ("x", str(uuid4())):
        assert mine.get(f"{reverse('rehearsals:studio', args=[plan.pk])}?note={wrong}").status_code == 404


def test_ticket_is_for_ones_own_take_that_was_told_of(mine, plan, learner, drill, village):
    take = Take.objects.create(rehearsal=make_rehearsal(learner, plan, takes=0), number=1)
    answer = mine.post(reverse("rehearsals:take_ticket", args=[take.key])).json()
    found = recordings.read_ticket(answer["ticket"], learner)
    assert (found.reference, found.most_bytes) == (f"take {take.key.hex}", 700_000 // 8 * 300 * 2 + 8_000_000)
    other = make_person("黄小满", ("trainee", village))
    theirs = make_rehearsal(other, make_plan(other, drill)).takes.get()
    for key in (theirs.key, uuid4()):
        assert mine.post(reverse("rehearsals:take_ticket", args=[key])).status_code == 404


def test_ticket_for_a_file_filmed_elsewhere_holds_more(mine, plan, learner, settings):
    rehearsal = make_rehearsal(learner, plan, takes=0)
    take = Take.objects.create(rehearsal=rehearsal, number=1, marks=[{"kind": "file", "at_ms": 0}])
    answer = mine.post(reverse("rehearsals:take_ticket", args=[take.key])).json()
    assert recordings.read_ticket(answer["ticket"], learner).most_bytes == settings.VIDEO_MAX_BYTES


@pytest.mark.long
def test_tries_are_shown_five_at_a_time_and_a_failed_film_is_none(mine, drill, learner):
    plan = make_plan(learner, drill)
    made = [make_submission(learner, make_rehearsal(learner, plan), number=n) for n in range(1, 8)]
    Submission.objects.filter(pk=made[6].pk).update(video=Video.objects.create(status="failed"))
    page = mine.get(reverse("rehearsals:drill", args=[drill.pk]))
    assert [one.number for one in page.context["tries"].items] == [6, 5, 4, 3, 2]
    assert "再看前几遍" in words(page)
    more = mine.get(reverse("rehearsals:drill", args=[drill.pk]), {"tries": page.context["tries"].after})
    assert [one.number for one in more.context["tries"].items] == [1]
    assert "再看前几遍" not in words(more)
