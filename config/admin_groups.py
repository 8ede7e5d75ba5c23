"""Groups of the admin's side bar, in their order: what people do there, and with which models."""

from django.utils.translation import gettext_lazy, pgettext_lazy

BACK_OFFICE_GROUPS = (
    (
        "teach",
        gettext_lazy("教课"),
        (
            "courses.course", "courses.module", "courses.lesson", "courses.cohort", "courses.announcement", "courses.quiz",
            "courses.bank", "courses.question", "courses.objective", "courses.assignment", "courses.drill",
            "courses.quickphrase", "rehearsals.submission", "rehearsals.review", "media.video", "progress.enrolment",
            "progress.lessondone", "outbox.event",
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
