from django.urls import path

from progress import views
from progress.classes import question_views, rejected_event_views
from progress.classes import views as classes
from progress.enrolment import views as enrolment
from progress.lessons import views as lessons
from progress.quizzes import views as quizzes

app_name = "progress"
urlpatterns = [
    path("learn/", views.learn, name="learn"),
    path("learn/join/", enrolment.join, name="join"),
    path("learn/announcements/", classes.announcements, name="announcements"),
    path("learn/asks/<int:pk>/", question_views.ask, name="ask"),
    path("learn/asks/<int:pk>/remove/", question_views.ask_remove, name="ask_remove"),
    path("learn/lessons/<int:pk>/", lessons.lesson, name="lesson"),
    path("learn/lessons/<int:pk>/done/", lessons.lesson_done, name="done"),
    path("learn/lessons/<int:pk>/asks/", question_views.asks, name="asks"),
    path("learn/lessons/<int:pk>/keep/", lessons.keep, name="keep"),
    path("learn/kept/", lessons.kept, name="kept"),
    path("learn/quizzes/<int:pk>/", quizzes.quiz, name="quiz"),
    path("learn/quizzes/<int:pk>/start/", quizzes.quiz_start, name="quiz_start"),
    path("learn/quizzes/<int:pk>/paper/", quizzes.quiz_paper, name="quiz_paper"),
    path("learn/quizzes/<int:pk>/statistics/", quizzes.quiz_statistics, name="quiz_statistics"),
    path("learn/banks/<int:pk>/statistics/", quizzes.bank_statistics, name="bank_statistics"),
    path("learn/attempts/<uuid:key>/", quizzes.attempt, name="attempt"),
    path("learn/attempts/<uuid:key>/<int:position>/", quizzes.question, name="attempt_question"),
    path("learn/attempts/<uuid:key>/finish/", quizzes.attempt_finish, name="attempt_finish"),
    path("learn/tasks/<int:pk>/", lessons.task, name="task"),
    path("learn/lessons/<int:pk>/video/<str:part>", lessons.video, name="video"),
    path("learn/lessons/<int:pk>/captions.vtt", lessons.captions, name="captions"),
    path("learn/lessons/<int:pk>/watched/", lessons.watched, name="watched"),
    path("me/learning/", lessons.choice, name="choice"),
    path("learn/<slug:slug>/", lessons.course, name="course"),
    path("learn/<slug:slug>/seen/", lessons.course_seen, name="seen"),
    path("learn/<slug:slug>/enrol/", enrolment.enrol, name="enrol"),
    path("learn/<slug:slug>/leave/", enrolment.leave, name="leave"),
    path("classes/", classes.classes, name="classes"),
    path("classes/<int:pk>/", classes.class_board, name="class"),
    path("classes/<int:pk>/asks/", question_views.class_asks, name="class_asks"),
    path(
        "classes/<int:pk>/announcements/",
        classes.class_announcements,
        name="class_announcements",
    ),
    path(
        "classes/<int:pk>/announcements/<int:announcement_pk>/remove/",
        classes.announcement_remove,
        name="announcement_remove",
    ),
    path("classes/<int:pk>/qr.svg", classes.class_qr, name="class_qr"),
    path("classes/<int:pk>/poster/", classes.class_poster, name="class_poster"),
    path("classes/<int:pk>/export/", classes.class_export, name="class_export"),
    path("classes/<int:pk>/gain/", classes.class_gain, name="class_gain"),
    path("classes/<int:pk>/lessons/<int:lesson_pk>/", classes.class_lesson, name="class_lesson"),
    path("classes/<int:pk>/trainees/<int:user_pk>/", classes.trainee, name="trainee"),
    path("classes/<int:pk>/aside/", rejected_event_views.rejected_in_class, name="class_aside"),
    path(
        "classes/<int:pk>/aside/<int:event_pk>/apply/",
        rejected_event_views.rejected_apply,
        name="class_aside_apply",
    ),
    path(
        "classes/<int:pk>/aside/<int:event_pk>/dismiss/",
        rejected_event_views.rejected_dismiss,
        name="class_aside_dismiss",
    ),
    path("me/outbox/", rejected_event_views.mine, name="aside"),
    path("me/outbox/again/", rejected_event_views.mine_again, name="aside_again"),
]
