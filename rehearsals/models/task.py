"""What trainees hand in for the tasks of a course, and what is answered. Versions are only added; each may be sent again."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Assignment, Cohort
from courses.models.twins import pair_courses
from live.models import Livestream
from media.models import Document, Photo, Video, Voice
from progress.models.enrolment import Enrolment
from rehearsals.models.rehearsal import Submission
from shops.models import Product

MOST_TEXT = 4000
# Where on a photo a note stands: thousandths of its width and height.
WHOLE_SIDE = 1000


class TaskWorkQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> TaskWorkQuerySet:
        """Return one's own, and those of the classes one guides."""
        guided = Cohort.objects.guided_by(user).order_by().values("pk")
        return self.filter(Q(user=user) | Q(cohort__in=guided))

    def reviewable_by(self, user: User) -> TaskWorkQuerySet:
        """Return those of the classes one leads, never one's own."""
        led = Cohort.objects.manageable_by(user).order_by().values("pk")
        return self.filter(cohort__in=led).exclude(user=user)

    def waiting(self) -> TaskWorkQuerySet:
        """Return the works whose newest version a trainer is to look at."""
        return self.filter(waiting_since__isnull=False)

    def shown_to(self, user: User) -> TaskWorkQuerySet:
        """Return those that a trainer chose and their owners share with a class in which they and the person are."""
        there = Enrolment.objects.active().filter(cohort__isnull=False).order_by()
        found = self.filter(is_chosen=True, shared_at__isnull=False)
        found = found.filter(cohort__in=there.filter(user=user).values("cohort"))
        return found.filter(Exists(there.filter(user=OuterRef("user"), cohort=OuterRef("cohort"))))

    def with_state(self) -> TaskWorkQuerySet:
        """Annotate `state`, one of TaskWork.State. Who has no row has not begun, or has passed the same task in the other
        language (`rehearsals.tasks.both_languages`).
        """
        accepted = TaskReview.objects.filter(
            version__work=OuterRef("pk"), decision=TaskReview.Decision.ACCEPTED
        )
        newest = TaskVersion.objects.newest().filter(work=OuterRef("pk"))
        return self.annotate(
            state=Case(
                When(Exists(accepted), then=Value(TaskWork.State.ACCEPTED)),
                When(Exists(newest.filter(review__isnull=True)), then=Value(TaskWork.State.HANDED_IN)),
                When(is_passed_elsewhere(""), then=Value(TaskWork.State.ACCEPTED)),
                default=Value(TaskWork.State.RETURNED),
                output_field=models.CharField(),
            )
        )


def is_passed_elsewhere(work: str) -> Exists:
    """Build the condition that the person has passed the same task in the course's other language; `work` leads from the outer
    row to the work ("" or "version__work__").
    """
    task, other = f"{work}assignment__", "version__work__assignment__"
    passed = TaskReview.objects.filter(
        pair_courses(f"{other}module__course__", OuterRef(f"{task}module__course")),
        decision=TaskReview.Decision.ACCEPTED,
        version__work__user=OuterRef(f"{work}user"),
        **{f"{other}code": OuterRef(f"{task}code"), f"{other}hand_in": OuterRef(f"{task}hand_in")},
    )
    return Exists(passed.exclude(**{f"{other}code": ""}))


