"""Numbers and settings that guides and documents tell people are those of the code: who changes one finds it here."""

import datetime
import re
from pathlib import Path

import pytest
from django.conf import settings

from accounts import second_factor
from accounts.models import GIVEN_PASSWORD_LASTS
from accounts.notifications import sms
from config.personal import terms
from courses.import_export.programme import load_programme
from programme.support.board import SETTLED_SHOWN
from programme.support.causes import (
    certificates,
    lessons,
    listings,
    phones,
    quizzes,
    rehearsals,
    sessions,
    tasks,
)
from rehearsals.reviews.services import RETRACT_WITHIN
from rehearsals.tasks.reviews.best_three import MOST_CHOSEN
from shops.orders import limits, transitions
from shops.sellers import payment_codes

DOCS = Path(settings.BASE_DIR, "docs")
CONFIG = Path(settings.BASE_DIR, "config")
CHINESE = {1: "一", 3: "三", 7: "七"}
EXAM = next(quiz for quiz in load_programme("zh-hans")["quizzes"] if quiz["clears"])


def minutes(time: datetime.timedelta) -> int:
    return time // datetime.timedelta(minutes=1)


STAFF_HOURS, IDLE_MINUTES = settings.STAFF_SESSION_SECONDS // 3600, settings.STAFF_IDLE_SECONDS // 60
SENTENCES = [
    ("guides/seller.md", f"{limits.HOLD_HOURS} 小时不接，单子自己作废"),
    ("guides/seller.md", f"{minutes(transitions.REOPENS_WITHIN)} 分钟里、钱还没到，能“撤回接单”"),
    ("guides/trainer.md", f"给你身份的人当面告诉你，{second_factor.SETUP_CODE_LASTS.days} 天里有效"),
    ("guides/trainer.md", f"登录满 {STAFF_HOURS} 小时要重新登录；{IDLE_MINUTES} 分钟没看别人的东西"),
    ("guides/trainer.md", f"卡上的密码只管{CHINESE[GIVEN_PASSWORD_LASTS.days]}天"),
    (
        "guides/trainer.md",
        f"法律考试每张 {EXAM['draw']} 题，五个目标每个至少 {EXAM['objective_minimum']} 题，"
        f"{CHINESE[EXAM['talk_after']]}次没过先谈话",
    ),
    ("guides/trainer.md", f"同一个测验 {quizzes.FAILURES} 次没过"),
    ("guides/trainer.md", f"彩排录了 {phones.UNSENT_AFTER.days} 天还没传上来"),
    ("guides/trainer.md", f"连着 {sessions.ABSENCES} 次缺课"),
    ("guides/trainer.md", f"请他重录，{rehearsals.RETAKE_AFTER.days} 天没录"),
    ("guides/trainer.md", f"任务退回，{tasks.AGAIN_AFTER.days} 天没再交"),
    ("guides/trainer.md", f"点错了，{minutes(RETRACT_WITHIN)} 分钟里能“撤回来改”"),
    ("guides/trainer.md", f"一个任务一个班最多{CHINESE[MOST_CHOSEN]}份"),
    ("guides/trainer.md", f"下一课开放了 {lessons.LESSON_AFTER.days} 天"),
    ("guides/trainer.md", f"离结业 {certificates.CERTIFICATE_BEFORE.days} 天以内"),
    ("guides/trainer.md", f"拿到证书 {listings.LISTING_AFTER.days} 天"),
    ("guides/trainer.md", f"近 {SETTLED_SHOWN.days} 天了结的折在最下面"),
    ("guides/trainee.md", f"{CHINESE[EXAM['talk_after']]}次没过，页面上写着找哪位老师谈一谈"),
    ("guides/trainee.md", f"上面的新密码只管{CHINESE[GIVEN_PASSWORD_LASTS.days]}天"),
    ("guides/trainee.md", f"点“下载”，{CHINESE[terms.read()['export_days']]}天里都能下"),
    ("guides/seller.md", f"{CHINESE[payment_codes.LOCKED_FOR.days]}天里换收款码，要另一位管理员同意"),
    (
        "guides/organiser.md",
        f"{second_factor.SETUP_CODE_LASTS.days} 天里有效；登录满 {STAFF_HOURS} 小时要重新登录，{IDLE_MINUTES} 分钟",
    ),
    ("guides/organiser.md", f"给了以后{CHINESE[payment_codes.LOCKED_FOR.days]}天内他换收款码"),
    ("guides/organiser.md", f"学员练习的录像 {settings.PRACTICE_FILM_DAYS} 天后自动删"),
    ("architecture.md", f"A reservation ends after {limits.HOLD_HOURS} hours"),
    ("county/settings.md", f"when its phone is not verified; a verified one holds for {limits.HOLD_HOURS}."),
    (
        "county/operations.md",
        f"Staff are signed out after {STAFF_HOURS} hours, and show the second factor again after {IDLE_MINUTES}",
    ),
    ("county/settings.md", f"at most {100 - sms.NOTICES_PERCENT} % are codes"),
    (
        "county/operations.md",
        f"for {payment_codes.LOCKED_FOR // datetime.timedelta(hours=1)} hours after somebody else gave a seller",
    ),
]


@pytest.mark.parametrize(("file", "sentence"), SENTENCES)
def test_the_sentence_tells_the_number_of_the_code(file, sentence):
    assert sentence in (DOCS / file).read_text(), f"docs/{file} tells another number than the code."


def defaults() -> dict[str, list[str]]:
    """The settings of a row of the table in county/settings.md → the values in bold, which hold where they are not set."""
    found = {}
    for line in (DOCS / "county/settings.md").read_text().splitlines():
        first, _bar, rest = line.removeprefix("|").partition("|")
        names = [name for name in re.findall(r"`([A-Z_0-9]+)`", first) if hasattr(settings, name)]
        values = re.findall(r"\*\*`([^`]+)`\*\*", rest)
        if line.startswith("| `") and names and values:
            found[" ".join(names)] = values[: len(names)]
    return found


@pytest.mark.parametrize(("names", "values"), defaults().items())
def test_the_table_of_settings_tells_what_holds_where_none_is_set(names, values):
    assert [str(getattr(settings, name)) for name in names.split()] == values


def test_every_variable_that_the_settings_read_is_explained():
    read = re.compile(r"""(?:environ\.get|flag|words|choice|seconds)\(\s*"([A-Z_0-9]+)\"""")
    found = {
        name for file in ("settings.py", "files.py") for name in read.findall(Path(CONFIG, file).read_text())
    }
    assert {"SECRET_KEY", "ALLOWED_HOSTS", "S3_REGION", "BACKUP_KEEP"} <= found
    told = set(re.findall(r"`([A-Z_0-9]+)`", (DOCS / "county/settings.md").read_text()))
    # Switched off by the measurements alone.
    untold = sorted(found - told - {"PAGE_CACHE"})
    assert not untold, f"{untold}: explain it in the table of docs/county/settings.md."
