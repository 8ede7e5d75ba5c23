"""The buyer's pages of an order, under /orders/ and from the shop's page."""

from django.urls import path

from shops.orders.buyer import recovery, views

urlpatterns = [
    path("shops/<slug:slug>/order/", views.order_new, name="order_new"),
    path("shops/<slug:slug>/order/sum/", views.order_sum, name="order_sum"),
    path("orders/lost/", recovery.order_lost, name="order_lost"),
    path("orders/<str:token>/", views.order, name="order"),
    path("orders/<slug:token>/paycode/", views.order_paycode, name="order_paycode"),
    path("orders/<str:token>/tail/", views.order_tail, name="order_tail"),
    path("orders/<str:token>/cancel/", views.order_cancel, name="order_cancel"),
    path("orders/<str:token>/received/", views.order_received, name="order_received"),
    path("orders/<str:token>/claim/", views.order_claim, name="order_claim"),
    path("orders/<str:token>/claim/photos/", views.order_claim_photo, name="order_claim_photo"),
    path("orders/<str:token>/page/", views.order_frozen, name="order_frozen"),
    path("orders/<str:token>/photos/<str:key>/", views.order_photo, name="order_photo"),
    path("me/shop/orders/<str:number>/page/", recovery.order_frozen_mine, name="order_frozen_mine"),
]
