"""The three URLs to which every page links, so that ui is tested without other apps."""

from django.http import HttpResponse
from django.urls import path


def nothing(request):
    return HttpResponse()


urlpatterns = [
    path("language/", nothing, name="set_language"),
    path("privacy/", nothing, name="privacy"),
    path("accounts/login/", nothing, name="account_login"),
]
