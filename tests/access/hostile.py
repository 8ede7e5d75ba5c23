"""What a page lets its reader send, and what nobody should have to survive: forms, parameters, hostile values.

The walk opens every page of the table of outcomes as everybody who may, and takes from it its forms (with lxml), the
parameters of its links, and whatever keys the view asked its query for. Everything it sends is rolled back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from urllib.parse import parse_qsl, urljoin, urlsplit

import lxml.html
import pytest
from django import http
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.core.handlers import wsgi
from django.forms import BaseForm
from django.http import QueryDict, request
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from tests.access.fillings import find_filling, list_missing
from tests.access.sender import Answer, File, Row, Sender, raw
from tests.access.world import Side
from ui.text import tidy

# How much is sent: "few" by `make test`, "more" by `make long`, "all" by `make prove`.
AMOUNT = os.environ.get("HOSTILE_VALUES", "few")
EVERYTHING = AMOUNT == "all"
PAST_64_BITS = str(2**63)


@dataclass(frozen=True)
class Twice:
    """The field as it was, and again with this."""

    value: str


Value = str | bytes | File | Twice | None

VALUES: dict[str, Value] = {
    "absent": None,
    "empty": "",
    "spaces": " \u3000\t ",
    "past 64 bits": PAST_64_BITS,
    "the last of 64 bits": str(2**63 - 1),
    "below 64 bits": str(-(2**63) - 1),
    "past 32 bits": str(2**31),
    "minus one": "-1",
    "400 digits": "9" * 400,
    "5,000 digits": "9" * 5000,
    "full-width digits": "１２３",
    "Arabic digits": "٣٤٥",
    "Arabic digits past 64 bits": "٩" * 19,
    "a superscript": "²",
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "1e400": "1e400",
    "1e9": "1e9",
    "NUL": "\0",
    "NUL between": "a\0b",
    "half a surrogate pair": b"\xed\xa0\xbd",
    "no UTF-8": b"\xff\xfe%",
    "100 kB": "橙" * 34_000,
    "a list": '[1, {"a": [null]}]',
    "an object": '{"$gt": ""}',
    "deep JSON": "[" * 20_000,
    "JSON past 64 bits": f"[{PAST_64_BITS}]",
    "JSON half of a pair": '["\\ud83d\\u0000"]',
    "a file": File("../../etc/passwd\0.jpg", b"\xff\xd8\xff\xe0" + bytes(64)),
    "twice": Twice(PAST_64_BITS),
    "year 0": "0000-01-01",
    "year 9999999": "9999999-01-01",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "the first minute": "0001-01-01T00:00",
    "the last minute": "9999-12-31T23:59",
    "the first month": "0001-01",
    "the last month": "9999-12",
    "an impossible day": "2026-02-30",
    "an hour far east": "0001-01-01T00:00:00+23:59",
    "Arabic day": "٢٠٢٦-٠١-٠١",
    "a path up": "../../../etc/passwd",
    "another site": "//evil.example/\r\nSet-Cookie: a=b",
    "combining": "Z" + "\u0301\u0323" * 5000,
    "right to left": "\u202e果\u2066橙\u200f",
    "markup": "<script>alert(1)</script>{{ 7 }}{% x %}%s%(a)s",
    "a quote": "'\";--\\",
    "an unknown key": "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "a key in braces": "{00000000-0000-0000-0000-000000000000}",
}  # fmt: skip

# What is likeliest to break each kind of field; the rest of VALUES goes round.
TELLING = {
    "day": ("the first day", "the last day", "year 9999999", "NUL", "Arabic day"),
    "minute": ("the first minute", "the last minute", "year 9999999", "NUL", "the last day"),
    "month": ("the first month", "the last month", "year 0", "NUL", "Arabic day"),
    "number": ("past 64 bits", "below 64 bits", "past 32 bits", "1e400", "Arabic digits"),
    "choice": ("past 64 bits", "NUL", "Arabic digits", "400 digits", "absent"),
    "text": ("NUL between", "100 kB", "past 64 bits", "combining", "half a surrogate pair"),
    "file": ("a file", "absent", "markup", "empty"),
    "query": ("past 64 bits", "NUL", "empty", "Arabic digits", "the last day", "half a surrogate pair"),
}


@dataclass(frozen=True)
class Field:
    """`values` is what a browser would send of it as it stands, `offered` what else may be chosen."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    # What the form is filled with, if tests.access.fillings has something for it.
    filling: tuple[str | File, ...] | None = None

    @property
    def is_open(self) -> bool:
        """Nothing stands in it, and nothing is offered."""
        return not any(self.values) and not any(self.offered)

    @property
    def filled(self) -> tuple[str | File, ...]:
        if self.filling is not None:
            return self.filling
        if any(self.values):
            return self.values
        today = timezone.localdate()
        plain = {
            "number": "1",
            "text": "石榴冲 1",
            "day": f"{today}",
            "minute": f"{today}T10:00",
            "month": f"{today:%Y-%m}",
        }
        chosen = next(filter(None, self.offered), plain.get(self.kind))
        return (chosen,) if chosen else self.values