class TaskWork(models.Model):
    """One person's work on one task, whose newest version counts.

    Its state is read from versions and reviews (`with_state`). `cohort`: the class for which it counts, None outside any.
    """

    class State(models.TextChoices):
        NOT_BEGUN = "new", _("还没交")
        HANDED_IN = "handed_in", _("交了，等老师看")
        RETURNED = "returned", _("要再交一次")
        ACCEPTED = "accepted", _("通过了")

    user = models.ForeignKey(User, models.CASCADE, related_name="task_works", verbose_name=_("学员"))
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="works", verbose_name=_("练习任务")
    )
    cohort = models.ForeignKey(
        Cohort, models.SET_NULL, null=True, blank=True, related_name="task_works", verbose_name=_("班")
    )
    # When its owner allowed the class to see it; empty again when that is taken back.
    shared_at = models.DateTimeField(_("同意给全班看的时间"), null=True, blank=True)
    unshared_at = models.DateTimeField(_("不给看了的时间"), null=True, blank=True)
    is_chosen = models.BooleanField(_("老师选出来的"), default=False)
    begun_at = models.DateTimeField(_("第一次交的时间"), default=timezone.now)
    # Since when it waits for a trainer; empty as long as its newest version is answered, or it is accepted.
    waiting_since = models.DateTimeField(_("从什么时候起等老师看"), null=True, blank=True)
    # Which trainer has it open now.
    lease_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("谁正在看")
    )
    lease_until = models.DateTimeField(_("看到什么时候"), null=True, blank=True)

    objects = TaskWorkQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "交的任务")
        verbose_name_plural = pgettext_lazy("many", "交的任务")
        ordering = ["-begun_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "assignment"], name="task_work_once")]
        indexes = [
            models.Index(fields=["cohort", "assignment"], name="task_works_of_class"),
            models.Index(
                fields=["cohort", "waiting_since", "id"],
                condition=Q(waiting_since__isnull=False),
                name="task_queue",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.assignment}"

    @property
    def is_shared(self) -> bool:
        return self.shared_at is not None


class TaskVersionQuerySet(models.QuerySet):
    def newest(self) -> TaskVersionQuerySet:
        """Return of each work the version that counts."""
        later = TaskVersion.objects.filter(work=OuterRef("work"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))

    def waiting(self) -> TaskVersionQuerySet:
        """Return the versions that a trainer is to look at: the newest of works that are not accepted."""
        accepted = TaskReview.objects.filter(
            version__work=OuterRef("work"), decision=TaskReview.Decision.ACCEPTED
        )
        return self.newest().filter(~Exists(accepted), review__isnull=True)

    def visible_to(self, user: User) -> TaskVersionQuerySet:
        """Return one's own, and those of the classes one guides."""
        return self.filter(work__in=TaskWork.objects.visible_to(user).order_by().values("pk"))

    def reviewable_by(self, user: User) -> TaskVersionQuerySet:
        """Return those of the classes one leads, never one's own."""
        return self.filter(work__in=TaskWork.objects.reviewable_by(user).order_by().values("pk"))


class TaskVersion(models.Model):
    """What was handed in at one time; it is never changed, only followed by another.

    `ticks`: the task's criteria as they stood then, and whether the owner ticked them: [{"code", "text", "ticked": bool}].
    `number` is given in the order of arrival. `is_after_class`: after its class had ended.
    """

    client_id = models.UUIDField(unique=True, default=uuid.uuid4)
    work = models.ForeignKey(TaskWork, models.CASCADE, related_name="versions", verbose_name=_("交的任务"))
    number = models.PositiveSmallIntegerField(_("第几遍"))
    receipt = models.CharField(_("回执"), max_length=12)
    text = models.TextField(_("写的话"), max_length=MOST_TEXT, blank=True)
    ticks = models.JSONField(_("自己勾的"), default=list)
    is_after_class = models.BooleanField(_("过了结业才交"), default=False, db_column="is_late")
    happened_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    received_at = models.DateTimeField(_("收到时间"), default=timezone.now)

    objects = TaskVersionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "任务的一遍")
        verbose_name_plural = pgettext_lazy("many", "任务的一遍")
        ordering = ["work", "number"]
        constraints = [models.UniqueConstraint(fields=["work", "number"], name="task_number_once")]
        indexes = [models.Index(fields=["received_at", "id"], name="task_versions_in_order")]

    def __str__(self) -> str:
        return f"{self.work_id} · {self.number}"

    @property
    def is_accepted(self) -> bool:
        return hasattr(self, "review") and self.review.decision == TaskReview.Decision.ACCEPTED


class TaskItem(models.Model):
    """One thing that a version consists of, beside its text: a photo, a film, a document, or something of the owner's own.

    `label`: what a product, rundown or rehearsal was called when it was handed in. Photos, films and documents are deleted after
    PRACTICE_FILM_DAYS (个人信息保护法 §19), then `gone_at` says when.
    """

    version = models.ForeignKey(
        TaskVersion, models.CASCADE, related_name="items", verbose_name=_("任务的一遍")
    )
    position = models.PositiveSmallIntegerField(_("第几样"))
    label = models.CharField(_("名字"), max_length=120, blank=True)
    photo = models.ForeignKey(
        Photo, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("照片")
    )
    video = models.ForeignKey(
        Video, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("视频")
    )
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("文件")
    )
    product = models.ForeignKey(
        Product, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("商品")
    )
    rundown = models.ForeignKey(
        Livestream, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("排品表")
    )
    submission = models.ForeignKey(
        Submission, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("彩排")
    )
    gone_at = models.DateTimeField(_("视频删掉的时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "交的一样东西")
        verbose_name_plural = pgettext_lazy("many", "交的一样东西")
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="task_item_place_once")]

    def __str__(self) -> str:
        return self.label or f"{self.version_id} · {self.position}"


