"""The admin pages of courses; each module registers its own."""

from courses.admin import case, cohort, course, drill, lesson, plan, question, quiz

__all__ = ["case", "cohort", "course", "drill", "lesson", "plan", "question", "quiz"]
