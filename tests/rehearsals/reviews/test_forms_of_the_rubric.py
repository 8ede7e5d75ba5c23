"""Nine lines in class, the long form in the examination: which is chosen, how it is changed, and that a review keeps its own."""

import copy

import pytest
from django.utils import timezone

from rehearsals.models import Review, Submission
from rehearsals.reviews import comparison, double_scoring, services
from rehearsals.reviews.page import build_parts
from tests.pages import squeeze
from tests.reviews import (
    all_marks,
    both_forms,
    drawn,
    make_drill,
    make_note,
    make_review,
    make_submission,
    programme,
    short_marks,
)

SHORT, LONG = Review.Form.SHORT, Review.Form.LONG
NINE = ["准备", "画面声音", "开场", "讲货", "价钱", "答问", "节奏", "售后", "用语"]


def submit(learner, cohort, *, is_exam: bool = False, content: dict | None = None, **fields) -> Submission:
    drill = fields.pop("drill", None) or make_drill(cohort, is_exam=is_exam)
    facts = {"key": drawn(False), "content": both_forms() if content is None else content}
    return make_submission(learner, cohort, drill, **facts | fields)


@pytest.fixture
def submission(learner, cohort) -> Submission:
    return submit(learner, cohort)


@pytest.fixture
def draft(submission, trainer) -> Review:
    return services.begin_review(trainer, submission)


@pytest.fixture
def trainer_client(as_user, trainer, draft):
    return as_user(trainer)


def post(trainer_client, draft: Review, route: str, marks: dict | None = None, **fields):
    body = {f"mark-{code}": level for code, level in (marks or {}).items()} | fields
    return trainer_client.post(f"/review/{draft.submission.key}/{route}/", body)


# --- which form


def test_practice_is_scored_by_the_short_form_and_the_examination_by_the_long_one(learner, cohort, trainer):
    forms = [
        services.begin_review(trainer, submit(learner, cohort, is_exam=is_exam)).form
        for is_exam in (False, True)
    ]
    assert forms == [SHORT, LONG]


def test_submission_from_before_there_was_a_short_form_has_only_the_long_one(learner, cohort, trainer):
    old = submit(learner, cohort, content=programme())
    review = services.begin_review(trainer, old)
    assert review.form == LONG
    assert services.change_form(review, SHORT).form == LONG


def test_second_trainer_scores_by_the_form_of_the_first(learner, cohort, trainer, organiser):
    submission = submit(learner, cohort, needs_second=True, key=drawn(True))
    first = services.change_form(services.begin_review(trainer, submission), LONG)
    services.sign_review(services.save_draft(first, all_marks()))
    submission.refresh_from_db()
    assert services.begin_review(organiser, submission).form == LONG


@pytest.mark.long
def test_trainer_changes_the_form_by_one_tap_and_loses_nothing(trainer_client, draft):
    answer = post(trainer_client, draft, "form", {"class-open": "half"}, form="long", words="先存的话")
    assert answer.url == f"/review/{draft.submission.key}/#marks"
    draft.refresh_from_db()
    assert (draft.form, draft.marks, draft.words, draft.total) == (
        LONG,
        {"class-open": "half"},
        "先存的话",
        0,
    )
    html = squeeze(trainer_client.get(f"/review/{draft.submission.key}/").content.decode())
    assert 'name="form" value="short"' in html
    assert ("换成短表，9 条" in html, 'name="mark-open-who"' in html) == (True, True)
    post(trainer_client, draft, "form", {"open-who": "full"}, form="short")
    draft.refresh_from_db()
    assert (draft.form, draft.marks, draft.total) == (SHORT, {"class-open": "half", "open-who": "full"}, 4)
    html = trainer_client.get(f"/review/{draft.submission.key}/").content.decode()
    assert ("换成长表，34 条" in html, 'name="mark-open-who"' in html) == (True, False)


@pytest.mark.long
def test_form_that_is_none_changes_nothing_and_wrong_fields_come_back(trainer_client, draft):
    assert post(trainer_client, draft, "form", form="middle").status_code == 302
    answer = post(trainer_client, draft, "form", form="long", slips_left="两处")
    assert (answer.status_code, 'value="两处"' in answer.content.decode()) == (200, True)
    draft.refresh_from_db()
    assert draft.form == SHORT


@pytest.mark.long
def test_marks_of_a_tab_that_still_shows_the_other_form_are_kept_and_mark_no_other_line(
    trainer_client, draft
):
    """They were dropped in silence, and the tab's part-0 marked the line of the form now chosen."""
    services.change_form(draft, LONG)
    post(trainer_client, draft, "draft", short_marks(), rest="none")
    draft.refresh_from_db()
    assert (draft.form, draft.marks, draft.total) == (LONG, short_marks(), 0)
    assert services.change_form(draft, SHORT).total == 100
    post(trainer_client, draft, "draft", {"open-who": "half", "mark-": "full"}, **{"part-0": "none"})
    draft.refresh_from_db()
    assert draft.marks == short_marks() | {"open-who": "half"}


