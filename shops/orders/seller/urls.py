"""A seller's orders, under /me/shop/, and the payment code on the buyer's page."""

from django.urls import path

from shops.orders.seller import views as my_claim
from shops.orders.seller import views as my_order
from shops.orders.seller import views as my_orders
from shops.orders.seller import views as slips
from shops.sellers import views

urlpatterns = [
    path("me/shop/orders/", my_orders.my_orders, name="my_orders"),
    path("me/shop/orders/slips/", slips.slips, name="slips"),
    path("me/shop/orders/<slug:number>/", my_order.my_order, name="my_order"),
    path("me/shop/orders/<slug:number>/photos/<slug:key>/", my_order.my_order_photo, name="my_order_photo"),
    path("me/shop/orders/<slug:number>/claims/<int:pk>/", my_claim.my_claim, name="my_claim"),
    path("me/shop/orders/<slug:number>/freight/", my_order.order_cost, name="order_cost"),
    path("me/shop/orders/<slug:number>/do/<slug:step>/", my_order.order_step, name="order_step"),
    path("me/shop/told/", my_orders.put_away, name="put_away"),
    path("me/shop/paycode/", views.paycode, name="paycode"),
    path("me/shop/paycode/<int:pk>/", views.paycode_picture, name="paycode_picture"),
    path("orders/<slug:token>/paycode/", views.order_paycode, name="order_paycode"),
]
