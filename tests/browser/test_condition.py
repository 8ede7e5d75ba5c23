"""The page of who runs the site, with all that can be wrong with it, fit for everybody on a phone and a desktop."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Membership, Place
from config.models import CopyRun
from tests.browser.conftest import expect
from tests.factories import make_person


@pytest.mark.long
def test_who_runs_the_site_reads_what_is_wrong_and_what_to_do(
    sign_in, county, no_second_factor, settings, look
):
    settings.BACKUP_DIR = str(settings.VAR_DIR)
    old = timezone.now() - datetime.timedelta(days=400)
    CopyRun.objects.create(began_at=old, ended_at=old, bytes=123_456_789_000, missing=1234)
    CopyRun.objects.create(ended_at=timezone.now(), problem="other")
    boss = make_person("省里的人", (Membership.Role.ORGANISER, Place.objects.get(parent=None)))
    page = sign_in(boss)
    for address in ("/admin/", "/me/waiting/", "/me/"):
        look(address, ("没做成，日志里写着原因", "It failed; the log says why"))
        expect(page.get_by_role("heading", level=1)).to_be_attached()
    page.get_by_role("link", name="How the site is doing").click()
    expect(page.get_by_role("heading", level=1, name="How the site is doing")).to_be_visible()
    look("/me/site/", ("网站好不好", "How the site is doing"), ("少了 1234 个文件", "1234 files are missing"))
