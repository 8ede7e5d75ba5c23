"""The freight rates of a shop, under /me/shop/."""

from django.urls import path

from shops.shipping import views

urlpatterns = [path("freight/", views.freight, name="freight")]