class TaskReview(models.Model):
    """A trainer's answer to one version. `marks`: {criterion code: "met" | "not_yet"}.

    `next_step` is the one thing to do, which every return has.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("通过")
        RETURNED = "returned", pgettext_lazy("task", "再交一次")

    class Mark(models.TextChoices):
        MET = "met", _("做到了")
        NOT_YET = "not_yet", _("还没做到")

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    version = models.OneToOneField(
        TaskVersion, models.PROTECT, related_name="review", verbose_name=_("任务的一遍")
    )
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("老师"))
    decision = models.CharField(_("结果"), max_length=8, choices=Decision)
    marks = models.JSONField(_("一条条的结果"), default=dict)
    next_step = models.CharField(_("先做这一件"), max_length=300, blank=True)
    voice = models.ForeignKey(
        Voice, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("语音")
    )
    created_at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "任务的答复")
        verbose_name_plural = pgettext_lazy("many", "任务的答复")
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.version} · {self.get_decision_display()}"


class TaskNote(models.Model):
    """A note on a version: on a spot of a photo, on a moment of a film, or on the whole. Its owner reads it with the review."""

    key = models.UUIDField(unique=True, default=uuid.uuid4)
    version = models.ForeignKey(
        TaskVersion, models.CASCADE, related_name="notes", verbose_name=_("任务的一遍")
    )
    item = models.ForeignKey(
        TaskItem, models.CASCADE, null=True, blank=True, related_name="notes", verbose_name=_("哪一样")
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("谁写的"))
    text = models.CharField(_("话"), max_length=300, blank=True)
    x = models.PositiveSmallIntegerField(_("从左边起千分之几"), null=True, blank=True)
    y = models.PositiveSmallIntegerField(_("从上边起千分之几"), null=True, blank=True)
    at_ms = models.PositiveIntegerField(_("时间点（毫秒）"), null=True, blank=True)
    voice = models.ForeignKey(
        Voice, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("语音")
    )
    made_at = models.DateTimeField(_("什么时候"), default=timezone.now)
    removed_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "任务上的批注")
        verbose_name_plural = pgettext_lazy("many", "任务上的批注")
        ordering = ["version", "item", "at_ms", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(x__isnull=True, y__isnull=True)
                | Q(x__lte=WHOLE_SIDE, y__lte=WHOLE_SIDE, item__isnull=False),
                name="task_note_within_photo",
            ),
            models.CheckConstraint(
                condition=Q(at_ms__isnull=True) | Q(item__isnull=False, x__isnull=True),
                name="task_note_moment_of_film",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:20]
