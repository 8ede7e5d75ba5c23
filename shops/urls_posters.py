"""Posters and shelf cards to print."""

from django.urls import path

from shops.views import cards, posters

urlpatterns = [
    path("products/<int:pk>/poster/<slug:layout>.png", posters.poster, name="poster"),
    path("me/shop/products/<int:pk>/poster/", posters.my_poster, name="my_poster"),
    path("me/shop/cards/", cards.shelf_cards, name="shelf_cards"),
]
