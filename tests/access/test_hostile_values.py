"""No input gives a 500: into every field, parameter, part of an address, header and cookie goes what nobody should send.

The suite sends each form whole twice (in the admin once), every box with another of the values that are likeliest to break
one of its kind, and each number, text, day and file of the site alone with one of them, as it does a third of what is chosen
there, the admin's numbers and a ninth of its rest. The rest of the form is then as the site accepts it
(tests/access/fillings.py), or nothing would come to the code behind it. A parameter of the site is sent a number past 64 bits,
every third one other value too; of the admin's lists and histories, which one code draws for all models, a third is opened.
`HOSTILE_VALUES=all` sends every form six times and every field alone every value, as everybody who may, in six shares that may
run side by side. `make prove` does so on both databases, with one share (`HOSTILE_SHARE`, another each day) unless asked for
all. On PostgreSQL, which takes no NUL and no number past 64 bits, the suite opens every seventh page and sends a smaller share,
and `make prove` those values that a database could take or refuse by itself.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from accounts.models import Membership, Place
from accounts.worklist import items
from media.models import Upload
from outbox.protocol import BROKEN, ERROR, UNKNOWN_KIND
from shops.texts.changes import REWRITE
from tests.access.fillings import HELPER
from tests.access.hostile import (
    AMOUNT,
    EVERYTHING,
    PAST_64_BITS,
    TELLING,
    VALUES,
    Field,
    Form,
    Found,
    Twice,
    lost,
    query_of,
)
from tests.access.hostile_events import AT, IN_JSON, broken_event, events_of
from tests.access.objects import url_of, value_for
from tests.access.outcomes import REFUSED, WHO, declared, leave_out_menu
from tests.access.routes import all_routes
from tests.access.sender import Answer, File, Row, Sender, raw
from tests.access.world import Side, make_cast
from tests.environment import ON_POSTGRES
from tests.factories import PASSWORD, make_person

Role = Membership.Role

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.both_databases,
    pytest.mark.long(on="postgres"),
    pytest.mark.usefixtures("without_logs"),
]
IS_SHORT = AMOUNT == "few"
ROUTES = sorted((route, names) for route, names in dict(all_routes()).items() if not route.startswith("<"))
# Of those who may, the ones for whom a page is made.
MADE_FOR = ("seller", "trainer", "organiser", "trainee", "stranger", "superuser")
LIKE_OTHERS = ("_changelist", "_history")
LONGEST_QUERY = 8_000
# What comes near a column's limits, and what PostgreSQL refuses and SQLite takes.
FOR_DATABASES = (
    "empty", "past 64 bits", "the last of 64 bits", "below 64 bits", "past 32 bits", "400 digits", "NaN", "1e400", "NUL",
    "NUL between", "half a surrogate pair", "no UTF-8", "100 kB", "JSON past 64 bits", "JSON half of a pair", "year 0",
    "year 9999999", "the first day", "the last day", "the first minute", "the last minute", "combining",
)  # fmt: skip
SHARES = 6 if EVERYTHING else 1
# HOSTILE_SHARE: only this one of the six.
CHOSEN = (
    [int(os.environ["HOSTILE_SHARE"])] if EVERYTHING and os.environ.get("HOSTILE_SHARE") else range(SHARES)
)


@dataclass
class Site:
    sender: Sender
    sides: dict[str, Side]
    found: Found


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker) -> Iterator[Site]:
    """One world and one walk through it for the whole module."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        cast, sides = make_cast()
        # One hash for all: what asks for a password gets it.
        password = make_password(PASSWORD)
        for person in filter(None, cast.values()):
            person.password = password
            person.save(update_fields=["password"])
        make_person("帮手", (Role.SELLER, sides["own"][Place]), phone=HELPER)
        made = Site(Sender(cast), sides, Found(sides["own"]))
        with pytest.MonkeyPatch.context() as patched:
            # A fixture of one test, which does so for all, comes later than that of a module.
            patched.setattr(items, "count_for", lambda _user: {})
            leave_out_menu(patched)
            walk(made)
            yield made
        transaction.set_rollback(True)


