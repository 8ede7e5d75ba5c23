"""Who taught whom as a tree: nobody stands twice, nobody's name or money is shown outside the reader's rights."""

import datetime
from dataclasses import dataclass, field

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import consents
from accounts.models import Consent, Membership, User
from programme.ladder import lineage
from programme.mentoring import branches, tree_layout
from programme.models import Step, Teaching
from progress.enrolment import services as enrolment
from tests.factories import make_cohort, make_course, make_person
from tests.pages import squeeze
from tests.programme.evidence import earn, open_shop

Role = Membership.Role
DAY = datetime.date(2026, 9, 1)


def teach(teacher, pupil, day=0, **fields):
    return Teaching.objects.create(
        teacher=teacher, pupil=pupil, since=DAY + datetime.timedelta(days=day), **fields
    )


def reach(person, *steps):
    for step in steps:
        Step.objects.create(
            user=person, step=step, reached_at=timezone.now(), evidence_kind="lesson", evidence_id=1
        )


@pytest.fixture
def village_people(village):
    names = ("宋春桃", "石小妹", "田二妹", "向三妹", "滕四妹")
    return [make_person(name, (Role.TRAINEE, village)) for name in names]


@pytest.fixture
def family(village_people):
    """宋春桃 taught 石小妹 and 田二妹; 石小妹 taught 向三妹, whom 田二妹 taught later; 田二妹 taught 滕四妹."""
    song, first, second, third, fourth = village_people
    for number, (teacher, pupil) in enumerate(
        [(song, first), (song, second), (first, third), (second, third), (second, fourth)]
    ):
        teach(teacher, pupil, number)
    return village_people


# --- the forest ---


def test_everybody_stands_once_below_the_first_teacher(family):
    song, first, second, third, fourth = (one.pk for one in family)
    forest = branches.Forest(branches.read_pairs())
    assert forest.roots == [song]
    assert forest.list_branch(song) == [(song, 0), (first, 1), (second, 1), (third, 2), (fourth, 2)]
    assert forest.count_below() == {song: 4, first: 1, second: 1}
    own = branches.Forest(branches.read_pairs(), second)
    assert own.list_branch(second) == [
        (second, 0),
        (third, 1),
        (fourth, 1),
    ]  # of the own branch also who came later
    Teaching.objects.filter(pupil=first).update(withdrawn_at=timezone.now())
    assert branches.Forest(branches.read_pairs()).roots == [song, first]


# --- the drawing ---


@dataclass
class Leaf:
    name: str = "人"
    step: str = ""
    hidden: int = 0
    children: list["Leaf"] = field(default_factory=list)


def make_tree(shape):
    return Leaf(children=[make_tree(one) for one in shape])


def test_no_two_boxes_overlap_and_a_teacher_stands_beside_the_middle():
    # A wide branch above a deep narrow one above a single pupil: outlines of different lengths.
    tree = make_tree([[[], [], []], [[[[], []]]], []])
    boxes = tree_layout.draw(tree).boxes
    at = {id(box.node): box for box in boxes}
    columns = {}
    for box in boxes:
        columns.setdefault(box.x, []).append(box.y)
        if box.node.children:
            own = [at[id(child)].y for child in box.node.children]
            assert box.y == (own[0] + own[-1]) / 2
    for rows in columns.values():
        assert all(later - earlier >= tree_layout.ROW for earlier, later in zip(rows, rows[1:], strict=False))
    assert [len(rows) for rows in columns.values()] == [1, 3, 4, 1, 2]
    assert (tree_layout.draw(Leaf()).width, tree_layout.draw(Leaf()).height) == (156, 44)


def test_only_a_tree_of_two_generations_is_drawn_to_the_width_of_a_phone():
    drawn = [tree_layout.draw(make_tree(shape)) for shape in ([[], []], [[[]]])]
    assert [(one.width, one.fits_a_phone) for one in drawn] == [(324, True), (492, False)]


def test_a_long_line_of_teachers_is_drawn_without_recursion():
    tree = Leaf()
    for _n in range(1200):
        tree = Leaf(children=[tree])
    assert {box.y for box in tree_layout.draw(tree).boxes} == {tree_layout.EDGE}


