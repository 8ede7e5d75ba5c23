"""The price of a product and the log of its prices and deals, under /me/shop/."""

from django.urls import path

from shops.pricing import views

urlpatterns = [
    path("products/<int:pk>/price/", views.price, name="price"),
    path("products/<int:pk>/prices/", views.price_log, name="prices"),
]
