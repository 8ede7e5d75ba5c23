import time

import pytest

from courses.models import Lesson, LessonPicture, Module
from courses.rendering import ADDRESS, add_addresses, render_markdown
from media.models import Photo
from tests.factories import make_course, make_lesson, make_photo


@pytest.fixture
def lesson(county) -> Lesson:
    return make_lesson(Module.objects.get(course=make_course(county, lessons=0)))


@pytest.fixture
def picture(lesson) -> LessonPicture:
    return LessonPicture.objects.create(lesson=lesson, photo=make_photo(), name="grip", alt="两手<握>住")


def img(picture: LessonPicture, alt: str) -> str:
    photo = picture.photo
    return (
        f'<img src="{photo.src}" srcset="{photo.srcset}" sizes="(min-width: 60em) 42rem, 92vw"'
        f' width="1200" height="900" alt="{alt}" loading="lazy" decoding="async">'
    )


def draw(body: str, pictures: dict[str, LessonPicture]) -> str:
    """Return a body as a page shows it."""
    return add_addresses(render_markdown(body, pictures))


@pytest.mark.parametrize("number", ["0", "7", "9" * 5000])
def test_a_picture_mark_written_as_an_entity_is_no_picture(number):
    assert render_markdown(f"&#xe000;{number}&#xe001;好", {}) == "<p>好</p>\n"


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("# 大\n## 中\n##### 小", "<h2>大</h2>\n<h2>中</h2>\n<h4>小</h4>\n"),
        ("**粗** *斜* `码`", "<p><strong>粗</strong> <em>斜</em> <code>码</code></p>\n"),
        ("3. 三\n4. 四", '<ol start="3">\n<li>三</li>\n<li>四</li>\n</ol>\n'),
        ("一\r\n\r\n二", "<p>一</p>\n<p>二</p>\n"),
        (
            "|斤|元|\n|--|--:|\n|5|29.9|",
            "<table>\n<thead>\n<tr>\n<th>斤</th>\n<th>元</th>\n</tr>\n</thead>\n"
            "<tbody>\n<tr>\n<td>5</td>\n<td>29.9</td>\n</tr>\n</tbody>\n</table>\n",
        ),
        ("[课](/learn/)", '<p><a href="/learn/" rel="noopener noreferrer">课</a></p>\n'),
        ("[打](tel:13800000001)", '<p><a href="tel:13800000001" rel="noopener noreferrer">打</a></p>\n'),
        (
            '[a](https://b.cn "题")',
            '<p><a href="https://b.cn" title="题" rel="noopener noreferrer">a</a></p>\n',
        ),
    ],
)
def test_text_becomes_plain_html(body, html):
    assert render_markdown(body, {}) == html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n"),
        ("[点](javascript:alert(1))", "<p>[点](javascript:alert(1))</p>\n"),
        ("[点](JaVaScRiPt&colon;alert(1))", "<p>[点](JaVaScRiPt:alert(1))</p>\n"),
        ("[点](data:text/html;base64,eA==)", "<p>[点](data:text/html;base64,eA==)</p>\n"),
        ("[点](ftp://a.cn/x)", '<p><a rel="noopener noreferrer">点</a></p>\n'),
        ("[点](picture:grip)", '<p><a rel="noopener noreferrer">点</a></p>\n'),
        ("```html\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>\n"),
        ("![坏](https://evil.cn/pixel.gif)", ""),
        ("![坏](javascript:alert(1))", "<p>![坏](javascript:alert(1))</p>\n"),
        ("![没有](picture:nobody)", ""),
        ("字 ![没有](picture:nobody) 字", "<p>字  字</p>\n"),
        ("\ue0000\ue001", "<p>0</p>\n"),
    ],
)
def test_nothing_dangerous_comes_through(body, html):
    assert render_markdown(body, {}) == html


def test_picture_alone_is_a_figure_with_its_own_words(picture):
    html = draw('前\n\n![看**手**，“别"抖”](picture:grip)\n\n后', {"grip": picture})
    figure = f'<figure class="lesson-pic">{img(picture, "看手，“别&quot;抖”")}</figure>'
    assert html == f"<p>前</p>\n{figure}\n<p>后</p>\n"


def test_picture_without_words_gets_the_photos_alt(picture):
    figure = f'<figure class="lesson-pic">{img(picture, "两手&lt;握&gt;住")}</figure>\n'
    assert draw("![](picture:grip)", {"grip": picture}) == figure


def test_picture_in_a_sentence_stays_in_it(picture):
    html = draw("看 ![手](picture:grip) 这里", {"grip": picture})
    assert html == f"<p>看 {img(picture, '手')} 这里</p>\n"


def test_picture_mark_cannot_be_typed_by_hand(picture):
    html = draw("\ue0000\ue001 ![手](picture:grip)", {"grip": picture})
    assert html == f"<p>0 {img(picture, '手')}</p>\n"


@pytest.mark.long
@pytest.mark.parametrize("body", [">" * 20000, "[" * 20000, "*" * 20000, "- " * 10000, "`" * 19999 + "a"])
def test_huge_nesting_is_quick_and_closed(body):
    start = time.process_time()
    html = render_markdown(body, {})
    assert time.process_time() - start < 3
    assert html.count("<blockquote>") == html.count("</blockquote>")


def test_lesson_is_rendered_when_saved(lesson, picture):
    lesson.body = "## 看\n\n![手](picture:grip)"
    lesson.save()
    figure = f'<figure class="lesson-pic">{img(picture, "手")}</figure>'
    assert Lesson.objects.get().shown_html == f"<h2>看</h2>\n{figure}\n"


def test_picture_not_ready_says_so_until_it_is(lesson, picture, django_assert_num_queries):
    Photo.objects.update(status=Photo.Status.WAITING)
    lesson.body = "![手](picture:grip)"
    lesson.save()
    assert "照片正在处理：手" in lesson.html
    assert "<img" not in lesson.html
    Photo.objects.update(status=Photo.Status.READY)
    with django_assert_num_queries(1):
        html = lesson.refresh_html().shown_html
    assert html == f'<figure class="lesson-pic">{img(picture, "手")}</figure>\n'


def test_a_stored_text_names_its_pictures_without_their_address(lesson, picture, settings):
    """A county moves its pictures to a bucket, or from one to another, without rendering its lessons again."""
    lesson.body = "![手](picture:grip)"
    lesson.save()
    before = lesson.shown_html
    assert settings.MEDIA_URL not in lesson.html
    settings.MEDIA_URL = "https://farm.oss-cn-hangzhou.aliyuncs.com/media/"
    moved = Lesson.objects.get().shown_html
    assert f'src="https://farm.oss-cn-hangzhou.aliyuncs.com/media/{picture.photo.name_at(320)}"' in moved
    assert moved == before.replace('"/media/', f'"{settings.MEDIA_URL}').replace(
        " /media/", f" {settings.MEDIA_URL}"
    )


def test_the_mark_of_an_address_cannot_be_typed_by_hand(picture):
    picture.alt = f"{ADDRESS}手"
    assert render_markdown(f"{ADDRESS}&#xe002;好", {}) == "<p>好</p>\n"
    html = render_markdown("![](picture:grip)", {"grip": picture})
    assert html.count(ADDRESS) == 1 + len(picture.photo.widths())
