from django.conf import settings
from django.template import engines

from media.models import Photo
from media.photos.html import render_photo


def render(text: str, **context) -> str:
    return engines["django"].from_string(text).render(context)


def ready(width: int = 4000, height: int = 3000) -> Photo:
    return Photo(key="ab" + "0" * 30, status="ready", width=width, height=height)


BASE = f"{settings.MEDIA_URL}photos/ab/ab{'0' * 30}"


def test_img_names_every_width():
    assert render_photo(ready(), alt="冰糖橙", sizes="50vw") == (
        f'<img class="pic" src="{BASE}-320.webp"'
        f' srcset="{BASE}-320.webp 320w, {BASE}-720.webp 720w, {BASE}-1200.webp 1200w" sizes="50vw"'
        ' width="1200" height="900" alt="冰糖橙" loading="lazy" decoding="async">'
    )


def test_img_of_a_small_photo_is_honest():
    html = render_photo(ready(500, 700), css="pic pic--thumb")
    assert f'srcset="{BASE}-320.webp 320w, {BASE}-500.webp 500w"' in html
    assert 'width="500" height="700" alt="" loading="lazy" decoding' in html
    assert 'class="pic pic--thumb"' in html
    assert f'srcset="{BASE}-200.webp 200w"' in render_photo(ready(200, 100))


def test_alt_is_escaped():
    assert 'alt="&quot;&gt;&lt;script&gt;"' in render_photo(ready(), alt='"><script>')


def test_placeholder_says_what_is_the_matter():
    cases = {
        None: ("none", "还没有照片"),
        "waiting": ("waiting", "照片正在处理"),
        "failed": ("failed", "照片坏了"),
    }
    for status, (state, words) in cases.items():
        html = render_photo(Photo(status=status) if status else None, css="pic")
        assert html.startswith(
            f'<svg class="pic" data-photo="{state}" role="img" aria-label="{words}" width="320" viewBox='
        )
        assert "style=" not in html


def test_include_takes_the_same_facts():
    text = '{% include "media/_photo.html" with photo=photo alt=alt sizes="50vw" class="pic pic--hero" %}'
    assert render(text, photo=ready(), alt="橙").strip() == render_photo(
        ready(), "橙", "50vw", "pic pic--hero"
    )
    plain = render('{% include "media/_photo.html" with photo=photo %}', photo=ready())
    assert plain.strip() == render_photo(ready())
    assert 'aria-label="还没有照片"' in render('{% include "media/_photo.html" %}')