@dataclass
class Form:
    who: str
    page: str
    url: str
    route: str
    method: str
    fields: list[Field]
    # Buttons are sent one at a time: which of them, with its value, the form is sent by.
    button: Field | None = None
    # Which version the site accepts: as the form was rendered (False) or filled (True); None if it refuses both, and why.
    is_filled: bool | None = None
    refusals: list[str] | None = None
    # Whether it then leads to another page: not so a button that only moves a photo, and takes whatever else is typed.
    leads_on: bool = False

    def sent(self, filled: bool = False) -> list[Row]:
        """What the form sends as it was rendered; `filled`, with something plain in each box that is empty."""
        rows = [(one.name, value) for one in self.fields for value in (one.filled if filled else one.values)]
        return rows + [(self.button.name, value) for value in self.button.values] if self.button else rows

    @property
    def shape(self) -> tuple:
        """Two rows of a list have the same form twice."""
        button = self.button and (self.button.name, *map(numberless, self.button.values))
        return self.route, self.method, frozenset(numberless(one.name) for one in self.fields), button

    def with_value(self, name: str, value: Value, filled: bool = False) -> list[Row]:
        sent = self.sent(filled)
        if isinstance(value, Twice):
            return [*sent, (name, value.value)]
        rest = [row for row in sent if row[0] != name]
        return rest if value is None else [*rest, (name, value)]


def numberless(name: str) -> str:
    """q17 → q#: fields of rows differ by the row's number only."""
    return re.sub("[0-9a-f]{8,}|[0-9]+", "#", name)


@dataclass
class Asked:
    """Which keys views look up in a query or a form, whether they are there or not."""

    query: set[str] = field(default_factory=set)
    form: set[str] = field(default_factory=set)


def recording(keys: set[str]) -> type[QueryDict]:
    class Recorded(QueryDict):
        def __getitem__(self, key):
            keys.add(key)
            return super().__getitem__(key)

        def __contains__(self, key) -> bool:
            keys.add(key)
            return super().__contains__(key)

        def getlist(self, key, default=None):
            keys.add(key)
            return super().getlist(key, default)

    return Recorded


@contextmanager
def asked() -> Iterator[Asked]:
    """Notes the keys of every request made meanwhile."""
    found = Asked()
    wsgi.QueryDict = recording(found.query)
    request.QueryDict = http.QueryDict = recording(found.form)
    try:
        yield found
    finally:
        wsgi.QueryDict = request.QueryDict = http.QueryDict = QueryDict


@contextmanager
def refusals() -> Iterator[list[str]]:
    """Notes meanwhile what is wrong with forms, and the warnings to the reader."""
    found: list[str] = []
    cleaned: list[BaseForm] = []
    full_clean, add_message = BaseForm.full_clean, BaseStorage.add

    def note_form(form: BaseForm) -> None:
        cleaned.append(form)
        full_clean(form)

    def note_message(storage, level, message, extra_tags="") -> None:
        if level >= messages.WARNING:
            found.append(str(message))
        add_message(storage, level, message, extra_tags)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseForm, "full_clean", note_form)
        patched.setattr(BaseStorage, "add", note_message)
        yield found
    for form in cleaned:
        found += [f"{name}: {error}" for name, errors in form.errors.items() for error in errors]


# --- what stands on a page ---


@cache
def route_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def parse(html: str) -> lxml.html.HtmlElement | None:
    """The page without its templates, from which scripts alone make anything."""
    if not html.strip():
        return None
    document = lxml.html.document_fromstring(html)
    for template in document.xpath("//template"):
        template.drop_tree()
    return document


