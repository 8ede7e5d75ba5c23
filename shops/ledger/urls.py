"""The shop's ledger, under /me/shop/ledger/ and /me/shop/supplies/."""

from django.urls import path

from shops.ledger import views

urlpatterns = [
    path("me/shop/ledger/", views.ledger, name="ledger"),
    path("me/shop/ledger/rows/", views.ledger_rows, name="ledger_rows"),
    path("me/shop/ledger/new/", views.ledger_new, name="ledger_new"),
    path("me/shop/ledger/csv/", views.ledger_export, {"kind": "csv"}, name="ledger_csv"),
    path("me/shop/ledger/xlsx/", views.ledger_export, {"kind": "xlsx"}, name="ledger_xlsx"),
    path("me/shop/ledger/<int:pk>/", views.ledger_entry, name="ledger_entry"),
    path("me/shop/supplies/", views.supplies, name="supplies"),
    path("me/shop/supplies/batches/<int:pk>/", views.supply_batch, name="supply_batch"),
    path("me/shop/supplies/<int:pk>/pay/", views.supply_pay, name="supply_pay"),
    path("me/shop/supplies/<int:pk>/cancel/", views.supply_cancel, name="supply_cancel"),
]