# --- what a review keeps


def test_signed_review_has_the_nine_marks_of_its_form_alone(draft):
    services.save_draft(draft, short_marks(goods="half", law="half"))
    draft = services.sign_review(services.change_form(services.change_form(draft, LONG), SHORT))
    assert (draft.total, draft.marks) == (83, short_marks(goods="half", law="half"))


def test_every_line_of_the_short_form_is_needed_for_the_signature(draft):
    draft = services.save_draft(draft, {"class-open": "full", "open-who": "full"})
    assert services.list_missing(draft) == ["还有 8 条没打分。"]


def test_half_of_the_short_forms_wording_says_nothing_about_a_banned_phrase(draft):
    draft = services.save_draft(draft, short_marks(law="half"))
    make_note(draft, tone="stop")
    assert len(services.list_missing(draft)) == 1
    draft = services.save_draft(draft, {}, slips_fixed=1)
    assert (services.list_missing(draft), services.calculate_score(draft).total) == ([], 92)


def test_changed_rubric_moves_neither_the_score_nor_the_form(learner, cohort, draft):
    draft = services.sign_review(services.save_draft(draft, short_marks(goods="half")))
    newer = copy.deepcopy(both_forms())
    newer["short"]["criteria"][3]["points"] = 2
    new = submit(learner, cohort, content=newer)
    stored = Review.objects.get(pk=draft.pk)
    assert (stored.form, stored.total, services.calculate_score(stored).total) == (SHORT, 89, 89)
    assert new.rubric_hash != stored.rubric_hash == stored.submission.rubric_hash


def test_two_tries_and_two_scores_are_compared_whichever_form_they_have(learner, cohort, trainer, organiser):
    drill = make_drill(cohort)
    old = submit(learner, cohort, drill=drill, number=1)
    new = submit(learner, cohort, drill=drill, number=2, needs_second=True)
    make_review(trainer, old, form=SHORT, marks=short_marks(goods="half"), total=89)
    first = make_review(trainer, new, form=SHORT, marks=short_marks(), total=100)
    rows = comparison.compare_dimensions(*comparison.pair_tries(learner, new, old))
    assert [row.step for row in rows] == [0, 0, 0, 11, 0, 0, 0, 0, 0]
    second = make_review(
        organiser, new, kind=Review.Kind.SECOND, marks=all_marks(prod_inside="half"), total=98
    )
    spread = double_scoring.calculate_spread([first, second])
    assert (spread.points, spread.parts) == (-2, [("讲货", 22, 20)])


# --- marks given while the film plays


@pytest.mark.long
def test_mark_keeps_its_moment_and_one_taken_back_is_gone(trainer_client, draft):
    stamps = {"at-class-open": "24000", "at-class-law": "-5", "at-class-pace": "9" * 12, "at-other": "7"}
    post(
        trainer_client,
        draft,
        "draft",
        {"class-open": "full", "class-law": "full", "class-pace": "half"},
        **stamps,
    )
    draft.refresh_from_db()
    assert (len(draft.marks), draft.stamps) == (3, {"class-open": 24_000})
    post(trainer_client, draft, "draft", {"class-law": "full"}, undone="class-open class-law")
    draft.refresh_from_db()
    assert (draft.marks, draft.stamps) == ({"class-law": "full", "class-pace": "half"}, {})


def test_trainee_reads_at_which_moment_a_line_was_marked(as_user, learner, trainer, submission):
    facts = {"form": SHORT, "marks": short_marks(), "stamps": {"class-open": 24_000}, "total": 100}
    make_review(trainer, submission, signed_at=timezone.now(), **facts)
    html = squeeze(as_user(learner).get(f"/review/mine/{submission.key}/").content.decode())
    assert '<a class="link num" href="?t=24" data-to="24000">0:24</a>' in html
    assert "短表" in html


@pytest.mark.long
def test_page_has_nine_buttons_beside_the_film_for_the_short_form(trainer_client, draft):
    page = trainer_client.get(f"/review/{draft.submission.key}/")
    parts = page.context["parts"]
    assert [(part.label, part.line.code[:6]) for part in parts] == [(label, "class-") for label in NINE]
    html = page.content.decode()
    assert (html.count("data-code="), html.count("data-opens=")) == (9, 0)
    services.change_form(draft, LONG)
    html = trainer_client.get(f"/review/{draft.submission.key}/").content.decode()
    assert (html.count("data-code="), html.count("data-opens=")) == (34, 9)


def test_short_line_shows_what_was_measured_and_marked_about_its_dimension(submission, draft):
    submission.self_marks = all_marks("full", open_who="half")
    seen = {"loudness_lufs": -20, "brightness": {"mean": 120}}
    parts = {part.label: part for part in build_parts(submission, draft, seen)}
    assert parts["画面声音"].line.seen == "光线够 · 声音够响"
    assert (parts["售后"].line.own, parts["开场"].line.own, parts["开场"].own) == ("full", "", 6)
