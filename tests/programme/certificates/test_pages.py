"""Certificates on the screen and on paper: issuing with one tap, what others see, the PDF and its code."""

import io
import re

import pikepdf
import pytest
from django.urls import reverse

from accounts.people import closure
from programme.certificates import issuance, printout
from programme.certificates.forms import ShownForm
from programme.certificates.printout import describe_page, typeset_certificates
from programme.models import Certificate, CertificateRule
from programme.permissions import can_see_certificate
from programme.typesetting import typeset
from tests.factories import make_person
from tests.pdfs import draw_pages, find_letters, measure_ink, read_codes
from tests.programme.certificates.worlds import do_lessons, finish, make_certificate, make_class

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort(trainer, trainee, village):
    return make_class(trainer, village, trainee)


@pytest.fixture
def issued(cohort, trainee, trainer) -> Certificate:
    finish(trainee, cohort, trainer)
    [made] = issuance.issue_certificates(trainer, cohort, [trainee.pk])
    return made


def test_trainer_issues_to_all_who_are_due_and_reads_what_the_others_miss(client, cohort, trainee, trainer):
    late = make_person("周迟")
    late.enrolments.create(course=cohort.course, cohort=cohort)
    do_lessons(late, cohort)
    finish(trainee, cohort, trainer)
    client.force_login(trainer)
    url = reverse("programme:class_certificates", args=[cohort.pk])
    assert (
        reverse("programme:class_certificates", args=[cohort.pk])
        in client.get(cohort.get_absolute_url()).text
    )
    page = client.get(url).text
    assert f'value="{trainee.pk}" checked' in page
    assert "还有一个测验没过：单元小测一；还差 1 遍 60 分以上的彩排" in page
    page = client.post(url, {"user": [trainee.pk, late.pk, "9" * 30, "x"]}, follow=True).text
    assert "发了 1 张证书。" in page
    assert "现在没有够条件的人。" in page
    page = client.post(url, {"user": trainee.pk}, follow=True).text
    assert "没有新发的：要么已经有了，要么还差条件。" in page
    assert Certificate.objects.get().user == trainee


def test_whom_the_trainer_left_out_stays_so_when_the_session_had_ended(client, cohort, trainee, trainer):
    second = make_person("周梅英")
    second.enrolments.create(course=cohort.course, cohort=cohort)
    for person in (trainee, second):
        finish(person, cohort, trainer)
    url = reverse("programme:class_certificates", args=[cohort.pk])
    client.post(url, {"user": second.pk})
    client.force_login(trainer)
    due = client.get(url).context["due"]
    assert {person.pk: is_ticked for person, is_ticked in due} == {trainee.pk: False, second.pk: True}


def test_class_without_a_rule_says_so(client, cohort, trainer):
    cohort.course.certificate_rules.all().delete()
    client.force_login(trainer)
    url = reverse("programme:class_certificates", args=[cohort.pk])
    assert "这门课还没定发证条件" in client.get(url).text
    assert "这门课还没定发证条件，发不了。" in client.post(url, {"user": 1}, follow=True).text


def test_holder_chooses_what_verifying_shows(client, issued, trainee):
    verify = issued.verify_path
    page = client.get(verify).text
    assert "真的，现在有效。" in page
    assert "田**" in page
    assert "田巧云" not in page
    assert issued.course_title in page
    client.force_login(trainee)
    client.post(issued.get_absolute_url(), {"shows_name": "on"})
    client.logout()
    page = client.get(verify).text
    assert "田巧云" in page
    assert issued.course_title not in page
    assert str(trainee.phone) not in page


@pytest.mark.parametrize("place", [0, 5, 11])
def test_code_altered_by_one_character_is_no_certificate(client, issued, place):
    code = issued.code
    other = "2" if code[place] != "2" else "3"
    answer = client.get(reverse("programme:verify", args=[code[:place] + other + code[place + 1 :]]))
    assert answer.status_code == 404
    assert "没有这张证书。" in answer.text
    assert "田" not in answer.text


