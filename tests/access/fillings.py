"""What a reader could write into the boxes that a form leaves empty, so that the site accepts it.

Only then does a hostile value in one box reach the code behind the form. The rest of the boxes are filled by their kind.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import cast

from django.db.models import Model
from django.utils import timezone

from accounts.models import Place, User
from courses.models import Bank, Cohort, Course, Lesson, Module
from media.documents.forms import sign_key
from media.models import Document
from programme.attendance.codes import make_code
from programme.models import TrainingLedger, TrainingSession
from programme.training_ledger.manifest import dump_manifest
from shops.models import Order
from tests.access.class_rows import ID_NUMBER
from tests.access.sender import File
from tests.access.world import Side
from tests.factories import PASSWORD
from tests.media.pictures import jpeg
from tests.shops.orders.order_requests import HUNAN

# A seller of the village without a shop.
HELPER = "+8613700007777"
A_MONTH = datetime.timedelta(days=30)
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\n石榴冲的橙子\n"
# "" leaves the box empty; a model is the primary key of its row in the world.
Values = tuple[str | File, ...]
Filling = str | type[Model] | Callable[[Side], str | File]


def make_file(_own: Side) -> File:
    return File("橙子.jpg", jpeg())


# By the last part of a field's name without its numbers, where nothing stands in it and nothing is offered.
BY_NAME: dict[str, Filling] = {
    "answer": "马上换一箱新的给您",
    "bank": Bank,
    "birth_month": "1985-06",
    "captions": CAPTIONS,
    "code": "pomelo-1",
    "contact": "13800009999",
    "course": Course,
    "id_number": ID_NUMBER,
    "harvest_from": lambda _own: f"{timezone.localdate()}",
    "login": "13800009999",
    "module": Module,
    "oldpassword": PASSWORD,
    "password": PASSWORD,
    "password#": "jieshou-7-niuzai",
    "phone": "13800009999",
    "photo_new": make_file,
    "place": Place,
    "slug": "pomelo-1",
    "user": User,
}


def sign_document(own: Side) -> str:
    document = own[Document]
    return sign_key(document, document.owner, "证.jpg")


# By route and the field's whole name, with or without its numbers, whatever stands in it; where a form has no such field
# (scripts make some), it gets one.
BY_ROUTE: dict[str, dict[str, Filling]] = {
    "account_login": {"login": lambda own: f"{own[User].phone}"},
    "account_signup": {"name": "田小云", "join_code": "", "website": ""},
    "accounts:close": {"password": PASSWORD},
    "admin:accounts_membership_add": {"role": "mentor"},
    "admin:accounts_user_add": {"name": "田小云"},
    "admin:courses_case_add": {"modules": Module, "made_up": "on", "source": ""},
    "admin:courses_case_change": {"modules": Module, "made_up": "on", "source": "", "ask_1": "秤准不准？"},
    "admin:courses_course_add": {"twin": ""},
    "admin:courses_course_questions_import": {
        "file": lambda _own: File("题.txt", "::一::一箱几斤？ {=5 斤 ~6 斤}".encode())
    },
    "admin:courses_lesson_add": {"pictures-#-name": "pomelo", "body": "![](picture:pomelo)"},
    "admin:courses_lesson_change": {
        "pictures-0-photo_new": "",
        "pictures-1-photo_new": "",
        "pictures-1-name": "",
        "pictures-1-alt": "",
        "captions": CAPTIONS,
        "body": "![](picture:pic)",
    },
    "admin:courses_lessonplan_add": {"lesson": Lesson},
    "admin:courses_quickphrase_add": {"criterion": ""},
    "admin:courses_quiz_add": {"kind": "pre", "floor_percent": "", "floor_module": ""},
    "admin:courses_quiz_change": {"kind": "pre"},
    "admin:programme_steprule_add": {"valid_from": lambda _own: f"{timezone.localdate() + A_MONTH}"},
    "admin:programme_outcometarget_add": {"valid_from": lambda _own: f"{timezone.localdate() + A_MONTH}"},
    "admin:programme_teaching_add": {
        "teacher": lambda _own: f"{User.objects.get(phone=HELPER).pk}",
        "pupil": User,
    },
    "admin:shops_product_changelist": {"action": "withdraw"},
    "admin:shops_shop_add": {"owner": lambda _own: f"{User.objects.get(phone=HELPER).pk}"},
    "live:export_import": {"file": lambda _own: File("大屏.csv", "成交金额\n234.50\n".encode("gb18030"))},
    "live:settle": {"how": "refunded"},
    "programme:rosters": {
        "file": lambda _own: File("名单.csv", "姓名,手机号\n龙阿姐,13800009998\n".encode())
    },
    "programme:ledger_check": {
        "given": lambda own: File("manifest.json", dump_manifest(own[TrainingLedger].manifest))
    },
    "programme:support_person": {"look_again": lambda _own: f"{timezone.localdate() + A_MONTH}"},
    "programme:session_edit": {"place": "村部"},
    "programme:session_new": {"place": "村部", "topic": "拍视频"},
    "programme:walk_in_new": {"name": "龙阿姐"},
    "programme:sign_in": {"code": lambda own: make_code(cast(TrainingSession, own[TrainingSession])).digits},
    "progress:join": {"code": lambda own: own[Cohort].join_code},
    "shops:edit_product": {"description": "自家果园种的", "gross_grams": "6"},
    "shops:helpers": {"phone": HELPER},
    "shops:ledger_entry": {"kind": "other_in"},
    "shops:ledger_new": {"kind": "other_in"},
    "shops:new_paper": {"file": sign_document},
    "shops:new_product": {"photos_new": make_file, "licence_no": ""},
    "shops:new_spray": {"on": lambda own: f"{own['open batch'].harvested_on - A_MONTH}"},
    "shops:order_lost": {
        "number": lambda own: own[Order].number,
        "tail": lambda own: f"{own[Order].phone}"[-4:],
    },
    "shops:order_new": {"paste": "", "province": HUNAN, "city": "430100", "county": "430104"},
    "shops:order_tail": {"tail": lambda own: f"{own[Order].phone}"[-4:]},
    "shops:paycode": {"picture": sign_document},
    "shops:point": {"address": "石榴冲村屋前坪"},
}


def find_filling(route: str, names: tuple[str, str], is_open: bool, own: Side) -> Values | None:
    """Return what to write into a field, named with and without its numbers; None if its kind says it, or what stands in it."""
    fillings = [BY_ROUTE.get(route, {}).get(name) for name in names]
    if is_open:
        fillings.append(BY_NAME.get(names[-1].rpartition("-")[2]))
    filling = next((one for one in fillings if one is not None), None)
    return None if filling is None else read_filling(filling, own)


def list_missing(route: str, names: set[str], own: Side) -> dict[str, Values]:
    """Return what the table has for the route and for none of these names."""
    missing = BY_ROUTE.get(route, {}).keys() - names
    return {name: read_filling(BY_ROUTE[route][name], own) for name in missing if BY_ROUTE[route][name]}


def read_filling(filling: Filling, own: Side) -> Values:
    if isinstance(filling, type):
        filling = str(own[filling].pk)
    elif callable(filling):
        filling = filling(own)
    return (filling,) if filling else ()