def test_a_long_name_is_cut_where_its_box_ends():
    def label(name, step=""):
        return tree_layout.draw(Leaf(name, step)).boxes[0].label

    assert (label("宋春桃", "带教"), label("")) == ("宋春桃 · 带教", "·")
    assert label("Aleksandra Wiśniewska", "seller") == "Aleksandra Wiśni…"


# --- the pages and their rights ---


def open_page(client, name, **query):
    answer = client.get(reverse(f"programme:{name}"), query)
    assert answer.status_code == 200
    return answer, squeeze(answer.content.decode())


@pytest.mark.long
@pytest.mark.both_databases
def test_an_organiser_sees_what_each_branch_came_to_and_a_trainer_no_money(
    as_user, organiser, trainer, family, village
):
    song, first, second, *_rest = family
    reach(first, "learner", "graduate")
    reach(second, "learner", "seller")
    shop, _product = open_shop(second, village)
    earn(shop, "2026-09-03", 123400)
    earn(shop, "2026-09-04", -9900)  # help that was paid: a cost, nothing that was sold
    answer, page = open_page(as_user(organiser), "lineage")
    assert [root["person"] for root in answer.context["roots"]] == [song.pk]
    assert "下面 4 个人，2 代" in page
    assert "¥1,234" in page
    answer, page = open_page(as_user(organiser), "lineage", person=song.pk)
    figures = answer.context["figures"]
    assert (figures.people, figures.generations, figures.fen) == (4, 2, 123400)
    assert [(label, n) for label, n in figures.by_step if n] == [("学员", 2), ("结业", 1), ("成交", 1)]
    assert all(page.count(person.name) >= 2 for person in family)  # in the drawing and in the list
    assert "图比屏幕宽，左右滑着看。" in page
    _answer, page = open_page(as_user(trainer), "lineage", person=song.pk)
    assert ("¥" in page, "结业" in page) == (False, True)


@pytest.mark.long
def test_somebody_outside_the_place_is_not_named_without_consent(
    as_user, organiser, family, stranger, village
):
    song, *_rest = family
    teach(stranger, song, 9)
    answer, page = open_page(as_user(organiser), "lineage")
    assert (answer.context["roots"][0]["person"], stranger.name in page) == (stranger.pk, False)
    _answer, page = open_page(as_user(organiser), "lineage", person=stranger.pk)
    assert (stranger.name in page, "没公开名字的人" in page, song.name in page) == (False, True, True)
    consents.give(stranger, Consent.Kind.PUBLIC_STORY)
    _answer, page = open_page(as_user(organiser), "lineage", person=stranger.pk)
    assert stranger.name in page
    assert reverse("programme:ladder_of", args=[stranger.pk]) not in page  # that page is for the people below
    # The stranger's own county sees the people of this one neither.
    answer, page = open_page(as_user(stranger), "lineage")
    assert answer.context["roots"] == []
    foreign = as_user(stranger).get(reverse("programme:lineage"), {"person": song.pk})
    assert foreign.status_code == 404


def test_villagers_do_not_open_the_lineage_of_a_place(as_user, family, seller):
    for person in (family[0], seller):
        assert as_user(person).get(reverse("programme:lineage")).status_code == 404


def test_one_sees_the_own_pupils_and_of_theirs_only_who_agreed(as_user, family, village):
    song, first, second, third, fourth = family
    reach(first, "graduate")
    consents.give(third, Consent.Kind.PUBLIC_STORY)
    answer, page = open_page(as_user(song), "my_lineage")
    seen = {person.name: person.name in page for person in (first, second, third, fourth)}
    assert seen == {"石小妹": True, "田二妹": True, "向三妹": True, "滕四妹": False}
    assert ("结业" in page, answer.context["figures"].fen) == (False, None)
    # As the mentor of a class she sees the steps of those in it.
    Membership.objects.create(user=song, place=village, role=Role.MENTOR, status="granted")
    course = make_course(village)
    cohort = make_cohort(course, village, mentor=song)
    enrolment.enrol(first, course, cohort)
    answer, page = open_page(as_user(song), "my_lineage")
    assert [(label, n) for label, n in answer.context["figures"].by_step if n] == [("结业", 1)]
    enrolment.leave(first, course)
    answer, _page = open_page(as_user(song), "my_lineage")
    assert [n for _label, n in answer.context["figures"].by_step if n] == []


