"""Planning a live: list, rundown, scripts, checklist, teleprompter."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
