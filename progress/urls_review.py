"""Reviewing: the queue, the review page, notes."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
