"""URLs of the recap, imports of figures, and the evidence."""

from django.urls import URLPattern, path

from live.recap import views

urlpatterns: list[URLPattern] = [
    path("<int:pk>/recap/", views.recap, name="recap"),
    path("<int:pk>/recap/words/", views.save_notes, name="recap_words"),
    path("<int:pk>/recap/replay/", views.replay, name="recap_replay"),
    path("<int:pk>/recap/comment/", views.comment, name="recap_comment"),
    path(
        "<int:pk>/recap/comment/<int:comment_pk>/remove/", views.comment_remove, name="recap_comment_remove"
    ),
    path("<int:pk>/recap/figures/", views.figures_edit, name="figures"),
    path("<int:pk>/recap/import/", views.export_import, name="export_import"),
    path("<int:pk>/recap/files/<int:import_pk>/", views.export_file, name="export_file"),
    path("<int:pk>/evidence.zip", views.evidence_zip, name="evidence"),
]