def walk(site: Site) -> None:
    table, sendable = declared(), {}
    for n, (route, names) in enumerate(ROUTES):
        whose = "own" if names else "-"
        url = url_of(route, names, whose, site.sides)
        is_like_others = not EVERYTHING and route.startswith("admin:") and route.endswith(LIKE_OTHERS)
        if not (IS_SHORT and n % 7 or is_like_others and n % 3):
            for who in readers(table, route, whose, "GET"):
                site.found.open(site.sender, who, url)
        sendable[route] = [(who, url) for who in readers(table, route, whose, "POST")]
    for form in list(site.found.forms.values())[:: 4 if IS_SHORT else 1]:
        if form.method == "POST":
            site.found.send(site.sender, form)
    there = {target.route for target in site.found.targets.values()}
    for n, (route, people) in enumerate(sendable.items()):
        if route not in there and not (IS_SHORT and n % 7):
            for who, url in people[:1]:
                site.found.send(site.sender, Form(who, route, url, route, "POST", []))


def readers(table, route: str, whose: str, method: str) -> list[str]:
    """Who gets the page (or may send there); unless everything is sent, of those signed in the one it is made for."""
    codes = dict(zip(WHO, table.get((route, whose, method), ()), strict=False))
    able = [who for who, code in codes.items() if (code == 200 if method == "GET" else code not in REFUSED)]
    if EVERYTHING:
        return able
    if route.startswith("admin:"):
        return [who for who in ("superuser", *able) if who in able][:1]
    return [who for who in MADE_FOR if who in able][:1] + [who for who in able if who == "nobody"]


def values_of(kind: str, n: int) -> list[str]:
    """For the n-th of its kind: the names of the values to send it alone. A number always comes past what a column of this
    database holds."""
    telling = TELLING.get(kind, TELLING["choice"])
    if not EVERYTHING:
        if kind == "number":
            return ["past 32 bits" if ON_POSTGRES else "past 64 bits"]
        return [telling[n % len(telling)]]
    return list(dict.fromkeys((*telling, *FOR_DATABASES)) if ON_POSTGRES else VALUES)


def share_alone(part: str, kind: str) -> int:
    """Every how-manieth field is sent a value alone: what is chosen is compared with what is offered by one code."""
    return 9 if part == "admin" else 3 if kind in ("choice", "button") else 1


def describe_answer(what: str, name: str, value: str, answer) -> str:
    return f"{what}: {name} = {value}: {answer.status} {answer.fault} {answer.errors}"


# Forms that the site refuses however they are filled here, by route.
NEVER_ACCEPTED = {
    "admin:courses_course_import": "takes a package, which tests/courses/import_export builds",
    "admin:shops_product_publish": "the product's words are not allowed, as its pages about them need",
    "admin:shops_village_add": "every village has its page",
    "programme:mentor_open": "another form has withdrawn the invitation by then",
    "programme:merge": "asks for the password of an account that the other forms need",
    "programme:sheet_read": "takes a photo of a printed sheet, which tests/programme/attendance makes",
    "progress:class_aside_apply": "what the phone sent cannot be read, as the page about it needs",
    "rehearsals:film": "takes a film, which tests/rehearsals makes",
    "rehearsals:task": "takes a film, which tests/rehearsals/tasks makes",
    "rehearsals:studio": "its script sends it, as events",
}


def test_every_form_is_accepted_as_it_stands_or_filled(site):
    """Else the value in one box would be refused for the others, and never come to the code behind the form. A form may
    also be a part of one that is accepted: a list without rows."""
    posted = [form for form in site.found.forms.values() if form.refusals is not None]
    accepted, refused = {}, {}
    for form in posted:
        if form.is_filled is not None:
            accepted.setdefault((form.route, form.shape[3]), []).append(form.shape[2])
    for form in posted:
        if form.button and str(form.button.values[0]).startswith(REWRITE):
            continue  # offered for the facts that the goods had when the page was drawn, which other forms have changed
        if not any(form.shape[2] <= names for names in accepted.get((form.route, form.shape[3]), ())):
            refused[form.route] = f"POST {form.url} by {form.who}: {form.refusals}"
    unknown = [what for route, what in refused.items() if route not in NEVER_ACCEPTED]
    assert IS_SHORT or unknown == [], "\n".join(unknown)
    assert IS_SHORT or refused.keys() == NEVER_ACCEPTED.keys()
    assert len(posted) > (10 if IS_SHORT else 250)


