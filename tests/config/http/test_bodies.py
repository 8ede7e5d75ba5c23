"""How much a request may bring, decided before a byte of its body is read."""

import ast
import inspect
import os
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, MethodType, ModuleType

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse

from config.http import bodies
from tests.factories import make_person, make_product, make_rate, make_shop
from tests.shops.orders.order_requests import make_order
from tests.shops.orders.seller_side import order_at

MULTIPART = "multipart/form-data; boundary=x"


class Unread:
    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def send(client, path: str, length: int, **headers):
    """The head of a POST; whoever reads its body fails the test."""
    said = {"CONTENT_LENGTH": str(length), "wsgi.input": Unread(), "HTTP_ACCEPT": "text/html"}
    return client.generic("POST", path, content_type=MULTIPART, **said | headers)


@pytest.fixture
def strict() -> Client:
    """A client whose CSRF token is checked: that check reads the body."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    return client


@pytest.mark.parametrize("path", ["/accounts/login/", "/products/", "/nowhere/", "/admin/"])
def test_visitor_sends_nothing_large_anywhere(db, strict, path):
    answer = send(strict, path, 100_000)
    assert answer.status_code == 413
    assert "写得太长了，删短一点再交。退回上一页，填的字还在。" in answer.text


def test_who_lost_the_session_is_told_so_where_files_are_sent(db, strict):
    answer = send(strict, "/me/shop/new/", 4_000_000)
    assert answer.status_code == 401
    assert "登录过期了，重新登录再传" in answer.text


def test_script_is_answered_in_its_own_form(db, strict):
    answer = send(strict, "/uploads/photos/", 4_000_000, HTTP_ACCEPT="*/*")
    assert (answer.status_code, answer.json()) == (401, {"error": "登录过期了，重新登录再传"})


def test_who_is_signed_in_sends_words_up_to_two_and_a_half_megabytes(as_user, seller):
    client = as_user(seller)
    answer = send(client, "/me/shop/ledger/", 2_500_001)
    assert answer.status_code == 413
    assert "一次最多传 2.5 MB" in answer.text
    assert asked(client, "/me/shop/ledger/", 2_500_000) == (204, f"user:{seller.pk}")


def asked(client, path: str, length: int) -> tuple[int, str]:
    """Return what the spool is told: the status and the owner of the body."""
    answer = client.generic("POST", path, HTTP_X_BODY_COMING=str(length), HTTP_ACCEPT="text/html")
    return answer.status_code, answer.headers.get("X-Body-Owner", "")


def test_files_come_to_the_pages_that_take_them(as_user, seller):
    client = as_user(seller)
    mine = f"user:{seller.pk}"
    assert asked(client, "/uploads/photos/", 40_500_000) == (204, mine)
    assert asked(client, "/uploads/photos/", 42_000_000) == (413, "")
    assert asked(client, "/me/shop/new/", 120_500_000) == (204, mine)
    assert asked(client, "/me/shop/papers/new/", 22_000_000) == (413, "")
    assert asked(client, "/uploads/video/abc/", 524_288) == (204, mine)


def test_pages_of_the_admin_take_files_of_those_who_work_there(as_user, seller, trainer):
    path = reverse("admin:courses_course_import")
    assert asked(as_user(seller), path, 100_000_000) == (401, "")
    assert asked(as_user(trainer), path, 100_000_000) == (204, f"user:{trainer.pk}")


@pytest.fixture
def oranges(seller, village):
    shop = make_shop(seller, village, contact=seller.phone)
    make_rate(shop)
    return make_product(shop, stock=5)


def test_buyer_sends_photos_of_damage_once_the_phone_is_proven(client, oranges):
    order = order_at("shipped", oranges)
    path = reverse("shops:order_claim", args=[order.token])
    assert asked(client, path, 5_000_000) == (401, "")
    client.post(reverse("shops:order_tail", args=[order.token]), {"tail": str(order.phone)[-4:]})
    assert asked(client, path, 5_000_000) == (204, f"order:{order.pk}")
    assert asked(client, reverse("shops:order_claim_photo", args=["x" * 22]), 5_000_000) == (401, "")


def test_buyer_sends_no_photos_where_no_damage_can_be_reported(client, oranges):
    order = make_order((oranges, 1))
    client.post(reverse("shops:order_tail", args=[order.token]), {"tail": str(order.phone)[-4:]})
    for name in ("order_claim", "order_claim_photo"):
        answer = send(
            client, reverse(f"shops:{name}", args=[order.token]), 5_000_000, HTTP_X_BODY_COMING="5000000"
        )
        assert answer.status_code == 400
        assert "做不了这一步" in answer.text


@pytest.mark.long
def test_buyer_sends_a_claims_photos_of_24_megabytes_and_not_again_and_again(client, oranges, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"order_claim": "1/m/key"}
    order = order_at("shipped", oranges)
    client.post(reverse("shops:order_tail", args=[order.token]), {"tail": str(order.phone)[-4:]})
    path = reverse("shops:order_claim", args=[order.token])
    assert asked(client, path, 25_000_001) == (413, "")
    assert asked(client, path, 25_000_000) == (204, f"order:{order.pk}")
    client.post(path, {"text": "坏"})
    assert asked(client, path, 25_000_000) == (429, "")


def test_spools_question_never_reaches_a_view(as_user, seller):
    answer = as_user(seller).generic("POST", "/accounts/logout/", HTTP_X_BODY_COMING="5")
    assert (answer.status_code, "sessionid" in answer.cookies) == (204, False)


def test_files_of_a_large_body_lie_beside_the_spool():
    with TemporaryUploadedFile("a.mp4", "video/mp4", 0, None) as file:
        assert Path(file.temporary_file_path()).parent == Path(settings.SPOOL_ROOT).with_name("incoming")


def test_files_of_a_killed_process_are_cleared_away_and_young_ones_are_left(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    old, young = tmp_path / "old.upload", tmp_path / "young.upload"
    for file in (old, young):
        file.write_bytes(b"x")
    os.utime(old, (1, 1))
    bodies.delete_leftovers()
    assert list(tmp_path.iterdir()) == [young]


# --- the list of pages that take files ---


@pytest.mark.long
def test_every_page_that_takes_files_is_on_the_list_and_no_other(db, rf):
    request = rf.get("/admin/")
    request.user = make_person("管理员", is_superuser=True)
    found = {name for name, view in routes() if takes_files(view, request)}
    forgotten, idle = sorted(found - set(bodies.UPLOADS)), sorted(set(bodies.UPLOADS) - found)
    assert not forgotten, (
        f"{forgotten}: name it in config.http.bodies.UPLOADS with what it takes, or the front refuses its files."
    )
    assert not idle, f"{idle} takes no files: take it out of config.http.bodies.UPLOADS."


def routes(resolver=None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, object]]:
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from routes(one, (*spaces, one.namespace) if one.namespace else spaces)
        else:
            yield ":".join((*spaces, one.name or str(one.pattern))), one.callback


def takes_files(view, request) -> bool:
    """Whether the view, or what it calls, reads request.FILES; or a page of the admin whose form has a file."""
    inner = inspect.unwrap(view)
    model_admin = getattr(view, "model_admin", None)
    if model_admin is not None and inner.__name__ == "add_view":
        return model_admin.has_add_permission(request) and has_files(model_admin)
    if model_admin is not None and inner.__name__ == "change_view":
        return has_files(model_admin)
    return "FILES" in reads(inner)


def has_files(model_admin: admin.ModelAdmin) -> bool:
    every = [model_admin.form, *(inline.form for inline in model_admin.inlines)]
    return any(is_file(field) for form in every for field in form.base_fields.values())


def is_file(field: forms.Field) -> bool:
    return isinstance(field, forms.FileField) or field.widget.needs_multipart_form


def reads(function, depth: int = 3) -> set[str]:
    """The attributes read in a function and in those that it names, also in other modules, three calls deep."""
    if not depth or not isinstance(function, FunctionType | MethodType):
        return set()
    function = inspect.unwrap(getattr(function, "__func__", function))
    found, names, of_modules = parsed(function)
    called = [function.__globals__.get(name) for name in names]
    for module, name in of_modules:
        if isinstance(there := function.__globals__.get(module), ModuleType):
            called.append(getattr(there, name, None))
    return found.union(*(reads(one, depth - 1) for one in called))


@cache
def parsed(function: FunctionType) -> tuple[set[str], set[str], set[tuple[str, str]]]:
    """Names of attributes, plain names that are not the function's own, and pairs of a name with an attribute of it."""
    nodes = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))))
    named = [node for node in nodes if isinstance(node, ast.Name)]
    own = {node.id for node in named if isinstance(node.ctx, ast.Store)}
    attributes = [node for node in nodes if isinstance(node, ast.Attribute)]
    pairs = {(node.value.id, node.attr) for node in attributes if isinstance(node.value, ast.Name)}
    return (
        {node.attr for node in attributes},
        {node.id for node in named} - own,
        pairs,
    )