def test_code_is_found_as_people_type_it(client, issued):
    typed = f" {issued.code[:4].lower()}-{issued.code[4:8]} {issued.code[8:]}"
    answer = client.get(reverse("programme:verify_form"), {"code": typed}, follow=True)
    assert answer.redirect_chain == [(issued.verify_path, 302)]
    assert client.get(f"/verify/{issued.code.lower()}/", follow=True).status_code == 200
    page = client.get(reverse("programme:verify_form"), {"code": "不是码"}).text
    assert "查验码是 12 个字母和数字，再对一遍。" in page
    assert "不是码" in page
    page = client.get(reverse("programme:verify_form"), {"code": issued.serial}).text
    assert "这是证书编号" in page
    assert client.get("/verify/" + "9" * 300 + "/").status_code == 404


def test_revoked_certificate_is_shown_as_that_at_once(client, issued, trainer, trainee):
    client.force_login(trainer)
    url = reverse("programme:certificate_revoke", args=[issued.key])
    assert "写一句为什么作废。" in client.post(url, {"reason": " "}).text
    client.post(url, {"reason": "登错了人"})
    client.logout()
    page = client.get(issued.verify_path).text
    assert "作废了。" in page
    assert "真的，现在有效。" not in page
    assert "登错了人" not in page
    client.force_login(trainee)
    assert "登错了人" in client.get(issued.get_absolute_url()).text
    answer = client.get(reverse("programme:certificate_pdf", args=[issued.key]))
    assert answer.status_code == 302


def test_reissuing_keeps_what_was_typed_beside_its_error(client, issued, trainer):
    client.force_login(trainer)
    url = reverse("programme:certificate_reissue", args=[issued.key])
    page = client.post(url, {"name": "田\ue000", "reason": "改一个字"}).text
    assert "印不出来" in page
    assert "改一个字" in page
    page = client.post(url, {"name": "田巧芸", "reason": "改一个字"}, follow=True).text
    assert "换发了，旧的作废。" in page
    assert "田巧芸" in page


def test_who_sees_a_certificate_is_who_its_lists_show(issued, trainee, trainer, organiser, stranger, seller):
    people = [trainee, trainer, organiser, stranger, seller]
    seen = [person for person in people if can_see_certificate(person, issued)]
    assert seen == [person for person in people if issued in Certificate.objects.visible_to(person)]
    assert seen == [trainee, trainer, organiser]


@pytest.mark.parametrize(
    "name", ["certificate", "certificate_pdf", "certificate_revoke", "certificate_reissue"]
)
def test_certificate_of_another_is_not_found(client, issued, stranger, name):
    client.force_login(stranger)
    assert client.get(reverse(f"programme:{name}", args=[issued.key])).status_code == 404


def test_pdf_holds_its_words_as_text_and_a_code_that_leads_to_verifying(client, issued, trainee, settings):
    issued.name = "欧阳𠮷䶮"
    issued.save()
    client.force_login(trainee)
    answer = client.get(reverse("programme:certificate_pdf", args=[issued.key]))
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1
        assert pdf.Root.MarkInfo.Marked
        maps = b"".join(
            font.ToUnicode.read_bytes()
            for font in pdf.pages[0].Resources.Font.values()
            if "/ToUnicode" in font
        )
    for letter in "欧阳𠮷䶮":
        assert letter.encode("utf-16-be").hex().upper().encode() in maps.upper(), letter


@pytest.mark.long
def test_class_is_printed_in_one_file_in_the_language_of_its_course(client, issued, cohort, trainer):
    second = make_person("周梅英")
    second.enrolments.create(course=cohort.course, cohort=cohort)
    finish(second, cohort, trainer)
    issuance.issue_certificates(trainer, cohort, [second.pk])
    client.force_login(trainer)
    answer = client.get(reverse("programme:class_certificates_print", args=[cohort.pk]))
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 2


