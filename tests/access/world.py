"""Two counties with one of everything each: the cast's own, and another's that they must not reach."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone

from accounts.models import AuditEntry, Consent, Membership, Place, User
from courses.models import (
    Assignment,
    Cohort,
    Course,
    Lesson,
    LessonPicture,
    LessonVoice,
    Module,
    Objective,
    State,
    VoicePart,
)
from media.models import Upload
from outbox.models import Event
from programme.models import (
    CalendarAddress,
    CertificateRule,
    ExamScore,
    ExamSeat,
    FollowUp,
    MentorInvitation,
    OutcomeTarget,
    PracticalExam,
    Step,
    StepRule,
    Story,
    StoryConsent,
    StoryFact,
    Teaching,
)
from progress.models import ClassroomSession, Enrolment, LessonDone, Transfer, WaitingEntry
from progress.quizzes import attempts
from rehearsals.models import Submission
from shops.listings.drafts import ListingDraft
from shops.models import PriceChange, Product, ProductPhoto, Shop, StockMove, Village
from tests.access.class_rows import rows_of_ledger, rows_of_session
from tests.access.onair import rows_of_lives
from tests.access.practice import make_voice, rows_of_practice
from tests.access.tasks import rows_of_answers
from tests.access.trade import rows_of_open_batch, rows_of_trade
from tests.class_messages import make_announcement, make_ask
from tests.factories import (
    make_case,
    make_category,
    make_cohort,
    make_county,
    make_course,
    make_lesson,
    make_person,
    make_photo,
    make_plan,
    make_product,
    make_shop,
)
from tests.media.videos.rows import make_video
from tests.programme.certificates.worlds import make_certificate, make_credential_row
from tests.quizzes import make_quiz

Role = Membership.Role


@dataclass
class Side:
    """One of everything in one county, by model; where there are several of a model, by a name."""

    rows: dict[type[Model] | str, Model]
    published: Product

    def __getitem__(self, row: type[Model] | str) -> Model:
        return self.rows[row]


def make_side(village: Place, owner: User, learner: User, trainer: User) -> Side:
    """A product not yet published, a draft lesson, a waiting membership: what only its own people may see. The owner of
    the shop was given one of the learner's submissions to look at."""
    shop = make_shop(owner, village, contact=owner.phone, address=village.full_name())
    published = make_product(shop, name="在卖的果")
    draft = make_product(shop, name="草稿果", status=Product.Status.SUBMITTED, submitted_at=timezone.now())
    photo = make_photo(owner)
    ProductPhoto.objects.create(product=draft, photo=photo)
    course = make_course(village, lessons=2)
    module = Module.objects.get(course=course)
    lesson = make_lesson(module, state=State.DRAFT, title="草稿课")
    picture = LessonPicture.objects.create(lesson=lesson, photo=make_photo(trainer), name="pic", alt="一张图")
    cohort = make_cohort(course, village, trainer)
    enrolment = Enrolment.objects.create(user=learner, course=course, cohort=cohort)
    done = LessonDone.objects.create(user=learner, lesson=module.lessons.first(), happened_at=timezone.now())
    video = make_video(trainer)
    upload = Upload.objects.create(
        owner=trainer, size=9, video=video, state="whole", expires_at=timezone.now()
    )
    lesson.video, lesson.captions = video, "WEBVTT\n"
    lesson.save()
    event = Event.objects.create(
        user=learner,
        event_id=uuid4(),
        kind="done",
        state=Event.State.REJECTED,
        reason="no_lesson",
        body={"lesson": 0},
        happened_at=timezone.now(),
    )
    before = make_cohort(course, village, trainer, name="先前的班")
    moved = Transfer.objects.create(user=learner, from_cohort=before, to_cohort=cohort)
    waiting = WaitingEntry.objects.create(cohort=cohort, user=learner, needs_consent=True)
    quiz = make_quiz(course, "single")
    attempt = attempts.start_attempt(learner, quiz)
    task = Assignment.objects.create(module=module, title="任务", text="做")
    aim = Objective.objects.create(course=course, code="1.1", text="会做")
    asker = make_person("等同意的人")
    asked = Membership.objects.create(user=asker, place=village, role=Role.TRAINEE)
    rule = CertificateRule.objects.create(
        course=course, title="结业证书", hours=40, valid_from=timezone.localdate() - timedelta(days=30)
    )
    graduated = Step.objects.create(
        user=learner,
        step=Step.Name.GRADUATE,
        reached_at=timezone.now() - timedelta(days=40),
        evidence_kind=Step.Evidence.CERTIFICATE,
        evidence_id=course.pk,
    )
    follow_up = FollowUp.objects.create(
        user=learner, days=30, due_on=timezone.localdate() - timedelta(days=10)
    )
    shown = ClassroomSession.objects.create(host=trainer, lesson=lesson, cohort=cohort)
    certificate = make_certificate(learner, cohort, shows_name=True, shows_credential=True)
    rows = [
        *rows_of_exam(learner, cohort, trainer),
        follow_up, make_story(learner, village, graduated),
        OutcomeTarget.objects.get_or_create(valid_from=timezone.localdate() + timedelta(days=1))[0],
        rule, certificate, make_credential_row(certificate), shown,
        village, Village.objects.get(place=village), shop, draft, photo, course, module, lesson, picture, cohort,
        enrolment, waiting, moved, CalendarAddress.objects.create(user=learner),
        done, event, asked, learner, make_category(), video, upload,
        quiz, quiz.bank, quiz.bank.questions.get(), attempt, task, aim, make_plan(module.lessons.last()),
        make_case(course, module), *rows_of_voice(lesson, trainer),
        Consent.objects.create(user=learner, kind=Consent.Kind.PRIVACY, version="1"),
        AuditEntry.write(owner, "test", draft, village), ListingDraft.objects.create(user=owner, shop=shop),
        make_ask(learner, cohort, module.lessons.first()), make_announcement(cohort, trainer),
        MentorInvitation.objects.create(person=learner, place=village, course=course, invited_by=trainer),
        Teaching.objects.create(teacher=owner, pupil=learner, since=timezone.localdate()),
        StepRule.objects.get_or_create(valid_from=timezone.localdate() + timedelta(days=1))[0],
        StockMove.objects.filter(product=draft).first(), PriceChange.objects.filter(product=draft).first(),
        *rows_of_trade(published, draft), *rows_of_session(cohort, trainer),
    ]  # fmt: skip
    stage = rows_of_lives(shop, trainer) | rows_of_practice(learner, cohort, trainer, peer=owner)
    ExamSeat.objects.filter(user=learner).update(recording=stage[Submission])
    stage |= rows_of_answers(learner, cohort, trainer)
    stage |= rows_of_open_batch(shop)
    stage |= rows_of_ledger(cohort, learner, trainer)
    stage["quiet member"] = quiet = make_person("没登录过的人")
    Enrolment.objects.create(user=quiet, course=course, cohort=cohort)
    return Side({type(row): row for row in rows} | stage, published)


