"""No file that the site gives out tells anybody a number that they may not see: files are unpacked and searched.

Everybody asks at each route of EXPORTS, for their own county's and another's; test_access, which asks at all routes, fails for
one that gives out a file and is not declared.
"""

from __future__ import annotations

import io

import pytest
from django.contrib import admin
from django.urls import reverse
from openpyxl import Workbook

from accounts.backoffice.export import ExportMixin
from accounts.models import User
from config.personal import data_exports
from programme.models import IdNumber
from programme.training_ledger.printout import print_ledger
from programme.training_ledger.sheets import build_sheets, load_class
from tests.access.class_rows import ID_NUMBER
from tests.access.exports import EXPORTS, Secrets, find_phones, holds, is_file, read_phone
from tests.access.objects import url_of
from tests.access.outcomes import WHO
from tests.access.routes import all_routes

# The lists of the admin that are exported.
LISTS = {"accounts.User", "progress.Enrolment", "shops.Product"}


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("plain_refusals", "without_logs", "without_numbers")
def test_no_file_tells_a_number_to_whom_it_is_not_for(sender, cast, sides):
    data_exports.make(data_exports.ask(cast["trainee"]).pk)
    secrets, arguments, given, leaks = Secrets(cast), dict(all_routes()), set(), []
    for route, forms in EXPORTS.items():
        for whose in ("own", "foreign") if arguments[route] else ("-",):
            url = url_of(route, arguments[route], whose, sides)
            for who in WHO:
                asked = [("GET", {}), *(("POST", form) for form in forms)]
                for method, form in asked:
                    answer = sender.send(who, method, url, form.items())
                    if is_file(answer.headers):
                        given.add(route)
                        found = secrets.find_leaks(who, route, answer.content)
                        leaks += [f"{route} ({whose}) tells {who} {number}" for number in found]
    for model, page in admin.site._registry.items():
        if isinstance(page, ExportMixin):
            keys = [("_selected_action", f"{pk}") for pk in model._base_manager.values_list("pk", flat=True)]
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            for who in WHO:
                answer = sender.send(who, "POST", url, [("action", "export"), *keys])
                if is_file(answer.headers):
                    given.add(model._meta.label)
                    found = secrets.find_leaks(who, url, answer.content)
                    leaks += [f"the list of {model._meta.label} tells {who} {number}" for number in found]
    assert leaks == []
    assert given == set(EXPORTS) | LISTS


@pytest.mark.long
@pytest.mark.django_db
def test_the_search_finds_what_it_is_to_find(cast, sides):
    """There is something that could leak: the learner's number stands in the class's ledger, on its print, and is found."""
    learner, secrets = cast["trainee"], Secrets(cast)
    phone = read_phone(learner.phone)
    assert phone in secrets.forbidden["nobody"] & secrets.forbidden["stranger"] & secrets.forbidden["seller"]
    assert (
        phone
        not in secrets.forbidden["trainer"] | secrets.forbidden["organiser"] | secrets.forbidden["trainee"]
    )
    foreign = read_phone(User.objects.get(name="外县学员").phone)
    assert foreign in secrets.forbidden["trainer"] & secrets.forbidden["organiser"]
    cohort = IdNumber.objects.get(user=learner).cohort
    facts = load_class(cohort, "")
    paper = print_ledger(
        "台账", "zh-hans", [("班名", "一班")], list(build_sheets(facts)), cohort_time(cohort)
    )
    assert phone in find_phones(paper)
    assert not holds(paper, ID_NUMBER)
    book, target = Workbook(), io.BytesIO()
    book.active.append([phone[:3] + " " + phone[3:7] + " " + phone[7:], ID_NUMBER])
    book.save(target)
    assert secrets.find_leaks("nobody", "programme:ledger_file", target.getvalue()) == [phone, ID_NUMBER]
    assert find_phones(f"+86{phone[:3]}-{phone[3:]}".encode("gb18030")) == {phone}


def cohort_time(cohort):
    return cohort.ledgers.get().made_at
