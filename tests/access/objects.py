"""Which object a route's arguments name: own, another county's, or none at all."""

from uuid import UUID

from django.apps import apps
from django.db.models import Model, UUIDField
from django.urls import reverse

from accounts.models import Membership, User
from courses.models import Announcement, Bank, Case, Cohort, Course, Lesson, Module, Quiz, VoicePart
from media.models import Document, Photo, Upload, Video
from outbox.models import Event
from programme.models import (
    CalendarAddress,
    Certificate,
    ExamSeat,
    FollowUp,
    MentorInvitation,
    PracticalExam,
    Roster,
    SheetPrint,
    Story,
    Teaching,
    TrainingLedger,
    TrainingSession,
    WalkIn,
)
from progress.models import Ask, Attempt, ClassroomSession, Transfer, WaitingEntry
from shops.listings.drafts import ListingDraft
from shops.models import (
    Batch,
    Claim,
    Complaint,
    LedgerEntry,
    Order,
    Paper,
    PayCode,
    PickUpPoint,
    Pledge,
    Product,
    Proof,
    Shop,
    Spray,
    Supply,
    Village,
)
from tests.access import onair, practice, tasks
from tests.access.world import Side

NOWHERE = 987_654_321
NO_SUCH = {
    "slug": "no-such-thing",
    "key": "f" * 32,
    "code": "ZZZZZZZZZZ",
    "token": "f" * 22,
    "number": "261124999999",
}

# A row of a Side, by its model or its name there, and the field that stands in addresses.
Named = tuple[type[Model] | str, str]
# argument → row, by the route's app and, where that is not enough, by the route
BY_APP: dict[str, dict[str, Named]] = {
    "courses": {"slug": (Course, "slug"), "pk": (Lesson, "pk")},
    "media": {"key": (Photo, "key")},
    "progress": {
        "slug": (Course, "slug"),
        "pk": (Cohort, "pk"),
        "lesson_pk": (Lesson, "pk"),
        "user_pk": (User, "pk"),
        "event_pk": (Event, "pk"),
        "announcement_pk": (Announcement, "pk"),
        "quiz_pk": (Quiz, "pk"),
        "entry_pk": (WaitingEntry, "pk"),
        "transfer_pk": (Transfer, "pk"),
    },
    "programme": {
        "pk": (Cohort, "pk"),
        "session_pk": (TrainingSession, "pk"),
        "exam_pk": (PracticalExam, "pk"),
        "seat_pk": (ExamSeat, "pk"),
        "walk_in_pk": (WalkIn, "pk"),
        "roster_pk": (Roster, "pk"),
        "user_pk": (User, "pk"),
        "ledger_key": (TrainingLedger, "key"),
        "print_key": (SheetPrint, "key"),
        "key": (Certificate, "key"),
        "code": (Certificate, "code"),
        "follow_up_pk": (FollowUp, "pk"),
        "token": (FollowUp, "token"),
        "story_pk": (Story, "pk"),
    },
    "shops": {
        "pk": (Product, "pk"),
        "helper": (User, "pk"),
        "code": (Batch, "code"),
        "spray": (Spray, "pk"),
        "slug": (Shop, "slug"),
        "token": (Order, "token"),
        "number": (Order, "number"),
        "key": (Document, "key"),
    },
    "accounts": {"pk": (Membership, "pk")},
    "live": onair.PLAN,
}
BY_ROUTE: dict[str, dict[str, Named]] = {
    "shops:village": {"slug": (Village, "slug")},
    "shops:shop_edit": {"pk": (Shop, "pk")},
    "shops:helpers": {"pk": (Shop, "pk")},
    "shops:remove_helper": {"pk": (Shop, "pk")},
    "shops:drop_draft": {"pk": (ListingDraft, "pk")},
    "shops:my_batch": {"pk": (Batch, "pk")},
    "shops:edit_batch": {"pk": ("open batch", "pk")},
    "shops:new_spray": {"pk": ("open batch", "pk")},
    "shops:drop_spray": {"pk": ("open batch", "pk"), "spray": ("open spray", "pk")},
    "shops:new_note": {"pk": (Batch, "pk")},
    "shops:issue_pledge": {"pk": (Batch, "pk")},
    "shops:supply_batch": {"pk": (Batch, "pk")},
    "shops:pledge": {"pk": (Pledge, "pk")},
    "shops:withdraw_pledge": {"pk": (Pledge, "pk")},
    "shops:paper_file": {"pk": (Paper, "pk")},
    "shops:drop_paper": {"pk": (Paper, "pk")},
    "shops:point": {"pk": (PickUpPoint, "pk")},
    "shops:proof_file": {"pk": (Proof, "pk")},
    "shops:my_claim": {"pk": (Claim, "pk")},
    "shops:paycode_picture": {"pk": (PayCode, "pk")},
    "shops:ledger_entry": {"pk": (LedgerEntry, "pk")},
    "shops:supply_pay": {"pk": (Supply, "pk")},
    "shops:supply_cancel": {"pk": (Supply, "pk")},
    "shops:complaint": {"token": (Complaint, "token")},
    "shops:complaint_answer": {"pk": (Complaint, "pk")},
    "programme:lesson_plans": {"slug": (Course, "slug"), "module_pk": (Module, "pk")},
    "programme:trainer_page": {"slug": (Course, "slug")},
    "courses:case": {"slug": (Course, "slug"), "code": (Case, "code")},
    "progress:lesson": {"pk": (Lesson, "pk")},
    "progress:done": {"pk": (Lesson, "pk")},
    "progress:asks": {"pk": (Lesson, "pk")},
    "progress:video": {"pk": (Lesson, "pk")},
    "progress:captions": {"pk": (Lesson, "pk")},
    "progress:lesson_voice": {"pk": (Lesson, "pk"), "key": (VoicePart, "key")},
    "progress:watched": {"pk": (Lesson, "pk")},
    "progress:keep": {"pk": (Lesson, "pk")},
    "progress:ask": {"pk": (Ask, "pk")},
    "progress:ask_remove": {"pk": (Ask, "pk")},
    "progress:quiz": {"pk": (Quiz, "pk")},
    "progress:quiz_start": {"pk": (Quiz, "pk")},
    "progress:quiz_paper": {"pk": (Quiz, "pk")},
    "progress:quiz_statistics": {"pk": (Quiz, "pk")},
    "progress:bank_statistics": {"pk": (Bank, "pk")},
    "progress:attempt": {"key": (Attempt, "key")},
    "progress:attempt_question": {"key": (Attempt, "key")},
    "progress:attempt_finish": {"key": (Attempt, "key")},
    "progress:slides": {"slug": (Course, "slug"), "pk": (Lesson, "pk")},
    "progress:slides_start": {"slug": (Course, "slug"), "pk": (Lesson, "pk")},
    "progress:slides_end": {"slug": (Course, "slug"), "pk": (Lesson, "pk")},
    "progress:slides_move": {"slug": (Course, "slug"), "pk": (Lesson, "pk")},
    "progress:slides_hands": {"slug": (Course, "slug"), "pk": (Lesson, "pk")},
    "progress:slides_now": {"slug": (Course, "slug"), "pk": (Lesson, "pk")},
    "progress:slides_remote": {"slug": (Course, "slug"), "pk": (Lesson, "pk")},
    "progress:classroom": {"code": (ClassroomSession, "code")},
    "progress:waiting_withdraw": {"pk": (WaitingEntry, "pk")},
    "accounts:reset": {"pk": (User, "pk")},
    "programme:exam_result": {"key": (ExamSeat, "key")},
    "programme:exam_score": {"key": (ExamSeat, "key")},
    "programme:exam_agree": {"key": (ExamSeat, "key")},
    "programme:exam_recording": {"key": (ExamSeat, "key")},
    "programme:exam_film": {"key": (ExamSeat, "key")},
    "programme:ladder_of": {"pk": (User, "pk")},
    "programme:calendar": {"pk": (CalendarAddress, "pk")},
    "programme:duplicate": {"pk": (Cohort, "pk"), "user_pk": ("quiet member", "pk")},
    "programme:lineage_object": {"pk": (Teaching, "pk")},
    "programme:mentor_invite": {"pk": (User, "pk")},
    "programme:mentor_withdraw": {"pk": (MentorInvitation, "pk")},
    "programme:mentor_answer": {"pk": (MentorInvitation, "pk")},
    "programme:mentor_open": {"pk": (MentorInvitation, "pk")},
    "programme:mentor_give_up": {"pk": (MentorInvitation, "pk")},
    "accounts:card": {"pk": (User, "pk")},
    "media:video_upload": {"key": (Upload, "key")},
    "admin:media_video_part": {"object_id": (Video, "pk")},
    **onair.BY_ROUTE,
    **practice.BY_ROUTE,
    **tasks.BY_ROUTE,
}
FIRST = {
    "sitemap_file": 1,
    "programme:credential_status": 0,
    "programme:course_sheet": "guardian",
    "programme:course_sheet_pdf": "guardian",
}
FIXED = {
    "app_label": "shops",
    "url": "nowhere/",
    "part": "240.mp4",
    "film": 1,
    "width": 320,
    "position": 1,
    "layout": "large",
    "step": "receive",
    "seal": "0" * 48,
    "section": "pages",
    "crop": "pomelo",
    "topic": "kit",
}


