"""Reviewing: the queue, the review page, notes; and what comes back to the trainee."""

from django.urls import URLPattern, path

from progress.views import peers, review_draft, reviews, submissions

urlpatterns: list[URLPattern] = [
    path("", reviews.reviews, name="reviews"),
    path("peers/", peers.peer_list, name="peer_list"),
    path("mine/<uuid:key>/", submissions.submission, name="submission"),
    path("mine/<uuid:key>/peers/", submissions.submission_peers, name="submission_peers"),
    path("notes/<uuid:note>/answer/", submissions.note_answer, name="note_answer"),
    path("notes/<uuid:note>/voice.m4a", submissions.note_voice, name="note_voice"),
    path("<uuid:key>/", reviews.review, name="review"),
    path("<uuid:key>/take/", reviews.review_take, name="review_take"),
    path("<uuid:key>/release/", reviews.review_release, name="review_release"),
    path("<uuid:key>/draft/", review_draft.review_draft, name="review_draft"),
    path("<uuid:key>/notes/", review_draft.review_note, name="review_note"),
    path("<uuid:key>/notes/<uuid:note>/remove/", review_draft.review_note_remove, name="review_note_remove"),
    path("<uuid:key>/sign/", review_draft.review_sign, name="review_sign"),
    path("<uuid:key>/take-back/", review_draft.review_take_back, name="review_take_back"),
    path("<uuid:key>/peers/", peers.peers_give, name="peers_give"),
    path("<uuid:key>/compare/", submissions.compare, name="compare"),
    path("<uuid:key>/video/<str:part>", submissions.submission_video, name="submission_video"),
]
