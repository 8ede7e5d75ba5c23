"""Stories: written with evidence, read by the checker, public only as their person agreed, gone at one tap."""

import datetime
import re

import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import consents
from accounts.models import Consent, Notice, User
from media.cleanup import drop_photo
from media.models import Photo
from programme.models import Step, Story, StoryConsent
from programme.notices import read_notice
from programme.outcomes.stories import services as stories
from shops.models import ProductPhoto
from tests.factories import make_photo, make_product, make_shop
from tests.pages import squeeze

Use = StoryConsent.Use
TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _empty_cache():
    caches["pages"].clear()


@pytest.fixture
def step(trainee):
    return Step.objects.create(
        user=trainee,
        step=Step.Name.STREAMER,
        reached_at=timezone.now() - datetime.timedelta(days=9),
        evidence_kind=Step.Evidence.LIVE,
        evidence_id=1,
    )


@pytest.fixture
def write(client, organiser, trainee, step):
    """Write a story as the organiser does and ask its person; return the answer."""

    def send(text: str = "她在村口播了一个钟头，卖的是自家的冰糖橙。", **facts):
        client.force_login(organiser)
        url = reverse("programme:story_new", args=[trainee.pk])
        given = {
            "title": "巧云的第一场直播",
            "text": text,
            f"fact_{step.pk}": "第一场真直播播完了",
            "ask": "1",
        }
        return client.post(url, given | facts)

    return send


@pytest.fixture
def agree(client, trainee, write):
    """Let the trainee agree to the uses; return the story."""

    def send(*uses: str, until: datetime.date | None = None) -> Story:
        write()
        story = Story.objects.get()
        client.force_login(trainee)
        until = until or TODAY() + datetime.timedelta(days=30)
        facts = dict.fromkeys(uses, "on") | {f"{use}_until": until.isoformat() for use in uses}
        url = reverse("programme:my_story", args=[story.pk])
        answer = client.post(url, facts | {"read_at": story.asked_at.isoformat()})
        assert answer.status_code == 302, answer.content.decode()
        client.logout()
        return story

    return send


def see(client, story: Story) -> int:
    return client.get(reverse("programme:story", args=[story.pk])).status_code


def test_it_is_public_only_after_the_person_agreed(agree, write, client, trainee):
    assert write().status_code == 302
    story = Story.objects.get()
    client.logout()
    assert see(client, story) == 404
    [notice] = Notice.objects.filter(template="story_asked")
    assert read_notice(notice)[1] == f"/me/stories/{story.pk}/"
    Story.objects.all().delete()
    story = agree(Use.PUBLIC)
    assert see(client, story) == 200
    assert "巧云的第一场直播" in client.get("/stories/").content.decode()
    assert [one.use for one in story.consents.all()] == [Use.PUBLIC]


def test_withdrawn_by_one_tap_it_is_gone_at_once_from_the_cache_too(agree, client, trainee):
    story = agree(Use.PUBLIC)
    url = reverse("programme:story", args=[story.pk])
    before = client.get(url)
    assert client.get(url, headers={"if-none-match": before["ETag"]}).status_code == 304
    listed = client.get("/stories/")
    client.force_login(trainee)
    assert client.post(reverse("programme:my_story", args=[story.pk]), {"withdraw": "1"}).status_code == 302
    client.logout()
    assert client.get(url, headers={"if-none-match": before["ETag"]}).status_code == 404
    again = client.get("/stories/", headers={"if-none-match": listed["ETag"]})
    assert (again.status_code, "巧云的第一场直播" in again.content.decode()) == (200, False)
    assert all(one.withdrawn_at for one in story.consents.all())


def withdraw_consent(story: Story) -> None:
    consents.withdraw(story.person, Consent.Kind.PUBLIC_STORY)


def end_consents(_story: Story) -> None:
    StoryConsent.objects.update(until=TODAY() - datetime.timedelta(days=1))
    stories.refresh_public_stories()


@pytest.mark.long
@pytest.mark.parametrize("end", [stories.withdraw_story, withdraw_consent, end_consents])
def test_the_photo_of_a_withdrawn_story_is_gone_at_once_in_every_size(
    agree, organiser, end, django_capture_on_commit_callbacks
):
    story = agree(Use.PUBLIC)
    photo = make_photo(organiser)
    Story.objects.filter(pk=story.pk).update(photo=photo)
    assert all(default_storage.exists(name) for name in photo.names)
    with django_capture_on_commit_callbacks(execute=True):
        end(story)
    assert [name for name in photo.names if default_storage.exists(name)] == []
    assert not Photo.objects.exists()
    assert not drop_photo.func(photo.pk)  # the worker finds it done


def test_a_photo_that_is_used_elsewhere_stays(agree, seller, village, django_capture_on_commit_callbacks):
    story = agree(Use.PUBLIC)
    product, photo = make_product(make_shop(seller, village)), make_photo(seller)
    ProductPhoto.objects.create(product=product, photo=photo)
    Story.objects.filter(pk=story.pk).update(photo=photo)
    with django_capture_on_commit_callbacks(execute=True):
        stories.withdraw_story(story)
    assert all(default_storage.exists(name) for name in photo.names)


def test_the_worker_deletes_the_photo_if_the_request_could_not(agree, organiser):
    story = agree(Use.PUBLIC)
    photo = make_photo(organiser)
    Story.objects.filter(pk=story.pk).update(photo=photo)
    stories.withdraw_story(story)  # its callbacks are never run here
    [call] = DBTaskResult.objects.filter(task_path=drop_photo.module_path)
    assert drop_photo.func(*call.args_kwargs["args"])
    assert not default_storage.exists(photo.name_at(photo.widths()[0]))


