import pytest
from django.utils import timezone

from courses.models import Announcement
from progress import permissions
from progress.classes import announcements
from progress.enrolment.services import enrol, leave
from progress.models import Ask
from tests import rules
from tests.class_messages import make_announcement, make_ask
from tests.factories import make_cohort, make_course, make_person


@pytest.fixture
def cast(trainee, trainer, seller, organiser, stranger):
    return [trainee, trainer, seller, organiser, stranger, make_person("系统", is_superuser=True)]


@pytest.fixture
def said(course, cast, county, village, other_village, lessons):
    """Questions and announcements of two classes here and one elsewhere; the seller has left the second."""
    trainee, trainer, seller = cast[:3]
    first = make_cohort(course, county, trainer, name="县班")
    second = make_cohort(course, village, name="村班")
    third = make_cohort(make_course(other_village), other_village, name="外县班")
    enrol(trainee, course, first)
    enrol(seller, course, second)
    asks = []
    for cohort in (first, second, third):
        asker = make_person(f"{cohort.name}学员")
        enrol(asker, cohort.course, cohort)
        asks.append(make_ask(asker, cohort, lessons[0]))
        make_announcement(cohort, trainer, cohort.name)
        make_announcement(cohort, trainer, "撤了", removed_at=timezone.now())
    asks += [make_ask(trainee, first, lessons[0]), make_ask(seller, second, lessons[1])]
    leave(seller, course)
    return asks


def test_rules_and_querysets_agree_over_the_cast(cast, said):
    counts = []
    asks = list(Ask.objects.select_related("cohort__place"))
    told = list(Announcement.objects.select_related("cohort"))
    for user in cast:
        seen = {ask.pk for ask in asks if rules.can_see_ask(user, ask)}
        assert seen == set(Ask.objects.visible_to(user).values_list("pk", flat=True))
        mine = {ask.pk for ask in asks if permissions.can_remove_ask(user, ask)}
        heard = {row.pk for row in told if rules.can_read_announcement(user, row)}
        assert heard == set(announcements.list_visible(user).values_list("pk", flat=True))
        counts.append((user.name, len(seen), len(mine), len(heard)))
    assert counts == [
        ("田巧云", 2, 1, 1),
        ("李老师", 4, 4, 0),
        ("周梅英", 0, 1, 0),
        ("向满姑", 4, 4, 0),
        ("罗金花", 1, 1, 0),
        ("系统", 5, 5, 0),
    ]
