"""Posters and shelf cards to print."""

from django.urls import path

from shops.printables import views

urlpatterns = [
    path("products/<int:pk>/poster/<slug:layout>.png", views.poster, name="poster"),
    path("me/shop/products/<int:pk>/poster/", views.my_poster, name="my_poster"),
    path("me/shop/cards/", views.shelf_cards, name="shelf_cards"),
]
