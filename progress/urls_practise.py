"""Rehearsing: drills, the studio, what was handed in."""

from django.urls import path

from progress.views import practise, rehearsals

urlpatterns = [
    path("", practise.practise, name="practise"),
    path("drills/<int:pk>/", practise.drill, name="drill"),
    path("lives/<int:pk>/", practise.studio_page, name="studio"),
    path("lives/<int:pk>/film/", practise.film, name="film"),
    path("takes/<uuid:key>/ticket/", practise.take_ticket, name="take_ticket"),
    path("takes/<uuid:key>/film/", practise.take_film, name="take_film"),
    path("rehearsals/<uuid:key>/", rehearsals.rehearsal, name="rehearsal"),
    path("rehearsals/<uuid:key>/hand-in/", rehearsals.hand_in, name="hand_in"),
    path("rehearsals/<uuid:key>/drop/", rehearsals.drop, name="rehearsal_drop"),
    path("rehearsals/<uuid:key>/enough/", rehearsals.enough, name="rehearsal_enough"),
    path("rehearsals/<uuid:key>/again/", rehearsals.join_again, name="join_again"),
    path("films/<uuid:key>/keep/", rehearsals.keep_film, name="keep_film"),
]
