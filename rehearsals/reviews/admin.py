"""Admin of submissions and reviews, read-only: scores are given on the review page only."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy

from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from rehearsals.models import Review, Submission


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyMixin, ScopedAdmin):
    list_display = ("user", "cohort", "drill", "number", "status", "self_total", "received_at", "lease_by")
    list_select_related = ("user", "cohort", "drill", "lease_by")
    list_filter = ("status", "cohort", "needs_second")
    search_fields = ("user__name", "user__phone", "receipt")
    search_help_text = gettext_lazy("姓名、手机号或回执")
    ordering = ("-id",)
    fields = (
        "user", "cohort", "drill", "number", "receipt", "status", "self_total", "keep", "change_one", "change_two",
        "needs_second", "for_peers", "received_at", "video_kept", "video_gone_at", "rubric_hash",
    )  # fmt: skip

    def rows(self, user):
        if user.is_superuser:
            return Submission.objects.all()
        if not user.places_with_role(*self.view_roles):
            return Submission.objects.none()
        return Submission.objects.reviewable_by(user)

    def get_queryset(self, request):
        return super().get_queryset(request).defer("rubric_content", "evidence", "self_marks")


@admin.register(Review)
class ReviewAdmin(ReadOnlyMixin, ScopedAdmin):
    """Signed reviews. While a second trainer is to score blindly, only the author of the first review sees it."""

    list_display = ("submission", "reviewer", "kind", "total", "signed_at")
    list_select_related = ("submission__user", "reviewer")
    list_filter = ("kind", "submission__cohort")
    search_fields = ("submission__user__name", "submission__receipt", "reviewer__name")
    search_help_text = gettext_lazy("学员、老师或回执")
    ordering = ("-id",)
    fields = (
        "submission", "reviewer", "kind", "form", "total", "slips_fixed", "slips_left", "words", "wants_again", "begun_at",
        "signed_at", "rubric_hash",
    )  # fmt: skip

    def get_queryset(self, request):
        unread = (f"submission__{name}" for name in ("rubric_content", "evidence", "self_marks"))
        return super().get_queryset(request).defer("marks", *unread)

    def rows(self, user):
        if not user.is_superuser and not user.places_with_role(*self.view_roles):
            return Review.objects.none()
        mine = Submission.objects.reviewable_by(user).order_by().values("pk")
        signed = Review.objects.signed().filter(submission=OuterRef("submission")).order_by()
        done = Exists(signed.filter(kind=Review.Kind.SECOND)) | Exists(signed.filter(reviewer=user))
        return Review.objects.signed().filter(Q(submission__needs_second=False) | done, submission__in=mine)
