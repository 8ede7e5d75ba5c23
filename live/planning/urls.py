"""URLs of plans and their rundowns."""

from django.urls import URLPattern, path

from live.planning import item_views, views

urlpatterns: list[URLPattern] = [
    path("", views.lives, name="lives"),
    path("new/", views.new_plan, name="new_plan"),
    path("<int:pk>/", views.plan, name="plan"),
    path("<int:pk>/edit/", views.edit_plan, name="edit_plan"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/remove/", views.remove_plan, name="remove_plan"),
    path("<int:pk>/add/", item_views.add_item, name="add_item"),
    path("<int:pk>/add/typed/", item_views.add_typed, name="add_typed"),
    path("<int:pk>/order/", item_views.order_items, name="order"),
    path("<int:pk>/items/<int:item>/", item_views.item, name="item"),
    path("<int:pk>/items/<int:item>/remove/", item_views.remove_item, name="remove_item"),
    path("<int:pk>/sheet/", views.sheet, name="sheet"),
]