def test_withdrawing_the_name_under_me_takes_it_off_too(agree, client, trainee):
    story = agree(Use.PUBLIC)
    assert see(client, story) == 200
    consents.withdraw(trainee, Consent.Kind.PUBLIC_STORY)
    assert see(client, story) == 404


def test_each_use_is_agreed_to_by_itself_until_its_day(agree, client, trainer):
    story = agree(Use.COURSE, Use.ADVERT, until=TODAY())
    assert see(client, story) == 404
    client.force_login(trainer)
    assert see(client, story) == 200
    tomorrow = TODAY() + datetime.timedelta(days=1)
    assert [Story.objects.open_for(use, TODAY()).count() for use in Use] == [1, 0, 1]
    assert [Story.objects.open_for(use, tomorrow).count() for use in Use] == [0, 0, 0]


def test_the_page_sells_and_advertises_nothing(agree, client, trainee):
    story = agree(Use.PUBLIC)
    page = client.get(reverse("programme:story", args=[story.pk])).content.decode()
    links = set(re.findall(r'href="([^"]*)"', page))
    pages = {link for link in links if not link.startswith(("/static/", "#", "data:"))}
    assert pages == {"/stories/", "/privacy/", "/verify/", "/impact/"}
    assert re.findall(r'action="([^"]*)"', page) == ["/language/"]
    main = page[page.index("<main") : page.index("</main>")]
    assert "<button" not in main
    assert "<form" not in main
    assert str(trainee.phone) not in page
    assert "tel:" not in page
    assert "第一场真直播播完了" in main
    assert "这是一个人自己的经历，每个人不一样。" in main


def test_forbidden_words_keep_it_from_being_asked_and_are_named(write):
    page = squeeze(write(text="学完保证月入过万，名师推荐。").content.decode())
    assert "存好了。这几处改了，才能请本人看：" in page
    assert "广告法" in page
    story = Story.objects.get()
    assert (story.asked_at, Notice.objects.count()) == (None, 0)
    assert "保证月入过万" in story.text


@pytest.mark.parametrize("text", ["要买打电话 139 0030 0002。", "想学的加微信 meiyi-88。", "扫码就能下单。"])
def test_a_contact_or_a_way_to_buy_keeps_it_from_being_asked(write, text):
    page = squeeze(write(text=f"她播了一个钟头。{text}").content.decode())
    assert "故事里不留电话、微信、二维码，也不写怎么买。" in page
    assert Story.objects.get().asked_at is None


def test_a_story_without_a_fact_is_not_stored(write, step):
    page = write(**{f"fact_{step.pk}": ""}).content.decode()
    assert "至少讲一件有依据的事。" in page
    assert "巧云的第一场直播" in page
    assert not Story.objects.exists()


def test_a_change_needs_a_new_confirmation(agree, client, organiser, trainee, step):
    story = agree(Use.PUBLIC)
    read_at = Story.objects.get().asked_at
    client.force_login(organiser)
    facts = {"title": "改过的", "text": "她播了两个钟头。", f"fact_{step.pk}": "播完了", "ask": "1"}
    assert client.post(reverse("programme:story_edit", args=[story.pk]), facts).status_code == 302
    client.logout()
    assert see(client, story) == 404
    client.force_login(trainee)
    until = (TODAY() + datetime.timedelta(days=3)).isoformat()
    old = {"public": "on", "public_until": until, "read_at": read_at.isoformat()}
    page = client.post(reverse("programme:my_story", args=[story.pk]), old).content.decode()
    assert "故事刚改过，重新看一遍。" in page
    assert Story.objects.get().confirmed_at is None


def test_evidence_taken_back_takes_the_story_off(agree, client, step):
    story = agree(Use.PUBLIC)
    assert see(client, story) == 200
    Step.objects.update(taken_back_at=timezone.now(), why_taken_back=Step.Reason.LIVE)
    assert stories.refresh_public_stories() == 1
    assert see(client, story) == 404
    assert "有一件事的依据收回了" in stories.list_problems(Story.objects.get())[0]


def test_consent_without_a_use_or_too_long_is_asked_again(write, client, trainee):
    write()
    story = Story.objects.get()
    client.force_login(trainee)
    url = reverse("programme:my_story", args=[story.pk])
    assert "一样都没选，就先不公开。" in client.post(url, {}).content.decode()
    far = (TODAY() + datetime.timedelta(days=900)).isoformat()
    assert "最长两年" in client.post(url, {"public": "on", "public_until": far}).content.decode()
    gone = (TODAY() - datetime.timedelta(days=1)).isoformat()
    assert "选一个还没过的日子。" in client.post(url, {"public": "on", "public_until": gone}).content.decode()
    assert not StoryConsent.objects.exists()


@pytest.mark.long
def test_only_organisers_of_the_place_write_it(write, trainer, organiser, stranger, trainee, client):
    write()
    story = Story.objects.get()
    for person in (trainer, organiser, stranger, User.objects.get(pk=trainee.pk)):
        listed = Story.objects.visible_to(person).exists()
        assert listed == (person == organiser)
        client.force_login(person)
        for name, pk in (("story_edit", story.pk), ("story_new", trainee.pk)):
            found = client.get(reverse(f"programme:{name}", args=[pk])).status_code
            assert found == (200 if listed else 404)
