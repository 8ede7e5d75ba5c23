"""What upper apps register with the apps below them, by dotted path, so that no lower app imports an upper one.

Each name is a setting: config.settings imports all of them. Paths are imported when they are first used.
"""

from django.utils.translation import gettext_lazy, pgettext_lazy

# Pages of upper apps to which lower apps link (ui.pages): the lower app's name for the page → the name of its URL.
PAGES = {
    "ui.verify": "programme:verify_form",
    "ui.impact": "programme:public_impact",
    "accounts.courses": "courses:catalogue",
    "accounts.learn": "progress:learn",
    "accounts.teach": "progress:classes",
    "accounts.learning_choices": "progress:choice",
    "accounts.certificates": "programme:certificates",
    "accounts.merge": "programme:merge",
    "accounts.sell": "shops:mine",
    "accounts.review_listings": "shops:queue",
    "courses.course": "progress:course",
    "courses.lesson": "progress:lesson",
    "courses.class": "progress:class",
    "courses.classes": "progress:classes",
    "courses.reviews": "rehearsals:reviews",
    "courses.support": "programme:support",
    "courses.slides": "progress:slides",
    "courses.video": "progress:video",
    "courses.plans_pdf": "programme:lesson_plans",
    "courses.preparation_pdf": "programme:trainer_page",
    "courses.quiz": "progress:quiz",
    "courses.quiz_figures": "progress:quiz_statistics",
    "courses.bank_figures": "progress:bank_statistics",
    "progress.practise": "rehearsals:practise",
    "progress.task": "rehearsals:task",
    "progress.plan_live": "live:new_plan",
    "progress.my_class": "programme:my_class",
    "progress.support": "programme:support",
    "progress.support_person": "programme:support_person",
    "live.studio": "rehearsals:studio",
    "live.sheet_pdf": "programme:course_sheet_pdf",
    "shops.sheet_pdf": "programme:course_sheet_pdf",
}

# An area of the page cache → function() that returns an expression: what the clock alone has changed in the area. Its value is
# part of the version of the area's pages, read in the same query as the area's stamp.
STAMP_CLOCKS = {"shops": "shops.orders.expiry.find_latest_expired"}

# A kind of event recorded offline → handle(user, events), which returns {event id: "" or the reason why it is not applied}.
OUTBOX_HANDLERS = {
    "done": "progress.lessons.offline_events.apply_done",
    "watched": "progress.lessons.offline_events.apply_watched",
    "attempt": "progress.quizzes.offline_events.apply_attempts",
    "ask": "progress.classes.offline_events.apply_asks",
    "choice": "progress.lessons.offline_events.apply_choice",
    # Kinds are applied in this order within a batch: a sale before its undo.
    "live_sale": "live.on_air.offline_events.apply_sales",
    "live_undo": "live.on_air.offline_events.apply_undos",
    "live_pin": "live.on_air.offline_events.apply_pins",
    "live_slip": "live.on_air.offline_events.apply_slips",
    "attendance": "programme.attendance.offline_events.apply_marks",
    "walk_in": "programme.attendance.offline_events.apply_walk_ins",
    "rehearsal": "rehearsals.submissions.offline_events.apply_rehearsal",
    "take": "rehearsals.submissions.offline_events.apply_take",
    "handed_in": "rehearsals.submissions.offline_events.apply_handed_in",
    "task": "rehearsals.tasks.offline_events.apply_task",
}
# states(user, course) returns, by the id of a task, progress.quizzes.quiz_status.TaskStanding of how the person stands with it.
TASK_STATES = "rehearsals.tasks.page.list_states"
# taught(class id) returns the ids of the modules that the class has been taught, in the order in which they began.
CLASS_TIMETABLE = "programme.attendance.sessions.list_taught_modules"
# consume(user id, number) returns whether this person may send so many more events now.
OUTBOX_COUNTS = "accounts.limits.consume_events"

