"""What villages sell: shops, products, batches, stock, orders, ledger."""

from shops.models.batch import Batch, BatchNote, BatchQuerySet, Pledge, Spray
from shops.models.claim import Claim
from shops.models.complaint import Complaint
from shops.models.draft import ListingDraft
from shops.models.ledger import LedgerEntry, LedgerMonth, Supply
from shops.models.order import Order, OrderEvent, OrderLine, OrderQuerySet
from shops.models.paper import Paper, PaperQuerySet
from shops.models.price import Deal, FreightRate, PriceChange
from shops.models.product import (
    GRAMS_PER_JIN,
    Category,
    CategoryQuerySet,
    Gift,
    Product,
    ProductPhoto,
    ProductQuerySet,
    Proof,
)
from shops.models.shop import PayCode, PickUpPoint, Shop, ShopQuerySet, Village
from shops.models.stock import Presale, StockMove
from shops.models.waiting_text import WaitingText

__all__ = [
    "GRAMS_PER_JIN",
    "Batch",
    "BatchNote",
    "BatchQuerySet",
    "Category",
    "CategoryQuerySet",
    "Claim",
    "Complaint",
    "Deal",
    "FreightRate",
    "Gift",
    "LedgerEntry",
    "LedgerMonth",
    "ListingDraft",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderQuerySet",
    "Paper",
    "PaperQuerySet",
    "PayCode",
    "PickUpPoint",
    "Pledge",
    "Presale",
    "PriceChange",
    "Product",
    "ProductPhoto",
    "ProductQuerySet",
    "Proof",
    "Shop",
    "ShopQuerySet",
    "Spray",
    "StockMove",
    "Supply",
    "Village",
    "WaitingText",
]
