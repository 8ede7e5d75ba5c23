"""A seller's orders, under /me/shop/."""

from django.urls import path

from shops.orders.seller import views

urlpatterns = [
    path("me/shop/orders/", views.my_orders, name="my_orders"),
    path("me/shop/orders/slips/", views.slips, name="slips"),
    path("me/shop/orders/<slug:number>/", views.my_order, name="my_order"),
    path("me/shop/orders/<slug:number>/photos/<slug:key>/", views.my_order_photo, name="my_order_photo"),
    path("me/shop/orders/<slug:number>/claims/<int:pk>/", views.my_claim, name="my_claim"),
    path("me/shop/orders/<slug:number>/freight/", views.order_cost, name="order_cost"),
    path("me/shop/orders/<slug:number>/do/<slug:step>/", views.order_step, name="order_step"),
    path("me/shop/told/", views.mark_notices_read, name="put_away"),
]