@pytest.mark.long
def test_long_class_is_printed_in_files_none_of_which_is_left_out(
    client, issued, cohort, trainer, monkeypatch
):
    monkeypatch.setattr(printout, "MOST_PAGES", 2)
    shown: list[list[str]] = []

    def set_pages(_template: str, content: dict) -> bytes:
        shown.append([page["name"] for page in content["pages"]])
        return b"%PDF"

    monkeypatch.setattr(printout, "typeset", set_pages)
    for n in range(4):
        make_certificate(make_person(f"学员{n}"), cohort)
    client.force_login(trainer)
    page = client.get(reverse("programme:class_certificates", args=[cohort.pk])).text
    url = reverse("programme:class_certificates_print", args=[cohort.pk])
    links = re.findall(rf'href="({url}[^"]*)"', page)
    assert links == [url, f"{url}?part=2", f"{url}?part=3"]
    assert "打印第 3–4 张（PDF）" in page
    assert [client.get(link).status_code for link in links] == [200, 200, 200]
    assert shown == [["田巧云", "学员0"], ["学员1", "学员2"], ["学员3"]]
    assert client.get(f"{url}?part=4").status_code == 404
    assert client.get(f"{url}?part=x").status_code == 200


@pytest.mark.long
def test_printing_too_much_is_said(client, issued, cohort, trainee, trainer, settings, monkeypatch):
    monkeypatch.setattr(printout, "typeset", lambda *_order: b"%PDF")
    limits = {"certificate_pdf": "1/10m/user", "certificates_pdf": "1/10m/user"}
    settings.RATE_LIMITS = settings.RATE_LIMITS | limits
    client.force_login(trainer)
    for name, key in (("certificate_pdf", issued.key), ("class_certificates_print", cohort.pk)):
        url = reverse(f"programme:{name}", args=[key])
        assert client.get(url)["Content-Type"] == "application/pdf"
        assert "印得太多了，过十分钟再来。" in client.get(url, follow=True).text


@pytest.mark.long
def test_people_of_a_long_class_are_paged_and_issued_to_page_by_page(
    client, cohort, trainee, trainer, monkeypatch
):
    monkeypatch.setattr(issuance, "PEOPLE_A_PAGE", 2)
    people = [make_person(name) for name in ("安一", "安二", "安三")]
    for person in people:
        person.enrolments.create(course=cohort.course, cohort=cohort)
    finish(people[2], cohort, trainer)
    client.force_login(trainer)
    url = reverse("programme:class_certificates", args=[cohort.pk])
    first = client.get(url)
    assert len(first.context["waiting"]) + len(first.context["due"]) == 2
    [link] = re.findall(r'rel="next" href="([^"]*)"', first.text)
    second = client.get(f"{url}{link}".replace("&amp;", "&"))
    names = [
        person.name
        for page in (first, second)
        for person, _rest in (*page.context["due"], *page.context["waiting"])
    ]
    assert sorted(names) == sorted(["安一", "安二", "安三", trainee.name])
    page = client.post(f"{url}{link}", {"user": people[2].pk}, follow=True)
    assert page.redirect_chain == [(f"{url}{link}", 302)]
    assert people[2].certificates.valid().count() == 1


@pytest.mark.long
def test_code_on_the_paper_leads_a_phone_to_verifying_and_rare_letters_are_drawn(issued, rf):
    """The PDF drawn as a printer does; the same page with an empty name as wide shows where there is ink because of it."""
    issued.name = "龚𬱖𠮷"
    made = typeset_certificates(rf.get("/"), [issued])
    [page] = draw_pages(made)
    assert read_codes(page) == [f"http://testserver{issued.verify_path}"]
    letters = find_letters(made, issued.name)
    issued.name = "\u3000" * 3
    [empty] = draw_pages(typeset_certificates(rf.get("/"), [issued]))
    assert empty.size == page.size
    ink = [measure_ink(page.crop(box), empty.crop(box)) for box in letters]
    assert len(ink) == 3
    assert all(0.2 < share < 0.7 for share in ink), ink
    assert measure_ink(page, empty) < 0.01


