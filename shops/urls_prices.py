"""Prices of sending, the log of prices and deals, presales and pick-up points, under /me/shop/."""

from django.urls import path

from shops.views import freight

urlpatterns = [
    path("freight/", freight.freight, name="freight"),
]