# read(notice) returns the notice's sentence and the URL of its page, or None for another app's notice.
NOTICE_READERS = (
    "shops.orders.seller.notifications.read_notice",
    "accounts.people.memberships.read_notice",
    "accounts.auth.password_reset.read_notice",
    "rehearsals.notices.read_notice",
    "programme.notices.read_notice",
    "programme.calendar.reminders.read_notice",
    "progress.enrolment.notices.read_notice",
    "programme.support.cases.read_notice",
)
# warnings(user) returns sentences that are shown after the next sign-in, on whatever page it leads to.
SIGN_IN_WARNINGS = (
    "accounts.auth.password_reset.sign_in_warnings",
    "shops.orders.seller.notifications.list_warnings",
)

# check(code) returns the name of the code's class, or None; redeem(user, code) grants the trainee's membership and enrols.
JOIN_CODE_CHECK = "progress.enrolment.join_codes.check_code"
JOIN_CODE_REDEEM = "progress.enrolment.join_codes.redeem_or_wait"
# admit(user, cohort) records what follows from joining a class, or raises progress.enrolment.seats.NotAdmitted.
CLASS_ADMITS = ("programme.mentoring.pupils.admit",)
# taught_by(trainer) returns the people in the trainer's own classes.
TAUGHT_BY = "progress.enrolment.services.find_taught"

# ended(actor, membership) closes what depends on a role when the role ends.
ROLE_ENDED = ("shops.orders.departure.end_role", "programme.mentoring.invitations.end_role")
# unfinished(user, place) lists what others still wait for from this person.
UNFINISHED = ("shops.orders.departure.list_unfinished", "live.worklist.list_unfinished")
# withdrawn(user, kind) deletes what was stored on a consent that is withdrawn.
CONSENT_WITHDRAWN = (
    "programme.id_numbers.services.delete_own",
    "programme.outcomes.stories.services.withdraw_own",
)
# erase(user) deletes the person's data that no law requires to be stored. The last one goes through all tables and files as
# config/personal/terms.toml says.
ERASERS = (
    "programme.duplicates.merge.erase_merged",
    "shops.orders.departure.erase",
    "programme.training_ledger.production.drop_unapproved",
    "programme.sheets.class_prints.drop_of_person",
    "programme.exams.changes.withdraw_of_person",
    "progress.enrolment.services.leave_all_classes",
    "config.personal.erasure.erase",
)
# terms(user) returns, by heading, what is deleted and what stays, for the page on which an account is closed.
ERASE_TERMS = "config.personal.overview.describe_erasure"
# groups() returns the same headings for the privacy notice.
TERM_GROUPS = "config.personal.terms.load_groups"

# Groups of the admin's side bar, in their order: key, name, models.
BACK_OFFICE_GROUPS = (
    (
        "teach",
        gettext_lazy("教课"),
        (
            "courses.course", "courses.module", "courses.lesson", "courses.lessonplan", "courses.case", "courses.cohort",
            "courses.announcement", "courses.quiz", "courses.bank", "courses.question", "courses.objective",
            "courses.assignment", "courses.drill", "courses.quickphrase", "programme.certificaterule", "rehearsals.submission",
            "rehearsals.review", "media.video",
            "progress.enrolment", "progress.lessondone", "programme.steprule", "programme.teaching", "programme.outcometarget",
            "outbox.event",
        ),
    ),
    (
        "sell",
        gettext_lazy("卖货"),
        (
            "shops.product", "shops.shop", "shops.village", "shops.category", "shops.batch", "shops.pledge", "shops.paper",
            "shops.order", "shops.orderevent", "shops.claim", "shops.paycode", "shops.pricechange", "shops.stockmove",
        ),
    ),
    (
        "live",
        gettext_lazy("直播"),
        (
            "live.livestream", "live.scriptversion", "live.checklisttick", "live.livesale", "live.slip", "live.quotamove",
            "live.guardianconsent",
        ),
    ),
    (
        "people",
        pgettext_lazy("many", "人"),
        (
            "accounts.membership", "accounts.user", "accounts.place", "accounts.clearance", "accounts.consent",
            "accounts.auditentry", "accounts.notice", "media.photo",
        ),
    ),
)  # fmt: skip
