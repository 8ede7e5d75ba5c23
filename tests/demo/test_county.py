"""The demo county as it is seeded: whom and what it holds, that every book adds up, and that seeding twice is once."""

import datetime
import io
from collections import Counter

from django.core.management import call_command
from django.db.models import Count, F, Q, Sum

from accounts.models import Clearance, Membership, Notice, User
from courses.models import Cohort, Lesson, Quiz
from live.models import Livestream
from media.models import Document, Video
from outbox.reception import make_receipt
from programme.exams import overview
from programme.ladder.steps import check_all
from programme.models import (
    Attendance,
    Certificate,
    ExamScore,
    FollowUp,
    FollowUpAnswer,
    PracticalExam,
    Step,
    Story,
    StoryConsent,
    SupportAct,
    Teaching,
    TrainingCost,
    TrainingSession,
    WalkIn,
)
from programme.outcomes.stories import services as stories
from programme.support.board import load_board as load_support
from progress.classes.board import load_board
from progress.models import Ask, Attempt, Enrolment, LessonDone
from rehearsals import leases
from rehearsals.models import (
    NoteAnswer,
    Rehearsal,
    Review,
    Submission,
    TaskItem,
    TaskNote,
    TaskReview,
    TaskVersion,
    TaskWork,
)
from rehearsals.tasks.page import load_standing
from shops.ledger import reports
from shops.models import Claim, LedgerEntry, LedgerMonth, Order, OrderEvent, PayCode, Product, Shop
from shops.pricing import reference_price
from shops.texts import text_check
from tests.demo.worlds import NOW, person

# --- orders ---


def test_there_is_an_order_at_every_state(shop):
    assert set(shop.orders.values_list("status", flat=True)) == set(Order.Status.values)


def test_an_order_has_taken_each_step_of_the_table(shop):
    taken = set(OrderEvent.objects.filter(order__shop=shop).values_list("verb", flat=True))
    assert taken == set(OrderEvent.Verb.values)


def test_steps_of_an_order_lie_hours_apart(shop):
    """On the shop's page everything had happened just now."""
    events = OrderEvent.objects.filter(order__shop=shop)
    assert events.count() - events.values("at").distinct().count() <= 1
    assert events.filter(at__gt=NOW - datetime.timedelta(hours=1)).count() == 0
    assert events.filter(at__lt=NOW - datetime.timedelta(days=60)).count() >= 10
    for order in shop.orders.prefetch_related("events"):
        times = [event.at for event in order.events.all()]
        assert times == sorted(times)
        assert times[0] == order.placed_at
        assert times[-1] == order.changed_at <= NOW


def test_one_request_is_fresh_and_one_is_nearly_over(shop):
    ends = shop.orders.filter(status="requested").order_by("expires_at").values_list("expires_at", flat=True)
    assert [round((end - NOW).total_seconds() / 3600) for end in ends] == [7, 45]


def test_damage_is_open_settled_and_refused(shop):
    claims = Claim.objects.filter(order__shop=shop)
    assert Counter(claims.values_list("status", flat=True)) == {"open": 1, "settled": 1, "refused": 1}
    assert all(claim.photos.count() == 1 for claim in claims)


def test_stock_is_the_sum_of_its_moves(demo):
    for product in Product.objects.annotate(moved=Sum("moves__delta", filter=Q(moves__presale=None))):
        assert product.stock == (product.moved or 0), product.name


def test_the_price_that_is_struck_through_was_paid(shop):
    found = reference_price.find_reference_price(shop.products.get(name="冰糖橙"))
    assert (found.fen, found.in_week, found.cut_on) == (3290, True, NOW.date() - datetime.timedelta(days=2))


