"""Who reaches which page of a model's rows in the admin: the declaration that tests/config/test_admin_access.py holds.

The pages of Django's admin are the same for every model, so they are declared by model, not by route as in outcomes.txt.
"""

from collections.abc import Iterator

# Who sees a model's pages, who adds and changes, who deletes: T trainer, O organiser, S superuser.
RIGHTS = {
    "accounts.place": ("OS", "OS", "OS", "S"),
    "accounts.user": ("OS", "S", "OS", ""),
    "accounts.membership": ("OS", "S", "OS", ""),
    "accounts.consent": ("OS", "", "", ""),
    "accounts.auditentry": ("OS", "", "", ""),
    "accounts.notice": ("OS", "", "", ""),
    "accounts.clearance": ("OS", "", "OS", ""),
    "courses.course": ("TOS", "TOS", "TOS", "TOS"),
    "courses.module": ("TOS", "TOS", "TOS", "TOS"),
    "courses.lesson": ("TOS", "TOS", "TOS", "TOS"),
    "courses.lessonplan": ("TOS", "TOS", "TOS", "TOS"),
    "courses.case": ("TOS", "TOS", "TOS", "TOS"),
    "courses.cohort": ("TOS", "TOS", "TOS", "TOS"),
    "courses.announcement": ("TOS", "", "", ""),
    "courses.quiz": ("TOS", "TOS", "TOS", "TOS"),
    "courses.bank": ("TOS", "TOS", "TOS", "TOS"),
    "courses.question": ("TOS", "TOS", "TOS", "TOS"),
    "courses.objective": ("TOS", "TOS", "TOS", "TOS"),
    "courses.assignment": ("TOS", "TOS", "TOS", "TOS"),
    "courses.drill": ("TOS", "TOS", "TOS", "TOS"),
    "courses.quickphrase": ("TOS", "TOS", "TOS", "TOS"),
    "programme.steprule": ("OS", "S", "S", ""),
    "programme.outcometarget": ("OS", "S", "S", ""),
    "programme.teaching": ("TOS", "OS", "OS", ""),
    "progress.enrolment": ("TOS", "", "TOS", ""),
    "progress.lessondone": ("TOS", "", "", ""),
    "programme.certificaterule": ("TOS", "TOS", "TOS", "TOS"),
    "rehearsals.submission": ("TOS", "", "", ""),
    "rehearsals.review": ("TOS", "", "", ""),
    "outbox.event": ("TOS", "", "", ""),
    "shops.product": ("OS", "", "OS", ""),
    "shops.shop": ("OS", "OS", "OS", ""),
    "shops.village": ("OS", "OS", "OS", "S"),
    "shops.category": ("OS", "S", "S", "S"),
    "shops.pricechange": ("OS", "", "", ""),
    "shops.stockmove": ("OS", "", "", ""),
    "shops.batch": ("OS", "", "", ""),
    "shops.pledge": ("OS", "", "", ""),
    "shops.paper": ("OS", "", "OS", ""),
    "shops.order": ("OS", "", "", ""),
    "shops.orderevent": ("OS", "", "", ""),
    "shops.claim": ("OS", "", "", ""),
    "shops.paycode": ("OS", "", "", ""),
    "live.livestream": ("TOS", "", "", ""),
    "live.scriptversion": ("TOS", "", "", ""),
    "live.checklisttick": ("TOS", "", "", ""),
    "live.slip": ("TOS", "", "", ""),
    "live.livesale": ("OS", "", "", ""),
    "live.quotamove": ("OS", "", "", ""),
    "live.guardianconsent": ("OS", "", "", ""),
    "media.photo": ("TOS", "", "", ""),
    "media.video": ("TOS", "", "", ""),
}

# Rows with history beneath them, which nobody deletes.
KEPT = {"accounts.place", "shops.category"}
# Rows that a trainer sees only if they are the trainer's own.
NOT_A_TRAINERS = {"media.photo"}
# Rows that all counties share.
COMMON = {"programme.outcometarget", "programme.steprule", "shops.category"}
LETTERS = {"trainer": "T", "organiser": "O", "superuser": "S", "stranger": "O"}

# A form with nothing that must be filled in takes the empty POST.
NOTHING_REQUIRED = {
    ("accounts.clearance", "organiser"),
    ("accounts.clearance", "superuser"),
    ("accounts.clearance", "stranger"),
    ("accounts.membership", "organiser"),
    ("accounts.membership", "superuser"),
    ("accounts.membership", "stranger"),
    ("programme.teaching", "organiser"),
    ("programme.teaching", "superuser"),
    ("programme.teaching", "stranger"),
    ("progress.enrolment", "superuser"),
    ("shops.paper", "organiser"),
    ("shops.paper", "superuser"),
    ("shops.paper", "stranger"),
    ("shops.village", "organiser"),
    ("shops.village", "superuser"),
    ("shops.village", "stranger"),
}

NAMES = ("changelist", "add", "change", "history", "delete")


def route_of(label: str, name: str) -> str:
    return f"admin:{label.replace('.', '_')}_{name}"


PAGES = {route_of(label, name) for label in RIGHTS for name in NAMES}


def expected(label: str, role: str, whose: str) -> dict[str, int]:
    """The status of each page of a row that is `mine`, `theirs` or `unknown`."""
    view, _add, change, delete = (LETTERS[role] in right for right in RIGHTS[label])
    seen = view and (whose == "mine" or (whose == "theirs" and role == "superuser"))
    if role == "trainer" and label in NOT_A_TRAINERS:
        seen = False
    if not seen:
        return dict.fromkeys(("change", "history", "delete", "post", "post_delete"), 404)
    can_delete = delete and label not in KEPT
    return {
        "change": 200,
        "history": 200,
        "delete": 200 if can_delete else 403,
        "post": (302 if (label, role) in NOTHING_REQUIRED else 200) if change else 403,
        "post_delete": 302 if can_delete else 403,
    }


def is_model_page(route: str) -> bool:
    """Whether it is one of the five pages that every model of the admin has, or the redirect of their old address."""
    return route in PAGES or (route.startswith("<admin/") and route.endswith("/<path:object_id>/>"))


def outcomes(who: tuple[str, ...]) -> Iterator[tuple[tuple[str, str, str], list[int]]]:
    """(route, whose, method) → the status for each of `who`, as the rows of outcomes.txt."""
    for label in RIGHTS:
        for name in NAMES:
            for whose in ("-",) if name in ("changelist", "add") else ("own", "foreign", "unknown"):
                for method in ("GET", "POST"):
                    codes = [outcome(label, name, person, whose, method) for person in who]
                    yield (route_of(label, name), whose, method), codes


def outcome(label: str, name: str, person: str, whose: str, method: str) -> int:
    if person not in LETTERS:
        return 302  # to the sign-in page
    if name in ("changelist", "add"):
        return 200 if LETTERS[person] in RIGHTS[label][name == "add"] else 403
    mine = {"foreign" if person == "stranger" else "own"} | ({"own", "foreign"} if label in COMMON else set())
    codes = expected(
        label, person, "mine" if whose in mine else "unknown" if whose == "unknown" else "theirs"
    )
    return codes[{("change", "POST"): "post", ("delete", "POST"): "post_delete"}.get((name, method), name)]