def test_a_pupil_objects_in_one_tap_and_may_take_it_back(as_user, family, stranger):
    song, first, *_rest = family
    row = Teaching.objects.get(pupil=first)
    url = reverse("programme:lineage_object", args=[row.pk])
    for other in (song, stranger):
        assert as_user(other).post(url, {"do": "off"}).status_code == 404
    assert song.name in open_page(as_user(first), "my_lineage")[1]
    as_user(first).post(url, {"do": "off"})
    as_user(first).post(url, {"do": "off"})
    row.refresh_from_db()
    assert (row.withdrawn_by, row.why_withdrawn) == (first, "徒弟说不是")
    assert first.name not in open_page(as_user(song), "my_lineage")[1]
    lineage.record_classes()
    assert not Teaching.objects.counting().filter(pk=row.pk).exists()  # no class records it again
    as_user(first).post(url, {"do": "on"})
    assert Teaching.objects.counting().filter(pk=row.pk).exists()


def test_a_pupil_cannot_restore_what_staff_withdrew_nor_close_a_circle(as_user, family, organiser):
    song, first, *_rest = family
    row = Teaching.objects.get(pupil=first)
    url = reverse("programme:lineage_object", args=[row.pk])
    lineage.withdraw_teaching(row, organiser, "记错了")
    as_user(first).post(url, {"do": "on"})
    assert not Teaching.objects.counting().filter(pk=row.pk).exists()
    lineage.restore_teaching(row, organiser)
    as_user(first).post(url, {"do": "off"})
    teach(first, song, 20)
    answer = as_user(first).post(url, {"do": "on"}, follow=True)
    assert "这样记就成了一圈：徒弟反过来是师傅的师傅。" in answer.content.decode()
    assert not Teaching.objects.counting().filter(pk=row.pk).exists()


# --- many ---


def grow(village, people, width):
    """One teacher, `width` pupils each, until so many people stand below."""
    root = make_person("开山师傅", (Role.TRAINEE, village))
    made = User.objects.bulk_create(User(phone=f"+86177{n:08d}", name=f"徒弟{n}") for n in range(people))
    Membership.objects.bulk_create(
        Membership(user=one, place=village, role=Role.TRAINEE, status="granted") for one in made
    )
    everybody = [root, *made]
    Teaching.objects.bulk_create(
        Teaching(teacher=everybody[n // width], pupil=one, since=DAY) for n, one in enumerate(made)
    )
    return root


@pytest.mark.parametrize("people", [2, 300, pytest.param(2000, marks=pytest.mark.long)])
def test_a_branch_takes_the_same_queries_and_is_cut(
    as_user, organiser, village, people, django_assert_num_queries
):
    root = grow(village, people, 40)
    client = as_user(organiser)
    with django_assert_num_queries(10):
        answer = client.get(reverse("programme:lineage"), {"person": root.pk})
    shown = answer.content.decode().count("<rect")
    assert shown == min(people + 1, branches.MOST_PEOPLE)
    if people > 2:
        assert answer.context["left"] == 10
        rest = client.get(reverse("programme:lineage"), {"person": root.pk, "skip": answer.context["next"]})
        assert len(rest.context["tree"].children) == 10
        with django_assert_num_queries(10):
            client.get(reverse("programme:lineage"))


@pytest.mark.parametrize("bad", ["x", "-1", "9" * 40, "٣"])
def test_what_is_no_number_in_the_address_finds_nothing(as_user, organiser, family, bad):
    client, url = as_user(organiser), reverse("programme:lineage")
    assert client.get(url, {"person": bad}).status_code == 404
    assert client.get(url, {"skip": bad, "village": bad}).status_code == 200
