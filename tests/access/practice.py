"""What a trainee has rehearsed: a recording before it is handed in, a submission that waits with the trainer's draft, and
one that is reviewed. And which of them a route of practise/ and review/ names."""

import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import Model

from accounts.models import User
from courses.models import Cohort, Drill, QuickPhrase
from media import chunks
from media.models import Voice
from rehearsals.models import (
    Rehearsal,
    Review,
    Submission,
    Take,
    TaskItem,
    TaskNote,
    TaskReview,
    TaskVersion,
    TaskWork,
    TimedNote,
)
from rehearsals.recordings.reports import find_upload
from rehearsals.reviews import notes
from tests import reviews
from tests.access.onair import rows_of_plan
from tests.factories import make_photo
from tests.media.videos.rows import make_video
from tests.rehearsals.tasks.worlds import hand_in, make_task, make_whole_upload
from tests.rehearsals.worlds import make_rehearsal
from tests.shops.orders.seller_side import make_document

REHEARSAL = {"key": (Rehearsal, "key")}
PRACTISING = ("rehearsal", "hand_in", "rehearsal_drop", "rehearsal_enough")
# A draft's routes name the submission that waits, with the note that its trainer has begun with.
DRAFT = {"key": ("waiting", "key"), "note": ("draft note", "key")}
DRAFTING = (
    "review_take",
    "review_release",
    "review_draft",
    "review_form",
    "review_note",
    "review_note_remove",
    "review_sign",
    "review_take_back",
)
DONE = {"key": (Submission, "key"), "note": (TimedNote, "key")}
BACK = (
    *(
        "review",
        "peers_give",
        "compare",
        "submission_video",
        "submission",
        "submission_peers",
    ),
    *("note_answer", "note_voice", "keep_film"),
)
BY_ROUTE = (
    {f"rehearsals:{name}": REHEARSAL for name in PRACTISING}
    | {f"rehearsals:{name}": DRAFT for name in DRAFTING}
    | {f"rehearsals:{name}": DONE for name in BACK}
    | {
        "rehearsals:join_again": {"key": ("done rehearsal", "key")},
        "rehearsals:take_ticket": {"key": ("take", "key")},
        "rehearsals:take_film": {"key": ("watched take", "key")},
        "rehearsals:drill": {"pk": (Drill, "pk")},
        "rehearsals:class_phones": {"pk": (Cohort, "pk")},
        "rehearsals:studio": {"pk": ("plan", "pk")},
        "rehearsals:film": {"pk": ("plan", "pk")},
        "media:own_photo": {"key": ("handed photo", "key")},
        "media:voice_status": {"key": (Voice, "key")},
        "rehearsals:task": {"pk": ("handed task", "pk")},
        "rehearsals:task_share": {"pk": ("handed task", "pk")},
        "rehearsals:task_ticket": {"pk": ("handed task", "pk"), "version": (TaskVersion, "client_id")},
        "rehearsals:task_film": {"pk": (TaskItem, "pk")},
        "rehearsals:task_document": {"pk": ("task paper", "pk")},
        "rehearsals:task_photo": {"task_pk": ("handed task", "pk"), "pk": ("task photo", "pk")},
        "rehearsals:task_voice": {"key": (TaskReview, "key")},
        "rehearsals:task_note_voice": {"key": (TaskNote, "key")},
    }
)


def rows_of_practice(learner: User, cohort: Cohort, trainer: User, peer: User) -> dict[str | type, Model]:
    """The learner lets classmates look; the trainer gave the reviewed one, and only that, to `peer`."""
    drill = reviews.make_drill(cohort, phrases=True)
    reviews.make_rubric(cohort)
    plan = rows_of_plan(learner, cohort.place, drill=drill)
    rehearsal = make_rehearsal(learner, plan, cohort=cohort)
    # Of a rehearsal of its own: the pieces of one that another route drops are gone for good.
    watched = make_rehearsal(learner, plan, cohort=cohort).takes.get()
    take_has_come(watched)
    done = handed_in(learner, cohort, drill, number=1, for_peers=True)
    done.peers.add(peer)  # who is not in the class: see test_practice for one who is
    waiting = handed_in(learner, cohort, drill, number=2, for_peers=True)
    draft = reviews.make_review(trainer, waiting, signed=False)
    review = reviews.make_review(trainer, done)
    voice = make_voice(trainer)
    note = reviews.make_note(review, voice=voice)
    return {
        Drill: drill,
        QuickPhrase: QuickPhrase.objects.filter(course=cohort.course).first(),
        "plan": plan,
        Rehearsal: rehearsal,
        "take": rehearsal.takes.get(),
        "watched take": watched,
        "done rehearsal": done.rehearsal,
        Submission: done,
        Review: review,
        TimedNote: note,
        Voice: voice,
        "answer": notes.answer_note(learner, note, "下次切。", uuid.uuid4()),
        "waiting": waiting,
        "draft": draft,
        "draft note": reviews.make_note(draft, text="这里改。"),
    } | rows_of_task(learner, cohort, trainer, voice)


def rows_of_task(learner: User, cohort: Cohort, trainer: User, voice: Voice) -> dict[str | type, Model]:
    """A film, a document and a photo handed in for a task, returned by the trainer with a spoken note."""
    task = make_task(cohort.course, "video")
    TaskWork.objects.create(user=learner, assignment=task, cohort=cohort)
    version = hand_in(learner, task, uploads=[make_whole_upload(learner, task, uuid.uuid4())])
    film = version.items.get()
    film.video = make_video(learner)
    film.save()
    paper = TaskItem.objects.create(version=version, position=2, document=make_document(learner))
    photo = make_photo(learner, is_private=True)
    picture = TaskItem.objects.create(version=version, position=3, photo=photo)
    note = TaskNote.objects.create(version=version, item=film, author=trainer, at_ms=500, voice=voice)
    facts = {"decision": TaskReview.Decision.RETURNED, "next_step": "竖着再拍一遍。", "voice": voice}
    review = TaskReview.objects.create(version=version, reviewer=trainer, **facts)
    return {
        "handed task": task,
        TaskVersion: version,
        TaskItem: film,
        "task paper": paper,
        "task photo": picture,
        "handed photo": photo,
        TaskNote: note,
        TaskReview: review,
    }


def take_has_come(take: Take) -> None:
    upload = find_upload(take)
    chunks.stage_chunk(upload.key, 0, bytes(upload.offset)).place()


def handed_in(learner: User, cohort: Cohort, drill: Drill, **fields) -> Submission:
    return reviews.make_submission(learner, cohort, drill, video=make_video(learner), **fields)


def make_voice(owner: User) -> Voice:
    voice = Voice.objects.create(owner=owner, status=Voice.Status.READY, duration_ms=3000, sha256="a" * 64)
    storages["private"].delete(voice.name)
    storages["private"].save(voice.name, ContentFile(bytes(500)))
    return voice
