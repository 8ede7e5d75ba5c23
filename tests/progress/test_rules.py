import pytest

from courses.models import Cohort
from progress import permissions
from progress.classes.board import find_classes
from progress.enrolment.services import enrol, leave
from progress.models import Enrolment
from tests import rules
from tests.factories import make_cohort, make_course, make_person


@pytest.fixture
def cast(trainee, trainer, seller, organiser, stranger):
    return [trainee, trainer, seller, organiser, stranger, make_person("系统", is_superuser=True)]


@pytest.fixture
def classes(course, cast, county, village, other_village):
    """A class of the trainer's, one with a seller left among its trainers, two elsewhere; one enrolled in each."""
    trainee, trainer, seller = cast[:3]
    made = [
        make_cohort(course, county, trainer, name="县班"),
        make_cohort(course, village, seller, name="村班"),
        make_cohort(course, other_village, name="外县班"),
        make_cohort(course, other_village, trainer, name="外县请老师"),
    ]
    for cohort in made:
        enrol(make_person(f"{cohort.name}学员"), course, cohort)
    enrol(trainee, course, made[2])
    enrol(seller, course)
    gone = make_person("退了的")
    enrol(gone, course, made[0])
    leave(gone, course)
    other = make_course(county)
    enrol(trainee, other)
    return made


def test_rules_and_querysets_agree_over_the_cast(cast, classes):
    seen = []
    enrolments = list(Enrolment.objects.select_related("cohort__place"))
    for user in cast:
        mine = {cohort for cohort in classes if permissions.can_lead_class(user, cohort)}
        assert mine == set(Cohort.objects.manageable_by(user)) == set(find_classes(user))
        known = {row.pk for row in enrolments if rules.can_see_enrolment(user, row)}
        assert known == set(Enrolment.objects.visible_to(user).values_list("pk", flat=True))
        trainees = {row.pk for row in enrolments if rules.can_see_trainee(user, row)}
        in_mine = Enrolment.objects.active().filter(cohort__in=Cohort.objects.manageable_by(user))
        assert trainees == set(in_mine.values_list("pk", flat=True))
        seen.append((user.name, sorted(cohort.name for cohort in mine), len(known), len(trainees)))
    assert seen == [
        ("田巧云", [], 2, 0),
        ("李老师", ["县班", "外县请老师", "村班"], 4, 3),
        ("周梅英", [], 1, 0),
        ("向满姑", ["县班", "村班"], 3, 2),
        ("罗金花", ["外县班", "外县请老师"], 3, 3),
        ("系统", ["县班", "外县班", "外县请老师", "村班"], 6, 5),
    ]
