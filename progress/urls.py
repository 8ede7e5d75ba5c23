from django.urls import path

from progress.views import classes, joining, learning, quiz_figures, quizzes

app_name = "progress"
urlpatterns = [
    path("learn/", learning.learn, name="learn"),
    path("learn/join/", joining.join, name="join"),
    path("learn/lessons/<int:pk>/", learning.lesson, name="lesson"),
    path("learn/lessons/<int:pk>/done/", learning.lesson_done, name="done"),
    path("learn/quizzes/<int:pk>/", quizzes.quiz, name="quiz"),
    path("learn/quizzes/<int:pk>/start/", quizzes.quiz_start, name="quiz_start"),
    path("learn/quizzes/<int:pk>/paper/", quizzes.quiz_paper, name="quiz_paper"),
    path("learn/quizzes/<int:pk>/statistics/", quiz_figures.quiz_statistics, name="quiz_statistics"),
    path("learn/banks/<int:pk>/statistics/", quiz_figures.bank_statistics, name="bank_statistics"),
    path("learn/attempts/<uuid:key>/", quizzes.attempt, name="attempt"),
    path("learn/attempts/<uuid:key>/<int:position>/", quizzes.question, name="attempt_question"),
    path("learn/attempts/<uuid:key>/finish/", quizzes.attempt_finish, name="attempt_finish"),
    path("learn/tasks/<int:pk>/", learning.task, name="task"),
    path("learn/<slug:slug>/", learning.course, name="course"),
    path("learn/<slug:slug>/enrol/", joining.enrol, name="enrol"),
    path("learn/<slug:slug>/leave/", joining.leave, name="leave"),
    path("classes/", classes.classes, name="classes"),
    path("classes/<int:pk>/", classes.class_board, name="class"),
    path("classes/<int:pk>/qr.svg", classes.class_qr, name="class_qr"),
    path("classes/<int:pk>/poster/", classes.class_poster, name="class_poster"),
    path("classes/<int:pk>/export/", classes.class_export, name="class_export"),
    path("classes/<int:pk>/gain/", quiz_figures.class_gain, name="class_gain"),
    path("classes/<int:pk>/lessons/<int:lesson_pk>/", classes.class_lesson, name="class_lesson"),
    path("classes/<int:pk>/trainees/<int:user_pk>/", classes.trainee, name="trainee"),
]
