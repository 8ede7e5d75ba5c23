from django.urls import path

from progress.views import announcements, asks, classes, joining, learning

app_name = "progress"
urlpatterns = [
    path("learn/", learning.learn, name="learn"),
    path("learn/join/", joining.join, name="join"),
    path("learn/announcements/", announcements.announcements, name="announcements"),
    path("learn/asks/<int:pk>/", asks.ask, name="ask"),
    path("learn/asks/<int:pk>/remove/", asks.ask_remove, name="ask_remove"),
    path("learn/lessons/<int:pk>/", learning.lesson, name="lesson"),
    path("learn/lessons/<int:pk>/done/", learning.lesson_done, name="done"),
    path("learn/lessons/<int:pk>/asks/", asks.asks, name="asks"),
    path("learn/<slug:slug>/", learning.course, name="course"),
    path("learn/<slug:slug>/seen/", learning.course_seen, name="seen"),
    path("learn/<slug:slug>/enrol/", joining.enrol, name="enrol"),
    path("learn/<slug:slug>/leave/", joining.leave, name="leave"),
    path("classes/", classes.classes, name="classes"),
    path("classes/<int:pk>/", classes.class_board, name="class"),
    path("classes/<int:pk>/asks/", asks.class_asks, name="class_asks"),
    path(
        "classes/<int:pk>/announcements/",
        announcements.class_announcements,
        name="class_announcements",
    ),
    path(
        "classes/<int:pk>/announcements/<int:announcement_pk>/remove/",
        announcements.announcement_remove,
        name="announcement_remove",
    ),
    path("classes/<int:pk>/qr.svg", classes.class_qr, name="class_qr"),
    path("classes/<int:pk>/poster/", classes.class_poster, name="class_poster"),
    path("classes/<int:pk>/export/", classes.class_export, name="class_export"),
    path("classes/<int:pk>/lessons/<int:lesson_pk>/", classes.class_lesson, name="class_lesson"),
    path("classes/<int:pk>/trainees/<int:user_pk>/", classes.trainee, name="trainee"),
]
