from types import SimpleNamespace

from django import forms
from django.template import Context, Template
from django.utils.translation import override


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_said_marks_chinese_on_an_english_page_only():
    source = "{% text story %}|<p{% lang_attr story %}>"
    assert render(source, story="自家<b>种的") == "自家&lt;b&gt;种的|<p>"
    with override("en"):
        assert render(source, story="自家<b>种的") == (
            '<span lang="zh-Hans">自家&lt;b&gt;种的</span>|<p lang="zh-Hans">'
        )
        assert render(source, story="Sweet <b>oranges") == "Sweet &lt;b&gt;oranges|<p>"
        assert render(source, story=None) == "|<p>"


def test_back_leads_up_and_says_so():
    html = render("{% back '/products/' %}")
    assert html.startswith('<a class="tap" href="/products/" aria-label="返回"><svg class="i"')


class Upload(forms.Form):
    photo = forms.FileField()


def test_form_attrs_guard_every_form():
    assert (
        render("<form {% form_attrs %}>")
        == '<form method="post" novalidate data-module="/static/ui/once.js">'
    )
    assert render("<form {% form_attrs form %}>", form=Upload()) == (
        '<form method="post" novalidate data-module="/static/ui/once.js" enctype="multipart/form-data">'
    )


def test_form_attrs_keep_a_draft_per_person():
    source = "<form {% form_attrs draft='product' %}>"
    modules = "/static/ui/once.js /static/ui/draft.js"
    assert render(source, user=SimpleNamespace(pk=7)) == (
        f'<form method="post" novalidate data-module="{modules}" data-draft="product" data-user="7">'
    )
    assert render(source, user=SimpleNamespace(pk=None)) == (
        f'<form method="post" novalidate data-module="{modules}" data-draft="product" data-user="">'
    )


def test_fixed_words_are_made_once_in_each_language():
    page = Template('{% fixed %}{% back "/" %}{{ name }}{% endfixed %}')
    ours = page.render(Context({"name": "田巧云"}))
    assert "返回" in ours
    assert "田巧云" not in ours
    with override("en"):
        assert "Back" in page.render(Context())
    assert page.render(Context({"name": "周梅英"})) == ours


def test_lines_of_a_sentence_are_joined_without_a_space():
    source = (
        "<p>{% joined %}\n"
        '  {% if a %}一{% elif b %}二\n{% endif %}\n  <b\n class="x">三 四</b>{% for c in cs %}\n{{ c }}{% endfor %}\n'
        "{% endjoined %}</p>"
    )
    assert render(source, a=True, cs="五六") == '<p>一<b\n class="x">三 四</b>五六</p>'
    assert render(source, b=True) == '<p>二<b\n class="x">三 四</b></p>'
