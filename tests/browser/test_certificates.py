"""A certificate, its signed file and how others check it, on a phone and a desktop, in both languages."""

import pytest
from django.urls import reverse

from tests.programme.certificates.worlds import make_certificate, make_class, make_credential_row

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.mark.long
def test_certificate_and_its_signed_file_fit_a_phone(page, trainee, trainer, village, sign_in, look, axe):
    held = make_certificate(trainee, make_class(trainer, village, trainee))
    make_credential_row(held)
    sign_in(trainee)
    look(held.get_absolute_url(), ("文件里写着你的姓名。", "The file has your name in it."))
    axe()
    look(reverse("programme:credentials"), ("没有网也能查", "Without the internet"))
    axe()
