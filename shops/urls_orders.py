"""The buyer's side of an order, under /orders/ and from the shop's page."""

from django.urls import path

from shops.views import order_form, order_lost, order_page

urlpatterns = [
    path("shops/<slug:slug>/order/", order_form.order_new, name="order_new"),
    path("shops/<slug:slug>/order/sum/", order_form.order_sum, name="order_sum"),
    path("orders/lost/", order_lost.order_lost, name="order_lost"),
    path("orders/<str:token>/", order_page.order, name="order"),
    path("orders/<str:token>/tail/", order_page.order_tail, name="order_tail"),
    path("orders/<str:token>/cancel/", order_page.order_cancel, name="order_cancel"),
    path("orders/<str:token>/received/", order_page.order_received, name="order_received"),
    path("orders/<str:token>/claim/", order_page.order_claim, name="order_claim"),
    path("orders/<str:token>/claim/photos/", order_page.order_claim_photo, name="order_claim_photo"),
    path("orders/<str:token>/page/", order_page.order_frozen, name="order_frozen"),
    path("orders/<str:token>/photos/<str:key>/", order_page.order_photo, name="order_photo"),
    path("me/shop/orders/<str:number>/page/", order_lost.order_frozen_mine, name="order_frozen_mine"),
]
