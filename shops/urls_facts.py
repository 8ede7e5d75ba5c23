"""Batches, their pledges, papers, and the page behind the code on a box."""

from django.urls import path

from shops.views import batches, papers, pledges, trace

urlpatterns = [
    path("trace/<str:code>/", trace.trace, name="trace"),
    path("me/shop/batches/", batches.batch_list, name="batches"),
    path("me/shop/batches/new/", batches.new_batch, name="new_batch"),
    path("me/shop/batches/<int:pk>/", batches.my_batch, name="my_batch"),
    path("me/shop/batches/<int:pk>/edit/", batches.edit_batch, name="edit_batch"),
    path("me/shop/batches/<int:pk>/sprays/new/", batches.new_spray, name="new_spray"),
    path("me/shop/batches/<int:pk>/sprays/<int:spray>/drop/", batches.drop_spray, name="drop_spray"),
    path("me/shop/batches/<int:pk>/notes/new/", batches.new_note, name="new_note"),
    path("me/shop/batches/<int:pk>/pledge/", pledges.issue, name="issue_pledge"),
    path("me/shop/pledges/<int:pk>/", pledges.show, name="pledge"),
    path("me/shop/pledges/<int:pk>/withdraw/", pledges.withdraw, name="withdraw_pledge"),
    path("me/shop/papers/", papers.paper_list, name="papers"),
    path("me/shop/papers/new/", papers.new_paper, name="new_paper"),
    path("me/shop/papers/<int:pk>/file/", papers.paper_file, name="paper_file"),
    path("me/shop/papers/<int:pk>/drop/", papers.drop_paper, name="drop_paper"),
]
