"""The contents of a note: moments of the film, phrases, parts to be recorded again, a spoken remark."""

import pytest

from courses.models import QuickPhrase
from media.models import Voice
from rehearsals.reviews.forms import MomentField, NoteForm, ReviewForm
from tests.factories import make_cohort, make_course
from tests.reviews import make_drill, make_submission, make_video


@pytest.fixture
def submission(learner, cohort):
    return make_submission(learner, cohort, make_drill(cohort, phrases=True), video=make_video(186))


def note(submission, user, **fields) -> NoteForm:
    return NoteForm({"at": "1:16", **fields}, submission=submission, user=user)


def errors(form: NoteForm) -> dict:
    return {name: list(found) for name, found in form.errors.items()}


@pytest.mark.parametrize(
    ("typed", "ms"),
    [
        ("1:16", 76_000),
        ("76.4", 76_400),
        ("0", 0),
        ("1：16.25", 76_250),
        ("1:02:03", 3_723_000),
        (" 5 ", 5000),
    ],
)
def test_moment_as_people_and_phones_write_it(typed, ms):
    assert MomentField().clean(typed) == ms


@pytest.mark.parametrize("typed", ["一分", "1:2:3:4", "1e3", "٥", "1:16\0", "9" * 40, "nan", ":", "1:"])
def test_what_is_no_moment_is_told(submission, trainer, typed):
    assert errors(note(submission, trainer, at=typed)) == {"at": ["写成 1:16 这样，几分几秒。"]}


@pytest.mark.parametrize("typed", ["-5", "-0:05", "−5"])
def test_five_seconds_before_the_beginning_is_refused(submission, trainer, typed):
    assert errors(note(submission, trainer, at=typed)) == {"at": ["录像从 0:00 开始，没有更早的。"]}


def test_beyond_the_end_is_refused_with_the_length(submission, trainer):
    assert errors(note(submission, trainer, at="3:07")) == {"at": ["录像只有 3:06，没有这么晚的。"]}
    assert errors(note(submission, trainer, until="9:00")) == {"until": ["录像只有 3:06，没有这么晚的。"]}
    assert note(submission, trainer, at="3:06").is_valid()


def test_bare_moment_is_a_note_to_change(submission, trainer):
    form = note(submission, trainer)
    assert form.is_valid()
    assert form.row() == {
        "at_ms": 76_000,
        "until_ms": None,
        "tone": "change",
        "text": "",
        "criterion": "",
        "asks_again": False,
        "voice": None,
    }


def test_phrase_brings_words_tone_and_criterion(submission, trainer):
    phrase = QuickPhrase.objects.get(criterion="open-who")
    form = note(submission, trainer, phrase=str(phrase.pk), tone="change")
    assert form.is_valid()
    row = form.row()
    assert (row["text"], row["tone"], row["criterion"]) == (
        "开口就报村名和价，这点保持。",
        "keep",
        "open-who",
    )


def test_phrase_of_another_course_says_nothing(submission, trainer, county):
    other = make_cohort(make_course(county), county)
    make_drill(other, phrases=True)
    foreign = QuickPhrase.objects.filter(course=other.course).first()
    form = note(submission, trainer, phrase=str(foreign.pk))
    assert form.is_valid()
    assert form.row()["text"] == ""


def test_bit_to_be_done_again_has_an_end(submission, trainer):
    form = note(submission, trainer, asks_again="on")
    assert form.is_valid()
    assert (form.row()["at_ms"], form.row()["until_ms"]) == (76_000, 86_000)
    form = note(submission, trainer, at="3:01", asks_again="on")
    assert form.is_valid()
    assert form.row()["until_ms"] == 186_000
    late = note(submission, trainer, at="3:06", asks_again="on")
    assert errors(late) == {"until": ["片尾了，后面没有可重录的。"]}


def test_end_comes_after_the_beginning(submission, trainer):
    assert errors(note(submission, trainer, until="1:16")) == {"until": ["要比开始晚。"]}


def test_unknown_criterion_and_tone_are_refused(submission, trainer):
    found = errors(note(submission, trainer, criterion="nope", tone="shout"))
    assert found == {"criterion": ["没有这一项，重新选一个"], "tone": ["没有这一项，重新选一个"]}


def test_only_ones_own_voice(submission, trainer, organiser):
    mine, other = Voice.objects.create(owner=trainer), Voice.objects.create(owner=organiser)
    form = note(submission, trainer, voice=mine.key)
    assert form.is_valid()
    assert form.row()["voice"] == mine
    assert errors(note(submission, trainer, voice=other.key)) == {"voice": ["语音没收到，再说一遍。"]}


def test_slips_are_counted_within_reason():
    assert ReviewForm({"slips_fixed": "2"}).is_valid()
    empty = ReviewForm({})
    assert empty.is_valid()
    assert (empty.cleaned_data["slips_fixed"], empty.cleaned_data["slips_left"]) == (0, 0)
    assert set(ReviewForm({"slips_fixed": "-1", "slips_left": "51"}).errors) == {"slips_fixed", "slips_left"}
