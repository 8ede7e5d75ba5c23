"""Prices of sending, the log of prices and deals, presales and pick-up points, under /me/shop/."""

from django.urls import path

from shops.views import freight, points, presale, price_log

urlpatterns = [
    path("freight/", freight.freight, name="freight"),
    path("points/", points.points, name="points"),
    path("points/<int:pk>/", points.point, name="point"),
    path("products/<int:pk>/prices/", price_log.prices, name="prices"),
    path("products/<int:pk>/presale/", presale.presale, name="presale"),
    path("products/<int:pk>/presale/end/", presale.presale_end, name="presale_end"),
]
