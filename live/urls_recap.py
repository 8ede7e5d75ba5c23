"""Afterwards: figures, comparing, evidence."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
