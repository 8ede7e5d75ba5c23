"""Every route × everybody × GET and POST × own, another county's and unknown objects: a declared outcome.

outcomes.txt is the declaration, but for the pages that every model has in the admin (model_pages.py); a route without lines
there fails. After adding a route, run

    WRITE_ACCESS_TABLE=1 python -m pytest tests/access/test_access.py

then read the new lines as an attacker would before committing them.

The suite asks everybody who is refused for their own county's objects, and of those who are let through a visitor and two
others. Another county's are asked for by all who are let through at home and refused there, by the stranger, who holds every
role there, and by one of those who are refused at home; unknown ones by one of each. One of those who see a page has it drawn.
`ACCESS=all` (in `make prove`) asks everybody for everything and draws it.
"""

import os
from collections.abc import Sequence

import pytest
from django.db import connection
from django.urls import NoReverseMatch

from accounts.models import Membership, User
from courses.models import Cohort
from tests.access.exports import EXPORTS, is_file
from tests.access.model_pages import is_model_page
from tests.access.objects import url_of
from tests.access.outcomes import (
    EVERYTHING,
    REFUSED,
    TABLE,
    WHO,
    Outcomes,
    Writes,
    declared,
    declared_by_route,
)
from tests.access.routes import all_routes
from tests.access.sender import Sender
from tests.factories import make_cohort, make_person

ROUTES = sorted((route, names) for route, names in dict(all_routes()).items() if not is_model_page(route))
WRITING = bool(os.environ.get("WRITE_ACCESS_TABLE"))


def observe(
    sender: Sender,
    people: Sequence[str],
    method: str,
    route: str,
    url: str,
    drawn_for: str,
    written: list[str],
) -> dict[str, int]:
    """The status that each person gets; what a GET or a refused request writes is noted in `written`, and a file that is not
    declared."""
    codes = {}
    for who in people:
        writes = Writes()
        with connection.execute_wrapper(writes):
            answer = sender.send(who, method, url, is_drawn=drawn_for in (who, "all"))
        codes[who] = answer.status
        if is_file(answer.headers) and route not in EXPORTS:
            written.append(f"{route} gives out a file: name it in tests/access/exports.py")
        if method == "GET" or codes[who] in REFUSED:
            written += [f"{url}: a {method} of {who} ({codes[who]}) writes: {sql}" for sql in writes.seen]
    return codes


def askers(table: Outcomes, route: str, whose: str, method: str, turn: int) -> Sequence[str]:
    """Whose answer may differ from what others' answers prove; `turn` chooses among equals."""
    here, home = table.get((route, whose, method)), table.get((route, "own", method))
    if EVERYTHING or WRITING or not here:
        return WHO
    let_through, refused = sort_out(here)
    if whose in ("-", "own"):
        chosen = {"nobody", *refused, *in_turn(let_through, turn), *in_turn(let_through, turn + 1)}
    elif whose == "foreign":
        at_home, refused_at_home = sort_out(home)
        guarded = [who for who in at_home if who in refused]
        chosen = {"stranger", *guarded, *in_turn(at_home, turn), *in_turn(refused_at_home, turn)}
    else:
        at_home, refused_at_home = sort_out(home)
        chosen = {*in_turn(at_home, turn), *in_turn(refused_at_home, turn)}
    return [who for who in WHO if who in chosen]


def sort_out(codes: Sequence[int]) -> tuple[list[str], list[str]]:
    """Return who is let through, and who is refused."""
    let_through = [who for who, code in zip(WHO, codes, strict=True) if not is_refused(who, code)]
    return let_through, [who for who in WHO if who not in let_through]


def is_refused(who: str, code: int) -> bool:
    """A visitor is led to the sign-in page."""
    return code in REFUSED or (who == "nobody" and code == 302)


def in_turn(people: Sequence[str], turn: int) -> Sequence[str]:
    return [people[turn % len(people)]] if people else []


def viewer(codes: Sequence[int], people: Sequence[str], turn: int) -> str:
    """One of those who ask, and are declared to see the page."""
    seeing = [who for who, code in zip(WHO, codes, strict=False) if code == 200 and who in people]
    return "".join(in_turn(seeing, turn))


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("cast", "without_numbers", "plain_refusals", "without_logs")
def test_every_route_has_the_declared_outcome_for_everybody(sender, sides):
    table, seen, wrong = declared_by_route(), {}, []
    for turn, (route, names) in enumerate(ROUTES):
        for whose in ("own", "foreign", "unknown") if names else ("-",):
            try:
                url = url_of(route, names, whose, sides)
            except (NoReverseMatch, LookupError) as error:
                wrong.append(f"{route}: tests/access/objects.py does not know its arguments {names}: {error}")
                continue
            for method in ("GET", "POST"):
                key = route, whose, method
                people = askers(table, *key, turn)
                drawn_for = "all" if EVERYTHING or key not in table else viewer(table[key], people, turn)
                seen[key] = observe(sender, people, method, route, url, drawn_for, wrong)
    if WRITING:
        write(seen)
    for key, codes in seen.items():
        declared_codes = dict(zip(WHO, table.get(key, ()), strict=False))
        if 500 in codes.values():
            wrong.append(f"{' '.join(key)}: {codes}: a server error")
        elif different := {who: code for who, code in codes.items() if declared_codes.get(who) != code}:
            wrong.append(f"{' '.join(key)}: declared {declared_codes}, observed {different}")
    wrong += [f"{' '.join(key)}: declared, but there is no such route" for key in table if key not in seen]
    assert not wrong, "\n".join(wrong)


