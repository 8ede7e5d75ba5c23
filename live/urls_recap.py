"""Afterwards: figures, comparing, evidence."""

from django.urls import path

from live.views import evidence, exports, recap

urlpatterns = [
    path("<int:pk>/recap/", recap.recap, name="recap"),
    path("<int:pk>/recap/words/", recap.words, name="recap_words"),
    path("<int:pk>/recap/replay/", recap.replay, name="recap_replay"),
    path("<int:pk>/recap/comment/", recap.comment, name="recap_comment"),
    path(
        "<int:pk>/recap/comment/<int:comment_pk>/remove/", recap.comment_remove, name="recap_comment_remove"
    ),
    path("<int:pk>/recap/figures/", recap.figures_edit, name="figures"),
    path("<int:pk>/recap/import/", exports.export_import, name="export_import"),
    path("<int:pk>/recap/files/<int:import_pk>/", exports.export_file, name="export_file"),
    path("<int:pk>/evidence.zip", evidence.pack, name="evidence"),
]
