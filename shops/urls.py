"""URLs of the storefront at the top of the site, and of the seller's pages under /me/shop/."""

from django.urls import include, path

from shops.catalogue.urls import urlpatterns as catalogue
from shops.complaints.urls import urlpatterns as complaints
from shops.inventory.urls import urlpatterns as inventory
from shops.ledger.urls import urlpatterns as ledger
from shops.listings.urls import urlpatterns as listings
from shops.orders.seller.urls import urlpatterns as sales
from shops.orders.urls import urlpatterns as orders
from shops.printables.urls import urlpatterns as posters
from shops.sellers.urls import urlpatterns as sellers
from shops.shipping.urls import urlpatterns as shipping
from shops.traceability.urls import urlpatterns as facts

app_name = "shops"
urlpatterns = [
    path("", include(catalogue)),
    path("", include(sales)),
    path("", include(ledger)),
    path("", include(listings)),
    path("me/shop/", include(sellers)),
    path("me/shop/", include(inventory)),
    path("me/shop/", include(shipping)),
    path("", include(facts)),
    path("", include(orders)),
    path("", include(complaints)),
    path("", include(posters)),
]