def test_listings_and_shops_show_nothing_that_the_wording_check_finds(demo):
    """They are what sellers copy: no block and no warning, with the facts of their own rows. Two that wait are to be found."""
    found = {
        f"{product.shop.slug}: {product.name}": [one.claim for one in text_check.check_product(product).found]
        for product in Product.objects.filter(status=Product.Status.PUBLISHED).select_related("shop")
    } | {shop.slug: [one.claim for one in text_check.check_shop(shop).found] for shop in Shop.objects.all()}
    assert len(found) == 55 + 12
    assert {name: claims for name, claims in found.items() if claims} == {}


def test_a_model_listing_says_what_its_batch_says(shop):
    oranges = shop.products.get(name="冰糖橙")
    picked, sprays = oranges.batch.harvested_on, oranges.batch.sprays.order_by("on")
    assert (picked, oranges.batch.brix_tenths) == (datetime.date(2026, 11, 8), 128)
    last = sprays.last()
    assert (last.on, last.interval_days) == (datetime.date(2026, 9, 17), 28)
    for said in (
        "果径 60–65 毫米",
        "糖度 12.8 度，2026年11月8日采",
        "用药 2026年9月17日，安全间隔期 28 天",
        "疤",
    ):
        assert said in oranges.description


def test_old_news_are_put_away(shop):
    unread = Notice.objects.filter(phone=shop.owner.phone, seen_at=None)
    assert 1 <= unread.count() <= 5
    assert unread.filter(template="paycode_changed").count() == 0
    assert PayCode.objects.filter(shop=shop).count() == 1


# --- the books ---


def test_the_books_hold_three_months_and_add_up(shop):
    entries = LedgerEntry.objects.filter(shop=shop)
    assert entries.dates("on", "month").count() >= 3
    months = LedgerMonth.objects.filter(shop=shop)
    assert months.aggregate(Sum("fen"), Sum("grams")) == entries.aggregate(Sum("fen"), Sum("grams"))
    assert months.aggregate(Sum("entries"))["entries__sum"] == entries.count()
    assert all(month.net > 0 for month in reports.list_months(shop, NOW.date(), count=3))


def test_every_paid_order_is_in_the_books_once(shop):
    paid = shop.orders.filter(events__verb="paid")
    income = LedgerEntry.objects.filter(shop=shop, kind="order")
    assert sorted(income.values_list("order", "fen")) == sorted(paid.values_list("pk", "total_fen"))
    back = LedgerEntry.objects.filter(shop=shop, kind="refund").aggregate(Sum("fen"))["fen__sum"]
    assert back == -shop.orders.aggregate(Sum("refunded_fen"))["refunded_fen__sum"] < 0


def test_what_a_parcel_cost_is_in_the_books(shop):
    sent = shop.orders.filter(events__verb="shipped").distinct()
    cost = LedgerEntry.objects.filter(shop=shop, kind="freight", order__isnull=False)
    assert set(cost.values_list("order", flat=True)) == set(sent.values_list("pk", flat=True))
    assert all(fen < 0 for fen in cost.values_list("fen", flat=True))


def test_a_slip_was_put_right(shop):
    counter = LedgerEntry.objects.get(shop=shop, corrects__isnull=False)
    assert (counter.fen, counter.corrects.fen) == (240_000, -240_000)


def test_every_live_is_in_the_books_with_what_it_sold(demo):
    for live in Livestream.objects.filter(ended_at__isnull=False):
        sold = live.livesales.aggregate(fen=Sum(F("price_fen") * F("quantity")))["fen"]
        assert LedgerEntry.objects.get(kind="live", page=f"/live/{live.pk}/sales/").fen == sold > 0


# --- lives ---


def test_lives_are_over_ahead_and_called_off(shop):
    lives = Livestream.objects.filter(shop=shop, kind="real").order_by("starts_at")
    states = [(bool(live.ended_at), bool(live.removed_at)) for live in lives]
    assert states == [(True, False), (True, False), (False, True), (True, False), (False, False)]
    assert lives.last().starts_at > NOW
    assert all(live.recap and live.figures.exists() for live in lives.filter(ended_at__isnull=False))


