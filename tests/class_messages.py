"""Create announcements and questions of a class."""

from accounts.models import User
from courses.models import Announcement, Cohort, Lesson
from progress.models import Ask, Reply


def make_ask(author: User, cohort: Cohort, lesson: Lesson, text: str = "横着拍还是竖着拍？", **fields) -> Ask:
    return Ask.objects.create(author=author, cohort=cohort, lesson=lesson, text=text, **fields)


def make_reply(ask: Ask, author: User, text: str = "竖着拍。", **fields) -> Reply:
    return Reply.objects.create(ask=ask, author=author, text=text, **fields)


def make_announcement(
    cohort: Cohort, author: User, text: str = "周三带一箱果子来。", **fields
) -> Announcement:
    return Announcement.objects.create(cohort=cohort, author=author, text=text, **fields)