def forms_of(document: lxml.html.HtmlElement, url: str, who: str) -> Iterator[Form]:
    """Each form of a page once for each of its buttons that has a name."""
    page = route_of(url)
    for form in document.forms:
        method = (form.get("method") or "get").upper()
        here = urljoin(url, form.get("action") or url)
        fields, buttons = fields_of(form, document)
        if not buttons and not form.xpath(".//input[not(@type='hidden')] | .//select | .//textarea"):
            continue  # there is nothing to send it by: what it shows may only be read
        targets = [(urljoin(url, action) if action else here, button) for button, action in buttons]
        targets = targets or [(here, None)]
        for target, button in targets:
            if route := route_of(target):
                yield Form(who, page, target, route, method, fields, button)


def fields_of(form, document) -> tuple[list[Field], list[tuple[Field | None, str]]]:
    found: dict[str, Field] = {}
    buttons = []
    inside = list(form.iter("input", "select", "textarea", "button"))
    if form.get("id"):
        inside += document.xpath(f"//*[@form='{form.get('id')}']")
    for one in inside:
        name, kind = one.get("name") or "", (one.get("type") or "").lower()
        if one.tag == "button" or kind in ("submit", "image"):
            if kind not in ("button", "reset"):
                button = Field(name, "button", (one.get("value") or "",)) if name else None
                buttons.append((button, one.get("formaction") or ""))
            continue
        if not name:
            continue
        kind, values, offered = rendered(one, kind)
        known = found.get(name)
        found[name] = (
            Field(name, kind, (*known.values, *values), (*known.offered, *offered))
            if known
            else (Field(name, kind, values, offered))
        )
    return list(found.values()), buttons


