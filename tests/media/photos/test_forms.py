import pytest
from django import forms
from django.core.files.storage import storages
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from media.models import Photo
from media.photos.forms import PhotosField, PhotosFormMixin
from tests.factories import make_photo
from tests.media import pictures
from tests.media.pictures import upload
from tests.pages import squeeze
from ui.forms import FarmForm


class FruitForm(PhotosFormMixin, FarmForm):
    photos = PhotosField(label="照片")
    name = forms.CharField()


class CoverForm(FarmForm):
    cover = PhotosField(label="封面", most=1, required=False)


def fruit(
    owner, keys=(), files=(), name="橙", initial=None, form=FruitForm, field="photos", **more
) -> FarmForm:
    data = QueryDict(mutable=True)
    data.setlist(field, list(keys))
    data["name"] = name
    data.update(more)
    made = form(data, MultiValueDict({f"{field}_new": list(files)}), initial=initial or {})
    made.fields[field].owner = owner
    return made


def jpegs(count: int) -> list:
    return [upload(pictures.jpeg(100, 80 + number), f"IMG_{number}.jpg") for number in range(count)]


def shown(form: FarmForm, field: str = "photos") -> list[str]:
    """Return the keys in the form that is shown again."""
    html = str(form[field])
    parts = html.partition("<template")[0].split(f'<input type="hidden" name="{field}" value="')[1:]
    return [part[:32] for part in parts]


def originals() -> list[str]:
    return storages["intake"].listdir("photos")[1]


def test_keys_and_files_become_photos_in_order(seller, empty_storage):
    first, second = make_photo(seller), make_photo(seller)
    form = fruit(seller, [second.key, first.key], jpegs(2))
    assert form.is_valid(), form.errors
    photos = form.cleaned_data["photos"]
    assert photos[:2] == [second, first]
    assert [(photo.height, photo.status) for photo in photos[2:]] == [(80, "waiting"), (81, "waiting")]


def test_at_least_one_photo(seller):
    form = fruit(seller)
    assert form.errors["photos"] == ["先拍一张照片"]
    optional = fruit(seller, form=CoverForm, field="cover")
    assert optional.is_valid()
    assert optional.cleaned_data["cover"] == []


def test_another_persons_photo_is_not_taken(seller, stranger, empty_storage):
    mine, theirs, nobodys = make_photo(seller), make_photo(stranger), make_photo(None)
    form = fruit(seller, [theirs.key, mine.key, nobodys.key, "x", "0" * 32])
    assert form.errors["photos"] == ["有 4 张照片找不到了，重新传一次"]
    assert shown(form) == [mine.key]


def test_photo_already_there_stays_whoever_sent_it(seller, stranger, empty_storage):
    """A helper of the shop edits what its owner listed."""
    owners, mine = make_photo(stranger), make_photo(seller)
    form = fruit(seller, [owners.key, mine.key], initial={"photos": [owners]})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["photos"] == [owners, mine]
    assert form.has_changed()
    again = fruit(seller, [owners.key], initial={"photos": [owners], "name": "橙"})
    assert not again.has_changed()


def test_same_photo_twice_is_one(seller, empty_storage):
    form = fruit(seller, files=[upload(pictures.jpeg()), upload(pictures.jpeg())])
    assert form.is_valid(), form.errors
    assert len(form.cleaned_data["photos"]) == 1
    again = fruit(seller, [form.cleaned_data["photos"][0].key] * 3, [upload(pictures.jpeg())])
    assert again.is_valid(), again.errors
    assert len(again.cleaned_data["photos"]) == 1


def test_bad_files_are_named_and_good_ones_kept(seller, empty_storage):
    bad = [upload(b"%PDF", "合同.jpg"), upload(b"", "空.jpg"), upload(pictures.jpeg()[:-99], "断.jpg")]
    form = fruit(
        seller, files=[*bad[:2], upload(pictures.jpeg(100, 80)), bad[2], upload(pictures.jpeg(100, 81))]
    )
    assert form.errors["photos"] == [
        "“合同.jpg”是 PDF，把那一页拍下来再传",
        "“空.jpg”是空的，重新选一次",
        "“断.jpg”缺了后半截，重新选一次",
    ]
    kept = list(Photo.objects.order_by("id").values_list("key", flat=True))
    assert len(kept) == 2
    assert shown(form) == kept
    assert fruit(seller, kept).is_valid()


def test_fifty_photos_at_once_are_nine(seller, empty_storage):
    form = fruit(seller, files=jpegs(50))
    assert form.errors["photos"] == ["一次最多 9 张，多的没传上"]
    assert len(shown(form)) == 9
    assert [photo.height for photo in Photo.objects.order_by("id")] == list(range(80, 89))
    assert len(originals()) == 9
    more = fruit(seller, shown(form), jpegs(50)[20:])
    assert more.errors["photos"] == ["一次最多 9 张，多的没传上"]
    assert shown(more) == shown(form)
    keys = [make_photo(seller).key for _number in range(11)]
    many = fruit(seller, keys, jpegs(1))
    assert many.errors["photos"] == ["一次最多 9 张，多的没传上"]
    assert shown(many) == keys[:9]


