"""The seller's side, under /me/shop/."""

from django.urls import path

from shops.sellers import views
from shops.views import listing_form, mine

urlpatterns = [
    path("", mine.mine, name="mine"),
    path("new/", listing_form.new_product, name="new_product"),
    path("drafts/<int:pk>/drop/", listing_form.drop_draft, name="drop_draft"),
    path("products/<int:pk>/", mine.my_product, name="my_product"),
    path("products/<int:pk>/edit/", listing_form.edit_product, name="edit_product"),
    path("products/<int:pk>/submit/", mine.submit, name="submit"),
    path("products/<int:pk>/withdraw/", mine.withdraw, name="withdraw"),
    path("<int:pk>/", views.shop_edit, name="shop_edit"),
    path("<int:pk>/helpers/", views.helpers, name="helpers"),
    path("<int:pk>/helpers/<int:helper>/", views.remove_helper, name="remove_helper"),
]