def rendered(one, kind: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """A field's kind, what a browser would send of it, and what it offers."""
    if one.tag == "select":
        options = one.xpath(".//option")
        chosen = [option for option in options if option.get("selected") is not None]
        if not chosen and one.get("multiple") is None:
            chosen = options[:1]
        values, offered = (
            [option.get("value", option.text or "") for option in some] for some in (chosen, options)
        )
        return "choice", tuple(values), tuple(offered)
    if one.tag == "textarea":
        return "text", ((one.text or "").removeprefix("\n"),), ()
    value = one.get("value") or ""
    if kind in ("checkbox", "radio"):
        own = (one.get("value", "on"),)
        deletes = (one.get("name") or "").endswith("-DELETE")
        return "choice", own if one.get("checked") is not None else (), () if deletes else own
    if kind == "file":
        return "file", (), ()
    if kind == "hidden":
        return "choice", (value,), ()
    is_number = kind == "number" or one.get("inputmode") in ("decimal", "numeric")
    kinds = {"date": "day", "datetime-local": "minute", "month": "month"}
    return kinds.get(kind) or ("number" if is_number else "text"), (value,), ()


def links_of(document: lxml.html.HtmlElement, url: str) -> Iterator[str]:
    """Addresses of this site that carry a query."""
    for address in document.xpath("//a/@href | //@hx-get | //@data-url"):
        target = urljoin(url, address)
        if urlsplit(target).query and not urlsplit(target).netloc and route_of(target):
            yield target


def query_of(url: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


# --- the walk ---


@dataclass(frozen=True)
class Target:
    """A field of some form, and every form of a route in which it stands (one for each button and reader)."""

    route: str
    name: str
    kind: str
    forms: list[tuple[Form, str]]

    @property
    def best(self) -> list[tuple[Form, str]]:
        """The forms whose other fields do not keep a value from the code behind, as far as there are any."""
        accepted = [(form, name) for form, name in self.forms if form.is_filled is not None]
        return [(form, name) for form, name in accepted if form.leads_on] or accepted or self.forms


@dataclass(frozen=True)
class Parameter:
    route: str
    name: str
    who: str
    url: str


@dataclass
class Found:
    """What may be sent: forms by reader and shape, parameters by route and name; and what failed while it was found."""

    own: Side
    forms: dict[tuple, Form] = field(default_factory=dict)
    targets: dict[tuple[str, str], Target] = field(default_factory=dict)
    parameters: dict[tuple[str, str], Parameter] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    pages: int = 0

    def open(self, sender: Sender, who: str, url: str) -> None:
        """The page, and each page with a parameter not met before to which it leads; of those of the admin, whose lists are
        sorted and filtered by one code, every fourth."""
        todo = [url]
        while todo:
            url = todo.pop()
            self.pages += 1
            with asked() as keys:
                answer = sender.send(who, "GET", url)
            self.judge(f"GET {url} by {who}", answer)
            for key in keys.query:
                self.add_parameter(route_of(url), key, who, url)
            document = parse(answer.html)
            if document is None:
                continue
            for form in forms_of(document, url, who):
                if self.forms.setdefault((who, *form.shape), form) is form:
                    self.fill_in(form)
                    self.add_fields(form)
            for link in links_of(document, url):
                route = route_of(link)
                new = [name for name, _value in query_of(link) if self.add_parameter(route, name, who, link)]
                if new and (EVERYTHING or not route.startswith("admin:") or len(self.parameters) % 4 == 0):
                    todo.append(link)

    def add_parameter(self, route: str, name: str, who: str, url: str) -> bool:
        key = route, numberless(name)
        is_new = key not in self.parameters
        if is_new:
            self.parameters[key] = Parameter(route, name, who, url)
        return is_new

    def fill_in(self, form: Form) -> None:
        """Give its fields what the site accepts in them, where their kind does not say it."""
        names = {name for one in form.fields for name in (one.name, numberless(one.name))}
        form.fields = [
            replace(
                one,
                filling=find_filling(form.route, (one.name, numberless(one.name)), one.is_open, self.own),
            )
            for one in form.fields
        ] + [
            Field(name, "choice", filling=values)
            for name, values in list_missing(form.route, names, self.own).items()
            if form.method == "POST"
        ]

    def add_fields(self, form: Form) -> None:
        for one in (*form.fields, *([form.button] if form.button else [])):
            if form.method == "POST":
                self.add_target(form, one.name, one.kind)
            else:
                self.add_parameter(form.route, one.name, form.who, form.url)

    def add_target(self, form: Form, name: str, kind: str) -> None:
        if name == "csrfmiddlewaretoken":
            return  # Django alone reads it
        target = Target(form.route, numberless(name), kind, [])
        self.targets.setdefault((form.route, numberless(name)), target).forms.append((form, name))

    def send(self, sender: Sender, form: Form) -> None:
        """As it is, and filled if that is refused; what its view asks for and no page shows becomes a target too."""
        for is_filled in (False, True):
            with asked() as keys, refusals() as why:
                answer = sender.send(form.who, "POST", form.url, form.sent(is_filled), is_drawn=EVERYTHING)
            self.judge(f"POST {form.url} by {form.who}, {'filled' if is_filled else 'as it stands'}", answer)
            self.note_keys(form, keys)
            if answer.status >= 400 or answer.location.startswith(reverse(settings.LOGIN_URL)):
                why.append(f"{answer.status} {answer.location}")
            form.refusals = why
            if not why:
                form.is_filled, form.leads_on = is_filled, bool(answer.location)
                return

    def note_keys(self, form: Form, keys: Asked) -> None:
        for key in keys.form:
            if (form.route, numberless(key)) not in self.targets:
                self.add_target(form, key, "choice")
        for key in keys.query:
            self.add_parameter(form.route, key, form.who, form.url)

    def judge(self, what: str, answer: Answer) -> None:
        if answer.is_fault:
            self.faults.append(f"{what}: {answer.status} {answer.fault} {answer.errors}")


# --- what was typed ---


def lost(answer: Answer, name: str, value: Value) -> str:
    """What stands in an open box of a form that came back, where it is not what was typed into it; "" if all is there."""
    typed = tidy(raw(value)[:2000].decode(errors="ignore").replace("\0", "\ufffd"), lines=True)[:200]
    if not typed or "__prefix__" in name or answer.status == 413 or f'name="{name}"' not in answer.html:
        return ""
    document = lxml.html.document_fromstring(answer.html)
    for box in document.xpath("//input | //textarea"):
        kind = "" if box.get("disabled") is not None else (box.get("type") or "text").lower()
        # What is only searched for is cut to what can be found.
        if box.get("name") == name != "q" and kind in (
            "text",
            "tel",
            "number",
            "date",
            "month",
            "datetime-local",
        ):
            there = box.text or "" if box.tag == "textarea" else box.get("value") or ""
            now = tidy(there[:4000], lines=True)
            return "" if typed in now else f"{there[:40]!r}"
    return ""
