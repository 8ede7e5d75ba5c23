"""Documents in a form: received once, kept when the form is shown again."""

import re

import pytest
from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from media.documents.forms import DocumentField
from media.models import Document
from tests.media import papers, pictures
from tests.media.pictures import upload
from ui.forms import FarmForm

pytestmark = pytest.mark.usefixtures("empty_storage")


class PaperForm(FarmForm):
    file = DocumentField(label="证书", max=2)
    number = forms.CharField()


def filled(owner, keys=(), files=(), number="1") -> PaperForm:
    data = QueryDict(mutable=True)
    data.setlist("file", list(keys))
    data["number"] = number
    form = PaperForm(data, MultiValueDict({"file_new": list(files)}))
    form.fields["file"].owner = owner
    return form


def keys_in(form: PaperForm) -> list[str]:
    return re.findall(r'<input type="checkbox" name="file" value="([^"]+)" checked>', str(form["file"]))


def test_file_becomes_a_document(seller):
    form = filled(seller, files=[upload(pictures.jpeg()), upload(papers.pdf(), "b.pdf")])
    assert form.is_valid(), form.errors
    assert [one.content_type for one in form.cleaned_data["file"]] == ["image/webp", "application/pdf"]


@pytest.mark.long
def test_document_is_kept_when_the_form_comes_back(seller):
    form = filled(seller, files=[upload(pictures.jpeg(), "证.jpg")], number="")
    assert not form.is_valid()
    [key] = keys_in(form)
    assert "收到了：证.jpg（不要就去掉勾）" in str(form["file"])
    again = filled(seller, keys=[key])
    assert again.is_valid(), again.errors
    assert again.cleaned_data["file"] == [Document.objects.get()]


def test_good_file_beside_a_bad_one_is_kept(seller):
    form = filled(seller, files=[upload(pictures.jpeg()), upload(b"<svg/>", "a.svg")])
    assert form.errors["file"] == ["“a.svg”不是照片也不是 PDF，能收 JPEG、PNG、WebP、HEIC 和 PDF"]
    assert len(keys_in(form)) == 1


@pytest.mark.long
def test_key_of_another_person_or_a_made_up_one_is_not_taken(seller, stranger):
    theirs = filled(stranger, files=[upload(pictures.jpeg())], number="")
    theirs.is_valid()
    form = filled(seller, keys=[*keys_in(theirs), "x:y:z", Document.objects.get().key])
    assert form.errors["file"] == ["有 3 份文件找不到了，重新传一次"]
    assert keys_in(form) == []


@pytest.mark.long
def test_visitors_key_serves_only_visitors(seller):
    visitors = filled(None, files=[upload(pictures.jpeg())], number="")
    visitors.is_valid()
    assert filled(None, keys=keys_in(visitors)).is_valid()
    assert not filled(seller, keys=keys_in(visitors)).is_valid()


@pytest.mark.long
def test_too_many_are_said(seller):
    files = [upload(pictures.jpeg(300, 200 + number)) for number in range(3)]
    form = filled(seller, files=files)
    assert form.errors["file"] == ["一次最多 2 份，多的没传上"]
    assert len(keys_in(form)) == 2


def test_nothing_is_sent(seller):
    assert filled(seller).errors["file"] == ["先拍一张或选一个文件"]
