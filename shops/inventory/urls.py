"""The stock of a product and its presale, under /me/shop/."""

from django.urls import path

from shops.inventory import views

urlpatterns = [
    path("products/<int:pk>/stock/", views.stock, name="stock"),
    path("products/<int:pk>/presale/", views.presale, name="presale"),
    path("products/<int:pk>/presale/end/", views.presale_end, name="presale_end"),
]
