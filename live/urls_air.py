"""While a live is on: the co-pilot, sales, corrections, what viewers see."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