# What a class's mentor gets by GET and by an empty POST, where a neighbour gets something else.
# No column of outcomes.txt: a column is a role in a place and is asked for every route and side, while a mentor's right is to be
# named in one class. Named in the own side's class, which then lies in the village, others get other answers there; and what
# counts is where the answer differs from that to a neighbour, and that another class's mentor gets the neighbour's.
MENTORS = {
    "courses:plans": (200, 405),  # courses:plan answers 404: the side's lesson is a draft
    "courses:preparation": (200, 405),
    "courses:preparation_page": (200, 405),
    "programme:class_attendance": (200, 405),
    "programme:class_sheet_print": (404, 405),  # the side's was asked for by its trainer
    "programme:class_sheet_print_file": (404, 405),
    "programme:class_sheets": (200, 422),
    "programme:code": (200, 405),
    "programme:lesson_plans": (200, 405),
    "programme:trainer_page": (200, 405),
    "programme:roll": (200, 302),
    "programme:roll_now": (200, 405),
    "programme:session": (200, 405),
    "programme:session_cancel": (200, 200),
    "programme:session_ics": (200, 405),
    "programme:session_edit": (200, 200),
    "programme:session_new": (200, 200),
    "programme:session_reinstate": (405, 302),
    "programme:sessions": (200, 405),
    "programme:sheet": (200, 200),
    "programme:sheet_read": (200, 422),
    "programme:walk_in": (200, 302),
    "programme:walk_in_new": (200, 200),
    "progress:announcement_remove": (200, 302),
    "progress:ask": (200, 200),
    "progress:ask_remove": (200, 302),
    "progress:class": (200, 405),
    "progress:class_announcements": (200, 200),
    "progress:class_asks": (200, 405),
    "progress:class_lesson": (404, 405),  # the side's lesson is a draft
    "progress:class_lessons": (200, 405),
    "progress:class_poster": (200, 405),
    "progress:class_qr": (200, 405),
    "progress:trainee": (200, 405),
    "rehearsals:class_task": (200, 405),
    "rehearsals:class_tasks": (200, 405),
    "rehearsals:review": (200, 405),
    "rehearsals:review_release": (405, 302),
    "rehearsals:review_take": (405, 302),
    "rehearsals:submission_video": (200, 405),
    "rehearsals:task_examples": (200, 405),
    "rehearsals:task_note": (200, 404),  # looks at it, answers nothing
    "rehearsals:task_review": (200, 405),
    "rehearsals:task_sign": (200, 404),
    "rehearsals:task_document": (200, 405),
    "rehearsals:task_film": (200, 405),
    "rehearsals:task_note_voice": (200, 405),
    "rehearsals:task_photo": (200, 405),
    "rehearsals:task_voice": (200, 405),
}
# Apps whose rows belong to a class or to its people; `make prove` asks those of all.
OF_CLASSES = ("accounts:", "courses:", "programme:", "progress:", "rehearsals:")


# What is a course's own is open to the mentors of all classes that follow it.
OF_COURSES = {
    "courses:plans",
    "courses:preparation",
    "courses:preparation_page",
    "programme:lesson_plans",
    "programme:trainer_page",
    "rehearsals:task_examples",
}


@pytest.fixture
def mentors(cast, sides, village) -> dict[str, User]:
    """The mentor of the own side's class, the mentor of another class in the same village, and a neighbour."""
    role = Membership.Role.MENTOR
    people = {who: make_person(who, (role, village)) for who in ("mentor", "other")}
    cohort = sides["own"][Cohort]
    Cohort.objects.filter(pk=cohort.pk).update(mentor=people["mentor"], place=village)
    make_cohort(cohort.course, village, mentor=people["other"])
    return people | {"neighbour": make_person("neighbour", (Membership.Role.TRAINEE, village))}


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("without_numbers", "plain_refusals", "without_logs")
def test_a_mentor_reaches_the_daily_pages_of_the_own_class_and_nothing_else(sender, sides, mentors):
    """Of all routes with an object; the mentor of another class of the course gets what any neighbour gets."""

    for who, person in mentors.items():
        sender.sign_in(who, person)
    found, wrong = {}, []
    for route, names in ROUTES:
        if not names or not (EVERYTHING or route.startswith(OF_CLASSES)):
            continue
        url = url_of(route, names, "own", sides)
        mine, neighbours = (ask(sender, who, url) for who in ("mentor", "neighbour"))
        if mine == neighbours:  # then the role alone opens nothing either
            continue
        found[route] = mine
        due = mine if route in OF_COURSES else neighbours
        if (others := ask(sender, "other", url)) != due:
            wrong.append(f"{route}: the mentor of another class gets {others}, not {due}")
    assert not wrong, "\n".join(wrong)
    assert found == MENTORS


def ask(sender: Sender, who: str, url: str) -> tuple[int, int]:
    get, post = (sender.send(who, method, url, is_drawn=False).status for method in ("GET", "POST"))
    return get, post


def write(seen) -> None:
    width = max(len(route) for route, _whose, _method in seen) + 1
    lines = [f"# {'route':{width - 2}}whose    method " + " ".join(f"{who:9}" for who in WHO)]
    for (route, whose, method), codes in seen.items():
        lines.append(
            f"{route:{width}}{whose:9}{method:7}" + " ".join(f"{codes[who]:<9}" for who in WHO).rstrip()
        )
    TABLE.write_text("\n".join(lines) + "\n")


def test_a_route_without_a_declared_outcome_fails():
    """Every route of the URLconf stands in the table or is a page that every model has."""
    have = {route for route, _whose, _method in declared()}
    missing = [route for route in dict(all_routes()) if route not in have and not is_model_page(route)]
    assert missing == []
