"""The presale of a product, under /me/shop/; the URLs of its stock are in shops.listings.urls."""

from django.urls import path

from shops.inventory import views

urlpatterns = [
    path("products/<int:pk>/presale/", views.presale, name="presale"),
    path("products/<int:pk>/presale/end/", views.presale_end, name="presale_end"),
]
