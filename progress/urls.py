from django.urls import include, path

from progress import views
from progress.classes import question_views, rejected_event_views, seat_views, talk_views, transfer_views
from progress.classes import views as classes
from progress.classroom import answer_views
from progress.classroom import views as classroom
from progress.enrolment import views as enrolment
from progress.lessons import views as lessons
from progress.quizzes import views as quizzes

app_name = "progress"
learn_urls = [
    path("", views.learn, name="learn"),
    path("join/", enrolment.join, name="join"),
    path("classroom/<str:code>/", answer_views.classroom, name="classroom"),
    path("waiting/", enrolment.waiting_list, name="waiting"),
    path("waiting/<int:pk>/withdraw/", enrolment.waiting_withdraw, name="waiting_withdraw"),
    path("announcements/", classes.announcements, name="announcements"),
    path("asks/<int:pk>/", question_views.ask, name="ask"),
    path("asks/<int:pk>/remove/", question_views.ask_remove, name="ask_remove"),
    path("lessons/<int:pk>/", lessons.lesson, name="lesson"),
    path("lessons/<int:pk>/done/", lessons.lesson_done, name="done"),
    path("lessons/<int:pk>/asks/", question_views.asks, name="asks"),
    path("lessons/<int:pk>/keep/", lessons.keep, name="keep"),
    path("kept/", lessons.kept, name="kept"),
    path("quizzes/<int:pk>/", quizzes.quiz, name="quiz"),
    path("quizzes/<int:pk>/start/", quizzes.quiz_start, name="quiz_start"),
    path("quizzes/<int:pk>/paper/", quizzes.quiz_paper, name="quiz_paper"),
    path("quizzes/<int:pk>/statistics/", quizzes.quiz_statistics, name="quiz_statistics"),
    path("banks/<int:pk>/statistics/", quizzes.bank_statistics, name="bank_statistics"),
    path("attempts/<uuid:key>/", quizzes.attempt, name="attempt"),
    path("attempts/<uuid:key>/<int:position>/", quizzes.question, name="attempt_question"),
    path("attempts/<uuid:key>/finish/", quizzes.attempt_finish, name="attempt_finish"),
    path("lessons/<int:pk>/video/<str:part>", lessons.video, name="video"),
    path("lessons/<int:pk>/voices/<uuid:key>.m4a", lessons.lesson_voice, name="lesson_voice"),
    path("lessons/<int:pk>/captions.vtt", lessons.captions, name="captions"),
    path("lessons/<int:pk>/watched/", lessons.watched, name="watched"),
    path("<slug:slug>/", lessons.course, name="course"),
    path("<slug:slug>/seen/", lessons.course_seen, name="seen"),
    path("<slug:slug>/enrol/", enrolment.enrol, name="enrol"),
    path("<slug:slug>/leave/", enrolment.leave, name="leave"),
]

class_urls = [
    path("", classes.classes, name="classes"),
    path("<int:pk>/", classes.class_board, name="class"),
    path("<int:pk>/asks/", question_views.class_asks, name="class_asks"),
    path(
        "<int:pk>/announcements/",
        classes.class_announcements,
        name="class_announcements",
    ),
    path(
        "<int:pk>/announcements/<int:announcement_pk>/remove/",
        classes.announcement_remove,
        name="announcement_remove",
    ),
    path("<int:pk>/seats/", seat_views.class_seats, name="class_seats"),
    path("<int:pk>/seats/<int:entry_pk>/", seat_views.waiting_entry, name="waiting_entry"),
    path("<int:pk>/qr.svg", classes.class_qr, name="class_qr"),
    path("<int:pk>/poster/", classes.class_poster, name="class_poster"),
    path("<int:pk>/export/", classes.class_export, name="class_export"),
    path("<int:pk>/gain/", classes.class_gain, name="class_gain"),
    path("<int:pk>/lessons/", classes.class_lessons, name="class_lessons"),
    path("<int:pk>/lessons/<int:lesson_pk>/", classes.class_lesson, name="class_lesson"),
    path("<int:pk>/trainees/<int:user_pk>/", classes.trainee, name="trainee"),
    path("<int:pk>/trainees/<int:user_pk>/talks/<int:quiz_pk>/", talk_views.talk, name="talk"),
    path("<int:pk>/trainees/<int:user_pk>/transfer/", transfer_views.transfer, name="transfer"),
    path("<int:pk>/transfers/<int:transfer_pk>/undo/", transfer_views.transfer_undo, name="transfer_undo"),
    path("<int:pk>/aside/", rejected_event_views.rejected_in_class, name="class_aside"),
    path(
        "<int:pk>/aside/<int:event_pk>/apply/",
        rejected_event_views.rejected_apply,
        name="class_aside_apply",
    ),
    path(
        "<int:pk>/aside/<int:event_pk>/dismiss/",
        rejected_event_views.rejected_dismiss,
        name="class_aside_dismiss",
    ),
]

slide_urls = [
    path("", classroom.slides, name="slides"),
    path("start/", classroom.start, name="slides_start"),
    path("end/", classroom.end, name="slides_end"),
    path("move/", classroom.move, name="slides_move"),
    path("hands/", classroom.hands, name="slides_hands"),
    path("now.json", classroom.now, name="slides_now"),
    path("remote/", classroom.remote, name="slides_remote"),
]

urlpatterns = [
    path("courses/<slug:slug>/lessons/<int:pk>/slides/", include(slide_urls)),
    path("learn/", include(learn_urls)),
    path("classes/", include(class_urls)),
    path("me/learning/", lessons.choice, name="choice"),
    path("me/outbox/", rejected_event_views.mine, name="aside"),
    path("me/outbox/again/", rejected_event_views.mine_again, name="aside_again"),
]
