from accounts.models import Membership
from courses.models import Cohort
from programme.models import Attendance, TrainingSession
from progress.enrolment.services import enrol, leave
from progress.permissions import can_guide_class
from tests import rules
from tests.factories import make_cohort, make_course, make_person
from tests.programme.attendance.rows import make_session, mark


def test_rules_and_querysets_agree_over_the_cast(
    course, county, village, other_village, trainee, trainer, seller, organiser, stranger
):
    mentor = make_person("滕玉兰", (Membership.Role.MENTOR, village))
    cast = [trainee, trainer, seller, organiser, stranger, make_person("系统", is_superuser=True), mentor]
    places = (
        (course, county, "县班"),
        (make_course(village), village, "村班"),
        (make_course(other_village), other_village, "外"),
    )
    for its_course, place, name in places:
        cohort = make_cohort(its_course, place, trainer if name == "县班" else None, name=name)
        if name == "村班":
            Cohort.objects.filter(pk=cohort.pk).update(mentor=mentor)
        session = make_session(cohort)
        person = make_person(f"{name}学员")
        for one in (person, *{"县班": [trainee], "村班": [seller]}.get(name, [])):
            enrol(one, its_course, cohort)
            mark(session, trainer, one)
    leave(seller, places[1][0])
    counts = []
    sessions = list(TrainingSession.objects.select_related("cohort__place"))
    rows = list(Attendance.objects.select_related("session__cohort__place"))
    for user in cast:
        seen = {one.pk for one in sessions if rules.can_see_session(user, one)}
        assert seen == set(TrainingSession.objects.visible_to(user).values_list("pk", flat=True))
        marks = {one.pk for one in rows if rules.can_see_attendance(user, one)}
        assert marks == set(Attendance.objects.visible_to(user).values_list("pk", flat=True))
        led = sum(can_guide_class(user, one.cohort) for one in sessions)
        counts.append((user.name, len(seen), led, len(marks)))
    assert counts == [
        ("田巧云", 1, 0, 1),
        ("李老师", 2, 2, 4),
        ("周梅英", 0, 0, 1),
        ("向满姑", 2, 2, 4),
        ("罗金花", 1, 1, 1),
        ("系统", 3, 3, 5),
        ("滕玉兰", 1, 1, 2),
    ]