@pytest.mark.parametrize("share", CHOSEN)
@pytest.mark.parametrize("part", ["admin", "site"])
def test_no_value_in_a_field_is_a_server_error(site, part, share):
    """And what was typed into a box is still there, if the form comes back."""
    wrong, gone, sent = [], [], 0
    targets = of_part(site.found.targets, part)
    for n, target in enumerate(
        target
        for place, target in enumerate(targets)
        if EVERYTHING or target.kind == "number" or place % share_alone(part, target.kind) == 0
    ):
        if n % SHARES != share or (IS_SHORT and n % 4):
            continue
        # Only boxes are looked at; what else may be drawn wrongly is when a form is full of such values.
        is_drawn = EVERYTHING or (target.kind not in ("choice", "button", "file") and not IS_SHORT)
        for form, _name in target.forms:
            if form.refusals is None:  # found later, or left out on PostgreSQL
                site.found.send(site.sender, form)
        forms, values = target.best, values_of(target.kind, n)
        if target.kind == "number" and part == "site" and not EVERYTHING:
            values *= len(forms)  # some buttons only keep a draft
        for turn, value in enumerate(values):
            form, name = forms[(n + turn) % len(forms)]
            rows = form.with_value(name, VALUES[value], bool(form.is_filled))
            answer = site.sender.send(form.who, "POST", form.url, rows, is_drawn=is_drawn)
            sent += 1
            if answer.is_fault:
                wrong.append(describe_answer(f"POST {form.url} by {form.who}", name, value, answer))
            elif (
                isinstance(VALUES[value], str)
                and "password" not in name
                # The button that fills in a pasted address writes into these boxes.
                and not (form.button and form.button.values == ("paste",))
                and (now := lost(answer, name, VALUES[value]))
            ):
                gone.append(f"POST {form.url} by {form.who}: {name} = {value} came back as {now}")
    assert (wrong, gone) == ([], []), "\n".join(wrong + gone)
    assert sent > (3 if IS_SHORT else 15)


@pytest.mark.parametrize("part", ["admin", "site"])
def test_no_form_full_of_such_values_is_a_server_error(site, part):
    wrong, shapes = [], {}
    for form in site.found.forms.values():
        if form.method == "POST" and form.route.startswith("admin:") == (part == "admin"):
            shapes.setdefault((form.route, form.shape[2]), form)
    rounds = 6 if EVERYTHING else 2 if part == "site" and not IS_SHORT else 1
    for n, form in enumerate(shapes.values()):
        if IS_SHORT and n % 3:
            continue
        for turn in range(rounds):
            rows = [row for one in form.fields for row in hostile_rows(one, n + turn)]
            if form.button:
                rows.append((form.button.name, form.button.values[0]))
            answer = site.sender.send(form.who, "POST", form.url, rows, is_drawn=EVERYTHING or turn == 0)
            if answer.is_fault:
                wrong.append(
                    describe_answer(f"POST {form.url} by {form.who}", "every field", str(turn), answer)
                )
    assert wrong == [], "\n".join(wrong)
    assert len(shapes) > (5 if IS_SHORT else 40)


def hostile_rows(one: Field, turn: int) -> list[Row]:
    """A value likely to break the field; the number of rows of a formset stays, or none of its rows would be read."""
    if one.name.endswith(("-TOTAL_FORMS", "-INITIAL_FORMS")):
        return [(one.name, value) for value in one.values]
    names = TELLING.get(one.kind, TELLING["choice"])
    value = VALUES[names[turn % len(names)]]
    return [] if value is None else [(one.name, value)]


