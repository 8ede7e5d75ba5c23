"""URLs of a running live, of its sales, and of the viewers' page."""

from django.urls import URLPattern, path

from live.on_air import entry_views, views

urlpatterns: list[URLPattern] = [
    path("<int:pk>/now.json", views.now_json, name="now"),
    path("<int:pk>/start/", views.start, name="start"),
    path("<int:pk>/end/", views.end, name="end"),
    path("<int:pk>/air/", views.air, name="air"),
    path("<int:pk>/air/<int:item_pk>/sale/", entry_views.sale, name="sale"),
    path("<int:pk>/air/<int:item_pk>/pin/", entry_views.pin, name="pin"),
    path("<int:pk>/air/<int:item_pk>/flash/", entry_views.flash, name="flash"),
    path("<int:pk>/air/<int:item_pk>/flash/stop/", entry_views.flash_stop, name="flash_stop"),
    path("<int:pk>/air/<uuid:sale_id>/undo/", entry_views.undo, name="undo"),
    path("<int:pk>/air/slip/", entry_views.slip, name="slip"),
    path("<int:pk>/sales/", entry_views.sales, name="sales"),
    path("<int:pk>/sales.csv", entry_views.sales_csv, name="sales_csv"),
    path("<int:pk>/sales/<int:item_pk>/settle/", entry_views.settle, name="settle"),
    path("<int:pk>/refund/", entry_views.refund, name="refund"),
    path("on/<str:token>/", views.viewers_page, name="on"),
    path("on/<str:token>/now.json", views.on_now, name="on_now"),
    path("<int:pk>/prompter/", views.prompter, name="prompter"),
]
