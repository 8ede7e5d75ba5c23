"""Import the admin of each package, which registers itself."""

from shops.catalogue.admin import VillageAdmin
from shops.listings.admin import ProductAdmin
from shops.orders.admin import OrderAdmin
from shops.products.admin import CategoryAdmin, PlaceWithProductsAdmin
from shops.sellers.admin import ShopAdmin
from shops.traceability.admin import BatchAdmin, PaperAdmin

__all__ = [
    "BatchAdmin",
    "CategoryAdmin",
    "OrderAdmin",
    "PaperAdmin",
    "PlaceWithProductsAdmin",
    "ProductAdmin",
    "ShopAdmin",
    "VillageAdmin",
]
