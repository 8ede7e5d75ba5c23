"""Print what is wrong with a course, a line a finding, and whether it can be published."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from courses.authoring.checks import check_course
from courses.models import Course


class Command(BaseCommand):
    help = "Checks a course; ends with 1 where something keeps it from going out."

    def add_arguments(self, parser) -> None:
        parser.add_argument("slug")

    def handle(self, *args, slug: str, **options) -> None:
        try:
            course = Course.objects.get(slug=slug)
        except Course.DoesNotExist as error:
            raise CommandError(f"no course {slug}") from error
        report = check_course(course)
        marks = [("error", report.errors), ("warning", report.warnings), ("draft", report.in_drafts)]
        for mark, findings in marks:
            for one in findings:
                self.stdout.write(f"{mark}\t{one.where}\t{one.message}\t{one.url}")
        if report.errors:
            raise CommandError(f"{len(report.errors)} to mend before it goes out")
        self.stdout.write(f"{slug}: can go out, {len(report.warnings)} to look at")
