"""The sheets to print, one of them, and those for a whole class, on a phone and a desktop, in both languages."""

import pytest
from django.urls import reverse

from programme.models import SheetPrint
from tests.factories import make_batch
from tests.lives import make_ready_shop
from tests.programme.certificates.worlds import make_class

pytestmark = [
    pytest.mark.long,
    pytest.mark.one_phone,
    pytest.mark.workerless,
    pytest.mark.usefixtures("no_second_factor"),
]


def test_sheets_fit_a_phone_and_are_one_tap_away(page, live_server, seller, trainer, village, sign_in, look):
    batch = make_batch(make_ready_shop(seller, village))
    cohort = make_class(trainer, village, seller)
    sign_in(seller)
    look(reverse("programme:course_sheet", args=["spec"]), ("照哪一个填", "Filled from"))
    look(
        reverse("programme:course_sheets"),
        ("带我的数", "With my figures"),
        ("排品、写稿", "Rundown and script"),
    )
    page.goto(live_server.url + reverse("programme:course_sheets"))
    with page.expect_download() as taken:
        page.locator(f"a[href='{reverse('programme:course_sheet_pdf', args=['sprays'])}']").click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")
    page.goto(live_server.url + reverse("shops:my_batch", args=[batch.pk]))
    assert page.locator(f"a[href$='spec.pdf?of={batch.pk}']").is_visible()
    sign_in(trainer)
    page.goto(live_server.url + reverse("progress:class", args=[cohort.pk]))
    assert page.locator(f"a[href='{reverse('programme:class_sheets', args=[cohort.pk])}']").count() == 1
    look(reverse("programme:class_sheets", args=[cohort.pk]), ("给全班印单子", "Print sheets for the class"))
    row = SheetPrint.objects.create(
        cohort=cohort, made_by=trainer, sheet="spec", site=live_server.url, percent=40
    )
    look(row.get_absolute_url(), ("看做好没有", "See whether it is ready"))
