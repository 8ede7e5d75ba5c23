"""The URLs to which every page links, so that ui is tested without other apps."""

from django.http import HttpResponse
from django.urls import include, path


def nothing(request):
    return HttpResponse()


urlpatterns = [
    path("language/", nothing, name="set_language"),
    path("privacy/", nothing, name="privacy"),
    path("accounts/login/", nothing, name="account_login"),
    path(
        "",
        include(
            (
                [
                    path("verify/", nothing, name="verify_form"),
                    path("impact/", nothing, name="public_impact"),
                ],
                "programme",
            )
        ),
    ),
]
