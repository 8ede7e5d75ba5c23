"""The forms by which a course or a module says what comes first: of the same course, and never in a circle."""

from __future__ import annotations

from django.utils.translation import gettext as _

from courses.models import Course, Module, Quiz
from courses.needs import course_edges, leading_back, module_edges, modules_of
from ui.forms import FarmModelForm


class CourseNeeds:
    """Mixed into the course's form."""

    def clean_needs(self):
        needed = self.cleaned_data["needs"]
        if self.instance.pk:
            waiting = leading_back(self.instance.pk, [course.pk for course in needed], course_edges)
            for course in needed:
                if course.pk in waiting:
                    self.add_error("needs", in_circle(course, self.instance))
        return needed


class ModuleForm(FarmModelForm):
    def clean(self) -> dict:
        cleaned = super().clean()
        course = cleaned.get("course") or getattr(self.instance, "course", None)
        for name in ("needs", "needs_quiz"):
            if any(row.course_id != course.pk for row in cleaned.get(name) or ()):
                self.add_error(name, _("只能选同一门课里的。"))
        if self.instance.pk:
            self.refuse_to_leave()
            self.refuse_circles(cleaned.get("needs") or (), cleaned.get("needs_quiz") or ())
        return cleaned

    def refuse_to_leave(self) -> None:
        """What hangs on this module in its course would point across courses."""
        if "course" not in self.changed_data:
            return
        module = Module.objects.get(pk=self.instance.pk)
        if module.opens.exists() or module.openings.exists():
            self.add_error(
                "course", _("有别的单元要先学完它，或者有班级定了它的开放日期。先去掉，再搬到别的课。")
            )

    def refuse_circles(self, modules: list[Module], quizzes: list[Quiz]) -> None:
        start, placed = self.instance.pk, modules_of(quizzes)
        waiting = leading_back(start, {module.pk for module in modules} | placed.keys(), module_edges)
        for module in modules:
            if module.pk in waiting:
                self.add_error("needs", in_circle(module, self.instance))
        for at, quiz in placed.items():
            if at in waiting:
                said = _("要学了“%(this)s”才考得了“%(quiz)s”，不能拿它当门槛。")
                self.add_error("needs_quiz", said % {"this": self.instance, "quiz": quiz})


def in_circle(other: Course | Module, this: Course | Module) -> str:
    said = _("“%(other)s”自己要先学完“%(this)s”，两边互相等，谁都学不了。")
    return said % {"other": other, "this": this}
