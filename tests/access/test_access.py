"""Every route × everybody × GET and POST × own, another county's and unknown objects: a declared outcome.

outcomes.txt is the declaration, but for the pages that every model has in the admin (model_pages.py); a route without lines
there fails. After adding a route, run

    WRITE_ACCESS_TABLE=1 python -m pytest tests/access

then read the new lines as an attacker would before committing them.
"""

import os

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch

from accounts.models import User
from tests.access.model_pages import is_model_page
from tests.access.objects import url_of
from tests.access.outcomes import REFUSED, TABLE, WHO, Writes, declared, declared_by_route
from tests.access.routes import all_routes

ROUTES = sorted((route, names) for route, names in dict(all_routes()).items() if not is_model_page(route))


def sign_in(person: User | None) -> str:
    """The session's cookie of a person who has signed in once for all requests; empty for nobody."""
    if person is None:
        return ""
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def observe(client: Client, sessions: dict[str, str], method: str, url: str, written: list[str]) -> list[int]:
    """The status each person gets; whatever a request changed is rolled back, and noted in `written` for a GET and for
    whoever was refused."""
    codes = []
    for who in WHO:
        writes = Writes()
        client.cookies.clear()
        if sessions[who]:
            client.cookies[settings.SESSION_COOKIE_NAME] = sessions[who]
        with transaction.atomic():
            with connection.execute_wrapper(writes):
                codes.append(getattr(client, method.lower())(url).status_code)
            transaction.set_rollback(True)
        if method == "GET" or codes[-1] in REFUSED:
            written += [f"{url}: a {method} of {who} ({codes[-1]}) writes: {sql}" for sql in writes.seen]
    return codes


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("without_numbers", "plain_refusals", "without_logs")
def test_every_route_has_the_declared_outcome_for_everybody(cast, sides):
    table, seen, wrong = declared_by_route(), {}, []
    client = Client(raise_request_exception=False)  # one for all: each loads the middleware anew
    sessions = {who: sign_in(person) for who, person in cast.items()}
    for route, names in ROUTES:
        for whose in ("own", "foreign", "unknown") if names else ("-",):
            try:
                url = url_of(route, names, whose, sides)
            except (NoReverseMatch, LookupError) as error:
                wrong.append(f"{route}: tests/access/objects.py does not know its arguments {names}: {error}")
                continue
            for method in ("GET", "POST"):
                seen[route, whose, method] = observe(client, sessions, method, url, wrong)
    if os.environ.get("WRITE_ACCESS_TABLE"):
        write(seen)
    for key, codes in seen.items():
        if 500 in codes:
            wrong.append(f"{' '.join(key)}: {codes}: a server error")
        elif table.get(key) != codes:
            wrong.append(f"{' '.join(key)}: declared {table.get(key)}, observed {codes}")
    wrong += [f"{' '.join(key)}: declared, but there is no such route" for key in table if key not in seen]
    assert not wrong, "\n".join(wrong)


def write(seen) -> None:
    width = max(len(route) for route, _whose, _method in seen) + 1
    lines = [f"# {'route':{width - 2}}whose    method " + " ".join(f"{who:9}" for who in WHO)]
    for (route, whose, method), codes in seen.items():
        lines.append(
            f"{route:{width}}{whose:9}{method:7}" + " ".join(f"{code:<9}" for code in codes).rstrip()
        )
    TABLE.write_text("\n".join(lines) + "\n")


def test_a_route_without_a_declared_outcome_fails():
    """Every route of the URLconf stands in the table or is a page that every model has."""
    have = {route for route, _whose, _method in declared()}
    missing = [route for route in dict(all_routes()) if route not in have and not is_model_page(route)]
    assert missing == []