@pytest.mark.parametrize("share", CHOSEN)
@pytest.mark.parametrize("part", ["admin", "site"])
def test_no_value_of_a_parameter_is_a_server_error(site, part, share):
    wrong, sent = [], 0
    for n, parameter in enumerate(of_part(site.found.parameters, part)):
        rest = [row for row in query_of(parameter.url) if row[0] != parameter.name]
        if n % SHARES != share or (not EVERYTHING and part == "admin" and n % (4 if IS_SHORT else 8)):
            continue
        values = values_of("query", n)
        if part == "site" and not (EVERYTHING or IS_SHORT):
            values = list(
                dict.fromkeys(["past 64 bits", *(values_of("query", n // 3) if n % 3 == 0 else ())])
            )
        for value in values:
            if (
                isinstance(VALUES[value], (File, Twice, type(None)))
                or len(raw(VALUES[value])) > LONGEST_QUERY
            ):
                continue
            rows = [*rest, (parameter.name, VALUES[value])]
            answer = site.sender.send(parameter.who, "GET", parameter.url, rows)
            sent += 1
            if answer.is_fault:
                wrong.append(
                    describe_answer(f"GET {parameter.url} by {parameter.who}", parameter.name, value, answer)
                )
    assert wrong == [], "\n".join(wrong)
    assert sent > (10 if IS_SHORT else 80 if part == "site" or EVERYTHING else 40)


def of_part(found: dict[tuple[str, str], object], part: str) -> list:
    return [one for (route, _name), one in sorted(found.items(), key=lambda row: row[0])
            if route.startswith("admin:") == (part == "admin")]  # fmt: skip


IN_ADDRESS = (
    PAST_64_BITS, "%00", "%D9%A3%D9%A4%D9%A5", "9" * 400, "%ed%a0%bd", "-1", "9" * 5000, "%2e%2e", "a%0Ab", "%EF%BC%91",
    "0", "00", "%F0%9F%8D%8A" * 200,
)  # fmt: skip


def test_no_part_of_an_address_is_a_server_error(site):
    wrong, table, sent = [], declared(), 0
    for n, (route, names) in enumerate(row for row in ROUTES if row[1]):
        url = url_of(route, names, "own", site.sides)
        for name in names:
            own = str(value_for(route, name, "own", site.sides))
            for turn, value in enumerate(IN_ADDRESS):
                if not EVERYTHING and (n + turn) % len(IN_ADDRESS):
                    continue
                method = ("GET", "POST")[turn % 2]
                there = "/".join(value if piece == own else piece for piece in url.split("/"))
                for who in readers(table, route, "own", method)[:1]:
                    answer = site.sender.send(who, method, there)
                    sent += 1
                    if answer.is_fault:
                        wrong.append(describe_answer(f"{method} {route} by {who}", name, value[:40], answer))
    assert wrong == [], "\n".join(wrong)
    assert sent > 100


HEADERS = (
    *(
        "Accept",
        "Accept-Language",
        "Content-Type",
        "Content-Encoding",
        "Content-Length",
        "Host",
        "Origin",
        "Referer",
    ),
    *(
        "HX-Request",
        "HX-Current-URL",
        "If-Match",
        "If-Modified-Since",
        "If-None-Match",
        "If-Range",
        "Range",
        "Save-Data",
    ),
    *(
        "Tus-Resumable",
        "Upload-Defer-Length",
        "Upload-Length",
        "Upload-Metadata",
        "Upload-Offset",
        "User-Agent",
    ),
    *(
        "X-Forwarded-For",
        "X-Request-ID",
        "X-CSRFToken",
        "X-Requested-With",
        "X-Body-Coming",
        "X-Body-File",
        "X-Body-Owner",
    ),
)
COOKIES = (
    "acted",
    "csrftoken",
    "known_phone",
    "language",
    "messages",
    "order",
    "order_1",
    "sessionid",
    "staff_seen",
)
# As they may stand in a header: bytes of Latin-1 without line ends.
IN_HEADER = (
    "", " ", PAST_64_BITS, "-1", "9" * 400, "NaN", "\xff\xfe", "\xd9\xa3", "../../etc/passwd", "bytes=0-" + "9" * 30,
    'bytes=-0,"', 'W/"', "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300, "gzip",
    "text/html; charset=nonsense", "application/x-www-form-urlencoded; charset=utf-7", "*;q=nan", "en;q=1e400,zh",
    "Thu, 01 Jan 0000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:60 GMT", "http://[::1", "//evil.example", "\x7f",
    '"\\000\\377"', "a:b:c:d", ".eJx:1:2", "filename =,ticket /w==,a b c", "x" * 8000,
)  # fmt: skip


def test_no_header_or_cookie_is_a_server_error(site):
    """On a visitor's page, one's own, a film, a form, a batch of a phone's events and an upload."""
    wrong, own = [], site.sides["own"]
    upload = reverse("media:video_upload", args=[own[Upload].key])
    film = url_of("progress:video", ("pk", "part"), "own", site.sides)
    targets = [
        ("nobody", "GET", "/"), ("trainee", "GET", "/learn/"), ("trainer", "GET", film), ("seller", "GET", "/live/"),
        ("seller", "POST", "/me/shop/new/"), ("nobody", "POST", reverse("account_login")), ("trainee", "POST", "/sync/"),
        ("trainer", "POST", "/uploads/video/"), ("trainer", "PATCH", upload), ("trainer", "HEAD", upload),
        ("superuser", "GET", "/admin/"),
    ]  # fmt: skip
    said = [("header", name) for name in HEADERS] + [("cookie", name) for name in COOKIES]
    for n, (what, name) in enumerate(said):
        if IS_SHORT and n % 6:
            continue
        for turn, value in enumerate(IN_HEADER):
            if not EVERYTHING and (n + turn) % 10:
                continue
            for who, method, url in targets if EVERYTHING else [targets[(n + turn) % len(targets)]]:
                extra = {"cookies": {name: value}} if what == "cookie" else in_header(name, value)
                answer = site.sender.send(who, method, url, [], **extra)
                if answer.is_fault:
                    wrong.append(
                        describe_answer(f"{method} {url} by {who}", f"{what} {name}", value[:60], answer)
                    )
    assert wrong == [], "\n".join(wrong)


def in_header(name: str, value: str) -> dict:
    """Tus is spoken in its version unless that is what is broken."""
    known = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_UPLOAD_OFFSET": "0", "HTTP_UPLOAD_LENGTH": "9"}
    key = name.upper().replace("-", "_")
    return known | {key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}": value}


# What no kind of event is: such an event never comes to its handler.
UNREAD = (BROKEN, UNKNOWN_KIND, ERROR)


def test_no_event_of_a_phone_is_a_server_error(site):
    """One field at a time: a number past 64 bits and a third of the rest in one batch, or each value
    alone; in what all kinds share, with one kind."""
    wrong, turns, known = [], 0, events_of(site.sides["own"])
    assert set(known) == set(settings.OUTBOX_HANDLERS)
    for n, (kind, (who, body)) in enumerate(known.items()):
        event = {"kind": kind, "at": AT, "body": body}
        assert reasons_of(send_events(site, who, [event | {"id": "b" * 32}]))[0] not in UNREAD, kind
        shared = ("id", "kind", "at", "body") if EVERYTHING or n == 0 else ()
        for name in (*shared, *body):
            events = [
                broken_event(event | {"id": f"{turn:032x}"}, name, value)
                for turn, value in enumerate(IN_JSON)
            ]
            turns += 1
            share = [*{*range(turns % 3, len(events), 3), IN_JSON.index(PAST_64_BITS)}]
            for some in [[one] for one in events] if EVERYTHING else [[events[place] for place in share]]:
                answer = send_events(site, who, some)
                if answer.is_fault or answer.errors or len(reasons_of(answer)) != len(some):
                    wrong.append(describe_answer(f"an event {kind}", name, "each in turn", answer))
    assert wrong == [], "\n".join(wrong)


def send_events(site: Site, who: str, events: list[dict | str]) -> Answer:
    person = site.sender.people[who].pk
    texts = [one if isinstance(one, str) else json.dumps(one) for one in events]
    batch = f'{{"user": {person}, "events": [{", ".join(texts)}]}}'.encode()
    return site.sender.send(who, "POST", "/sync/", body=batch, content_type="application/json")


def reasons_of(answer: Answer) -> list[str]:
    """Why each event of the batch was not applied; nothing if the batch was refused."""
    return [one["reason"] for one in json.loads(answer.content).get("results", ())]


def test_pages_and_forms_as_they_stand_fail_nowhere(site):
    found = site.found
    print(  # pytest -s shows it
        f"{found.pages} pages, {len(found.forms)} forms with {len(found.targets)} fields, {len(found.parameters)} parameters; "
        f"{site.sender.count} requests"
    )
    assert found.faults == [], "\n".join(found.faults)
    assert len(found.targets) > (150 if IS_SHORT else 900)
    assert len(found.parameters) > (80 if IS_SHORT else 400)
