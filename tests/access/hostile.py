"""What a page lets its reader send, and what nobody should have to survive: forms, parameters, hostile values.

The walk opens every page of the table of outcomes as everybody who may, and takes from it its forms (with lxml), the
parameters of its links, and whatever keys the view asked its query for. Everything it sends is rolled back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl, urljoin, urlsplit

import lxml.html
from django import http
from django.core.handlers import wsgi
from django.http import QueryDict, request
from django.urls import Resolver404, resolve
from django.utils import timezone

from tests.access.sender import Answer, File, Row, Sender, raw
from ui.text import tidy

# Send everything, as `make prove` does; the suite sends a share of it.
EVERYTHING = os.environ.get("HOSTILE_VALUES") == "all"
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

    @property
    def filled(self) -> tuple[str, ...]:
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


# --- what stands on a page ---


@cache
def route_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def parse(html: str) -> lxml.html.HtmlElement | None:
    return lxml.html.document_fromstring(html) if html.strip() else None


def forms_of(document: lxml.html.HtmlElement, url: str, who: str) -> Iterator[Form]:
    """Each form of a page once for each of its buttons that has a name."""
    page = route_of(url)
    for form in document.forms:
        method = (form.get("method") or "get").upper()
        here = urljoin(url, form.get("action") or url)
        fields, buttons = fields_of(form, document)
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
        own = (one.get("value") or "on",)
        return "choice", own if one.get("checked") is not None else (), own if kind == "radio" else ()
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


@dataclass(frozen=True)
class Parameter:
    route: str
    name: str
    who: str
    url: str


@dataclass
class Found:
    """What may be sent: forms by reader and shape, parameters by route and name; and what failed while it was found."""

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

    def send(self, sender: Sender, form: Form, filled: bool = False) -> None:
        """As it is; what its view asks for and no page shows becomes a target too."""
        with asked() as keys:
            answer = sender.send(form.who, "POST", form.url, form.sent(filled), is_drawn=EVERYTHING)
        self.judge(f"POST {form.url} by {form.who}, as it stands", answer)
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
