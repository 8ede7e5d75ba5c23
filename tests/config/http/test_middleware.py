"""No view gets a NUL, no session an invalid key, and a refusal is a page for people with a session."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from config.http.middleware import NulMiddleware


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_nul_in_the_parameters_of_an_address_is_unreadable():
    seen = []
    NulMiddleware(lambda request: seen.append(request.GET))(RequestFactory().get("/?q=a%00b&q=c&%00n=%00"))
    assert dict(seen[0].lists()) == {"q": ["a\ufffdb", "c"], "\ufffdn": ["\ufffd"]}
    assert seen[0].encoding == "utf-8"
    with pytest.raises(AttributeError):
        seen[0]["q"] = "immutable as before"


def test_nul_in_a_form_is_unreadable_and_the_rest_stays_as_it_was_typed():
    request = RequestFactory().post("/", {"words": ["a\0", " b\n"], "n": "1"})
    NulMiddleware(view).process_view(request, view, (), {})
    assert dict(request.POST.lists()) == {"words": ["a\ufffd", " b\n"], "n": ["1"]}


def test_a_body_whose_size_the_view_looks_at_first_is_not_read():
    request = RequestFactory().post("/", {"words": "a\0"})
    NulMiddleware(view).process_view(request, csrf_exempt(view), (), {})
    assert "_post" not in vars(request)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ['"abcdefgh\\000"', "abcdefgh'--", "９" * 32, "x" * 9000])
def test_a_session_key_that_is_none_signs_nobody_in(client, key):
    sent = f"{settings.SESSION_COOKIE_NAME}={key}".encode().decode("latin-1")  # as WSGI gives bytes
    answer = client.get("/learn/", headers={"cookie": sent})
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")


def test_a_host_that_is_none_of_ours_is_refused_to_somebody_with_a_session_too(as_user, trainee):
    answer = as_user(trainee).get("/learn/", headers={"host": "not a host"})
    assert (answer.status_code, "<h1" in answer.content.decode()) == (400, True)
