"""The seller's books, under /me/shop/ledger/ and /me/shop/supplies/."""

from django.urls import path

from shops.views import money, supplies

urlpatterns = [
    path("me/shop/ledger/", money.ledger, name="ledger"),
    path("me/shop/ledger/rows/", money.ledger_rows, name="ledger_rows"),
    path("me/shop/ledger/new/", money.ledger_new, name="ledger_new"),
    path("me/shop/ledger/csv/", money.ledger_export, {"kind": "csv"}, name="ledger_csv"),
    path("me/shop/ledger/xlsx/", money.ledger_export, {"kind": "xlsx"}, name="ledger_xlsx"),
    path("me/shop/ledger/<int:pk>/", money.ledger_entry, name="ledger_entry"),
    path("me/shop/supplies/", supplies.supplies, name="supplies"),
    path("me/shop/supplies/batches/<int:pk>/", supplies.supply_batch, name="supply_batch"),
    path("me/shop/supplies/<int:pk>/pay/", supplies.supply_pay, name="supply_pay"),
    path("me/shop/supplies/<int:pk>/cancel/", supplies.supply_cancel, name="supply_cancel"),
]
