from django.urls import include, path

from rehearsals.reviews import trainee_views
from rehearsals.reviews import views as reviews
from rehearsals.submissions import views as submissions
from rehearsals.tasks import views as tasks
from rehearsals.tasks.classes import views as class_tasks
from rehearsals.tasks.reviews import views as task_reviews

app_name = "rehearsals"
practise_urls = [
    path("", submissions.practise, name="practise"),
    path("drills/<int:pk>/", submissions.drill, name="drill"),
    path("lives/<int:pk>/", submissions.studio_page, name="studio"),
    path("lives/<int:pk>/film/", submissions.film, name="film"),
    path("takes/<uuid:key>/ticket/", submissions.take_ticket, name="take_ticket"),
    path("takes/<uuid:key>/film/", submissions.take_film, name="take_film"),
    path("rehearsals/<uuid:key>/", submissions.rehearsal, name="rehearsal"),
    path("rehearsals/<uuid:key>/hand-in/", submissions.hand_in, name="hand_in"),
    path("rehearsals/<uuid:key>/drop/", submissions.drop, name="rehearsal_drop"),
    path("rehearsals/<uuid:key>/enough/", submissions.enough, name="rehearsal_enough"),
    path("rehearsals/<uuid:key>/again/", submissions.join_again, name="join_again"),
    path("films/<uuid:key>/keep/", submissions.keep_film, name="keep_film"),
]

review_urls = [
    path("", reviews.reviews, name="reviews"),
    path("peers/", trainee_views.peer_list, name="peer_list"),
    path("mine/<uuid:key>/", trainee_views.submission, name="submission"),
    path("mine/<uuid:key>/peers/", trainee_views.submission_peers, name="submission_peers"),
    path("notes/<uuid:note>/answer/", trainee_views.note_answer, name="note_answer"),
    path("notes/<uuid:note>/voice.m4a", trainee_views.note_voice, name="note_voice"),
    path("<uuid:key>/", reviews.review, name="review"),
    path("<uuid:key>/take/", reviews.review_take, name="review_take"),
    path("<uuid:key>/release/", reviews.review_release, name="review_release"),
    path("<uuid:key>/draft/", reviews.review_draft, name="review_draft"),
    path("<uuid:key>/form/", reviews.review_form, name="review_form"),
    path("<uuid:key>/notes/", reviews.review_note, name="review_note"),
    path("<uuid:key>/notes/<uuid:note>/remove/", reviews.review_note_remove, name="review_note_remove"),
    path("<uuid:key>/sign/", reviews.review_sign, name="review_sign"),
    path("<uuid:key>/take-back/", reviews.review_take_back, name="review_take_back"),
    path("<uuid:key>/peers/", trainee_views.peers_give, name="peers_give"),
    path("<uuid:key>/compare/", trainee_views.compare, name="compare"),
    path("<uuid:key>/video/<str:part>", trainee_views.submission_video, name="submission_video"),
]

task_review_urls = [
    path("", task_reviews.task_review, name="task_review"),
    path("take/", task_reviews.task_take, name="task_take"),
    path("release/", task_reviews.task_release, name="task_release"),
    path("notes/", task_reviews.task_note, name="task_note"),
    path("notes/<uuid:note>/remove/", task_reviews.task_note_remove, name="task_note_remove"),
    path("sign/", task_reviews.task_sign, name="task_sign"),
    path("take-back/", task_reviews.task_take_back, name="task_take_back"),
    path("choose/", task_reviews.task_choose, name="task_choose"),
]

# Under /learn/, where the lessons of the same course are.
task_urls = [
    path("<int:pk>/", tasks.task, name="task"),
    path("<int:pk>/examples/", task_reviews.task_examples, name="task_examples"),
    path("<int:pk>/share/", tasks.task_share, name="task_share"),
    path("<int:pk>/films/<uuid:version>/<int:film>/ticket/", tasks.task_ticket, name="task_ticket"),
    # Below the task's page, with which a phone stores its owner's photos.
    path("<int:task_pk>/items/<int:pk>/photo-<int:width>.webp", tasks.task_photo, name="task_photo"),
    path("items/<int:pk>/document/", tasks.task_document, name="task_document"),
    path("items/<int:pk>/<str:part>", tasks.task_film, name="task_film"),
    path("reviews/<uuid:key>/voice.m4a", tasks.task_voice, name="task_voice"),
    path("notes/<uuid:key>/voice.m4a", tasks.task_note_voice, name="task_note_voice"),
]

urlpatterns = [
    path("learn/tasks/", include(task_urls)),
    path("practise/", include(practise_urls)),
    path("review/tasks/<int:pk>/", include(task_review_urls)),
    path("review/", include(review_urls)),
    path("classes/<int:pk>/phones/", submissions.class_phones, name="class_phones"),
    path("classes/<int:pk>/tasks/", class_tasks.class_tasks, name="class_tasks"),
    path("classes/<int:pk>/tasks/<int:task_pk>/", class_tasks.class_task, name="class_task"),
]