def test_the_seller_may_go_live_because_the_law_test_was_passed(shop):
    given = Clearance.objects.get(user=shop.owner)
    assert Attempt.objects.filter(user=shop.owner, quiz__clears="first_live", passed=True).count() == 1
    assert given.given_at < Livestream.objects.filter(shop=shop, kind="real").earliest("starts_at").starts_at


# --- the class ---


def test_the_demos_trainee_is_in_the_chinese_course_only(demo):
    trainee = person(1)
    assert [one.course.language for one in trainee.enrolments.select_related("course")] == ["zh-hans"]
    assert LessonDone.objects.filter(user=trainee).count() == 3
    assert (
        LessonDone.objects.filter(user=trainee).exclude(lesson__module__course__language="zh-hans").count()
        == 0
    )


def test_the_class_has_people_at_every_stage(demo):
    cohort = Cohort.objects.get(join_code="YX2026")
    rows = load_board(cohort).trainees
    lessons = Lesson.objects.filter(module__course=cohort.course).count()
    assert len(rows) == 24
    tested = set(Attempt.objects.filter(quiz__kind=Quiz.Kind.PRE).values_list("user", flat=True))
    assert sum(row.count == 0 and row.pk not in tested for row in rows) == 3  # never began
    assert sum(row.count == 0 and row.pk in tested for row in rows) == 2  # the first test only
    assert sum(row.count == lessons for row in rows) == 2  # through
    fortnight = NOW - datetime.timedelta(days=14)
    assert sum(row.last_at is not None and row.last_at < fortnight for row in rows) == 3  # away
    people = User.objects.filter(pk__in=[row.pk for row in rows])
    assert {person.birth_month.year // 10 * 10 for person in people} == {1960, 1970, 1980, 1990, 2000}
    villages = Membership.objects.filter(user__in=people, role="trainee", status="granted")
    assert villages.values("place").distinct().count() == 3


def test_the_class_has_met_three_times_and_will_again(demo):
    rows = TrainingSession.objects.order_by("starts_at").annotate(n=Count("attendance"))
    assert [(row.topic, row.minutes, row.starts_at < NOW) for row in rows] == [
        ("手机怎么拍果子", 180, True),
        ("三分钟讲一款", 150, True),
        ("开播前核对什么", 180, True),
        ("第一次开播", 150, False),
    ]
    assert [row.n > 10 for row in rows] == [True, True, True, False]
    assert WalkIn.objects.get().merged_into.name == "石建军"
    early = Attendance.objects.filter(user__enrolments__enrolled_at__gt=F("happened_at"))
    assert early.filter(user__enrolments__cohort=F("session__cohort")).count() == 0


def test_the_board_of_the_class_has_people_whom_somebody_helps_and_others(demo):
    board = load_support(Cohort.objects.get(join_code="YX2026"))
    by_name = {line.user.name: [one.fact.cause for one in line.stuck] for line in board.lines}
    assert by_name["周新民"] == ["quiz"]
    assert by_name["李秋菊"][-1] == "lesson"
    assert [line.user.name for line in board.snoozed] == ["覃福生"]
    assert 0 < board.untaken < board.people
    assert SupportAct.objects.count() == 3


def test_somebody_failed_a_quiz_and_passed_it_then(demo):
    tries = Attempt.objects.filter(user__name="滕小妹", quiz__module__number=3).order_by("number")
    assert list(tries.values_list("passed", flat=True)) == [False, True]


def test_the_class_before_is_through(demo):
    before = Cohort.objects.get(join_code="YX2601")
    assert (before.is_open, before.ends_on < NOW.date()) == (False, True)
    assert all(row.is_finished for row in load_board(before).trainees)
    assert Enrolment.objects.filter(cohort=before).count() == 12
    assert Attempt.objects.filter(quiz__kind=Quiz.Kind.POST, passed=True).count() == 12


def test_what_was_learnt_lies_between_joining_and_now(demo):
    early = LessonDone.objects.filter(
        user__enrolments__course=F("lesson__module__course"),
        happened_at__lt=F("user__enrolments__enrolled_at"),
    )
    assert not early.exists()
    assert not LessonDone.objects.filter(happened_at__gt=NOW).exists()
    assert not Attempt.objects.filter(finished_at__gt=NOW).exists()


def test_questions_are_answered_open_and_taken_down(demo):
    assert (Ask.objects.unanswered().count(), Ask.objects.filter(removed_at__isnull=False).count()) == (3, 1)
    assert Ask.objects.count() == 9
    cohort = Cohort.objects.get(join_code="YX2026")
    assert cohort.announcements.filter(removed_at__isnull=True).count() == 3


# --- rehearsals ---


def test_there_is_a_submission_in_every_state(demo):
    handed_in = Submission.objects.filter(cohort__join_code="YX2026")
    trainer, colleague = person(2), User.objects.get(name="向晓燕")
    waiting = handed_in.filter(status="queued")
    assert waiting.filter(video__status="ready", lease_by=None).count() == 4
    assert waiting.filter(video=None).count() == 1  # the rest of the film is on the phone
    opened = waiting.get(lease_by__isnull=False)
    assert leases.get_lease_holder(opened, NOW) == colleague
    assert opened.reviews.filter(signed_at=None, reviewer=colleague).count() == 1
    reviewed = handed_in.filter(status="reviewed")
    first = Review.objects.filter(submission__in=reviewed, kind="first", signed_at__isnull=False)
    assert first.filter(reviewer=trainer).count() >= 4
    again = [review.submission for review in first.filter(wants_again=True)]
    assert sorted(Submission.objects.filter(user=one.user, number=2).count() for one in again) == [0, 1]
    assert NoteAnswer.objects.filter(author=person(1)).count() == 1  # read by the trainee
    assert (
        NoteAnswer.objects.filter(rehearsal__submission__user__name="田德富").count() == 1
    )  # done once more
    assert Review.objects.filter(submission__in=handed_in, kind="second").count() == 1
    assert Review.objects.filter(submission__in=handed_in, kind="peer", signed_at__isnull=False).count() == 1
    kept = Rehearsal.objects.filter(submission__isnull=True)
    assert kept.filter(dropped_at__isnull=False).count() == 1  # withdrawn
    assert kept.get(dropped_at=None).on_phone_bytes > 0  # still on the phone


def test_one_submission_alone_is_scored_twice(demo):
    assert Submission.objects.filter(needs_second=True).count() == 1


def test_exercises_in_class_are_scored_by_the_nine_lines(demo):
    scored = Review.objects.exclude(kind="peer").order_by(
        "submission__user__name", "kind", "submission__number"
    )
    assert {(review.form, len(review.rubric["criteria"])) for review in scored} == {("short", 9)}
    totals = scored.filter(signed_at__isnull=False).values_list("submission__user__name", "total")
    assert sorted(totals, key=lambda row: row[1])[:2] == [("田德富", 53), ("龙安平", 55)]
    assert sorted(total for _name, total in totals) == [53, 55, 57, 78, 81, 83, 83, 84, 84, 88, 90]


def test_reviews_are_signed_after_the_film_came_and_before_now(demo):
    for review in Review.objects.select_related("submission"):
        assert review.submission.received_at < review.begun_at <= (review.signed_at or NOW) <= NOW


# --- tasks ---


def test_tasks_of_every_kind_wait_are_returned_and_accepted(demo):
    works = TaskWork.objects.with_state().filter(cohort__join_code="YX2026")
    states = Counter(works.values_list("assignment__hand_in", "state"))
    assert states == {
        ("video", "accepted"): 7, ("video", "handed_in"): 4, ("video", "returned"): 2,
        ("photo", "accepted"): 2, ("photo", "handed_in"): 2,
        ("text", "accepted"): 3, ("text", "handed_in"): 1,
        ("file", "accepted"): 1, ("file", "handed_in"): 1,
        ("rehearsal", "handed_in"): 1, ("rehearsal", "returned"): 1, ("rundown", "returned"): 1,
    }  # fmt: skip
    listed = TaskWork.objects.with_state().filter(assignment__hand_in__in=("listing", "rundown"))
    listed = listed.filter(cohort__join_code="YX2601")
    assert sorted(listed.values_list("user__name", "state")) == [
        ("周梅英", "accepted"),
        ("周梅英", "accepted"),
        ("田巧云", "handed_in"),
    ]
    assert works.values("user").distinct().count() == 14


def test_the_demos_trainee_has_a_task_accepted_and_one_to_do_again(demo):
    mine = TaskWork.objects.with_state().filter(user=person(1)).order_by("assignment__module__number")
    assert list(mine.values_list("state", flat=True)) == ["accepted", "returned"]
    due = load_standing(person(1), mine[1].assignment)
    assert due.answered.review.next_step.startswith("“之后”那条重录一遍：手机离嘴半米")
    assert [note.at_ms for note in due.answered.notes] == [3000, 9000]


def test_the_trainers_queue_has_tasks_of_all_kinds_and_they_are_the_ones_that_wait(demo):
    waiting = TaskWork.objects.reviewable_by(person(2)).waiting()
    kinds = Counter(waiting.values_list("assignment__hand_in", flat=True))
    assert kinds == {"video": 4, "photo": 2, "text": 1, "file": 1, "rehearsal": 1, "listing": 1}
    newest = TaskVersion.objects.waiting()
    assert set(newest.values_list("work", "received_at")) == set(waiting.values_list("pk", "waiting_since"))
    assert newest.filter(number__gt=1).count() == 4  # handed in again
    assert list(newest.filter(is_after_class=True).values_list("work__user__name", flat=True)) == ["田巧云"]


def test_three_films_are_shown_to_the_class_with_their_owners_consent(demo):
    shown = TaskWork.objects.shown_to(person(1)).filter(assignment__module__number=1)
    assert sorted(shown.values_list("user__name", flat=True)) == ["杨光明", "滕小妹", "石桂花"]
    assert shown.count() == TaskWork.objects.filter(is_chosen=True).count()
    assert Notice.objects.filter(template="task_chosen").count() == 3


def test_versions_follow_their_answers_and_notes_lie_within_what_they_are_on(demo):
    for version in TaskVersion.objects.select_related("work__user", "review").order_by("work", "number"):
        before = version.work.versions.filter(number=version.number - 1).first()
        assert version.number == 1 or before.review.created_at < version.received_at
        review = getattr(version, "review", None)
        assert review is None or version.received_at < review.created_at <= NOW
        assert version.receipt == make_receipt(version.work.user_id, [version.client_id])
        assert bool(version.text or version.items.exists())
        version.work.full_clean()
        version.full_clean()
    for note in TaskNote.objects.select_related("item__video", "item__photo"):
        assert (note.x is None) == (note.item.photo is None)
        assert note.at_ms is None or note.at_ms < note.item.video.duration_ms <= 45_100
    assert set(TaskItem.objects.exclude(photo=None).values_list("photo__is_private", flat=True)) == {True}
    clips = Video.objects.filter(pk__in=TaskItem.objects.filter(video__isnull=False).values("video"))
    assert {round(film.duration_ms / 1000) for film in clips} == {18, 45}
    files = Document.objects.filter(pk__in=TaskItem.objects.values("document"))
    assert sorted(one.shown_name for one in files) == [
        "六回记录.csv",
        "带教记录 第二遍.docx",
        "带教记录.docx",
    ]


# --- examinations ---


def test_one_practical_was_held_and_one_is_ahead(demo):
    held, ahead = PracticalExam.objects.order_by("starts_at")
    assert held.starts_at < NOW < ahead.starts_at
    seats = held.seats.order_by("position").values_list("user__name", "total", "passed", "way")
    assert list(seats) == [
        ("吴春燕", 86, True, "mean"),
        ("王翠英", None, False, ""),
        ("张家旺", 51, False, "mean"),
    ]
    scored = ExamScore.objects.filter(seat__exam=held, signed_at__isnull=False)
    assert Counter(scored.values_list("examiner__name", flat=True)) == {"李建平": 3, "陈志远": 3}
    third = ExamScore.objects.get(part=ExamScore.Part.THIRD)
    assert (third.seat.user.name, third.examiner.name, third.signed_at) == ("王翠英", "向晓燕", None)
    again = ahead.seats.order_by("position").values_list("user__name", "number")
    assert list(again) == [("张家旺", 2), ("石桂花", 1), ("杨光明", 1)]


def test_placement_and_theory_were_sat(demo):
    cohort = Cohort.objects.get(join_code="YX2026")
    people = {one.name: one for one in overview.load_people(cohort)[0]}
    assert people["周秀兰"].placement is not None
    assert len(people["吴春燕"].known) > len(people["周秀兰"].known)
    assert (people["吴春燕"].best, people["吴春燕"].passed) == (86, True)
    assert (people["王翠英"].best, people["王翠英"].passed) == (75, False)


# --- films ---


def test_both_courses_show_the_same_films(demo):
    films = Lesson.objects.filter(video__isnull=False).values_list("module__course__language", "video__name")
    shown = {language: sorted(name for lang, name in films if lang == language) for language, _name in films}
    assert shown["zh-hans"] == shown["en"]
    assert len(shown["en"]) == 12
    assert Video.objects.exclude(status="ready").count() == 0


# --- the ladder ---


def test_the_first_seller_has_all_six_steps_and_taught_who_teaches(demo):
    def list_steps(name: str) -> list[str]:
        return list(Step.objects.valid().filter(user__name=name).values_list("step", flat=True))

    assert set(list_steps("周梅英")) == set(Step.Name.values)
    assert "mentor" in list_steps("李建平")
    assert set(list_steps("石春田")) == {"learner", "seller", "mentor"}
    assert set(list_steps("田巧云")) == {"learner", "seller"}
    assert list(Certificate.objects.values_list("user__name", "issued_by__name")) == [("周梅英", "李建平")]
    pairs = set(Teaching.objects.values_list("teacher__name", "pupil__name"))
    assert {("周梅英", "石满秀"), ("周梅英", "田玉梅")} <= pairs  # by joining her class
    small = Cohort.objects.get(mentor__name="周梅英")
    assert (small.name, small.most_people, small.place.name) == ("梅英带的班", 10, "石榴冲村")
    assert {("李建平", "周梅英"), ("周梅英", "石春田"), ("石春田", "田巧云")} <= pairs


def test_a_recount_of_the_demo_differs_in_nothing(demo):
    assert list(check_all()) == []


# --- again ---


def test_one_story_of_the_demo_says_that_it_is_one(demo):
    [story] = Story.objects.open_for(StoryConsent.Use.PUBLIC)
    assert "这是演示用的故事，人和事都是编的" in story.text
    assert stories.list_problems(story) == []
    assert story.facts.count() == 3


def test_the_graduate_was_asked_how_it_goes_and_the_class_has_costs(demo):
    assert [(row.days, row.user.name) for row in FollowUp.objects.due()] == [(30, "周梅英")]
    assert FollowUpAnswer.objects.get().is_newest
    assert sum(row.fen for row in TrainingCost.objects.counting()) == 669_900


def test_seeding_again_changes_nothing(demo):
    def counts() -> list[int]:
        models = (User, Order, LedgerEntry, Livestream, Submission, LessonDone, Attempt, Ask, Video)
        models += (TaskWork, TaskVersion, TaskItem, TaskReview, TaskNote, Document, PracticalExam, ExamScore)
        return [model.objects.count() for model in models]

    before = counts()
    call_command("seed_demo", stdout=io.StringIO())
    assert counts() == before
