from django.urls import URLPattern, URLResolver, include, path

from programme.attendance import code_views, sheet_views, views, walk_in_views
from programme.calendar import views as calendar
from programme.certificates import views as certificates
from programme.credentials import views as credentials
from programme.duplicates import views as duplicates
from programme.exams import recording_views as exam_recordings
from programme.exams import views as exams
from programme.id_numbers import views as id_numbers
from programme.ladder import views as ladder
from programme.lesson_plans import views as lesson_plans
from programme.mentoring import lineage_views, staff_views
from programme.mentoring import views as mentoring
from programme.outcomes import cost_views
from programme.outcomes import views as outcomes
from programme.outcomes.follow_ups import views as follow_up_views
from programme.outcomes.stories import views as story_views
from programme.rosters import views as rosters
from programme.sheets import class_views as class_sheets
from programme.sheets import views as sheets
from programme.sign_in_cards import views as card_views
from programme.support import views as support
from programme.training_ledger import views as training_ledger

app_name = "programme"
session_urls: list[URLPattern | URLResolver] = [
    path("", views.session_show, name="session"),
    path("edit/", views.session_edit, name="session_edit"),
    path("cancel/", views.session_cancel, name="session_cancel"),
    path("reinstate/", views.session_reinstate, name="session_reinstate"),
    path("roll/", views.roll_call, name="roll"),
    path("roll/now/", views.roll_now, name="roll_now"),
    path("sheet/", sheet_views.sheet, name="sheet"),
    path("sheet/photo/", sheet_views.sheet_read, name="sheet_read"),
    path("code/", code_views.code, name="code"),
    path("calendar.ics", calendar.session_ics, name="session_ics"),
    path("walk-ins/", walk_in_views.walk_in_new, name="walk_in_new"),
    path("walk-ins/<int:walk_in_pk>/", walk_in_views.walk_in, name="walk_in"),
]
class_urls: list[URLPattern | URLResolver] = [
    path("sign-in/<int:session_pk>/", code_views.sign_in, name="sign_in"),
    path("<int:pk>/sessions/", views.session_list, name="sessions"),
    path("<int:pk>/sessions/new/", views.session_new, name="session_new"),
    path("<int:pk>/sessions/<int:session_pk>/", include(session_urls)),
    path("<int:pk>/attendance/", views.class_attendance, name="class_attendance"),
    path("<int:pk>/cards/", card_views.class_cards, name="class_cards"),
    path("<int:pk>/certificates/", certificates.class_certificates, name="class_certificates"),
    path("<int:pk>/certificates/print/", certificates.class_print, name="class_certificates_print"),
    path("<int:pk>/exams/", exams.class_exams, name="class_exams"),
    path("<int:pk>/exams/theory/", exams.theory_open, name="theory_open"),
    path("<int:pk>/exams/new/", exams.exam_new, name="exam_new"),
    path("<int:pk>/exams/<int:exam_pk>/", exams.exam, name="exam"),
    path("<int:pk>/exams/<int:exam_pk>/cancel/", exams.exam_cancel, name="exam_cancel"),
    path("<int:pk>/exams/<int:exam_pk>/examiner/", exams.exam_examiner, name="exam_examiner"),
    path("<int:pk>/exams/<int:exam_pk>/seats/<int:seat_pk>/third/", exams.exam_third, name="exam_third"),
    path(
        "<int:pk>/exams/<int:exam_pk>/seats/<int:seat_pk>/withdraw/",
        exams.exam_withdraw,
        name="exam_withdraw",
    ),
    path("<int:pk>/duplicates/", duplicates.duplicates, name="duplicates"),
    path("<int:pk>/duplicates/<int:user_pk>/", duplicates.duplicate, name="duplicate"),
    path("<int:pk>/rosters/", rosters.roster_list, name="rosters"),
    path("<int:pk>/rosters/template/", rosters.roster_template, name="roster_template"),
    path("<int:pk>/rosters/<int:roster_pk>/", rosters.roster_show, name="roster"),
    path("<int:pk>/rosters/<int:roster_pk>/failed/", rosters.roster_failed, name="roster_failed"),
    path("<int:pk>/rosters/<int:roster_pk>/progress/", rosters.roster_progress, name="roster_progress"),
    path("<int:pk>/sheets/", class_sheets.class_sheets, name="class_sheets"),
    path("<int:pk>/sheets/<uuid:print_key>/", class_sheets.class_sheet_print, name="class_sheet_print"),
    path(
        "<int:pk>/sheets/<uuid:print_key>/file/",
        class_sheets.class_sheet_print_file,
        name="class_sheet_print_file",
    ),
    path("<int:pk>/ledger/", training_ledger.ledgers, name="ledgers"),
    path("<int:pk>/ledger/<uuid:ledger_key>/", training_ledger.ledger, name="ledger"),
    path("<int:pk>/ledger/<uuid:ledger_key>/file/", training_ledger.ledger_file, name="ledger_file"),
    path("<int:pk>/ledger/<uuid:ledger_key>/changes/", training_ledger.ledger_changes, name="ledger_changes"),
    path("<int:pk>/id-numbers/", id_numbers.id_numbers, name="id_numbers"),
    path("<int:pk>/id-numbers/export/", id_numbers.id_numbers_export, name="id_numbers_export"),
    path("<int:pk>/id-numbers/<int:user_pk>/", id_numbers.id_number, name="id_number"),
    path("<int:pk>/my-id-number/", id_numbers.my_id_number, name="my_id_number"),
    path("<int:pk>/mine/", code_views.my_class, name="my_class"),
    path("mentors/", staff_views.mentor_list, name="mentor_list"),
    path("mentors/<int:pk>/invite/", staff_views.mentor_invite, name="mentor_invite"),
    path("mentors/<int:pk>/withdraw/", staff_views.mentor_withdraw, name="mentor_withdraw"),
    path("<int:pk>/support/", support.board, name="support"),
    path("<int:pk>/support/<int:user_pk>/", support.person, name="support_person"),
    path("<int:pk>/costs/", cost_views.class_costs, name="class_costs"),
    path("follow-ups/", follow_up_views.follow_up_list, name="follow_ups"),
    path("follow-ups/<int:follow_up_pk>/", follow_up_views.follow_up, name="follow_up"),
    path("impact/", outcomes.impact, name="impact"),
    path("impact/rows/", outcomes.impact_rows, name="impact_rows"),
    path("stories/", story_views.story_list, name="story_list"),
    path("stories/new/<int:user_pk>/", story_views.story_new, name="story_new"),
    path("stories/<int:story_pk>/", story_views.story_edit, name="story_edit"),
    path("lineage/", lineage_views.lineage, name="lineage"),
    path("ladder/", ladder.ladder_list, name="ladder_list"),
    path("ladder/<int:pk>/", ladder.ladder_of, name="ladder_of"),
]
certificate_urls: list[URLPattern | URLResolver] = [
    path("", certificates.my_certificates, name="certificates"),
    path("<uuid:key>/", certificates.certificate, name="certificate"),
    path("<uuid:key>/pdf/", certificates.certificate_pdf, name="certificate_pdf"),
    path("<uuid:key>/revoke/", certificates.certificate_revoke, name="certificate_revoke"),
    path("<uuid:key>/reissue/", certificates.certificate_reissue, name="certificate_reissue"),
    path("<uuid:key>/credential/", credentials.credential_make, name="credential_make"),
    path("<uuid:key>/credential.json", credentials.credential, name="credential"),
]
mentoring_urls: list[URLPattern | URLResolver] = [
    path("", mentoring.mentoring, name="mentoring"),
    path("<int:pk>/answer/", mentoring.mentor_answer, name="mentor_answer"),
    path("<int:pk>/open/", mentoring.mentor_open, name="mentor_open"),
    path("<int:pk>/give-up/", mentoring.mentor_give_up, name="mentor_give_up"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("classes/", include(class_urls)),
    path("courses/<slug:slug>/preparation/<slug:topic>.pdf", lesson_plans.trainer_page, name="trainer_page"),
    path("courses/<slug:slug>/plans/<int:module_pk>.pdf", lesson_plans.booklet, name="lesson_plans"),
    path("me/merge/", duplicates.merge_own, name="merge"),
    path("calendar/<int:pk>/<str:seal>.ics", calendar.calendar, name="calendar"),
    path("me/calendar/", calendar.my_calendar, name="my_calendar"),
    path("me/ladder/", ladder.ladder, name="ladder"),
    path("me/lineage/", lineage_views.my_lineage, name="my_lineage"),
    path("me/lineage/<int:pk>/object/", lineage_views.lineage_object, name="lineage_object"),
    path("me/mentoring/", include(mentoring_urls)),
    path("me/certificates/", include(certificate_urls)),
    path("me/exams/", exams.my_exams, name="my_exams"),
    path("me/exams/<uuid:key>/", exams.exam_result, name="exam_result"),
    path("me/exams/<uuid:key>/score/", exams.exam_score, name="exam_score"),
    path("me/exams/<uuid:key>/agree/", exams.exam_agree, name="exam_agree"),
    path("me/exams/<uuid:key>/recording/", exam_recordings.exam_recording, name="exam_recording"),
    path("me/exams/<uuid:key>/recording/<str:part>", exam_recordings.exam_film, name="exam_film"),
    path("me/follow-ups/<int:follow_up_pk>/", follow_up_views.my_follow_up, name="my_follow_up"),
    path("me/sheets/", sheets.course_sheets, name="course_sheets"),
    path("me/sheets/<slug:code>/", sheets.course_sheet, name="course_sheet"),
    path("me/sheets/<slug:code>.pdf", sheets.course_sheet_pdf, name="course_sheet_pdf"),
    path("me/stories/", story_views.my_stories, name="my_stories"),
    path("me/stories/<int:story_pk>/", story_views.my_story, name="my_story"),
    path("follow-ups/<str:token>/", follow_up_views.follow_up_link, name="follow_up_link"),
    path("impact/", outcomes.public_impact, name="public_impact"),
    path("stories/", story_views.public_stories, name="stories"),
    path("stories/<int:story_pk>/", story_views.story, name="story"),
    path("verify/ledger/", training_ledger.ledger_check, name="ledger_check"),
    path("verify/", certificates.verify_form, name="verify_form"),
    path("verify/<str:code>/", certificates.verify, name="verify"),
    path("verify/<str:code>/credential.json", credentials.verify_credential, name="verify_credential"),
    path("credentials/", credentials.credentials, name="credentials"),
    path("credentials/status/<int:number>/", credentials.credential_status, name="credential_status"),
    path(".well-known/did.json", credentials.did_document, name="did_document"),
]
