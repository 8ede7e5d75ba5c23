"""Seed what the first class came to: its costs, its follow-ups with answers, and a story that is plainly one of the demo."""

from __future__ import annotations

import datetime
import uuid

from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from demo.seed.timeline import Timeline
from demo.seed.training.progress import FIRST_CODE
from programme.models import FollowUp, Step, Story, StoryConsent
from programme.outcomes.figures import cost
from programme.outcomes.follow_ups import services as follow_ups
from programme.outcomes.stories import services as stories
from shops.models import Shop

COSTS = ((95, "老师课酬", 480_000), (80, "场地和水电", 60_000), (60, "三脚架、补光灯", 129_900))
MARK = uuid.UUID("c6b6a5f0-52b1-4a55-8f0a-5f3a4c1f7d20")
TITLE = "演示：梅英姐的第一年"
TEXT = (
    "这是演示用的故事，人和事都是编的，只为了看看故事长什么样。\n\n"
    "梅英姐在石榴冲种冰糖橙，以前等人上门收。镇上办培训班，她跟着学拍果子、学讲货，彩排录了一遍又一遍，老师一条一条点评。"
    "第一场直播她把手机架在果树下，切开一个橙子给大家看，卖的是自家的果。后来村里有人想学，她就带着一起播。"
)
FACTS = {
    Step.Name.GRADUATE: "学完了培训班的课，拿到结业证书",
    Step.Name.STREAMER: "第一场真直播播完了",
    Step.Name.MENTOR: "带的人也成交了",
}


def seed_outcomes(timeline: Timeline, shops: list[Shop], organiser: User) -> None:
    for days, what, fen in COSTS:
        timeline.add(timeline.at(days, "17:00"), spend, organiser, timeline.day(days), what, fen)
    owner = next(shop.owner for shop in shops if shop.slug == "meiyi")
    timeline.add(timeline.now, ask_everybody)
    timeline.add(timeline.now, tell, owner, organiser)


def spend(organiser: User, on: datetime.date, what: str, fen: int) -> None:
    cohort = Cohort.objects.select_related("place").get(join_code=FIRST_CODE)
    cost.record_cost(cohort, on=on, what=what, fen=fen, by=organiser, key=uuid.uuid5(MARK, what))


def ask_everybody() -> None:
    """Plan the follow-ups, and let every second of those that are due have answered."""
    follow_ups.plan_follow_ups()
    for number, row in enumerate(FollowUp.objects.due().select_related("user").order_by("due_on", "user")):
        if number % 2 == 0:
            kilos = 40 + 35 * number
            follow_ups.answer(
                row,
                follow_ups.Mark.STATED,
                is_selling=number % 6 != 4,
                by_live=number % 4 == 0,
                grams=kilos * 1000,
                fen=kilos * 620,
                known="books",
                obstacle="快递到外省贵" if number % 6 == 0 else "",
                by=row.user,
                key=uuid.uuid5(MARK, f"{row.user_id} {row.days}"),
            )


def tell(person: User, organiser: User) -> None:
    """Write the story of the demo's first seller, who agrees to it."""
    place = stories.find_place(organiser, person)
    facts = [(step, FACTS[name]) for step in stories.list_steps(person) if (name := step.step) in FACTS]
    if place is None or not facts:
        return
    story = Story(person=person, place=place)
    stories.write_story(story, title=TITLE, text=TEXT, photo=None, facts=facts, by=organiser)
    stories.ask_person(story, organiser)
    until = timezone.localdate() + datetime.timedelta(days=365)
    uses = {StoryConsent.Use.PUBLIC: until, StoryConsent.Use.COURSE: until}
    assert story.asked_at is not None
    stories.confirm_story(story, uses, story.asked_at)
