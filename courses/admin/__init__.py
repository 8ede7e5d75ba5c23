"""The admin pages of courses; each module registers its own."""

from courses.admin import cohort, course, drill, lesson, plan, question, quiz

__all__ = ["cohort", "course", "drill", "lesson", "plan", "question", "quiz"]
