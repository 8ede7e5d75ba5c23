"""A form of every kind of field, rendered by crispy with the project's pack."""

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test.html import parse_html

from tests.ui.test_base import attributes, elements, text_of
from ui.fields import CleanCharField, CountField, NameField, YuanField
from ui.forms import FarmForm


class Listing(FarmForm):
    name = NameField(label="名称", help_text="写品种和净重")
    price = YuanField(label="一箱卖")
    stock = CountField(label="现在有", unit="箱", required=False)
    story = CleanCharField(label="说几句", lines=True, required=False)
    whose = forms.ChoiceField(
        label="谁家的果子", choices=[("a", "自家种的"), ("b", "邻居的")], widget=forms.RadioSelect
    )
    why = forms.ChoiceField(
        label="为什么",
        choices=[("a", "照片看不清果子，请再拍一张"), ("b", "价钱不对")],
        widget=forms.RadioSelect,
    )
    days = forms.MultipleChoiceField(
        label="哪天发货",
        choices=[("1", "周一"), ("3", "周三")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    kind = forms.ChoiceField(label="种类", choices=[("c", "柑橘"), ("t", "茶")])
    photo = forms.FileField(label="照片")
    when = forms.SplitDateTimeField(label="几点", required=False)
    agree = forms.BooleanField(label="都是真的")
    key = forms.CharField(widget=forms.HiddenInput)


class SignIn(FarmForm):
    phone = forms.CharField(label="手机号")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


def tree(form: forms.Form, source: str = "{% crispy form %}"):
    html = Template("{% load crispy_forms_tags %}<main>" + source + "</main>").render(Context({"form": form}))
    return parse_html(html)


def by_id(node, wanted: str):
    if dict(getattr(node, "attributes", [])).get("id") == wanted:
        return node
    found = (by_id(child, wanted) for child in getattr(node, "children", []))
    return next(filter(None, found), None)


def labels(node) -> dict:
    return {attributes(label).get("for"): text_of(label) for label in elements(node, "label")}


def test_empty_file_is_refused_in_our_words():
    class Sending(FarmForm):
        photo = forms.FileField()

    form = Sending({}, {"photo": SimpleUploadedFile("空.jpg", b"")})
    assert form.errors == {"photo": ["这个文件是空的，重新选一次"]}


def test_form_renders_fields_only():
    page = tree(Listing())
    assert elements(page, "form") == []
    assert elements(page, "button") == []
    assert [attributes(i)["name"] for i in elements(page, "input") if attributes(i)["type"] == "hidden"] == [
        "key"
    ]


def test_field_is_labelled_and_described():
    page = tree(Listing())
    name = attributes(by_id(page, "id_name"))
    assert name["class"] == "in"
    assert name["aria-describedby"] == "id_name_helptext"
    assert "aria-invalid" not in name
    assert text_of(by_id(page, "id_name_helptext")) == "写品种和净重"
    assert labels(page)["id_name"] == "名称必填"


def test_field_in_a_unit_says_it_in_the_label_too():
    page = tree(Listing(initial={"price": 2990}))
    assert labels(page)["id_price"] == "一箱卖（元）必填"
    assert labels(page)["id_stock"] == "现在有（箱）"
    assert attributes(by_id(page, "id_price"))["value"] == "29.90"
    assert attributes(by_id(page, "id_price"))["class"] == "in num"


def test_error_stands_beside_its_field_and_is_announced_with_it():
    page = tree(Listing({"name": "橙" * 41, "price": "12,5", "whose": "a"}))
    name = attributes(by_id(page, "id_name"))
    assert name["aria-invalid"] == "true"
    assert name["aria-describedby"] == "id_name_helptext id_name_error"
    assert name["value"] == "橙" * 41
    assert text_of(by_id(page, "id_name_error")) == "最多 40 个字，多了 1 个"
    assert text_of(by_id(page, "id_price_error")) == "数字里不用逗号，写成 29.90 这样"
    assert by_id(page, "id_stock_error") is None


def test_choice_carries_its_error_as_a_group():
    page = tree(Listing({}))
    group = attributes(by_id(page, "id_whose"))
    assert (group["role"], group["aria-required"], group["aria-invalid"]) == ("radiogroup", "true", "true")
    assert group["aria-describedby"] == "id_whose_error"
    assert text_of(elements(by_id(page, "id_whose"), "legend")[0]) == "谁家的果子必填"
    radios = elements(by_id(page, "id_whose"), "input")
    assert [attributes(r)["type"] for r in radios] == ["radio", "radio"]
    assert ["aria-invalid" in attributes(r) for r in radios] == [False, False]
    assert text_of(by_id(page, "id_whose_error")) == "选一个"


def test_short_answers_stand_side_by_side_and_long_ones_in_rows():
    page = tree(Listing({"whose": "b", "days": ["3"]}))
    shapes = {
        name: attributes(elements(by_id(page, f"id_{name}"), "div")[0])["class"]
        for name in ("whose", "why", "days")
    }
    assert shapes == {"whose": "seg", "why": "options", "days": "options"}
    chosen = [attributes(i)["value"] for i in elements(page, "input") if "checked" in attributes(i)]
    assert chosen == ["b", "3"]


def test_summary_leads_to_every_wrong_field():
    page = tree(
        Listing({"name": "冰糖橙", "price": "9.9", "whose": "a", "why": "a", "kind": "x", "key": "k"})
    )
    summary = next(d for d in elements(page, "div") if attributes(d).get("class") == "errors")
    assert "autofocus" in attributes(summary)
    assert attributes(summary)["tabindex"] == "-1"
    assert text_of(elements(summary, "h2")[0]) == "还有 3 处要改"
    assert [(attributes(a)["href"], text_of(a)) for a in elements(summary, "a")] == [
        ("#id_kind", "种类"),
        ("#id_photo", "照片"),
        ("#id_agree", "都是真的"),
    ]
    for link in elements(summary, "a"):
        assert by_id(page, attributes(link)["href"][1:]) is not None
    assert text_of(by_id(page, "id_kind_error")) == "没有这一项，重新选一个"
    assert text_of(by_id(page, "id_photo_error")) == "选一个文件"
    assert text_of(by_id(page, "id_agree_error")) == "这一项要填"


def test_summary_of_an_error_of_the_whole_form_is_that_sentence():
    form = SignIn({"phone": "13800000001", "password": "x"})
    form.add_error(None, "手机号或密码不对")
    summary = next(d for d in elements(tree(form), "div") if attributes(d).get("class") == "errors")
    assert text_of(summary) == "手机号或密码不对"
    assert elements(summary, "h2") == []


def test_form_in_which_all_is_needed_marks_nothing():
    assert labels(tree(SignIn())) == {"id_phone": "手机号", "id_password": "密码"}


def test_form_that_sets_the_optional_apart_marks_nothing():
    class Apart(Listing):
        marks_required = False

    assert labels(tree(Apart()))["id_name"] == "名称"


def test_own_words_for_what_is_missing_are_kept():
    class Named(FarmForm):
        name = forms.CharField(error_messages={"required": "写上名字"})

    assert Named({}).errors["name"] == ["写上名字"]


def test_file_group_and_checkbox_take_their_shapes():
    page = tree(Listing({}))
    photo = attributes(by_id(page, "id_photo"))
    assert (photo["type"], photo["class"], "multiple" in photo) == ("file", "in", False)
    when = by_id(page, "id_when")
    assert [attributes(i)["name"] for i in elements(when, "input")] == ["when_0", "when_1"]
    agree = attributes(by_id(page, "id_agree"))
    assert (agree["type"], "class" in agree) == ("checkbox", False)
    assert agree["aria-describedby"] == "id_agree_error"


def test_one_field_may_be_placed_by_hand():
    page = tree(Listing({}), "{{ form.price|as_crispy_field }}")
    assert [attributes(i)["name"] for i in elements(page, "input")] == ["price"]
    assert text_of(by_id(page, "id_price_error")) == "这一项要填"


def test_form_of_another_library_is_dressed_too():
    class Plain(forms.Form):
        code = forms.CharField(label="验证码")

    page = tree(Plain({}), "{{ form|crispy }}")
    assert attributes(by_id(page, "id_code"))["class"] == "in"
    assert text_of(elements(page, "h2")[0]) == "还有 1 处要改"


def test_typed_script_is_only_text():
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(
        Context({"form": Listing({"name": "<script>alert(1)</script>", "story": "</textarea><script>"})})
    )
    assert "<script>" not in html


def test_formset_renders_each_form_once():
    forms_ = forms.formset_factory(SignIn, extra=2)()
    html = Template("{% load crispy_forms_tags %}{{ forms|crispy }}").render(Context({"forms": forms_}))
    names = [attributes(i)["name"] for i in elements(parse_html(f"<main>{html}</main>"), "input")]
    assert names[4:] == ["form-0-phone", "form-0-password", "form-1-phone", "form-1-password"]
