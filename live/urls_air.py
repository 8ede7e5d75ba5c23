"""While a live is on: the co-pilot, sales, corrections, what viewers see."""

from django.urls import URLPattern, path

from live.views import air, entries, on, prompter, sales

urlpatterns: list[URLPattern] = [
    path("<int:pk>/now.json", air.now_json, name="now"),
    path("<int:pk>/start/", air.start, name="start"),
    path("<int:pk>/end/", air.end, name="end"),
    path("<int:pk>/air/", air.air, name="air"),
    path("<int:pk>/air/<int:item_pk>/sale/", entries.sale, name="sale"),
    path("<int:pk>/air/<int:item_pk>/pin/", entries.pin, name="pin"),
    path("<int:pk>/air/<int:item_pk>/flash/", entries.flash, name="flash"),
    path("<int:pk>/air/<int:item_pk>/flash/stop/", entries.flash_stop, name="flash_stop"),
    path("<int:pk>/air/<uuid:sale_id>/undo/", entries.undo, name="undo"),
    path("<int:pk>/air/slip/", entries.slip, name="slip"),
    path("<int:pk>/sales/", sales.sales, name="sales"),
    path("<int:pk>/sales.csv", sales.sales_csv, name="sales_csv"),
    path("<int:pk>/sales/<int:item_pk>/settle/", sales.settle, name="settle"),
    path("<int:pk>/refund/", sales.refund, name="refund"),
    path("on/<str:token>/", on.on, name="on"),
    path("on/<str:token>/now.json", on.on_now, name="on_now"),
    # The teleprompter.
    path("<int:pk>/prompter/", prompter.prompter, name="prompter"),
]
