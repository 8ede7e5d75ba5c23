"""A seller's shop, its helpers, its payment code and its pick-up points, under /me/shop/."""

from django.urls import path

from shops.sellers import views

urlpatterns = [
    path("<int:pk>/", views.shop_edit, name="shop_edit"),
    path("<int:pk>/helpers/", views.helpers, name="helpers"),
    path("<int:pk>/helpers/<int:helper>/", views.remove_helper, name="remove_helper"),
    path("paycode/", views.paycode, name="paycode"),
    path("paycode/<int:pk>/", views.paycode_picture, name="paycode_picture"),
    path("points/", views.points, name="points"),
    path("points/<int:pk>/", views.point, name="point"),
]
