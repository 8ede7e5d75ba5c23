"""Batches, their pledges, certificates, and the page of the code on a box."""

from django.urls import path

from shops.traceability import trace, views

urlpatterns = [
    path("trace/<str:code>/", trace.trace, name="trace"),
    path("me/shop/batches/", views.batch_list, name="batches"),
    path("me/shop/batches/new/", views.new_batch, name="new_batch"),
    path("me/shop/batches/<int:pk>/", views.my_batch, name="my_batch"),
    path("me/shop/batches/<int:pk>/edit/", views.edit_batch, name="edit_batch"),
    path("me/shop/batches/<int:pk>/sprays/new/", views.new_spray, name="new_spray"),
    path("me/shop/batches/<int:pk>/sprays/<int:spray>/drop/", views.drop_spray, name="drop_spray"),
    path("me/shop/batches/<int:pk>/notes/new/", views.new_note, name="new_note"),
    path("me/shop/batches/<int:pk>/pledge/", views.issue_pledge, name="issue_pledge"),
    path("me/shop/pledges/<int:pk>/", views.show_pledge, name="pledge"),
    path("me/shop/pledges/<int:pk>/withdraw/", views.withdraw_pledge, name="withdraw_pledge"),
    path("me/shop/papers/", views.paper_list, name="papers"),
    path("me/shop/papers/new/", views.new_paper, name="new_paper"),
    path("me/shop/papers/<int:pk>/file/", views.paper_file, name="paper_file"),
    path("me/shop/papers/<int:pk>/drop/", views.drop_paper, name="drop_paper"),
]
