import io

import resvg_py
import zxingcpp
from PIL import Image

from courses.models import Cohort


def decoded(svg: str) -> str:
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=600, background="white"))
    return zxingcpp.read_barcode(Image.open(io.BytesIO(png)).convert("L")).text


def test_qr_leads_straight_into_the_class(client, as_user, trainer, cohort, stranger):
    response = as_user(trainer).get(f"/classes/{cohort.pk}/qr.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "private, no-cache"
    svg = response.content.decode()
    assert ("style=" in svg, "<script" in svg) == (False, False)
    address = decoded(svg)
    assert address == "http://testserver/learn/join/?code=ABC234"
    client.logout()
    page = client.get(address.removeprefix("http://testserver"), follow=True)
    assert page.redirect_chain == [
        ("/accounts/signup/?code=ABC234&next=%2Flearn%2Fjoin%2F%3Fcode%3DABC234", 302)
    ]
    assert "注册好就进班：<b>秋季班</b>" in page.content.decode()


def test_qr_follows_a_new_code(as_user, trainer, cohort):
    Cohort.objects.update(join_code="NEW789")
    svg = as_user(trainer).get(f"/classes/{cohort.pk}/qr.svg").content.decode()
    assert decoded(svg) == "http://testserver/learn/join/?code=NEW789"


def test_poster_holds_what_the_wall_needs(as_user, trainer, cohort):
    html = as_user(trainer).get(f"/classes/{cohort.pk}/poster/").content.decode()
    assert "点“注册”" in html
    assert f'<img class="qr" src="/classes/{cohort.pk}/qr.svg"' in html
    for words in ("秋季班", "直播课", "ABC234", "testserver", "石榴冲村", "李老师"):
        assert words in html