def rows_of_exam(learner: User, cohort: Cohort, trainer: User) -> tuple[PracticalExam, ExamSeat]:
    """A practical examination of the learner before the trainer and somebody from elsewhere."""
    at = timezone.now() - timedelta(hours=1)  # so that it can be scored
    facts = {"title": "实操", "rubric_content": {"criteria": []}, "starts_at": at, "place": "村部"}
    exam = PracticalExam.objects.create(cohort=cohort, created_by=trainer, **facts)
    seat = ExamSeat.objects.create(exam=exam, user=learner, course=cohort.course, position=1)
    for part, examiner in (("first", trainer), ("second", make_person("外来考官"))):
        ExamScore.objects.create(seat=seat, examiner=examiner, part=part)
    return exam, seat


def rows_of_voice(lesson: Lesson, trainer: User) -> list[Model]:
    """A trainer's own voice for the draft, of which one paragraph is recorded, open to who may watch the lesson."""
    reading = LessonVoice.objects.create(
        lesson=lesson,
        speaker=trainer,
        speech="普通话",
        shown_name="老师",
        opened_at=timezone.now(),
        closed_at=None,
    )
    return [
        reading,
        VoicePart.objects.create(lesson_voice=reading, digest="0" * 16, voice=make_voice(trainer)),
    ]


def make_story(person: User, place: Place, step: Step) -> Story:
    """A story that its person has confirmed, so that everybody sees it."""
    now = timezone.now()
    facts = {"title": "第一场直播", "text": "那天播了一个钟头。", "asked_at": now, "confirmed_at": now}
    story = Story.objects.create(person=person, place=place, **facts)
    StoryFact.objects.create(story=story, on=timezone.localdate(), text="学完了课", step=step)
    until = timezone.localdate() + timedelta(days=90)
    StoryConsent.objects.create(story=story, use=StoryConsent.Use.PUBLIC, until=until)
    Consent.objects.create(user=person, kind=Consent.Kind.PUBLIC_STORY, version="1")
    return story


def make_cast() -> tuple[dict[str, User | None], dict[str, Side]]:
    """Everybody of the table of outcomes, and one of everything of their own county and of another; for a module whose
    tests share one world."""
    make_county("柚山县", "青溪镇", ["石榴冲村"])
    make_county("雾岭县", "云头镇", ["竹坪村"])
    village, far = (Place.objects.get(name=name) for name in ("石榴冲村", "竹坪村"))
    county = village.parent.parent
    cast = {
        "nobody": None,
        "stranger": make_person("罗金花", *[(role, far) for role in Role]),
        "trainee": make_person("田巧云", (Role.TRAINEE, village)),
        "trainer": make_person("李老师", (Role.TRAINER, county)),
        "seller": make_person("周梅英", (Role.SELLER, village)),
        "organiser": make_person("向满姑", (Role.ORGANISER, county)),
        "superuser": make_person("系统管理员", is_superuser=True, is_staff=True),
    }
    others = make_person("外县店主", (Role.SELLER, far)), make_person("外县学员"), make_person("外县老师")
    own = make_side(village, cast["seller"], cast["trainee"], cast["trainer"])
    return cast, {"own": own, "foreign": make_side(far, *others)}


def log_entry(user: User, row: Model) -> LogEntry:
    return LogEntry.objects.create(
        user=user,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row),
        action_flag=CHANGE,
    )


__all__ = ["Course", "Shop", "Side", "make_side"]
