"""Rehearsing: drills, the studio, what was handed in."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
