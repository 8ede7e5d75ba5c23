"""The URLs of all packages of live."""

from django.urls import include, path

app_name = "live"
urlpatterns = [
    path("", include(f"live.{package}.urls"))
    for package in ("on_air", "recap", "planning", "scripts", "readiness")
]