def test_one_photo_only(seller, empty_storage):
    form = fruit(seller, files=jpegs(2), form=CoverForm, field="cover")
    assert form.errors["cover"] == ["一次最多 1 张，多的没传上"]
    assert len(shown(form, "cover")) == 1
    html = str(CoverForm()["cover"])
    assert " multiple" not in html
    assert " multiple" in str(FruitForm()["photos"])


def test_nothing_uploaded_is_lost_when_the_rest_is_wrong(seller, empty_storage):
    old = make_photo(seller)
    form = fruit(seller, [old.key], jpegs(2), name="")
    assert list(form.errors) == ["name"]
    keys = shown(form)
    assert keys[0] == old.key
    assert len(keys) == 3
    assert f"{old.key}-320.webp" in str(form["photos"])


def test_photo_that_failed_is_told_and_can_be_taken_out(seller, empty_storage):
    good = make_photo(seller)
    bad = make_photo(seller, status=Photo.Status.FAILED, problem="这张照片打不开，可能没存完整，重拍一张")
    form = fruit(seller, [good.key, bad.key])
    assert form.errors["photos"] == ["第 2 张：这张照片打不开，可能没存完整，重拍一张"]
    assert shown(form) == [good.key, bad.key]
    out = fruit(seller, [good.key, bad.key], photos_do=f"drop:{bad.key}")
    assert not out.is_valid()
    assert out.errors == {}
    assert shown(out) == [good.key]


@pytest.mark.parametrize(
    ("act", "order"),
    [("up:2", "132"), ("down:1", "213"), ("up:0", "123"), ("down:2", "123"), ("drop:1", "13")],
)
def test_buttons_arrange_without_javascript(act, order, seller, empty_storage):
    """Nothing is saved, no error is shown for the empty name, and a new file is not lost."""
    keys = {str(number): make_photo(seller).key for number in (1, 2, 3)}
    act, _colon, place = act.partition(":")
    key = [*keys.values()][int(place)]
    form = fruit(seller, keys.values(), name="", photos_do=f"{act}:{key}")
    assert form.is_arranging
    assert not form.is_valid()
    assert form.errors == {}
    expected = {"up:2": "132", "down:1": "132", "up:0": "123", "down:2": "123", "drop:1": "13"}
    assert shown(form) == [keys[number] for number in expected[f"{act}:{place}"]]


def test_arranging_says_only_what_is_wrong_with_new_photos(seller, empty_storage):
    one = make_photo(seller)
    form = fruit(seller, [one.key], [upload(b"%PDF", "a.jpg"), *jpegs(1)], name="", photos_do=f"up:{one.key}")
    assert form.errors == {"photos": ["“a.jpg”是 PDF，把那一页拍下来再传"]}
    assert len(shown(form)) == 2


def test_arranging_in_a_plain_form_brings_it_back_too(seller, empty_storage):
    one = make_photo(seller)
    form = fruit(seller, [one.key], form=CoverForm, field="cover", cover_do=f"drop:{one.key}")
    assert form.errors["cover"] == ["照片摆好了，再提交一次"]
    assert shown(form, "cover") == []


@pytest.mark.parametrize("act", ["", "up", "up:", "sideways:x", ":", "drop:<script>"])
def test_strange_acts_change_nothing(act, seller, empty_storage):
    one = make_photo(seller)
    assert shown(fruit(seller, [one.key], photos_do=act)) == [one.key]


def test_unsent_form_shows_what_is_there(seller, empty_storage):
    photos = [make_photo(seller), make_photo(seller, status=Photo.Status.WAITING)]
    form = FruitForm(initial={"photos": photos})
    assert shown(form) == [photo.key for photo in photos]
    html = squeeze(str(form["photos"]))
    assert html.count('data-shot="ready"') == 1
    assert html.count('data-shot="waiting"') == 1
    assert 'aria-label="照片正在处理"' in html
    assert form.is_multipart()
    assert "style=" not in html
    assert "onclick" not in html
    assert "<label" in html
    assert 'type="file" name="photos_new" accept="image/*" multiple id="id_photos"' in html
    assert "capture" not in html


def test_form_of_plain_dicts_works(seller, empty_storage):
    """As a draft is put back, or as a test writes it."""
    one = make_photo(seller)
    form = FruitForm({"photos": [one.key], "name": "橙"}, {})
    form.fields["photos"].owner = seller
    assert form.is_valid(), form.errors
    assert form.cleaned_data["photos"] == [one]
    alone = FruitForm({"photos": one.key, "name": "橙"})
    alone.fields["photos"].owner = seller
    assert alone.is_valid(), alone.errors


@pytest.mark.parametrize("count", [1, 9])
def test_photos_of_a_form_are_asked_for_once(count, seller, empty_storage, django_assert_num_queries):
    keys = [make_photo(seller).key for _number in range(count)]
    form = fruit(seller, keys)
    with django_assert_num_queries(1):
        assert form.is_valid()
        str(form["photos"])
