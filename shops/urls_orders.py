"""The buyer's side of an order, under /orders/."""

from django.urls import path

from shops.views import order_page

urlpatterns = [
    path("<str:token>/", order_page.order, name="order"),
]