def test_revoking_is_called_that_in_english(client, issued, trainer):
    client.force_login(trainer)
    client.cookies["django_language"] = "en"
    url = reverse("programme:certificate_revoke", args=[issued.key])
    assert f'href="{url}">Revoke</a>' in client.get(issued.get_absolute_url()).text
    assert ">Revoke</button>" in client.get(url).text
    client.post(url, {"reason": "wrong person"})
    listed = client.get(reverse("programme:class_certificates", args=[issued.cohort_id])).text
    assert ">Revoked</span>" in listed
    assert "Withdraw" not in listed


@pytest.mark.long
def test_who_is_erased_is_on_no_certificate_and_gets_no_other(client, issued, cohort, trainee, trainer):
    again = issuance.reissue_certificate(trainer, issued, "田巧芸", "田巧云写错了")
    closure.close_account(trainee)
    issued.refresh_from_db()
    again.refresh_from_db()
    assert [(one.name, one.revoked_because) for one in (issued, again)] == [("", "已删"), ("", "")]
    client.force_login(trainer)
    page = client.get(again.get_absolute_url()).text
    assert "已注销" in page
    assert "换发一张" not in page
    for name in ("certificate_pdf", "certificate_reissue"):
        assert client.get(reverse(f"programme:{name}", args=[again.key])).status_code == 404
    url = reverse("programme:class_certificates_print", args=[cohort.pk])
    assert client.get(url).status_code == 404
    client.post(reverse("programme:certificate_revoke", args=[again.key]), {"reason": "发错了"})
    assert not Certificate.objects.valid().exists()


def test_choosing_what_is_shown_leaves_a_certificate_revoked(issued, trainer):
    opened = Certificate.objects.get(pk=issued.pk)
    issuance.revoke_certificate(trainer, issued, "登错了人")
    form = ShownForm({"shows_name": "on"}, instance=opened)
    assert form.is_valid()
    form.save()
    issued.refresh_from_db()
    assert (issued.is_valid, issued.shows_name) == (False, True)


def test_longest_words_stay_on_one_page_with_the_code(issued, rf):
    for field in ("name", "title", "course_title", "class_name", "place_name"):
        setattr(issued, field, "证" * Certificate._meta.get_field(field).max_length)
    with pikepdf.open(io.BytesIO(typeset_certificates(rf.get("/"), [issued]))) as pdf:
        assert len(pdf.pages) == 1


def test_picture_in_the_name_of_a_class_does_not_stop_the_printing(client, issued, trainee):
    issued.class_name, issued.title = "秋季班🍊", "结业证书🎓"
    issued.save()
    client.force_login(trainee)
    answer = client.get(reverse("programme:certificate_pdf", args=[issued.key]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    page = describe_page(answer.wsgi_request, issued)
    assert (page["title"], page["body"][0]) == ("结业证书", f"参加“{issued.course_title}”（秋季班）学习，")


def test_class_that_gave_a_certificate_is_not_deleted_although_all_have_left(client, issued, cohort, trainer):
    cohort.enrolments.all().delete()
    client.force_login(trainer)
    url = reverse("admin:courses_cohort_delete", args=[cohort.pk])
    assert client.get(url).status_code == 403
    issued.delete()
    assert client.get(url).status_code == 200


def test_template_that_cannot_be_set_is_said_on_the_page(client, issued, trainee, monkeypatch):
    client.force_login(trainee)
    monkeypatch.setattr("programme.certificates.printout.typeset", lambda *_args: typeset("none.typ", {}))
    answer = client.get(reverse("programme:certificate_pdf", args=[issued.key]), follow=True)
    assert "PDF 没做成" in answer.text


def test_paper_claims_only_what_its_own_rule_asked(issued, rf):
    request = rf.get("/")
    assert describe_page(request, issued)["body"][1] == "共 43 学时，课程学完，测验和彩排合格，准予结业。"
    for absent in ({"needs_quizzes": False}, {"rehearsals": 0}, {"needs_lessons": False}):
        issued.evidence["rule"] = CertificateRule(course=issued.course).content | absent
        assert describe_page(request, issued)["body"][1] == "共 43 学时，达到结业条件，准予结业。"
