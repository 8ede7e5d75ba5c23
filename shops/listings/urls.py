"""A seller's products, under /me/shop/, and the organiser's queue of listings."""

from django.urls import path

from shops.listings import price_views, review_views, shop_views, text_check_views, views

urlpatterns = [
    path("me/shop/", shop_views.mine, name="mine"),
    path("me/shop/new/", views.new_product, name="new_product"),
    path("me/shop/drafts/<int:pk>/drop/", views.drop_draft, name="drop_draft"),
    path("me/shop/products/<int:pk>/", views.my_product, name="my_product"),
    path("me/shop/products/<int:pk>/edit/", views.edit_product, name="edit_product"),
    path("me/shop/products/<int:pk>/submit/", views.submit, name="submit"),
    path("me/shop/products/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("me/shop/products/<int:pk>/appeal/", text_check_views.appeal, name="appeal"),
    path("me/shop/products/<int:pk>/appeal/back/", text_check_views.take_back_appeal, name="appeal_back"),
    path("me/shop/products/<int:pk>/appeal/drop/", text_check_views.drop_waiting_text, name="appeal_drop"),
    path("me/shop/products/<int:pk>/appeal/put-in/", text_check_views.put_in_text, name="appeal_put_in"),
    path("me/shop/products/<int:pk>/stock/", views.stock, name="stock"),
    path("me/shop/products/<int:pk>/price/", price_views.price, name="price"),
    path("me/shop/products/<int:pk>/prices/", price_views.price_log, name="prices"),
    path("me/shop/wording/", text_check_views.wording, name="wording"),
    path("me/shop/proofs/<int:pk>/file/", text_check_views.proof_file, name="proof_file"),
    path("me/queue/", review_views.queue, name="queue"),
    path("me/queue/all/", review_views.queue_list, name="queue_list"),
    path("me/queue/<int:pk>/", review_views.one, name="queue_one"),
    path("me/queue/<int:pk>/publish/", review_views.publish, name="queue_publish"),
    path("me/queue/<int:pk>/return/", review_views.send_back, name="queue_return"),
    path("me/queue/<int:pk>/appeal/", review_views.decide, name="queue_decide"),
]
