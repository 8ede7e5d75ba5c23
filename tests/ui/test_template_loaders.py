"""Pages are sent without the indentation of their templates."""

from django.template import Origin, engines

from ui.pages import Loader


def contents(path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return Loader(engines["django"].engine).get_contents(Origin(str(path)))


def test_our_own_pages_lose_their_indentation_and_no_line(tmp_path):
    text = '<p>\n  {% if a %}\n    <a class="x"\n       href="/">橙子  甜</a>\n  {% endif %}\n</p>\n'
    shown = contents(tmp_path / "page_show.html", text)
    assert shown == '<p>\n{% if a %}\n<a class="x"\nhref="/">橙子  甜</a>\n{% endif %}\n</p>\n'


def test_messages_and_others_templates_are_read_as_they_are(tmp_path):
    text = "一\n  二\n"
    assert contents(tmp_path / "message.txt", text) == text
    assert contents(tmp_path / "site-packages" / "page.html", text) == text
