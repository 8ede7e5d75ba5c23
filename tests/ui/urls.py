"""The three addresses that every page links to, so that the floor is tested without the house on it."""

from django.http import HttpResponse
from django.urls import path


def nothing(request):
    return HttpResponse()


urlpatterns = [
    path("language/", nothing, name="set_language"),
    path("privacy/", nothing, name="privacy"),
    path("accounts/login/", nothing, name="account_login"),
]
