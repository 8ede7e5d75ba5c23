"""The storefront at the top of the site, the seller's side under /me/shop/."""

from django.urls import include, path

from shops.catalogue.urls import urlpatterns as catalogue
from shops.inventory.urls import urlpatterns as inventory
from shops.ledger.urls import urlpatterns as ledger
from shops.pricing.urls import urlpatterns as pricing
from shops.printables.urls import urlpatterns as posters
from shops.sellers import views
from shops.shipping.urls import urlpatterns as shipping
from shops.traceability.urls import urlpatterns as facts
from shops.urls_mine import urlpatterns as mine
from shops.urls_orders import urlpatterns as orders
from shops.urls_saying import urlpatterns as saying
from shops.urls_sellers import urlpatterns as sellers

app_name = "shops"
urlpatterns = [
    path("", include(catalogue)),
    path("", include(ledger)),
    path("me/shop/", include(mine)),
    path("me/shop/", include(pricing)),
    path("me/shop/", include(inventory)),
    path("me/shop/", include(shipping)),
    path("me/shop/points/", views.points, name="points"),
    path("me/shop/points/<int:pk>/", views.point, name="point"),
    path("", include(facts)),
    path("", include(orders)),
    path("", include(saying)),
    path("", include(sellers)),
    path("", include(posters)),
]
