"""Words looked at, appeals, the organiser's queue, complaints."""

from django.urls import path

from shops.complaints import views
from shops.views import queue, wording

urlpatterns = [
    path("me/shop/wording/", wording.wording, name="wording"),
    path("me/shop/products/<int:pk>/appeal/", wording.appeal, name="appeal"),
    path("me/shop/proofs/<int:pk>/file/", wording.proof_file, name="proof_file"),
    path("me/queue/", queue.queue, name="queue"),
    path("me/queue/all/", queue.queue_list, name="queue_list"),
    path("me/queue/<int:pk>/", queue.one, name="queue_one"),
    path("me/queue/<int:pk>/publish/", queue.publish, name="queue_publish"),
    path("me/queue/<int:pk>/return/", queue.send_back, name="queue_return"),
    path("me/queue/<int:pk>/appeal/", queue.decide, name="queue_decide"),
    path("me/complaints/", views.waiting, name="complaints_waiting"),
    path("me/complaints/<int:pk>/", views.answer, name="complaint_answer"),
    path("complaints/", views.new, name="complain"),
    path("complaints/<str:token>/", views.follow, name="complaint"),
]