def url_of(route: str, names: tuple[str, ...], whose: str, sides: dict[str, Side]) -> str:
    """A pattern without a name (the admin's redirects of old addresses) is filled in by hand."""
    values = {name: value_for(route, name, whose, sides) for name in names}
    if not route.startswith("<"):
        return reverse(route, kwargs=values)
    path = route[1:-1].replace("<path:object_id>", str(values.get("object_id")))
    return "/" + path.replace("(?P<url>.*)$", str(values.get("url")))


def value_for(route: str, name: str, whose: str, sides: dict[str, Side]):
    if name in FIXED:
        return FIXED[name]
    if route in FIRST:  # the file of always, whoever asks for whatever
        return FIRST[route] if whose == "own" else NOWHERE
    row, field = known(route, name)
    if whose != "unknown":
        return getattr(sides[whose][row], field)
    model = type(sides["own"][row])
    if field not in ("pk", "token") and isinstance(model._meta.get_field(field), UUIDField):
        return UUID(int=0)
    return NO_SUCH.get(field, NOWHERE)


def known(route: str, name: str) -> Named:
    app = route.partition(":")[0]
    found = BY_ROUTE.get(route, {}).get(name) or BY_APP.get(app, {}).get(name)
    return found or admin_model(route)


def admin_model(route: str) -> Named:
    """admin:shops_product_change and <admin/shops/product/…> → Product, by primary key."""
    words = route.replace("admin:", "").replace("<admin/", "").replace("_", "/").split("/")
    return apps.get_model(words[0], words[1]), "pk"
