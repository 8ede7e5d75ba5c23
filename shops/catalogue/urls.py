"""The storefront: products, shops, villages and the feed."""

from django.urls import path

from shops.catalogue import views

urlpatterns = [
    path("products/", views.products, name="products"),
    path("products/feed/", views.feed, name="feed"),
    path("products/<int:pk>/", views.product, name="product"),
    path("shops/<slug:slug>/", views.shop, name="shop"),
    path("villages/", views.villages, name="villages"),
    path("villages/<slug:slug>/", views.village, name="village"),
]
