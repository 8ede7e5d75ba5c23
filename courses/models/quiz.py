"""Objectives, banks of questions, and the quizzes that draw on them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Clearance, Membership, Place, User
from courses.models.course import Course, Module, State
from courses.models.lesson import Lesson
from media.models import Photo


class Objective(models.Model):
    """What a person can do after a module; questions belong to it, and the learning gain is reported by it."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="objectives", verbose_name=_("课程"))
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="objectives", verbose_name=_("单元")
    )
    code = models.CharField(_("编号"), max_length=20)
    text = models.CharField(_("学完会做什么"), max_length=200)
    # A placement test takes a module as known only if it was asked about this and answered right.
    is_key = models.BooleanField(_("摸底必考（这个单元最难的一条）"), default=False)
    # An examination of the whole course asks of each objective in proportion to this.
    weight = models.PositiveSmallIntegerField(
        _("结业理论里的分量"),
        default=1,
        help_text=_("1 就是和别的一样；3 就是多考两倍；0 就是不考"),
        validators=[MaxValueValidator(20)],
    )

    class Meta:
        verbose_name = pgettext_lazy("one", "学习目标")
        verbose_name_plural = pgettext_lazy("many", "学习目标")
        ordering = ["course", "code"]
        constraints = [models.UniqueConstraint(fields=["course", "code"], name="objective_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Bank(models.Model):
    """A set of questions; a quiz draws from one bank, a pre- and a post-test share one."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="banks", verbose_name=_("课程"))
    code = models.SlugField(_("编号"), max_length=60)
    title = models.CharField(_("题库名"), max_length=80)

    class Meta:
        verbose_name = pgettext_lazy("one", "题库")
        verbose_name_plural = pgettext_lazy("many", "题库")
        ordering = ["course", "code"]
        constraints = [models.UniqueConstraint(fields=["course", "code"], name="bank_code_once")]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    """One question. `content` by kind:

    single, multiple: {"choices": [{"id", "text", "right", "why"}]}
    picture: {"choices": [{"id", "picture" (name of a QuestionPicture), "alt", "right", "why"}]}
    true_false: {"answer": bool}
    order: {"steps": [{"id", "text"}]}, in the right order
    number: {"answer", "tolerance" (decimal strings), "unit"}
    spot: {"script", "wrong": [{"text", "why"}]}, each text once in the script
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("单选")
        MULTIPLE = "multiple", _("多选")
        TRUE_FALSE = "true_false", _("对错")
        ORDER = "order", _("排顺序")
        NUMBER = "number", _("填数")
        PICTURE = "picture", _("选图")
        SPOT = "spot", _("找违规的话")

    class Form(models.TextChoices):
        A = "A", "A"
        B = "B", "B"

    bank = models.ForeignKey(Bank, models.CASCADE, related_name="questions", verbose_name=_("题库"))
    code = models.SlugField(_("编号"), max_length=60)
    position = models.PositiveIntegerField(_("顺序"), default=0)
    kind = models.CharField(_("题型"), max_length=12, choices=Kind)
    form = models.CharField(_("卷别"), max_length=1, choices=Form, blank=True)
    objective = models.ForeignKey(
        Objective,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("学习目标"),
    )
    text = models.TextField(_("题目"), max_length=1000)
    explain = models.TextField(_("讲解（答对答错都会看到）"), max_length=1000, blank=True)
    content = models.JSONField(default=dict)
    # Not asked: held back until the trainer releases it, or retired.
    is_retired = models.BooleanField(_("先放着，不考"), default=False)

    class Meta:
        verbose_name = pgettext_lazy("one", "题")
        verbose_name_plural = pgettext_lazy("many", "题")
        ordering = ["bank", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["bank", "code"], name="question_code_once")]
        indexes = [models.Index(fields=["bank", "position"], name="questions_in_order")]

    def __str__(self) -> str:
        return self.text[:30]


class QuestionPicture(models.Model):
    """A photo that a picture question offers, by the name its content uses."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="pictures", verbose_name=_("题"))
    photo = models.ForeignKey(Photo, models.PROTECT, related_name="+", verbose_name=_("照片"))
    name = models.SlugField(_("图名"), max_length=40)

    class Meta:
        verbose_name = pgettext_lazy("one", "题里的图")
        verbose_name_plural = pgettext_lazy("many", "题里的图")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["question", "name"], name="picture_name_once_a_question")
        ]

    def __str__(self) -> str:
        return self.name


class QuizQuerySet(models.QuerySet):
    def published(self) -> QuizQuerySet:
        return self.filter(state=State.PUBLISHED, course__state=State.PUBLISHED)

    def manageable_by(self, user: User) -> QuizQuerySet:
        return self.filter(course__place__in=Place.objects.held_by(user, *Membership.STAFF_ROLES))

    def visible_to(self, user: User) -> QuizQuerySet:
        if not user.is_authenticated:
            return self.none()
        return self.published() | self.manageable_by(user)


class Quiz(models.Model):
    class Kind(models.TextChoices):
        LESSON = "lesson", _("课后小测")
        MODULE = "module", _("单元小测")
        PRE = "pre", _("学前测")
        POST = "post", _("学后测")
        PLACEMENT = "place", _("入门摸底")
        FINAL = "final", _("结业理论")

    # Neither passed nor failed.
    NOT_JUDGED = (Kind.PRE, Kind.PLACEMENT)
    # Asks from all modules' banks instead of one of its own.
    OF_WHOLE_COURSE = (Kind.PLACEMENT, Kind.FINAL)
    # Not among "every quiz of the course", which a certificate may ask for.
    NOT_OF_COURSE_WORK = (Kind.PRE, Kind.PLACEMENT, Kind.FINAL)

    course = models.ForeignKey(Course, models.CASCADE, related_name="quizzes", verbose_name=_("课程"))
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="quizzes", verbose_name=_("单元")
    )
    lesson = models.ForeignKey(
        Lesson, models.CASCADE, null=True, blank=True, related_name="quizzes", verbose_name=_("课")
    )
    bank = models.ForeignKey(
        Bank,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="quizzes",
        verbose_name=_("题库"),
        help_text=_("入门摸底和结业理论从各单元的题库里抽，空着"),
    )
    kind = models.CharField(_("什么测验"), max_length=8, choices=Kind, default=Kind.MODULE)
    code = models.SlugField(_("编号"), max_length=60)
    title = models.CharField(_("测验名"), max_length=80)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    draw = models.PositiveSmallIntegerField(
        _("每次抽几题"), default=0, help_text=_("0 就是全部"), validators=[MaxValueValidator(100)]
    )
    # Every paper asks so many questions of each objective (courses.authoring.quiz_rules).
    objective_minimum = models.PositiveSmallIntegerField(
        _("每个学习目标至少几题"), default=0, help_text=_("0 就是不管"), validators=[MaxValueValidator(50)]
    )
    pass_percent = models.PositiveSmallIntegerField(
        _("百分之几及格"), default=60, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    tries = models.PositiveSmallIntegerField(
        _("最多考几次"), null=True, blank=True, help_text=_("空着就不限")
    )
    # After so many failures in a row the next try waits for a talk with a trainer (progress.quizzes.talks).
    talk_after = models.PositiveSmallIntegerField(
        _("几次没过要先找老师谈"),
        null=True,
        blank=True,
        help_text=_("空着就不用谈"),
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    # Counted from the start by the server's clock (progress.quizzes.time_limits).
    minutes = models.PositiveSmallIntegerField(
        _("限几分钟"),
        null=True,
        blank=True,
        help_text=_("空着就不限时"),
        validators=[MinValueValidator(1), MaxValueValidator(300)],
    )
    # Of the questions of this module alone so many percent must be right, too.
    floor_module = models.ForeignKey(
        Module,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("哪个单元另外划线"),
    )
    floor_percent = models.PositiveSmallIntegerField(
        _("这个单元的题答对百分之几"), default=0, validators=[MaxValueValidator(100)]
    )
    # Mastery ("3 of the last 4"): passed as soon as so many of the last answers were right.
    master_right = models.PositiveSmallIntegerField(_("最近几题里答对几题"), null=True, blank=True)
    master_of = models.PositiveSmallIntegerField(_("最近几题"), null=True, blank=True)

    # Passing it permits this for a year (accounts.Clearance).
    clears = models.CharField(_("通过后发什么许可"), max_length=12, choices=Clearance.Kind, blank=True)

    objects = QuizQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "测验")
        verbose_name_plural = pgettext_lazy("many", "测验")
        ordering = ["course", "module__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "code"], name="quiz_code_once"),
            models.CheckConstraint(
                condition=Q(master_right__isnull=True, master_of__isnull=True)
                | Q(master_right__gte=1, master_of__gte=models.F("master_right")),
                name="quiz_mastery_whole",
            ),
            models.CheckConstraint(
                condition=Q(bank__isnull=False) | Q(kind__in=("place", "final")), name="quiz_has_a_bank"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_out(self) -> bool:
        """Return whether it is published in a published course; reads the course."""
        return self.state == State.PUBLISHED and self.course.is_published

    @property
    def is_mastery(self) -> bool:
        return self.master_right is not None

    @property
    def is_judged(self) -> bool:
        """Return whether it is passed or failed."""
        return self.kind not in self.NOT_JUDGED

    @property
    def is_examination(self) -> bool:
        """Return whether something depends on it: right answers are shown only when no answer can be added any more."""
        return bool(self.clears) or self.talk_after is not None or self.kind in self.OF_WHOLE_COURSE

    def list_questions(self) -> models.QuerySet[Question]:
        """Return the questions it may ask: its bank's, or those of the banks of the course's published module quizzes."""
        rows = Question.objects.filter(is_retired=False)
        if self.kind not in self.OF_WHOLE_COURSE:
            return rows.filter(bank=self.bank_id)
        modules = Quiz.objects.filter(
            course=self.course_id, kind=self.Kind.MODULE, state=State.PUBLISHED, module__isnull=False
        )
        return rows.filter(bank__in=modules.order_by().values("bank"), objective__module__isnull=False)
